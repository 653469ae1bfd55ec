package commands

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/live"
	"github.com/docker-netkit/docker-netkit/internal/page"
	"github.com/docker-netkit/docker-netkit/internal/screen"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// servingAddress takes the address of --serve, which may stand behind a blank, as the
// first word that has the form of one, out of the targets.
func servingAddress(o *graphOptions) string {
	if o.page.serve != anyAddress {
		return o.page.serve
	}
	if at := slices.IndexFunc(o.targets, live.IsAddress); at >= 0 {
		address := o.targets[at]
		o.targets = slices.Delete(slices.Clone(o.targets), at, at+1)
		return address
	}
	return anyAddress
}

// runServe shows the page to browsers, and keeps it as the engine is, until Ctrl-C.
func runServe(ctx context.Context, s *session, p *picture, address string) error {
	// The port is what fails first and most often.
	ln, err := live.Listen(ctx, address)
	if err != nil {
		return err
	}
	snapshot, err := s.graphSnapshot(ctx, p)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	w := newWatcher(s, p, snapshot)
	v := &liveView{session: &w.session, picture: p}
	v.server = live.New(ln, address, live.Site{Page: v.page, Detail: v.detail, Policy: page.Policy(true)})
	if err := v.show(w); err != nil {
		return errors.Join(err, ln.Close())
	}
	if v.made == nil {
		return errors.Join(v.unmade, ln.Close())
	}
	if live.Exposed(ln) {
		_, _ = fmt.Fprintln(s.Err(), "Others than this machine may reach this address. Whoever has the whole of it sees the networks, and it goes over the wire unencrypted.")
	}
	_, _ = fmt.Fprintln(s.Out(), v.server.URL())
	_, _ = fmt.Fprintln(s.Err(), "Open this address in a browser. Ctrl-C ends it.")
	if p.options.page.open {
		if err := showInBrowser(v.server.PassURL()); err != nil {
			_, _ = fmt.Fprintln(s.Err(), err)
		}
	}
	s.hold.conclude() // Ctrl-C is how it is meant to end
	return v.serve(ctx, w)
}

// serve follows the engine and serves browsers, until the context ends or one of both
// fails.
func (v *liveView) serve(ctx context.Context, w *watcher) error {
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		defer cancel()
		ended <- v.server.Serve(within)
	}()
	go w.follow(within)
	err := w.loop(within, v)
	cancel()
	if failed := <-ended; failed != nil {
		return fmt.Errorf("cannot serve any more: %w", failed)
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// liveView shows what the watcher reads to browsers.
type liveView struct {
	session *session
	picture *picture
	server  *live.Server

	lock     sync.Mutex
	snapshot *topology.Snapshot // the newest
	made     *page.Page         // the newest that could be made
	version  string
	unmade   error // why there is no page of the newest snapshot
}

func (v *liveView) Keys() <-chan screen.Key  { return nil }
func (v *liveView) Resized() <-chan struct{} { return nil }

func (v *liveView) press(screen.Key) (end bool, err error) { return false, nil }

// liveStatus is what browsers are told of the engine.
type liveStatus struct {
	Taken time.Time `json:"taken"`
	// Since is when the engine ceased to answer.
	Since   time.Time `json:"since,omitzero"`
	Trouble string    `json:"trouble,omitempty"`
	// Gone tells that the engine answers, and that what was asked for is gone.
	Gone string `json:"gone,omitempty"`
}

func (v *liveView) show(w *watcher) error {
	if err := v.take(w.last); err != nil {
		return err
	}
	status := liveStatus{Taken: w.last.TakenAt}
	if w.trouble != nil {
		status.Since, status.Trouble = w.since, w.trouble.Error()
	} else if v.unmade != nil {
		status.Gone = v.unmade.Error()
	}
	text, err := json.Marshal(status)
	if err != nil {
		return err
	}
	v.server.Publish("status", text)
	return nil
}

// take makes the page of a snapshot, and tells browsers if it differs from the one
// before. That nothing has the names which were asked for is no failure: they may come
// back.
func (v *liveView) take(snapshot *topology.Snapshot) error {
	v.lock.Lock()
	defer v.lock.Unlock()
	if v.snapshot != nil && sameButTime(v.snapshot, snapshot) {
		return nil
	}
	v.snapshot = snapshot
	p := *v.picture
	p.paging.report = reportOfLists(snapshot)
	made, err := p.newPage(snapshot)
	if v.unmade = err; err != nil {
		return nil //nolint:nilerr // browsers are told
	}
	version, update, err := made.Update()
	if err != nil {
		return err
	}
	v.made = made
	if version != v.version {
		v.version = version
		v.server.Publish("picture", update)
	}
	return nil
}

// reportOfLists is what the doctor finds without asking the engine for more: with each
// change, that would be too much.
func reportOfLists(snapshot *topology.Snapshot) *checks.Report {
	if snapshot.Partial {
		return nil
	}
	return checks.Run(savedFactsOf(snapshot, unusedAge), checks.All())
}

// page writes the page as it is now.
func (v *liveView) page() ([]byte, error) {
	v.lock.Lock()
	made := v.made
	v.lock.Unlock()
	var b bytes.Buffer
	err := made.Write(&b)
	return b.Bytes(), err
}

// detail asks the engine what only an inspect tells of an object, and writes all there
// is to say of it. From an engine that does not answer, it is what the lists told.
func (v *liveView) detail(ctx context.Context, key string) ([]byte, error) {
	v.lock.Lock()
	made, snapshot := v.made, v.snapshot
	v.lock.Unlock()
	o := made.Find(key)
	if o == nil {
		return nil, nil
	}
	var id string
	switch {
	case o.Network != nil:
		id = o.Network.ID
	case o.Container != nil:
		id = o.Container.ID
	default:
		return made.Detail(key) // of what is gone, no inspect tells
	}
	inspected, err := v.inspect(ctx, snapshot, id)
	if err != nil {
		return made.Detail(key) //nolint:nilerr // the page says that the engine does not answer
	}
	p := *v.picture
	p.paging.report = reportOfLists(inspected)
	fuller, err := p.newPage(inspected)
	if err != nil {
		return made.Detail(key) //nolint:nilerr // the page says that what was asked for is gone
	}
	return fuller.Detail(key)
}

func (v *liveView) inspect(ctx context.Context, snapshot *topology.Snapshot, id string) (*topology.Snapshot, error) {
	ctx, cancel := v.session.within(ctx)
	defer cancel()
	e, err := v.session.open(ctx)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	return withInspects(ctx, e, snapshot, []string{id})
}
