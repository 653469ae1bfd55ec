package diagnose

import (
	"net/netip"
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// PredictHost foresees whether a container reaches the host of its engine: by
// which addresses, and whether it has a name for it.
func PredictHost(ix *topology.Index, from *topology.Container) *Reach {
	r := &Reach{From: from, Kind: TargetHost, Path: NoPath}
	source := placeOf(ix, from)
	r.Addresses = bestFirst(hostAddresses(ix, &source))
	if source.kind == onHost {
		r.Path = SameNamespace
	} else if worksAny(r.Addresses) {
		r.Path = ThroughHost
	}
	names := []string{"host.docker.internal"}
	if podman(&ix.Engine) {
		names = append(names, "host.containers.internal")
	}
	for _, name := range names {
		r.Names = append(r.Names, hostName(ix, &source, name))
	}
	r.doubt(&source, &place{kind: onHost})
	r.sum()
	r.Reasons = r.chain(&source, &place{kind: onHost})
	r.Fix = fixSource(ix, from)
	return r
}

// IsHost tells that an address is one of the host's: on a bridge of the engine.
func IsHost(ix *topology.Index, address netip.Addr) bool {
	for i := range ix.Networks {
		n := &ix.Networks[i]
		if n.Driver == driverBridge && address.IsValid() && gatewayOf(n, nil, address.Is6()) == address {
			return true
		}
	}
	return slices.ContainsFunc(ix.Attachments, func(a topology.Attachment) bool {
		n := ix.Network(a.NetworkID)
		return n != nil && n.Driver == driverBridge && a.State == topology.Live && (a.Gateway4.IP() == address || a.Gateway6.IP() == address)
	})
}

// hostName foresees a name of the host. Podman gives it to every container, and
// Docker on Linux to none [measured on Docker 20.10, 26.1, 28.5, Podman 5.4].
func hostName(ix *topology.Index, source *place, name string) NameForecast {
	if source.owner != nil && source.owner.HasHost(name) {
		return NameForecast{Name: name, Forecast: source.answers()}
	}
	if podman(&ix.Engine) {
		return NameForecast{Name: name, Forecast: source.answers(), Reason: &Reason{Kind: ReasonHostNameGiven, Name: name}}
	}
	f := ForecastUnknown.both(source.answers())
	return NameForecast{Name: name, Forecast: f, Reason: &Reason{Kind: ReasonHostNameNotGiven, Container: source.container, Name: name}}
}

// hostAddresses are addresses of the host, as seen from a place: the gateways of
// its networks, then that of the default bridge, which host-gateway means.
func hostAddresses(ix *topology.Index, source *place) []AddressForecast {
	alive := source.answers()
	var found []AddressForecast
	add := func(address netip.Addr, n *topology.Network, v outlook) {
		for _, f := range found {
			if f.Address == address {
				return
			}
		}
		f := v.forecast.both(alive)
		found = append(found, AddressForecast{Address: address, Network: n, ICMP: f, TCP: f, Reasons: []Reason{v.reason}})
	}
	if source.kind == onHost {
		why := yes(Reason{Kind: ReasonSameNamespace, Container: source.owner})
		add(netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil, why)
		add(netip.IPv6Loopback(), nil, why)
	}
	// The default route leads through one that has a way out.
	for _, internal := range []bool{false, true} {
		for i := range source.ends {
			e := &source.ends[i]
			if address := gatewayOf(e.network, e.attachment, e.address.Is6()); address.IsValid() && e.network.Driver == driverBridge && e.network.Internal == internal {
				add(address, e.network, toHost(ix, source, e.network, e.address.Is6()))
			}
		}
	}
	for i := range ix.Networks {
		n := &ix.Networks[i]
		if !defaultBridge(ix, n) && source.kind != onHost || n.Driver != driverBridge || !bridgeUp(ix, n) {
			continue
		}
		for _, v6 := range []bool{false, true} {
			if address := gatewayOf(n, nil, v6); address.IsValid() {
				add(address, n, toHost(ix, source, n, v6))
			}
		}
	}
	return found
}

// toHost foresees packets to the host's address on a network.
func toHost(ix *topology.Index, source *place, n *topology.Network, v6 bool) outlook {
	why := Reason{Kind: ReasonHostGateway, Network: n}
	switch {
	case !knownEngine(&ix.Engine):
		return unknown(Reason{Kind: ReasonUnknownEngine, Network: n})
	case inhibited(n, v6):
		return unknown(Reason{Kind: ReasonAddressOfUser, Network: n})
	case source.kind == onHost, onFamily(source, n, v6):
		return yes(why)
	case len(source.exits(v6)) > 0:
		return byExit(source.exits(v6)[0], v6, yes(why))
	case source.kind == loopbackOnly:
		return no(firstReason(source))
	case !source.has(v6):
		return no(Reason{Kind: ReasonFamily, Container: source.owner, Network: n})
	}
	return toHostWithoutExit(ix, source, n, v6)
}

// byExit is what is foreseen for packets that leave by a bridge, if the host has an address
// there to take them.
func byExit(exit *end, v6 bool, then outlook) outlook {
	if inhibited(exit.network, v6) {
		return unknown(Reason{Kind: ReasonAddressOfUser, Network: exit.network})
	}
	return then
}

// bridgeUp tells that the host has the bridge of a network: Podman makes it for the
// first container that is up on it, and removes it after the last [measured on 5.4].
func bridgeUp(ix *topology.Index, n *topology.Network) bool {
	return !podman(&ix.Engine) || slices.ContainsFunc(ix.On(n.ID), func(a *topology.Attachment) bool { return a.State == topology.Live })
}

// toHostWithoutExit foresees the same for a source with no way out.
func toHostWithoutExit(ix *topology.Index, source *place, n *topology.Network, v6 bool) outlook {
	for i := range source.ends {
		e := &source.ends[i]
		switch {
		case e.address.Is6() != v6:
		case e.network.OnParent():
			return no(Reason{Kind: ReasonMacvlanHost, Network: e.network})
		case e.network.Driver == driverOverlay && !e.network.Internal:
			// The way out is by the bridge docker_gwbridge.
			return yes(Reason{Kind: ReasonHostGateway, Network: n})
		case !knownDriver(e.network):
			return unknown(Reason{Kind: ReasonUnknownDriver, Network: e.network})
		case e.network.Internal:
			switch internalHasRoute(&ix.Engine) {
			case topology.Yes:
				return yes(Reason{Kind: ReasonHostGateway, Network: n})
			case topology.Unknown:
				return unknown(Reason{Kind: ReasonUnknownEngine, Network: n})
			case topology.No:
			}
			return no(Reason{Kind: ReasonInternal, Network: e.network})
		}
	}
	return no(Reason{Kind: ReasonNoNetwork, Container: source.owner})
}

// gatewayOf is the host's address on a network, or the zero address. Engines leave
// it out of what they tell of an internal network, and of one whose subnet the user
// gave: then it is the first of the subnet [measured on Docker 20.10, 26.1, 28.5], or
// of the range that the user chose [measured on Docker 20.10, 28.5].
func gatewayOf(n *topology.Network, a *topology.Attachment, v6 bool) netip.Addr {
	if gatewayMode(n, v6) == "isolated" {
		return netip.Addr{}
	}
	if a != nil {
		for _, address := range []topology.Address{a.Gateway4, a.Gateway6} {
			if ip := address.IP(); ip.IsValid() && ip.Is6() == v6 {
				return ip
			}
		}
	}
	for _, pool := range n.IPAM.Pools {
		subnet := pool.Subnet.Prefix()
		switch gateway := pool.Gateway.IP(); {
		case gateway.IsValid() && gateway.Is6() == v6:
			return gateway
		case subnet.IsValid() && subnet.Addr().Is6() == v6 && !gateway.IsValid():
			first := subnet.Masked().Addr().Next()
			if chosen := pool.Range.Prefix(); chosen.IsValid() && first.Less(chosen.Masked().Addr()) {
				first = chosen.Masked().Addr()
			}
			return first
		}
	}
	return netip.Addr{}
}
