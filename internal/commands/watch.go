package commands

import (
	"bytes"
	"context"
	"os"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/screen"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// How often and how soon the picture is drawn again.
const (
	// quiet is how long no event must have come before the engine is read
	// again, and longest how long a rush of events can put that off.
	quiet   = 120 * time.Millisecond
	longest = 600 * time.Millisecond
	// pollWithEvents finds what engines do not report: that a stopped container
	// was connected or, on 28, disconnected [measured on 20.10, 26.1, 28.5],
	// or that the stream has died without a word. pollWithout serves engines
	// that report nothing of networks.
	pollWithEvents = 5 * time.Second
	pollWithout    = 2 * time.Second
	// retry is how long to wait before an engine that went away is asked again.
	retry = time.Second
)

// runWatch draws the picture again whenever something changes, until the user
// ends it. The first reading goes before the screen is taken over, so that
// what is wrong with it is an error as with any command.
func runWatch(ctx context.Context, s *session, p *picture) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	snapshot, err := s.graphSnapshot(ctx, p)
	if err != nil {
		return err
	}
	if err := p.draw(&bytes.Buffer{}, snapshot); err != nil {
		return err
	}
	w := newWatcher(s, p, snapshot)
	go w.follow(ctx)
	if !s.Out().IsTerminal() || os.Getenv("TERM") == "dumb" {
		return w.loop(ctx, &pipeView{out: s.Out()})
	}
	terminal, err := screen.Open(s.In(), s.In().FD(), s.Out(), s.Out().FD())
	if err != nil {
		return err
	}
	defer terminal.Close()
	return w.loop(ctx, &screenView{Screen: terminal, ascii: p.look.ASCII})
}

// watcher reads the engine again when something changed there.
type watcher struct {
	session  session
	picture  *picture
	changed  chan struct{}
	readings chan reading

	last    *topology.Snapshot
	trouble error     // of the newest reading; last is then an older one
	since   time.Time // when the trouble began
	busy    bool      // a reading is under way
	again   bool      // something changed since it began
}

func newWatcher(s *session, p *picture, first *topology.Snapshot) *watcher {
	w := &watcher{
		session: *s, picture: p, last: first,
		changed: make(chan struct{}, 1), readings: make(chan reading, 1),
	}
	w.session.silent = true
	return w
}

// reading is what came of reading the engine once.
type reading struct {
	snapshot *topology.Snapshot
	err      error
}

// view is where the pictures go: a screen, a pipe or browsers.
type view interface {
	show(w *watcher) error
	// press acts on a key and tells whether the user wants to end.
	press(key screen.Key) (end bool, err error)
	Keys() <-chan screen.Key
	Resized() <-chan struct{}
}

// follow turns the engine's events into notes that something changed, and
// tries again when the stream breaks. A broken stream is a change as well: the
// reading that follows shows what is wrong.
func (w *watcher) follow(ctx context.Context) {
	for ctx.Err() == nil {
		if e, err := w.session.open(ctx); err == nil {
			_ = e.Events(ctx, w.note)
			e.Close()
		}
		w.note()
		select {
		case <-ctx.Done():
		case <-time.After(retry):
		}
	}
}

func (w *watcher) note() {
	select {
	case w.changed <- struct{}{}:
	default: // one note is enough
	}
}

func (w *watcher) loop(ctx context.Context, v view) error {
	poll := time.NewTicker(w.pollEvery())
	defer poll.Stop()
	if err := v.show(w); err != nil {
		return err
	}
	var settled, overdue <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.changed:
			settled = time.After(quiet)
			if overdue == nil {
				overdue = time.After(longest)
			}
			continue
		case <-settled:
			settled, overdue = nil, nil
			w.read(ctx)
			continue
		case <-overdue:
			settled, overdue = nil, nil
			w.read(ctx)
			continue
		case <-poll.C:
			w.read(ctx)
			continue
		case r := <-w.readings:
			w.take(ctx, r)
		case key := <-v.Keys():
			if end, err := v.press(key); end {
				return err
			}
		case <-v.Resized():
		}
		if err := v.show(w); err != nil {
			return err
		}
	}
}

func (w *watcher) pollEvery() time.Duration {
	if w.last.Engine.Product == topology.ProductPodman {
		return pollWithout // no network events [measured on Podman 5.4]
	}
	return pollWithEvents
}

// read reads the engine beside the loop, so that keys are heeded meanwhile;
// never twice at a time.
func (w *watcher) read(ctx context.Context) {
	if w.busy {
		w.again = true
		return
	}
	w.busy = true
	go func() {
		snapshot, err := w.session.graphSnapshot(ctx, w.picture)
		w.readings <- reading{snapshot, err}
	}()
}

func (w *watcher) take(ctx context.Context, r reading) {
	w.busy = false
	if r.err == nil {
		w.last = r.snapshot
	} else if w.trouble == nil {
		w.since = time.Now()
	}
	w.trouble = r.err
	if w.again {
		w.again = false
		w.read(ctx)
	}
}

// draw gives the newest picture as lines, as wide as asked.
func (w *watcher) draw(width int) ([]string, error) {
	var drawn bytes.Buffer
	p := *w.picture
	p.look.Width = width
	if err := p.draw(&drawn, w.last); err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(drawn.String(), "\n"), "\n"), nil
}
