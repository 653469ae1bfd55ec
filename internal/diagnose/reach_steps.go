package diagnose

import (
	"net/netip"
	"slices"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// mostSteps bounds the steps of a fix: two containers take three each at most, and
// then a network.
const mostSteps = 7

// fixPair are the steps that make one container reach another.
func fixPair(ix *topology.Index, from, to *topology.Container) *Fix {
	return steps(ix, func(ix *topology.Index) *Fix {
		r, source, target := forecast(ix, ix.Container(from.ID), ix.Container(to.ID))
		return fixOf(ix, r, &source, &target)
	})
}

// fixSource are the steps that bring a container up.
func fixSource(ix *topology.Index, from *topology.Container) *Fix {
	return steps(ix, func(ix *topology.Index) *Fix {
		source := placeOf(ix, ix.Container(from.ID))
		return raise(ix, &source)
	})
}

// steps finds each step as if those before it were done. So none is there that would
// not work at its point.
func steps(ix *topology.Index, next func(*topology.Index) *Fix) *Fix {
	first := next(ix)
	healed := map[string]bool{}
	last := first
	for range mostSteps {
		if last == nil || !last.leavesMore() {
			break
		}
		if last.Kind == FixHeal {
			healed[last.Container.ID] = true
		}
		ix = afterStep(ix, last)
		then := next(ix)
		if then != nil && then.Kind == FixHeal && healed[then.Container.ID] {
			break // it is not known what else it lacks
		}
		last.Then, last = then, then
	}
	return first
}

// leavesMore tells that after the step more may have to be done: it brings up a
// container, and joins nothing yet.
func (f *Fix) leavesMore() bool {
	switch f.Kind {
	case FixHeal, FixStart, FixUnpause, FixRestart:
		return true
	case FixConnect, FixConnectNew, FixUsePublished:
	}
	return false
}

// afterStep is the snapshot as it would be after a step that brings up a container.
func afterStep(ix *topology.Index, fix *Fix) *topology.Index {
	s := *ix.Snapshot
	s.Networks, s.Containers, s.Attachments = slices.Clone(ix.Networks), slices.Clone(ix.Containers), slices.Clone(ix.Attachments)
	if fix.Kind == FixHeal {
		heal(ix, &s, fix.Container)
	} else {
		bringUp(ix, &s, fix.Container)
	}
	s.Sort()
	return topology.NewIndex(&s)
}

// heal puts a container on networks in place of those that are gone: the one that now
// has the name, or one made anew. What that will be like is in a journal, or lost; a
// bridge is as good as any to foresee whether both will be on it.
func heal(ix *topology.Index, s *topology.Snapshot, c *topology.Container) {
	again := func(name string) string {
		for i := range s.Networks {
			if s.Networks[i].Name == name {
				return s.Networks[i].ID
			}
		}
		id := "\x00" + name // no engine gives such an ID
		s.Networks = append(s.Networks, topology.Network{ID: id, Name: name, Driver: driverBridge, Scope: "local"})
		return id
	}
	for _, h := range Hazards(ix) {
		if h.Container.ID == c.ID && h.NetworkName != "" {
			again(h.NetworkName)
		}
	}
	for i := range s.Attachments {
		if a := &s.Attachments[i]; a.ContainerID == c.ID && a.State == topology.Dangling {
			a.NetworkID, a.State = again(a.NetworkName), topology.Configured
		}
	}
}

// bringUp has a container run, with any address on each network that it wants.
func bringUp(ix *topology.Index, s *topology.Snapshot, c *topology.Container) {
	latest := time.Time{}
	for i := range s.Containers {
		if s.Containers[i].Started.After(latest) {
			latest = s.Containers[i].Started
		}
	}
	for i := range s.Containers {
		up := &s.Containers[i]
		if up.ID != c.ID {
			continue
		}
		if up.State != topology.Paused && !latest.IsZero() {
			// Later than all others: who shares its network since before lost it.
			up.Started = latest.Add(time.Second)
		}
		up.State = topology.Running
	}
	for i := range s.Attachments {
		a := &s.Attachments[i]
		n := ix.Network(a.NetworkID)
		if a.ContainerID != c.ID || n == nil || a.State != topology.Configured {
			continue
		}
		a.State = topology.Live
		for _, pool := range n.IPAM.Pools {
			switch subnet := pool.Subnet.Prefix(); {
			case !subnet.IsValid():
			case subnet.Addr().Is4() && !a.IPv4.IP().IsValid():
				a.IPv4 = topology.ParseAddress(someAddress(subnet).String())
			case subnet.Addr().Is6() && !a.IPv6.IP().IsValid():
				a.IPv6 = topology.ParseAddress(someAddress(subnet).String())
			}
		}
		if !a.IPv4.IP().IsValid() && !a.IPv6.IP().IsValid() && n.IPv4 != topology.No {
			a.IPv4 = topology.ParseAddress("192.0.2.1") // its subnets are not told
		}
	}
}

// someAddress is an address of a subnet that is hardly anybody's.
func someAddress(subnet netip.Prefix) netip.Addr {
	address := subnet.Masked().Addr()
	for range 7 {
		if next := address.Next(); subnet.Contains(next) {
			address = next
		}
	}
	return address
}
