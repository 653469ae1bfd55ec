package removal

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Restored is what became of a plan to bring a network back.
type Restored struct {
	Schema  int        `json:"schema"`
	Entry   string     `json:"entry,omitempty"`
	Network NetworkRef `json:"network"`
	// ID is that of the network that there is now; empty where there is none.
	ID string `json:"id,omitempty"`
	// Made tells that it was made, and Guessed that it was without knowing what it
	// had been like.
	Made    bool `json:"made,omitzero"`
	Guessed bool `json:"guessed,omitzero"`
	// Connected are the containers that were to be connected.
	Connected []Attached `json:"connected"`
	// Lacks are what could not be brought back as it was.
	Lacks []Lack `json:"not_restored"`
	// WillNotStart are containers that do not start in spite of it.
	WillNotStart []RestoredStart `json:"will_not_start,omitempty"`
	// Spent tells that the entry is not needed any more, and Forgotten that it was
	// dropped. It is kept while something may still be brought back.
	Spent       bool   `json:"spent,omitzero"`
	Forgotten   bool   `json:"forgotten,omitzero"`
	Interrupted bool   `json:"interrupted,omitzero"`
	Error       string `json:"error,omitempty"`
}

// Whole tells that all is as it was.
func (r *Restored) Whole() bool {
	if r.Error != "" || r.Interrupted || len(r.Lacks) > 0 || len(r.WillNotStart) > 0 {
		return false
	}
	for _, c := range r.Connected {
		if c.Error != "" || len(c.Lacks) > 0 {
			return false
		}
	}
	return true
}

// Failed tells that something is still to be done that could be done.
func (r *Restored) Failed() bool {
	if r.Error != "" || r.Interrupted {
		return true
	}
	for _, c := range r.Connected {
		if c.Error != "" {
			return true
		}
	}
	return false
}

// spent tells that the entry holds nothing any more that could be brought back.
func (r *Restored) spent() bool {
	if r.Failed() || r.ID == "" {
		return false
	}
	return !slices.ContainsFunc(r.Lacks, func(l Lack) bool { return !l.forGood() }) &&
		!slices.ContainsFunc(r.Connected, func(c Attached) bool { return c.addressLost || c.unanswered })
}

// Restore brings a network back as planned. The plan is made anew from what the
// engine says now, and nothing is done where it differs ([ChangedError]). What
// fails is said, and the rest is done all the same.
//
// An error means that nothing was done.
func (w *Worker) Restore(ctx context.Context, p *RestorePlan, replan func(*topology.Index) *RestorePlan) (*Restored, error) {
	unlock, err := w.Journal.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	// What another plan brought back since is counted in.
	var now *RestorePlan
	if err := w.read(ctx, func(ctx context.Context) (err error) { now, err = w.sameRestore(ctx, p, replan); return err }); err != nil {
		return nil, err
	}
	p = p.with(now)
	r := &Restored{Schema: Schema, Entry: p.Entry, Network: p.Network, ID: p.Into, Connected: []Attached{}, Lacks: p.Lacks}
	if p.definition != nil {
		w.say("making %s", p.Network.Name)
		if err := w.make(ctx, p, r); err != nil {
			r.Error = fmt.Sprintf("cannot make the network: %v", err)
			return r, nil //nolint:nilerr // it is part of the result
		}
	}
	if r.ID != "" {
		w.connectAll(ctx, p, r)
	}
	for _, s := range p.Starts { // once all plans are done that were made together
		if !s.Starts {
			r.WillNotStart = append(r.WillNotStart, s)
		}
	}
	r.Spent = p.Entry != "" && r.spent()
	if r.Spent {
		r.Forgotten = w.Journal.Forget(p.Entry) == nil
		for _, older := range p.also {
			r.Forgotten = w.Journal.Forget(older) == nil && r.Forgotten
		}
	}
	return r, nil
}

// Retry does once more what of a restoration failed.
func (w *Worker) Retry(ctx context.Context, r *Restored, replan func(*topology.Index) *RestorePlan) {
	var again *RestorePlan
	err := w.read(ctx, func(ctx context.Context) error {
		s, err := w.Engine.Snapshot(ctx)
		if err == nil {
			again = replan(topology.NewIndex(s))
		}
		return err
	})
	if err != nil || again == nil {
		return // it failed, and that is said
	}
	now, err := w.Restore(ctx, again, replan)
	if err != nil {
		return
	}
	now.Made = now.Made || r.Made
	now.Connected = append(slices.DeleteFunc(r.Connected, func(c Attached) bool { return c.Error != "" }), now.Connected...)
	*r = *now
}

