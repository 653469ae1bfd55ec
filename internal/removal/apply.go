package removal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Worker applies plans.
type Worker struct {
	Engine  Engine
	Journal Journal
	// Of tells which engine it is, for the entries.
	Of EngineRef
	// Timeout is how long one request may take; 0 means for ever.
	Timeout time.Duration
	// Command names what acts, for the entries.
	Command string
	// Progress is called before each act, with what it acts on; it may be nil.
	Progress func(what string)
}

// State is where a network stands after a plan was applied.
type State string

// The states.
const (
	Removed State = "removed"
	// Kept: it is still there, with all that was on it, apart from what the
	// outcome says.
	Kept State = "kept"
	// Unclear: the engine did not answer, so that it is not known whether the
	// network is still there, or for how long.
	Unclear State = "unknown"
	// Untried: something failed before its turn came.
	Untried State = "not tried"
)

// Outcome is what became of one network of a plan.
type Outcome struct {
	Network NetworkRef `json:"network"`
	State   State      `json:"state"`
	// Entry is the journal's entry by which the removal can be undone.
	Entry string `json:"entry,omitempty"`
	// Detached are the containers that were taken off and are off still, and
	// Cleared the endpoints that were cleared.
	Detached []string `json:"detached,omitempty"`
	Cleared  []string `json:"cleared,omitempty"`
	// Reattached are the containers that were taken off and connected again.
	Reattached []Attached `json:"reattached,omitempty"`
	// Broken are containers that came to want the network in the last moment,
	// and do not start now.
	Broken []string `json:"broken,omitempty"`
	// Unanswered tells that the engine did not answer an act, so that it may
	// still carry it out.
	Unanswered bool   `json:"unanswered,omitzero"`
	Error      string `json:"error,omitempty"`

	addressLost bool // a container that was connected again lacks an address
}

// Result is what became of a plan.
type Result struct {
	Schema   int       `json:"schema"`
	Outcomes []Outcome `json:"networks"`
	// Interrupted tells that the user stopped it.
	Interrupted bool `json:"interrupted,omitzero"`
}

// Failed tells that not all was done.
func (r *Result) Failed() bool {
	for i := range r.Outcomes {
		if r.Outcomes[i].State != Removed {
			return true
		}
	}
	return false
}

// Apply removes the networks of a plan, one after the other. It looks again
// first, and does nothing where anything in the plan has changed
// ([ChangedError]). What is needed to undo it is on the disk before the first
// act; where that fails, nothing is done. When an act fails, or the context
// ends, containers that were taken off the network at hand are connected again,
// and the networks behind it are not tried.
//
// An error means that nothing was done.
func (w *Worker) Apply(ctx context.Context, p *Plan) (*Result, error) {
	unlock, err := w.Journal.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := w.read(ctx, func(ctx context.Context) error { return unchanged(ctx, w.Engine, p) }); err != nil {
		return nil, err
	}
	entries, err := w.record(p.Targets)
	if err != nil {
		return nil, err
	}
	r := &Result{Schema: Schema}
	stopped := false
	for i := range p.Targets {
		t := &p.Targets[i]
		out := Outcome{Network: t.Network, State: Untried}
		if ctx.Err() != nil && !stopped {
			out.Error = errInterrupted.Error()
		}
		if !stopped && ctx.Err() == nil {
			out = w.remove(ctx, t, &p.Engine)
			stopped = out.State != Removed
		}
		w.settle(&out, entries[i])
		r.Outcomes = append(r.Outcomes, out)
	}
	r.Interrupted = ctx.Err() != nil
	w.verify(ctx, p.Targets, r)
	return r, nil
}

// record writes the entries of all networks, or of none.
func (w *Worker) record(targets []NetworkPlan) ([]*Entry, error) {
	entries := make([]*Entry, len(targets))
	for i := range targets {
		entry, err := entryOf(&targets[i], w.Of, w.Command, time.Now())
		if err == nil {
			err = w.Journal.Write(entry)
		}
		if err != nil {
			for _, written := range entries[:i] {
				_ = w.Journal.Forget(written.ID) // what could not be written is the news
			}
			return nil, fmt.Errorf("nothing was removed: what is needed to undo it cannot be kept: %w", err)
		}
		entries[i] = entry
	}
	return entries, nil
}

