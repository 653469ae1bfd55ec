package diagnose

import (
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// FixKind names what would make a target reachable.
type FixKind string

const (
	// FixHeal: give Container networks in place of those that are gone, without which
	// it does not start.
	FixHeal FixKind = "heal"
	// FixStart: start Container.
	FixStart FixKind = "start"
	// FixUnpause: unpause Container.
	FixUnpause FixKind = "unpause"
	// FixRestart: restart Container, which has lost the namespace it shared.
	FixRestart FixKind = "restart"
	// FixConnect: connect Container to Network.
	FixConnect FixKind = "connect"
	// FixConnectNew: make a network, and connect Container and Other to it; no
	// network of either will do.
	FixConnectNew FixKind = "connect to a new network"
	// FixUsePublished: use a published port: the first of ThroughHost's addresses.
	FixUsePublished FixKind = "use published port"
)

// Fix is a step of the least destructive way to make a target reachable.
type Fix struct {
	Kind FixKind
	// Container is what is acted on.
	Container *topology.Container
	// Other is, for a new network, the other container.
	Other   *topology.Container
	Network *topology.Network
	// Internal tells that the new network is to be internal: one of both is kept
	// from the outside, and is to stay so.
	Internal bool
	// Address is, for a published port, where it is.
	Address *AddressForecast
	// Then is what is to be done after it; nil where that is all.
	Then *Fix
}

func fixOf(ix *topology.Index, r *Reach, source, target *place) *Fix {
	for _, p := range []*place{source, target} {
		fix := raise(ix, p)
		if fix != nil || p.surelyDown() || p.owner == nil {
			return fix // one that cannot be brought up is not helped by a network
		}
	}
	if r.TCP == ForecastYes {
		return fixName(ix, r, source, target)
	}
	if r.TCP == ForecastUnknown {
		return nil
	}
	return join(ix, source, target)
}

// raise is how to have a namespace with its interfaces.
func raise(ix *topology.Index, p *place) *Fix {
	if p.stale() && p.container.State.Up() {
		return &Fix{Kind: FixRestart, Container: p.container}
	}
	for _, c := range []*topology.Container{p.owner, p.container} { // none starts before its owner
		switch {
		case c == nil, c != p.container && p.kind == onHost && p.container.State.Up(): // the host's network is there without it
		case c.State == topology.Paused:
			return &Fix{Kind: FixUnpause, Container: c}
		case c.State.Up(), c.State == topology.Restarting:
		default:
			return start(ix, c)
		}
	}
	return nil
}

// start is how to have a container run that is not up: none where it would not start.
func start(ix *topology.Index, c *topology.Container) *Fix {
	if c.State == topology.Removing || c.State == topology.Dead || c.IsTask() {
		return nil
	}
	for _, h := range Hazards(ix) {
		if h.Container != c || h.Kind == MaybeElsewhere {
			continue
		}
		if h.Healable() {
			return &Fix{Kind: FixHeal, Container: c}
		}
		return nil
	}
	return &Fix{Kind: FixStart, Container: c}
}

// fixName is how to have a name for what is reached by address already.
func fixName(ix *topology.Index, r *Reach, source, target *place) *Fix {
	if r.Path == ThroughHost && target.kind != onHost {
		for i := range r.Addresses {
			if a := &r.Addresses[i]; a.TCP == ForecastYes && a.Port != 0 {
				return &Fix{Kind: FixUsePublished, Container: target.owner, Address: a}
			}
		}
	}
	if len(r.Names) == 0 || r.Names[0].Forecast == ForecastYes || r.Name == ForecastUnknown || r.Path != SharedNetwork {
		return nil
	}
	return join(ix, source, target)
}

// join puts both on one network where names resolve and nothing keeps them apart:
// one that the target is on, else one of the source's. Nobody who is on internal
// networks only is put on another: that would open what was meant to be closed.
func join(ix *topology.Index, source, target *place) *Fix {
	if !joins(source) || !joins(target) {
		return nil
	}
	for _, pair := range [][2]*place{{target, source}, {source, target}} {
		for _, a := range attachmentsOf(ix, pair[0]) {
			n := ix.Network(a.NetworkID)
			opens := pair[1].inside() && !n.Internal
			if n.Driver == driverBridge && !opens && !KeepsApart(n) && resolves(ix, n) == topology.Yes && pair[1].on(n) == nil {
				return &Fix{Kind: FixConnect, Container: pair[1].owner, Network: n}
			}
		}
	}
	return &Fix{Kind: FixConnectNew, Container: source.owner, Other: target.owner, Internal: source.inside() || target.inside()}
}

// inside tells that the place is on internal networks only.
func (p *place) inside() bool {
	return len(p.ends) > 0 && !slices.ContainsFunc(p.ends, func(e end) bool { return !e.network.Internal })
}

// joins tells that the engine connects the container to a further network: not
// where its mode is host or none.
func joins(p *place) bool {
	if p.owner == nil || p.kind == onHost || p.owner.IsTask() {
		return false
	}
	for _, reason := range p.reasons {
		if reason.Kind == ReasonNoneMode {
			return false
		}
	}
	return true
}
