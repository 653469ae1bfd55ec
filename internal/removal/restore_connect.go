package removal

import (
	"cmp"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func (r *restorer) lack(l Lack) { r.plan.Lacks = append(r.plan.Lacks, l) }

// connect plans the containers, those first that ask for an address, and then
// in the order of the addresses they had: an engine gives out the next free one.
func (r *restorer) connect(records []Record) {
	order := make([]*Record, len(records))
	for i := range records {
		order[i] = &records[i]
	}
	byTurn(order)
	for _, ordered := range order {
		record := *ordered
		c := r.ix.Container(record.Container)
		switch {
		case c == nil && r.unread(record.Container):
			r.lack(Lack{Kind: NotRead, Container: record.Name})
		case c == nil:
			r.lack(Lack{Kind: ContainerGone, Container: record.Name})
		case c.IsTask(): // the swarm brings its tasks back by itself
		default:
			r.connectOne(c, &record)
		}
	}
}

// unread tells that the container may be one that could not be read.
func (r *restorer) unread(container string) bool {
	return r.ix.Partial || slices.ContainsFunc(r.ix.Unread, func(gap topology.Gap) bool {
		return gap.What == "container" && (gap.ID == "" || gap.ID == container)
	})
}

func (r *restorer) connectOne(c *topology.Container, record *Record) {
	dead := r.deadEntry(c, record)
	switch {
	case r.plan.Into != r.lost.ID && (diagnose.BoundTo(r.ix, c, r.lost) || r.lost.SwarmScope() && string(c.Mode) != r.lost.Name && diagnose.ModeLost(r.ix, c)):
		// Connected to a network of the swarm, it would hold that for good.
		r.lack(Lack{Kind: MadeByID, Container: c.Name})
		r.plan.Starts = append(r.plan.Starts, RestoredStart{Container: c.ID, Name: c.Name})
		return
	case r.attached(c) && dead == nil && !r.misplaced(c, record):
		if lacks := onItWithout(r.attachment(c), record); len(lacks) > 0 {
			r.lack(Lack{Kind: OnItWithout, Container: c.Name, Differs: lacks})
		}
		return
	case r.noWayBack(c):
		r.lack(Lack{Kind: NameShared, Container: c.Name, Other: r.lost.Name})
		return
	case dead != nil && dead.NetworkID == "" && dead.NetworkName == r.lost.Name:
		// It holds the name, so that any network of that name will do.
		r.plan.Starts = append(r.plan.Starts, RestoredStart{Container: c.ID, Name: c.Name})
		return
	case dead != nil && dead.NetworkName != r.lost.Name:
		r.plan.Steps = append(r.plan.Steps, RestoreStep{Kind: StepForget, Container: c.ID, Name: c.Name, Key: dead.NetworkName})
	}
	if !r.attached(c) || r.misplaced(c, record) {
		record.State = c.State
		r.fit(record)
		if mac := record.Attachment.StaticMAC; mac != "" && macsOn(&r.ix.Engine) == losesMACs {
			r.lack(Lack{Kind: MACLost, Container: c.Name, Address: mac})
		}
		r.plan.Steps = append(r.plan.Steps, RestoreStep{Kind: StepConnect, Container: c.ID, Name: c.Name, Up: c.State.Up(), Moves: r.attached(c)})
		r.plan.records = append(r.plan.records, *record)
	}
	r.plan.Starts = append(r.plan.Starts, RestoredStart{Container: c.ID, Name: c.Name})
}

// await takes containers into the plan that want the network to be there, and
// nothing more.
func (r *restorer) await(containers []*topology.Container) {
	for _, c := range containers {
		if !slices.ContainsFunc(r.plan.Starts, func(s RestoredStart) bool { return s.Container == c.ID }) {
			r.plan.Starts = append(r.plan.Starts, RestoredStart{Container: c.ID, Name: c.Name})
		}
	}
}

// byTurn sorts records into the order in which they are connected.
func byTurn(records []*Record) {
	slices.SortStableFunc(records, func(a, b *Record) int {
		return cmp.Or(cmp.Compare(turn(&a.Attachment), turn(&b.Attachment)), a.Attachment.IPv4.IP().Compare(b.Attachment.IPv4.IP()))
	})
}

// turn is when a container is connected: before those that get what is left.
func turn(a *topology.Attachment) int {
	static := !a.Static4.IsZero() || !a.Static6.IsZero()
	switch live := a.State == topology.Live; {
	case live && static:
		return 0
	case live:
		return 1
	case static:
		return 2
	}
	return 3
}

// attached tells that the container is on the network already.
func (r *restorer) attached(c *topology.Container) bool {
	return r.attachment(c) != nil
}

// attachment is the container's place on the network that there is already.
func (r *restorer) attachment(c *topology.Container) *topology.Attachment {
	for _, a := range r.ix.Of(c.ID) {
		if a.Resolved() && a.NetworkID == r.plan.Into && r.plan.Into != "" {
			return a
		}
	}
	return nil
}

// noWayBack tells that the container cannot be put on the network so that it
// starts: one that is not up holds the name, which another network has, too, and
// that only Docker 20.10 and older allow [measured on 20.10].
func (r *restorer) noWayBack(c *topology.Container) bool {
	return !c.State.Up() && slices.ContainsFunc(r.ix.Networks, func(n topology.Network) bool {
		return n.Name == r.lost.Name && n.ID != r.plan.Into
	})
}

// onItWithout lists what a container that is on the network already had asked
// for before, and has not asked for now: somebody else put it there.
func onItWithout(now *topology.Attachment, record *Record) []string {
	was := &record.Attachment
	var lacks []string
	if !now.StaticUnknown {
		for _, pair := range [][2]topology.Address{{was.Static4, now.Static4}, {was.Static6, now.Static6}} {
			if !pair[0].IsZero() && pair[0].IP() != pair[1].IP() {
				lacks = append(lacks, "the address "+pair[0].String())
			}
		}
	}
	if now.AliasesRead && was.AliasesRead {
		for _, alias := range was.Aliases {
			if !slices.Contains(now.Aliases, alias) {
				lacks = append(lacks, "the alias "+alias)
			}
		}
	}
	return lacks
}

// misplaced tells that the container is on the network that was made anew, with
// another address than it had: as when bringing it back was cut off before the
// address was asked for. One that asks for an address now was put there by
// somebody who knew what for.
func (r *restorer) misplaced(c *topology.Container, record *Record) bool {
	if r.plan.Into == r.lost.ID {
		return false
	}
	was := record.Attachment.IPv4.IP()
	return slices.ContainsFunc(r.ix.Of(c.ID), func(a *topology.Attachment) bool {
		asks := a.Static4.IP() != record.Attachment.Static4.IP() && !a.Static4.IsZero() || a.Static6.IP() != record.Attachment.Static6.IP() && !a.Static6.IsZero()
		return a.State == topology.Live && a.NetworkID == r.plan.Into && !asks && was.IsValid() && a.IPv4.IP().IsValid() && a.IPv4.IP() != was &&
			gives(r.pool, was) && r.owner(record.Attachment.IPv4, record) == ""
	})
}

// deadEntry is the entry by which the container wants the network that is gone:
// by its ID, by its name, or by what was typed when the container was made.
func (r *restorer) deadEntry(c *topology.Container, record *Record) *topology.Attachment {
	for _, a := range r.ix.Of(c.ID) {
		byID := r.lost.ID != "" && (a.NetworkID == r.lost.ID || a.NetworkID == "" && strings.HasPrefix(r.lost.ID, a.NetworkName))
		if a.State == topology.Dangling && (byID || a.NetworkName == r.lost.Name || a.NetworkName == record.Attachment.NetworkName) {
			return a
		}
	}
	return nil
}

// fit takes addresses off a record that the network will not give.
func (r *restorer) fit(record *Record) {
	a := &record.Attachment
	for _, address := range []*topology.Address{&a.Static4, &a.Static6} {
		r.fitStatic(record, address)
	}
	for _, address := range []*topology.Address{&a.IPv4, &a.IPv6} {
		switch other := r.owner(*address, record); {
		case !address.IP().IsValid():
			continue
		case other != "" && record.State.Up() && !r.said(record.Name, address.String()):
			r.lack(Lack{Kind: AddressTaken, Container: record.Name, Address: address.String(), Other: other})
		case other == "" && gives(r.pool, address.IP()):
			continue
		}
		*address = topology.Address{}
		a.MAC = ""
	}
}

// said tells that the loss of an address is part of the plan already.
func (r *restorer) said(container, address string) bool {
	return slices.ContainsFunc(r.plan.Lacks, func(l Lack) bool { return l.Container == container && l.Address == address })
}

func (r *restorer) fitStatic(record *Record, address *topology.Address) {
	if address.IsZero() {
		return
	}
	other := r.owner(*address, record)
	switch {
	case address.IP().IsValid() && !gives(r.pool, address.IP()):
		r.lack(Lack{Kind: AddressOutside, Container: record.Name, Address: address.String()})
	case other != "":
		r.lack(Lack{Kind: AddressTaken, Container: record.Name, Address: address.String(), Other: other})
	default:
		return
	}
	*address = topology.Address{}
}

// owner is another container that has the address on the network, or will.
func (r *restorer) owner(address topology.Address, record *Record) string {
	for _, a := range r.ix.On(r.plan.Into) {
		if a.ContainerID == record.Container {
			continue
		}
		for _, taken := range []topology.Address{a.IPv4, a.IPv6, a.Static4, a.Static6} {
			if taken.IP().IsValid() && taken.IP() == address.IP() {
				if c := r.ix.Container(a.ContainerID); c != nil {
					return c.Name
				}
			}
		}
	}
	return ""
}
