package diagnose

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Thought is a snapshot with containers in it that do not exist, to ask what any
// container would find there.
type Thought struct {
	*topology.Index
	// First and Second are two containers that would be on the network, with
	// nothing special about them. They are nil where that cannot be thought: nobody
	// can be on it, or its addresses are not known.
	First, Second *topology.Container
	// OnHost is one that would use the interfaces of the host.
	OnHost *topology.Container
}

// The IDs and names of containers that do not exist: engines give none like these.
const (
	thoughtFirst  = "\x00first"
	thoughtSecond = "\x00second"
	thoughtHost   = "\x00host"
)

// MemberOf puts two containers on a network in thought, and one on the host. So
// what is said of a network follows from the reasoning by which single containers
// are judged.
func MemberOf(ix *topology.Index, n *topology.Network) *Thought {
	s := *ix.Snapshot
	s.Containers, s.Attachments = slices.Clone(ix.Containers), slices.Clone(ix.Attachments)
	add := func(id string, mode topology.NetworkMode) {
		s.Containers = append(s.Containers, topology.Container{ID: id, Name: id, State: topology.Running, Mode: mode})
	}
	add(thoughtHost, topology.NetworkHost)
	members := true
	switch {
	case n.Driver == topology.NetworkHost && n.Predefined():
		add(thoughtFirst, topology.NetworkHost)
		add(thoughtSecond, topology.NetworkHost)
	case n.Driver == "null":
		add(thoughtFirst, topology.NetworkNone)
		add(thoughtSecond, topology.NetworkNone)
	default:
		four, six := memberAddresses(n)
		if members = !n.ConfigOnly && len(four)+len(six) > 0; !members {
			break
		}
		for i, id := range []string{thoughtFirst, thoughtSecond} {
			add(id, topology.NetworkMode(n.ID))
			a := topology.Attachment{NetworkID: n.ID, NetworkName: n.Name, ContainerID: id, State: topology.Live, AliasesRead: true}
			if len(four) > i {
				a.IPv4 = topology.ParseAddress(four[i].String())
			}
			if len(six) > i {
				a.IPv6 = topology.ParseAddress(six[i].String())
			}
			s.Attachments = append(s.Attachments, a)
		}
	}
	s.Sort()
	t := &Thought{Index: topology.NewIndex(&s)}
	t.OnHost = t.Container(thoughtHost)
	if members {
		t.First, t.Second = t.Container(thoughtFirst), t.Container(thoughtSecond)
	}
	return t
}

// memberAddresses are two addresses of each family that members of the network
// would have: any, as only their subnet matters.
func memberAddresses(n *topology.Network) (four, six []netip.Addr) {
	for _, pool := range n.IPAM.Pools {
		prefix := pool.Subnet.Prefix()
		if !prefix.IsValid() {
			continue
		}
		// The last ones of the subnet, as gateways are the first ones mostly.
		last := lastOf(prefix)
		pair := []netip.Addr{last, last}
		for i := range pair {
			for range i + 1 {
				if before := pair[i].Prev(); before.IsValid() && prefix.Contains(before) {
					pair[i] = before
				}
			}
		}
		switch {
		case prefix.Addr().Is4() && len(four) == 0 && n.IPv4 != topology.No:
			four = pair
		case prefix.Addr().Is6() && len(six) == 0:
			six = pair
		}
	}
	return four, six
}

// Thinks tells that a container is one of a Thought's, and does not exist.
func Thinks(c *topology.Container) bool { return c != nil && strings.HasPrefix(c.ID, "\x00") }

// DefaultBridge tells the engine's own bridge, on which containers are that were
// made without a network, and where names do not resolve.
func DefaultBridge(ix *topology.Index, n *topology.Network) bool { return defaultBridge(ix, n) }

// PortsLead tells whether the published ports of a container lead to it from
// outside of the host: one of its networks must take what comes from there.
func PortsLead(ix *topology.Index, c *topology.Container) Forecast {
	p := placeOf(ix, c)
	switch {
	case !knownEngine(&ix.Engine) || p.restarting:
		return ForecastUnknown
	case p.surelyDown():
		return ForecastNo
	case p.owner == nil:
		return ForecastNo
	}
	attachments := ix.Of(p.owner.ID)
	f := future{ix: ix}
	switch {
	case f.portsAnswer(slices.DeleteFunc(slices.Clone(attachments), func(a *topology.Attachment) bool {
		n := ix.Network(a.NetworkID)
		return n != nil && inhibited(n, false)
	})):
		return ForecastYes
	case f.portsAnswer(attachments): // if the user gave the host an address
		return ForecastUnknown
	case len(p.doubts) > 0:
		return ForecastUnknown
	}
	return ForecastNo
}