// settle drops an entry that nobody needs: the network is as it was, and the
// engine has nothing left to do that was asked of it.
func (w *Worker) settle(out *Outcome, entry *Entry) {
	out.Entry = entry.ID
	if (out.State == Kept || out.State == Untried) && len(out.Detached) == 0 && !out.Unanswered && !out.addressLost && w.Journal.Forget(entry.ID) == nil {
		out.Entry = ""
	}
}

// read runs something that only reads, within the timeout.
func (w *Worker) read(ctx context.Context, do func(context.Context) error) error {
	if w.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, w.Timeout)
		defer cancel()
	}
	return do(ctx)
}

// act runs an act to its end, also when the user interrupts meanwhile: half an
// act is worse than one more.
func (w *Worker) act(ctx context.Context, do func(context.Context) error) error {
	return w.read(context.WithoutCancel(ctx), do)
}

func (w *Worker) say(format string, args ...any) {
	if w.Progress != nil {
		w.Progress(fmt.Sprintf(format, args...))
	}
}

// errInterrupted is why the rest was not done.
var errInterrupted = errors.New("interrupted")

func (w *Worker) remove(ctx context.Context, t *NetworkPlan, e *topology.Engine) Outcome {
	out := Outcome{Network: t.Network, State: Kept}
	var detached []*Record
	failed := func(err error) Outcome {
		out.Error = err.Error()
		out.Unanswered = out.Unanswered || unanswered(err)
		w.connectAgain(ctx, &out, t, detached, e)
		return out
	}
	for _, step := range t.Steps {
		if ctx.Err() != nil {
			return failed(errInterrupted)
		}
		switch step.Kind {
		case StepDetach:
			w.say("detaching a container of %s", topology.ShortID(t.Network.ID))
			record := t.recordOf(step.Container)
			err := w.detach(ctx, t, record)
			if _, sure := refused(err); err == nil || !sure {
				// One that may be off the network is to be connected again, too.
				detached = append(detached, record)
			}
			if err != nil {
				return failed(fmt.Errorf("cannot detach container %s: %w", topology.ShortID(step.Container), err))
			}
		case StepClear:
			err := w.act(ctx, func(ctx context.Context) error { return w.Engine.ClearEndpoint(ctx, t.Network.ID, step.Name) })
			if err != nil {
				return failed(fmt.Errorf("cannot clear an endpoint that nobody has: %w", err))
			}
			out.Cleared = append(out.Cleared, step.Name)
		case StepRemove:
			w.say("removing %s", topology.ShortID(t.Network.ID))
			state, err := w.removeNetwork(ctx, t)
			if out.State = state; state != Removed {
				return failed(err)
			}
		}
	}
	for _, r := range detached {
		out.Detached = append(out.Detached, r.Name)
	}
	return out
}

// unanswered tells that it is not known whether the engine does what it was
// asked for.
func unanswered(err error) bool {
	_, sure := refused(err)
	return err != nil && !sure && !errors.Is(err, errInterrupted)
}

// detach takes a container off the network. The engine refuses that for one that
// waits for its next restart, and takes it for one that runs: so that such a one
// gets some time to do so.
func (w *Worker) detach(ctx context.Context, t *NetworkPlan, r *Record) error {
	err := whileRestarting(ctx, r, func() error {
		return w.act(ctx, func(ctx context.Context) error { return w.Engine.Disconnect(ctx, t.Network.ID, r.Container) })
	})
	if _, sure := refused(err); sure && t.network.SwarmScope() && !r.State.Up() {
		err = w.detachByName(ctx, r)
	}
	if waitsForRestart(r, err) {
		return fmt.Errorf("%w%s", err, stopFirst)
	}
	return err
}

// detachByName takes a container that is not up off a network of the swarm. A
// node has such a network only while a container is up on it there; else the
// engine looks for its ID among the names that the container holds [measured on
// 20.10, 26.1, 28.5].
func (w *Worker) detachByName(ctx context.Context, r *Record) error {
	return w.act(ctx, func(ctx context.Context) error {
		return w.Engine.Disconnect(ctx, r.Attachment.NetworkName, r.Container)
	})
}

// waitsForRestart tells that the engine refuses since the container restarts by
// itself, and has no place on any network at the moment.
func waitsForRestart(r *Record, err error) bool {
	refusal, sure := refused(err)
	return sure && (r.State == topology.Restarting || refusal.Restarting())
}

// stopFirst is what to do about a container that is never there when it is
// needed.
const stopFirst = " (it restarts again and again: stop it first)"

