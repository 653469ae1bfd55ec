package diagnose

import (
	"net/netip"
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// place is where the packets of a container start and end: a network namespace.
type place struct {
	container *topology.Container
	// owner is the container whose namespace it is; nil where that is gone.
	owner *topology.Container
	kind  placeKind
	// down tells that there is no namespace now, or none for sure.
	down       bool
	restarting bool
	ends       []end
	// reasons say what is special here, and doubts what is not known.
	reasons, doubts []Reason
}

type placeKind int

const (
	ownNamespace placeKind = iota // with interfaces on networks
	onHost
	loopbackOnly
)

// end is one address of a place, and the network that it is on.
type end struct {
	address    netip.Addr
	network    *topology.Network
	attachment *topology.Attachment
}

func placeOf(ix *topology.Index, c *topology.Container) place {
	p := place{container: c, owner: c}
	if !c.State.Up() {
		p.down = true
		if c.State == topology.Restarting {
			p.restarting = true
			p.doubts = append(p.doubts, Reason{Kind: ReasonRestarting, Container: c})
			p.reasons = append(p.reasons, Reason{Kind: ReasonRestarting, Container: c})
		} else {
			p.reasons = append(p.reasons, Reason{Kind: ReasonNotRunning, Container: c})
		}
	} else if c.State == topology.Paused {
		p.reasons = append(p.reasons, Reason{Kind: ReasonPaused, Container: c})
	}
	if id, shares := ix.Owner(c); shares {
		p.share(ix, id)
		if p.kind == loopbackOnly {
			return p
		}
	}
	p.fill(ix)
	return p
}

// share moves the place to the namespace of another container. Once that stops,
// who shares it has loopback only [measured on Docker 20.10, 26.1, 28.5 and
// Podman 5.4]; but for that of the host, which stays, also where the container is
// gone [measured on Docker 20.10, 28.5].
func (p *place) share(ix *topology.Index, ownerID string) {
	p.owner = ix.Container(ownerID)
	switch {
	case p.owner == nil && ix.Partial:
		p.kind = loopbackOnly
		p.doubts = append(p.doubts, Reason{Kind: ReasonNotRead, Container: p.container})
	case p.owner == nil:
		// Whether it used the host's interfaces, nothing tells any more.
		p.kind = loopbackOnly
		gone := Reason{Kind: ReasonOwnerGone, Container: p.container}
		p.reasons, p.doubts = append(p.reasons, gone), append(p.doubts, gone)
	case ix.Stale(p.container):
		p.kind = loopbackOnly
		p.reasons = append(p.reasons, Reason{Kind: ReasonOwnerRestarted, Container: p.container, Name: p.owner.Name})
		p.owner = p.container // it has that namespace no more
	case !p.owner.State.Up() && p.owner.Mode != topology.NetworkHost:
		p.kind = loopbackOnly
		p.reasons = append(p.reasons, Reason{Kind: ReasonOwnerDown, Container: p.container})
		if p.owner.State == topology.Restarting {
			p.doubts = append(p.doubts, Reason{Kind: ReasonRestarting, Container: p.owner})
		}
	}
}

// fill finds the interfaces of the owner.
func (p *place) fill(ix *topology.Index) {
	// Taken off that by hand, one of this mode is connected to others all the same.
	none, joined := p.owner.Mode == topology.NetworkNone, false
	if p.owner.Mode == topology.NetworkHost {
		p.kind = onHost
	}
	for _, a := range ix.Of(p.owner.ID) {
		n := ix.Network(a.NetworkID)
		if n == nil {
			if a.State == topology.Unverified || ix.Partial {
				p.doubts = append(p.doubts, Reason{Kind: ReasonNotRead, Container: p.owner, Name: a.NetworkName})
			}
			continue
		}
		switch n.Driver {
		case topology.NetworkHost:
			p.kind = onHost
			continue
		case "null":
			none = true
			continue
		}
		joined = true
		for _, address := range []topology.Address{a.IPv4, a.IPv6} {
			if address.IP().IsValid() {
				p.ends = append(p.ends, end{address: address.IP(), network: n, attachment: a})
			} else if address.Odd() {
				p.doubts = append(p.doubts, Reason{Kind: ReasonNotRead, Container: p.owner, Network: n})
			}
		}
	}
	p.doubts = append(p.doubts, gapsOf(ix, p.owner)...)
	if ix.Partial {
		p.doubts = append(p.doubts, Reason{Kind: ReasonNotRead, Container: p.owner})
	}
	switch {
	case p.kind == onHost:
		p.reasons = append(p.reasons, Reason{Kind: ReasonHostMode, Container: p.owner})
	case none && !joined:
		p.kind = loopbackOnly
		p.reasons = append(p.reasons, Reason{Kind: ReasonNoneMode, Container: p.owner})
	case len(p.ends) == 0 && !p.down:
		p.kind = loopbackOnly
		p.reasons = append(p.reasons, Reason{Kind: ReasonNoNetwork, Container: p.owner})
	}
}

// gapsOf are what could not be read and may be an interface of the container:
// its own parts, or a network or attachment that is not known whose it is.
func gapsOf(ix *topology.Index, c *topology.Container) []Reason {
	var doubts []Reason
	for i := range ix.Unread {
		gap := &ix.Unread[i]
		matters := false
		switch gap.What {
		case "container", "attachment":
			matters = gap.ID == c.ID && gap.Field != "created" && gap.Field != "ports"
		case "network", "networks":
			matters = gap.Field == "" || slices.ContainsFunc(ix.Of(c.ID), func(a *topology.Attachment) bool {
				return a.NetworkID == gap.ID && gap.Field != "created"
			})
		}
		if matters {
			doubts = append(doubts, Reason{Kind: ReasonNotRead, Container: c, Gap: gap})
		}
	}
	return doubts
}

// stale tells that the place is what is left of a namespace that was shared.
func (p *place) stale() bool {
	return slices.ContainsFunc(p.reasons, func(r Reason) bool { return r.Kind == ReasonOwnerRestarted })
}

// same tells that two places are one namespace.
func (p *place) same(other *place) bool {
	if p.container == other.container {
		return true
	}
	if p.kind == onHost || other.kind == onHost {
		return p.kind == other.kind
	}
	return p.owner != nil && p.owner == other.owner
}

// answers tells whether the kernel answers here at all.
func (p *place) answers() Forecast {
	switch {
	case p.restarting:
		return ForecastUnknown
	case p.down:
		return ForecastNo
	}
	return ForecastYes
}

// surelyDown tells that the container is not up, and not about to be.
func (p *place) surelyDown() bool { return p.down && !p.restarting }

// on is the place's end on a network, or nil.
func (p *place) on(n *topology.Network) *end {
	if n == nil {
		return nil
	}
	for i := range p.ends {
		if p.ends[i].network == n {
			return &p.ends[i]
		}
	}
	return nil
}

// has tells that the place has an address of the family.
func (p *place) has(v6 bool) bool {
	return p.kind == onHost || slices.ContainsFunc(p.ends, func(e end) bool { return e.address.Is6() == v6 })
}

// exits are the place's ends of the family on networks that have a way out: not
// internal, and a bridge.
func (p *place) exits(v6 bool) []*end {
	var out []*end
	for i := range p.ends {
		if e := &p.ends[i]; e.address.Is6() == v6 && e.network.Driver == driverBridge && !e.network.Internal {
			out = append(out, e)
		}
	}
	return out
}

// loopback6 tells that ::1 is known to be there.
func (p *place) loopback6(ix *topology.Index) bool {
	return p.kind == onHost || p.has(true) || keepsLoopback6(&ix.Engine)
}

// sharesAny tells that one network has both.
func sharesAny(a, b *place) bool {
	return slices.ContainsFunc(b.ends, func(e end) bool { return a.on(e.network) != nil })
}
