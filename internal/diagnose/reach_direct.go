package diagnose

import "github.com/docker-netkit/docker-netkit/internal/topology"

// outlook is what is foreseen for an address, and why.
type outlook struct {
	forecast Forecast
	reason   Reason
}

func yes(reason Reason) outlook     { return outlook{ForecastYes, reason} }
func no(reason Reason) outlook      { return outlook{ForecastNo, reason} }
func unknown(reason Reason) outlook { return outlook{ForecastUnknown, reason} }

// direct foresees packets from one namespace to an address of another. It is one
// forecast, and further ones for ports of the address that are let through where
// others are not.
func direct(ix *topology.Index, source, target *place, to *end) []AddressForecast {
	v := wayTo(ix, source, target, to)
	alive := source.answers().both(target.answers())
	f := v.forecast.both(alive)
	all := AddressForecast{Address: to.address, Network: to.network, ICMP: f, TCP: f, Reasons: []Reason{v.reason}}
	if v.reason.Kind != ReasonOnlyPublished {
		return []AddressForecast{all}
	}
	all.TCP = ForecastNo
	forecasts := []AddressForecast{all}
	for i := range target.owner.Ports {
		port := &target.owner.Ports[i]
		// A port that is published on no port of the host leads in by the
		// container's own address.
		if port.Protocol != "tcp" || port.HostIP.IsZero() || port.HostIP.IP().Is4() != to.address.Is4() {
			continue
		}
		for n := range port.Len() {
			one := all
			one.TCP, one.Port = f, port.First+uint16(n)
			one.ContainerPort = one.Port
			one.Reasons = []Reason{{Kind: ReasonPublished, Container: target.owner, Network: to.network, Port: port}}
			forecasts = append(forecasts, one)
		}
	}
	return forecasts
}

// wayTo foresees the way between two namespaces that are both there.
func wayTo(ix *topology.Index, source, target *place, to *end) outlook {
	n, v6 := to.network, to.address.Is6()
	if !knownEngine(&ix.Engine) {
		return unknown(Reason{Kind: ReasonUnknownEngine, Network: n})
	}
	switch {
	case !knownDriver(n):
		return unknown(Reason{Kind: ReasonUnknownDriver, Network: n})
	case source.kind == onHost:
		return fromHost(to)
	case source.kind == loopbackOnly:
		return no(firstReason(source))
	}
	if onFamily(source, n, v6) {
		return within(n, target)
	}
	if reason, odd := oddDriver(source); odd {
		return unknown(reason)
	}
	if !source.has(v6) {
		return no(Reason{Kind: ReasonFamily, Container: source.owner, Network: n})
	}
	return between(ix, source, to)
}

func firstReason(p *place) Reason {
	for _, reason := range p.reasons {
		if reason.Kind != ReasonPaused {
			return reason
		}
	}
	return Reason{Kind: ReasonNoNetwork, Container: p.container}
}

// firstNetwork is a network of the place, or nil: one that is down has none.
func firstNetwork(p *place) *topology.Network {
	if len(p.ends) == 0 {
		return nil
	}
	return p.ends[0].network
}

// onFamily tells that a place has an address of the family on the network.
func onFamily(p *place, n *topology.Network, v6 bool) bool {
	for i := range p.ends {
		if p.ends[i].network == n && p.ends[i].address.Is6() == v6 {
			return true
		}
	}
	return false
}

func oddDriver(p *place) (Reason, bool) {
	for i := range p.ends {
		if n := p.ends[i].network; !knownDriver(n) {
			return Reason{Kind: ReasonUnknownDriver, Network: n}, true
		}
	}
	return Reason{}, false
}

// within foresees two members of one network.
func within(n *topology.Network, target *place) outlook {
	switch {
	case KeepsApart(n):
		return no(Reason{Kind: ReasonICCOff, Network: n})
	case n.Driver == driverMacvlan:
		switch n.Opts["macvlan_mode"] {
		case "", "bridge":
		case "private":
			return no(Reason{Kind: ReasonMacvlanMode, Network: n})
		default: // the switch outside sends it back, or not
			return unknown(Reason{Kind: ReasonMacvlanMode, Network: n})
		}
	case n.Driver == driverIPvlan:
		switch n.Opts["ipvlan_flag"] {
		case "", "bridge":
		case "private":
			return no(Reason{Kind: ReasonMacvlanMode, Network: n})
		default:
			return unknown(Reason{Kind: ReasonMacvlanMode, Network: n})
		}
	}
	return yes(Reason{Kind: ReasonSharedNetwork, Container: target.owner, Network: n})
}

// fromHost foresees the host itself, which is on each bridge of its own: also on
// internal ones, and on those with icc off [measured on Docker 20.10, 26.1, 28.5,
// Podman 5.4].
func fromHost(to *end) outlook {
	n := to.network
	switch {
	case n.OnParent():
		return no(Reason{Kind: ReasonMacvlanHost, Network: n})
	case n.Driver == driverOverlay:
		return no(Reason{Kind: ReasonOverlay, Network: n})
	case gatewayMode(n, to.address.Is6()) == "isolated":
		return no(Reason{Kind: ReasonGatewayIsolated, Network: n})
	case inhibited(n, to.address.Is6()):
		return unknown(Reason{Kind: ReasonAddressOfUser, Network: n})
	}
	return yes(Reason{Kind: ReasonHostGateway, Network: n})
}