// whileRestarting tries again while the engine refuses, for some seconds, if the
// container restarts by itself.
func whileRestarting(ctx context.Context, r *Record, try func() error) error {
	const patience, pause = 5 * time.Second, 20 * time.Millisecond
	deadline := time.Now().Add(patience)
	for {
		err := try()
		if !waitsForRestart(r, err) || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

func (t *NetworkPlan) recordOf(container string) *Record {
	for i := range t.record {
		if t.record[i].Container == container {
			return &t.record[i]
		}
	}
	return &Record{Container: container}
}

// removeNetwork removes it, and finds out whether it is gone where the engine's
// answer does not tell. One that is still there after a request without an
// answer may be removed in the next moment.
func (w *Worker) removeNetwork(ctx context.Context, t *NetworkPlan) (State, error) {
	err := w.act(ctx, func(ctx context.Context) error { return w.Engine.RemoveNetwork(ctx, &t.network) })
	r, sure := refused(err)
	switch {
	case err == nil:
		return Removed, nil
	case sure && !r.NotFound():
		return Kept, fmt.Errorf("cannot remove it: %w", err)
	}
	// Where it is not found, another was faster, and what is needed to undo it
	// is ours all the same; or something between us and the engine says so.
	there, looked := w.exists(ctx, t.Network.ID)
	switch {
	case looked == nil && !there:
		return Removed, nil
	case looked == nil && sure:
		return Kept, fmt.Errorf("cannot remove it: %w", err)
	case looked == nil:
		return Unclear, fmt.Errorf("the engine did not answer; it is still there, and may go yet: %w", err)
	}
	return Unclear, fmt.Errorf("the engine did not say whether it is removed: %w", err)
}

func (w *Worker) exists(ctx context.Context, id string) (there bool, err error) {
	err = w.act(ctx, func(ctx context.Context) error {
		s, err := w.Engine.Snapshot(ctx)
		if err == nil {
			there = topology.NewIndex(s).Network(id) != nil
		}
		return err
	})
	return there, err
}

// connectAgain undoes detachments, in the order of the addresses: an engine
// gives out the next free one.
func (w *Worker) connectAgain(ctx context.Context, out *Outcome, t *NetworkPlan, detached []*Record, e *topology.Engine) {
	a := &attacher{engine: w.Engine, macs: macsOn(e), within: w.act, network: t.Network.ID, name: nameForStopped(&t.network, t.Duplicate)}
	byTurn(detached)
	for _, r := range detached {
		w.say("connecting a container to %s again", topology.ShortID(t.Network.ID))
		done := Attached{Container: r.Container, Name: r.Name, Error: "several networks have the name, so that it would not start; start it, and restore then"}
		if !t.NoWayBack(r.Container) {
			done = a.attach(ctx, r, r.State.Up())
		}
		out.Reattached = append(out.Reattached, done)
		if done.Error != "" {
			out.Detached = append(out.Detached, r.Name)
		}
		out.Unanswered = out.Unanswered || done.unanswered
		out.addressLost = out.addressLost || done.addressLost
	}
}

// verify looks once more, for containers that came to want a network in the
// moment between the last look and the act: no engine refuses for those that
// are not up. What cannot be read then is not known, and not said.
func (w *Worker) verify(ctx context.Context, targets []NetworkPlan, r *Result) {
	s, err := w.afterwards(ctx, targets, r)
	if err != nil {
		return
	}
	byID, byName := map[string]int{}, map[string]int{}
	for i := range r.Outcomes {
		if r.Outcomes[i].State == Removed {
			byID[targets[i].Network.ID] = i
			byName[targets[i].Network.Name] = i
		}
	}
	names := map[string]string{}
	for i := range s.Containers {
		names[s.Containers[i].ID] = s.Containers[i].Name
	}
	for i := range s.Attachments {
		a := &s.Attachments[i]
		at, ours := byID[a.NetworkID]
		if a.NetworkID == "" { // it holds the name, since it was not up since
			at, ours = byName[a.NetworkName]
		}
		if !ours || a.State != topology.Dangling {
			continue
		}
		if t := &targets[at]; t.expectsBroken(a.ContainerID) {
			continue
		}
		r.Outcomes[at].Broken = append(r.Outcomes[at].Broken, names[a.ContainerID])
	}
}

func (t *NetworkPlan) expectsBroken(container string) bool {
	for i := range t.Effects {
		if e := &t.Effects[i]; e.Container == container {
			return !e.StartsAfter
		}
	}
	return false
}