// retell has the entries of networks that shared the name know the network under
// its new ID, so that none of them is brought back into it. Where that cannot be
// written, they are: it is said then that the network is a different one.
func (w *Worker) retell(p *RestorePlan, id string) {
	entries, err := w.Journal.Named(p.Network.Name)
	if err != nil {
		return
	}
	for i := range entries {
		if e := &entries[i]; slices.Contains(e.Namesakes, p.Network.ID) {
			e.Namesakes = append(e.Namesakes, id)
			_ = w.Journal.Write(e)
		}
	}
}

// with is the plan with the states that the containers have now: one that
// restarts by itself has another at every look.
func (p *RestorePlan) with(now *RestorePlan) *RestorePlan {
	fresh := *p
	fresh.Steps, fresh.Into, fresh.records = now.Steps, now.Into, slices.Clone(p.records)
	for i := range fresh.records {
		for _, r := range now.records {
			if r.Container == fresh.records[i].Container {
				fresh.records[i].State = r.State
			}
		}
	}
	return &fresh
}

// sameSteps compares steps, but for the states of containers.
func sameSteps(a, b []RestoreStep) bool {
	return slices.EqualFunc(a, b, func(x, y RestoreStep) bool {
		x.Up = y.Up
		return x == y
	})
}

// sameRestore makes the plan anew, and fails where it has other steps.
func (w *Worker) sameRestore(ctx context.Context, p *RestorePlan, replan func(*topology.Index) *RestorePlan) (*RestorePlan, error) {
	s, err := w.Engine.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	now := replan(topology.NewIndex(s))
	if now == nil || !sameSteps(now.Steps, p.Steps) || !slices.EqualFunc(binding(now.Lacks), binding(p.Lacks), sameLack) || !sameInto(now.Into, p.Into) {
		return nil, &ChangedError{Changes: []string{"the network or its containers are not as they were when the plan was made"}}
	}
	return now, nil
}

// binding are lacks but for those that only an inspect of the container tells.
func binding(lacks []Lack) []Lack {
	return slices.DeleteFunc(slices.Clone(lacks), func(l Lack) bool { return l.Kind == MACLost || l.Kind == OnItWithout })
}

func sameLack(a, b Lack) bool { return reflect.DeepEqual(a, b) }

// sameInto tells that a network is the one that a plan was made for. It may have
// been made by another plan since.
func sameInto(now, before string) bool {
	return now == before || now != "" && strings.HasPrefix(before, planned)
}

// make makes the network. Where its subnet is taken by what no list shows, such
// as a route of the host, it gets another.
func (w *Worker) make(ctx context.Context, p *RestorePlan, r *Restored) error {
	make := func(n *topology.Network) error {
		return w.act(ctx, func(ctx context.Context) (err error) { r.ID, err = w.Engine.CreateNetwork(ctx, n, p.twin); return err })
	}
	err := make(p.definition)
	if refusal, ok := refused(err); ok && refusal.SubnetTaken() && len(p.definition.IPAM.Pools) > 0 {
		less := *p.definition
		less.IPAM.Pools = nil
		r.Lacks = append(slices.Clone(r.Lacks), Lack{Kind: SubnetTaken, Address: p.definition.IPAM.Pools[0].Subnet.String()})
		// Nor does it have their addresses. Podman takes one outside of its
		// subnets, and then lists no container at all [measured on 5.4].
		for i := range p.records {
			a := &p.records[i].Attachment
			a.IPv4, a.IPv6, a.Static4, a.Static6, a.MAC = topology.Address{}, topology.Address{}, topology.Address{}, topology.Address{}, ""
		}
		err = make(&less)
	}
	r.Made, r.Guessed = err == nil, err == nil && p.Guessed
	if r.Made && p.Entry != "" {
		w.retell(p, r.ID)
	}
	return err
}

func (w *Worker) connectAll(ctx context.Context, p *RestorePlan, r *Restored) {
	records := map[string]*Record{}
	for i := range p.records {
		records[p.records[i].Container] = &p.records[i]
	}
	a := &attacher{engine: w.Engine, macs: macsOn(&p.Engine), within: w.act, network: r.ID, name: p.name}
	unforgotten := map[string]error{}
	for _, step := range p.Steps {
		if step.Kind == StepMake {
			continue
		}
		if ctx.Err() != nil {
			r.Interrupted = true
			return
		}
		if step.Kind == StepForget {
			err := w.act(ctx, func(ctx context.Context) error { return w.Engine.Disconnect(ctx, step.Key, step.Container) })
			if err != nil {
				unforgotten[step.Container] = err
			}
			continue
		}
		w.say("connecting %s", step.Name)
		done := a.attach(ctx, records[step.Container], step.Up)
		if err := unforgotten[step.Container]; err != nil && done.Error == "" {
			done.Error = fmt.Sprintf("it still wants the network that is gone: %v", err)
		}
		r.Connected = append(r.Connected, done)
	}
}