// GuardsLoopbackPorts tells that the engine drops what other machines send, by a route
// through the host, to the own address of a container whose port is published on a
// loopback address [measured on Docker 28.5; not on 20.10, 26.1 and Podman 5.4].
func GuardsLoopbackPorts(e *topology.Engine) bool {
	const first = 28
	return e.Product == topology.ProductDocker && e.Major() >= first
}

// TakesPorts tells whether published ports can lead in by a network at all.
func TakesPorts(ix *topology.Index, n *topology.Network) bool {
	f := future{ix: ix}
	return f.portsAnswer([]*topology.Attachment{{NetworkID: n.ID, State: topology.Live}})
}

// Reaching tells, for each other network on which containers can be, whether they
// reach those of a network at their own addresses, and why.
func Reaching(ix *topology.Index, n *topology.Network) []Reaches {
	s := *ix.Snapshot
	s.Containers, s.Attachments = slices.Clone(ix.Containers), slices.Clone(ix.Attachments)
	const prefix = "\x00on "
	for i := range ix.Networks {
		m := &ix.Networks[i]
		four, six := memberAddresses(m)
		if m.ConfigOnly || m.Ingress || len(four)+len(six) == 0 {
			continue
		}
		id := prefix + m.ID
		s.Containers = append(s.Containers, topology.Container{ID: id, Name: id, State: topology.Running, Mode: topology.NetworkMode(m.ID)})
		a := topology.Attachment{NetworkID: m.ID, NetworkName: m.Name, ContainerID: id, State: topology.Live, AliasesRead: true}
		if len(four) > 0 {
			a.IPv4 = topology.ParseAddress(four[0].String())
		}
		if len(six) > 0 {
			a.IPv6 = topology.ParseAddress(six[0].String())
		}
		s.Attachments = append(s.Attachments, a)
	}
	s.Sort()
	all := topology.NewIndex(&s)
	to := all.Container(prefix + n.ID)
	if to == nil {
		return nil
	}
	target := placeOf(all, to)
	var found []Reaches
	for i := range ix.Networks {
		from := all.Container(prefix + ix.Networks[i].ID)
		if from == nil || from == to {
			continue
		}
		source := placeOf(all, from)
		r := Reaches{From: &ix.Networks[i], Forecast: ForecastNo}
		for k := range target.ends {
			for _, a := range direct(all, &source, &target, &target.ends[k]) {
				f := a.ICMP.either(a.TCP)
				if r.Reasons == nil || f != ForecastNo && r.Forecast == ForecastNo || f == ForecastYes {
					r.Reasons = a.Reasons
				}
				r.Forecast = r.Forecast.either(f)
			}
		}
		found = append(found, r)
	}
	return found
}

// Reaches tells whether the containers of a network reach those of another.
type Reaches struct {
	From     *topology.Network
	Forecast Forecast
	Reasons  []Reason
}

// OnHost puts a container on the host in thought.
func OnHost(ix *topology.Index) *Thought {
	s := *ix.Snapshot
	s.Containers = append(slices.Clone(ix.Containers), topology.Container{ID: thoughtHost, Name: thoughtHost, State: topology.Running, Mode: topology.NetworkHost})
	s.Sort()
	t := &Thought{Index: topology.NewIndex(&s)}
	t.OnHost = t.Container(thoughtHost)
	return t
}

// AsIfUp is the snapshot as if a container that is not up were: on the networks
// that it would join, with the addresses that it asks for or else any.
func AsIfUp(ix *topology.Index, c *topology.Container) *topology.Index {
	s := *ix.Snapshot
	s.Containers, s.Attachments = slices.Clone(ix.Containers), slices.Clone(ix.Attachments)
	for i := range s.Containers {
		if s.Containers[i].ID == c.ID {
			s.Containers[i].State = topology.Running
		}
	}
	for i := range s.Attachments {
		a := &s.Attachments[i]
		n := ix.Network(a.NetworkID)
		if a.ContainerID != c.ID || a.State != topology.Configured || n == nil {
			continue
		}
		a.State, a.IPv4, a.IPv6 = topology.Live, a.Static4, a.Static6
		four, six := memberAddresses(n)
		if a.IPv4.IsZero() && len(four) > 0 {
			a.IPv4 = topology.ParseAddress(four[0].String())
		}
		if a.IPv6.IsZero() && len(six) > 0 {
			a.IPv6 = topology.ParseAddress(six[0].String())
		}
	}
	s.Sort()
	return topology.NewIndex(&s)
}
