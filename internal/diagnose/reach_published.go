package diagnose

import (
	"net/netip"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// published lists the host's addresses and ports that lead to a target, as seen
// from a source.
func published(ix *topology.Index, source, target *place) []AddressForecast {
	if target.owner == nil || target.kind != ownNamespace || target.down {
		return nil
	}
	alive := source.answers()
	var found []AddressForecast
	for i := range target.owner.Ports {
		port := &target.owner.Ports[i]
		if !port.Published() || port.Protocol != "tcp" {
			continue
		}
		for _, way := range waysIn(ix, source, target, port) {
			way.TCP, way.ICMP = way.TCP.both(alive), ForecastNo
			found = append(found, way)
		}
	}
	return found
}

// waysIn are the addresses of one run of published ports. A long run is given by
// its first port.
func waysIn(ix *topology.Index, source, target *place, port *topology.Ports) []AddressForecast {
	lead := func(address netip.Addr, n *topology.Network, v outlook) AddressForecast {
		return AddressForecast{Address: address, Port: port.HostPort, ContainerPort: port.First, Network: n, TCP: v.forecast, Reasons: []Reason{v.reason}}
	}
	ip := port.HostIP.IP()
	if ip.IsValid() && !ip.IsUnspecified() {
		v := throughPort(ix, source, target, port, nil, ip.Is6())
		if source.kind != onHost && ip.IsLoopback() {
			v = no(Reason{Kind: ReasonPublishedElsewhere, Container: target.owner, Port: port})
		}
		return []AddressForecast{lead(ip, nil, v)}
	}
	var found []AddressForecast
	for _, host := range hostAddresses(ix, source) {
		if ip.IsValid() && ip.Is6() != host.Address.Is6() || host.ICMP == ForecastNo {
			continue
		}
		if podman(&ix.Engine) && host.Address.Is6() && (host.Address.IsLoopback() || !target.has(true)) {
			continue // Podman leads IPv6 only to containers that have it
		}
		found = append(found, lead(host.Address, host.Network, throughPort(ix, source, target, port, host.Network, host.Address.Is6())))
	}
	return found
}

// throughPort foresees a connection to a published port of a host's address that
// the source reaches.
func throughPort(ix *topology.Index, source, target *place, port *topology.Ports, n *topology.Network, v6 bool) outlook {
	why := yes(Reason{Kind: ReasonPublished, Container: target.owner, Network: n, Port: port})
	switch {
	case !knownEngine(&ix.Engine):
		return unknown(Reason{Kind: ReasonUnknownEngine, Container: target.owner})
	case source.kind == onHost && !source.down:
		return why
	case source.kind == loopbackOnly, source.down && len(source.ends) == 0:
		return no(firstReason(source))
	case podman(&ix.Engine):
		return throughPodman(source, target, n, v6, why)
	case len(source.exits(v6)) > 0 && (n == nil || !n.Internal || source.on(n) == nil):
		return why
	}
	return throughFromInternal(ix, source, target, v6, why)
}

// throughFromInternal foresees it where packets come to the host from an internal
// network. An
// internal network's packets are not led on to another; but to an address that the
// target does not have the kind of, the engine's proxy on the host connects
// [measured on Docker 28.5].
func throughFromInternal(ix *topology.Index, source, target *place, v6 bool, why outlook) outlook {
	for i := range source.ends {
		switch e := &source.ends[i]; {
		case e.address.Is6() != v6:
		case e.network.OnParent():
			return no(Reason{Kind: ReasonMacvlanHost, Network: e.network})
		case e.network.Driver == driverOverlay && !e.network.Internal:
			return why
		case e.network.Internal:
			if v6 && (!target.has(true) || !filtersIPv6(&ix.Engine)) {
				return why
			}
			return no(Reason{Kind: ReasonInternal, Network: e.network})
		}
	}
	return no(Reason{Kind: ReasonFamily, Container: source.owner})
}

// throughPodman foresees it on Podman, which has no proxy: the host leads the
// packets on to the target's address, so they must get there.
func throughPodman(source, target *place, n *topology.Network, v6 bool, why outlook) outlook {
	exits := source.exits(v6)
	if own := source.on(n); own != nil {
		exits = []*end{own} // the host's address there is next to the source
	}
	if source.owner == target.owner {
		return no(Reason{Kind: ReasonNoHairpin, Container: source.owner})
	}
	if len(exits) == 0 || n != nil && n.Internal && source.on(n) != nil && !v6 {
		return no(Reason{Kind: ReasonInternal, Network: firstNetwork(source)})
	}
	for i := range target.ends {
		e := &target.ends[i]
		switch {
		case e.address.Is6() != v6 || e.network.Internal:
			continue
		case len(exits) == 1 && exits[0].network == e.network:
			return why
		}
		if v := betweenPodman(exits, source, e.network, v6); v.forecast != ForecastYes {
			return v
		}
		return why
	}
	return no(Reason{Kind: ReasonInternal, Container: target.owner, Network: firstNetwork(target)})
}