// between foresees the way from the networks of a source to one that it is not
// on.
func between(ix *topology.Index, source *place, to *end) outlook {
	n, v6 := to.network, to.address.Is6()
	if n.Driver == driverOverlay {
		return no(Reason{Kind: ReasonOverlay, Network: n})
	}
	if n.OnParent() {
		return toVLAN(source, n)
	}
	exits := source.exits(v6)
	if podman(&ix.Engine) {
		return betweenPodman(exits, source, n, v6)
	}
	var vlan *topology.Network
	internal := false
	for i := range source.ends {
		switch e := &source.ends[i]; {
		case e.address.Is6() != v6:
		case e.network.OnParent():
			vlan = e.network
		case e.network.Internal:
			internal = true
		}
	}
	switch {
	case v6 && !filtersIPv6(&ix.Engine) && (len(exits) > 0 || internal):
		return unfiltered(ix, exits, source, n)
	case len(exits) == 0 && vlan != nil:
		return no(Reason{Kind: ReasonMacvlanHost, Network: vlan})
	case len(exits) == 0 && internal:
		return no(Reason{Kind: ReasonInternal, Network: firstNetwork(source), Other: n})
	case n.Internal:
		return no(Reason{Kind: ReasonInternal, Network: n, Other: other(exits)})
	case gatewayMode(n, v6) == "routed" && len(exits) > 0:
		// Pings get in, and of connections those to published ports [measured
		// on 28.5].
		return byExit(exits[0], v6, yes(Reason{Kind: ReasonOnlyPublished, Network: n, Other: other(exits)}))
	}
	return no(Reason{Kind: ReasonIsolated, Network: n, Other: other(exits)})
}

func other(exits []*end) *topology.Network {
	if len(exits) == 0 {
		return nil
	}
	return exits[0].network
}

// toVLAN foresees the way to a macvlan or ipvlan that the source is not on. From
// a bridge, packets come from its own host, which the driver keeps out.
func toVLAN(source *place, n *topology.Network) outlook {
	for i := range source.ends {
		if from := source.ends[i].network; from.OnParent() {
			return unknown(Reason{Kind: ReasonOutsideDecides, Network: n, Other: from})
		}
	}
	return no(Reason{Kind: ReasonMacvlanHost, Network: n})
}

// unfiltered foresees IPv6 between bridges where the engine has no rules for it:
// the host routes it. Internal networks are a part of that only where their
// members have a default route [measured on 20.10 and 26.1].
func unfiltered(ix *topology.Index, exits []*end, source *place, n *topology.Network) outlook {
	reason := Reason{Kind: ReasonUnfiltered, Network: n, Other: other(exits)}
	if !n.Internal && len(exits) > 0 {
		return yes(reason)
	}
	internal := n
	if len(exits) == 0 {
		internal = firstNetwork(source)
	}
	switch internalHasRoute(&ix.Engine) {
	case topology.Yes:
		return yes(reason)
	case topology.No:
		return no(Reason{Kind: ReasonInternal, Network: internal})
	case topology.Unknown:
	}
	return unknown(Reason{Kind: ReasonUnknownEngine, Network: n})
}

// betweenPodman foresees the way between two bridges of Podman, which routes
// between those that are not isolated.
func betweenPodman(exits []*end, source *place, n *topology.Network, v6 bool) outlook {
	if len(exits) == 0 {
		for i := range source.ends {
			if e := source.ends[i].network; e.OnParent() {
				return no(Reason{Kind: ReasonMacvlanHost, Network: e})
			}
		}
		return no(Reason{Kind: ReasonInternal, Network: firstNetwork(source)})
	}
	if n.Internal {
		if v6 {
			// Podman forbids the kernel to forward for the bridge of an internal
			// network, and the kernel heeds that for IPv4 only [measured on 5.4].
			return yes(Reason{Kind: ReasonUnfiltered, Network: n, Other: exits[0].network})
		}
		return no(Reason{Kind: ReasonInternal, Network: n, Other: exits[0].network})
	}
	return betweenOf(exits, n)
}

// betweenOf foresees the way of a source on several bridges, of which it is not
// told which has the default route: it is known where each of them would do, or
// none.
func betweenOf(exits []*end, n *topology.Network) outlook {
	isolated, routed := 0, 0
	for _, e := range exits {
		if e.network == n {
			routed++
			continue
		}
		if e.network.Internal { // no rules keep these apart
			routed++
			continue
		}
		switch podmanIsolates(e.network, n) {
		case topology.Yes:
			isolated++
		case topology.No:
			routed++
		case topology.Unknown:
		}
	}
	switch len(exits) {
	case isolated:
		return no(Reason{Kind: ReasonIsolated, Network: n, Other: exits[0].network})
	case routed:
		return yes(Reason{Kind: ReasonRouted, Network: n, Other: exits[0].network})
	}
	return unknown(Reason{Kind: ReasonIsolationUnknown, Network: n, Other: exits[0].network})
}
