package diagnose

import (
	"slices"
	"strconv"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Loss is what it would cost to remove a network.
type Loss struct {
	Network *topology.Network
	// Effects are what each container that depends on it would suffer, in order
	// of name.
	Effects []Effect
	// Obstacles stand against the removal, whoever depends on the network.
	Obstacles []Obstacle
}

// Effect is what a container would suffer. One that is up is cut off at once.
// One that is not does not start again, unless it is detached before.
type Effect struct {
	Container *topology.Container
	// Attachment is the container's own on the network, or else that of Owner,
	// whose network it shares. There is none where the container was made with
	// the network and is not on it any more, but needs it to start.
	Attachment *topology.Attachment
	Owner      *topology.Container
	// Keeps are the attachments that are left, on networks that stay.
	Keeps []*topology.Attachment
	// Ports are published ports that stop answering, and Moved those that are
	// published anew through another network, on a port that the engine chooses
	// anew [measured on 28.5].
	Ports, Moved []topology.Ports
	// Before is how the container's next start would go with nothing removed,
	// Left with the network removed from under it, and Detached with the
	// container taken off the network first. One that is up is always taken off:
	// Left and Detached are the same.
	Before, Left, Detached Start
	// ForGood tells that the container was made with the ID of the network, so
	// that it will not start any more on any network, even if this one is made
	// anew.
	ForGood bool
}

// Start is how the next start of a container goes, as far as networks decide.
type Start struct {
	// Why is what keeps the container from starting; nil where nothing does.
	Why *Hazard
}

// Will tells that the container starts.
func (s Start) Will() bool { return s.Why == nil }

// Losses tells what it would cost to remove these networks together. A
// container that has another network which is to be removed, too, keeps
// nothing of it.
func Losses(ix *topology.Index, networks []*topology.Network) []Loss {
	f := newFuture(ix, networks)
	losses := make([]Loss, len(networks))
	for i, n := range networks {
		losses[i] = f.loss(n)
	}
	return losses
}

// LossesApart tells what it would cost to remove each of these networks by
// itself: what a container keeps is all but the one network. Whether it starts
// is judged as if all went, which is the same: one that is left on a network
// which goes does not.
func LossesApart(ix *topology.Index, networks []*topology.Network) []Loss {
	f := newFuture(ix, networks)
	losses := make([]Loss, len(networks))
	for i, n := range networks {
		f.gone = map[string]bool{n.ID: true}
		losses[i] = f.loss(n)
	}
	return losses
}

func newFuture(ix *topology.Index, networks []*topology.Network) *future {
	gone := make(map[string]bool, len(networks))
	for _, n := range networks {
		gone[n.ID] = true
	}
	return &future{
		ix: ix, gone: gone,
		before: startsWithout(ix, nil, false), left: startsWithout(ix, gone, false), detached: startsWithout(ix, gone, true),
	}
}

func (f *future) loss(n *topology.Network) Loss {
	effects := f.effects(n)
	return Loss{Network: n, Effects: effects, Obstacles: obstacles(f.ix, n, f.gone, effects)}
}

// future compares the starts of containers with and without the networks.
type future struct {
	ix                     *topology.Index
	gone                   map[string]bool
	before, left, detached map[string]*Hazard
}

func (f *future) effects(n *topology.Network) []Effect {
	var effects []Effect
	for _, a := range f.ix.On(n.ID) {
		c := f.ix.Container(a.ContainerID)
		if c == nil || (c.IsTask() && !c.State.Up()) { // a finished task is never started again
			continue
		}
		effects = append(effects, f.effect(c, a, nil))
		for _, sharer := range f.ix.Sharers(c.ID) {
			effects = append(effects, f.effect(sharer, a, c))
		}
	}
	for _, c := range onlyMadeFor(f.ix, n) {
		if e := f.effect(c, nil, nil); e.Before.Will() && !e.Detached.Will() {
			effects = append(effects, e)
			for _, sharer := range f.ix.Sharers(c.ID) {
				effects = append(effects, f.effect(sharer, nil, c))
			}
		}
	}
	for i := range effects {
		e := &effects[i]
		e.ForGood = e.Owner == nil && e.Before.Will() && BoundTo(f.ix, e.Container, n)
	}
	slices.SortStableFunc(effects, func(a, b Effect) int {
		return strings.Compare(strconv.FormatBool(!a.Container.State.Up()), strconv.FormatBool(!b.Container.State.Up()))
	})
	return effects
}

func (f *future) effect(c *topology.Container, a *topology.Attachment, owner *topology.Container) Effect {
	e := Effect{
		Container: c, Attachment: a, Owner: owner,
		Before: Start{f.before[c.ID]}, Left: Start{f.left[c.ID]}, Detached: Start{f.detached[c.ID]},
	}
	holder := c
	if owner != nil {
		holder = owner
	}
	for _, other := range f.ix.Of(holder.ID) {
		if other.Resolved() && !f.gone[other.NetworkID] {
			e.Keeps = append(e.Keeps, other)
		}
	}
	if c.State.Up() && owner == nil && a != nil && f.portsAnswer(f.ix.Of(c.ID)) {
		f.ports(&e)
	}
	return e
}

// ports tells what becomes of published ports that lead in now.
func (f *future) ports(e *Effect) {
	stay := f.portsAnswer(e.Keeps)
	for _, p := range e.Container.Ports {
		switch {
		case !p.Published():
		case !stay:
			e.Ports = append(e.Ports, p)
		case p.Ephemeral && f.portsAnswer([]*topology.Attachment{e.Attachment}):
			e.Moved = append(e.Moved, p)
		}
	}
}

// portsAnswer tells that published ports lead to a container that has these
// attachments: some network must take what comes from the host, and one that
// is internal does not [measured on 26.1, 28.5, Podman 5.4]. On 20.10 it does,
// once the container has been taken off the last other one.
func (f *future) portsAnswer(attachments []*topology.Attachment) bool {
	return slices.ContainsFunc(attachments, func(a *topology.Attachment) bool {
		n := f.ix.Network(a.NetworkID)
		if n == nil || a.State != topology.Live {
			return false
		}
		switch n.Driver {
		case "host", "null", "macvlan", "ipvlan":
			return false
		}
		return !n.Internal || internalTakesPorts(&f.ix.Engine)
	})
}

// internalTakesPorts tells an engine that publishes ports through an internal
// network, too.
func internalTakesPorts(e *topology.Engine) bool {
	const newest = 20 // of which it is known
	return e.Product == topology.ProductDocker && e.Major() > 0 && e.Major() <= newest
}

// startsWithout says for each container what would keep it from starting, with
// these networks gone and every container stopped. Containers that are up, and
// with detach all others, were taken off them before.
func startsWithout(ix *topology.Index, gone map[string]bool, detach bool) map[string]*Hazard {
	after := topology.NewIndex(without(ix, gone, detach))
	starts := map[string]*Hazard{}
	for _, h := range Hazards(after) {
		if h.Kind != MaybeElsewhere && starts[h.Container.ID] == nil {
			starts[h.Container.ID] = &h
		}
	}
	return starts
}

// without is the snapshot as it would be then.
func without(ix *topology.Index, gone map[string]bool, detach bool) *topology.Snapshot {
	s := *ix.Snapshot
	s.Networks, s.Containers, s.Attachments = nil, slices.Clone(ix.Containers), nil
	for i := range ix.Networks {
		if !gone[ix.Networks[i].ID] {
			s.Networks = append(s.Networks, ix.Networks[i])
		}
	}
	up := make(map[string]bool, len(s.Containers))
	for i := range s.Containers {
		c := &s.Containers[i]
		if up[c.ID] = c.State.Up(); up[c.ID] {
			c.State = topology.Exited
		}
	}
	rest := topology.NewIndex(&topology.Snapshot{Networks: s.Networks})
	for i := range ix.Attachments {
		a := ix.Attachments[i]
		switch {
		case gone[a.NetworkID] && a.Resolved() && (detach || up[a.ContainerID]):
			continue
		case gone[a.NetworkID] && a.Resolved():
			a.State = topology.Dangling
			if a.ByName {
				a.NetworkID = ""
			}
		case a.State == topology.Ambiguous:
			meant(rest, &a)
		case a.State == topology.Live:
			a.State = topology.Configured
		}
		s.Attachments = append(s.Attachments, a)
	}
	s.Sort()
	return &s
}

// meant finds what an ambiguous name means once some of its networks are gone.
func meant(rest *topology.Index, a *topology.Attachment) {
	switch found := rest.FindNetworks(a.NetworkName); len(found) {
	case 0:
		a.State = topology.Dangling
	case 1:
		a.State, a.NetworkID, a.ByName = topology.Configured, found[0].ID, true
	}
}
