package diagnose

import (
	"net/netip"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// PredictOutside foresees, for each family, whether a container reaches what its
// host reaches.
func PredictOutside(ix *topology.Index, from *topology.Container) *Reach {
	r := &Reach{From: from, Kind: TargetOutside, Path: NoPath}
	source := placeOf(ix, from)
	four, six := wayOut(ix, &source, false), wayOut(ix, &source, true)
	alive := source.answers()
	r.IPv4, r.IPv6 = four.forecast.both(alive), six.forecast.both(alive)
	if len(source.doubts) > 0 && !source.surelyDown() {
		r.IPv4, r.IPv6 = r.IPv4.either(ForecastUnknown), r.IPv6.either(ForecastUnknown)
	}
	r.ICMP = r.IPv4.either(r.IPv6)
	r.TCP = r.ICMP
	r.Name = ForecastUnknown.both(alive)
	if r.TCP == ForecastYes {
		r.Path = ThroughHost
	}
	r.Reasons = r.chain(&source, &place{kind: onHost})
	r.Reasons4, r.Reasons6 = withReason(r.Reasons, four.reason), withReason(r.Reasons, six.reason)
	for _, v := range []outlook{four, six} {
		if !hasReason(r.Reasons, v.reason) {
			r.Reasons = append(r.Reasons, v.reason)
		}
	}
	r.Fix = fixSource(ix, from)
	return r
}

// withReason is a chain with one more reason, unless it is in it.
func withReason(chain []Reason, reason Reason) []Reason {
	if hasReason(chain, reason) {
		return chain
	}
	return append(chain[:len(chain):len(chain)], reason)
}

// wayOut foresees packets of one family to the world outside.
func wayOut(ix *topology.Index, source *place, v6 bool) outlook {
	switch {
	case !knownEngine(&ix.Engine):
		return unknown(Reason{Kind: ReasonUnknownEngine, Container: source.owner})
	case source.kind == onHost:
		return yes(Reason{Kind: ReasonHostMode, Container: source.owner})
	case source.kind == loopbackOnly:
		return no(firstReason(source))
	case !source.has(v6):
		return no(Reason{Kind: ReasonFamily, Container: source.owner})
	}
	if exits := source.exits(v6); len(exits) > 0 {
		return byExit(exits[0], v6, byBridge(ix, exits[0].network, v6))
	}
	for i := range source.ends {
		switch n := source.ends[i].network; {
		case source.ends[i].address.Is6() != v6:
		case n.OnParent() && n.Internal:
			return no(Reason{Kind: ReasonInternal, Network: n})
		case n.OnParent():
			return unknown(Reason{Kind: ReasonOutsideDecides, Network: n})
		case !knownDriver(n):
			return unknown(Reason{Kind: ReasonUnknownDriver, Network: n})
		case n.Driver == driverOverlay && !n.Internal && !v6:
			return yes(Reason{Kind: ReasonAsHost, Network: n})
		case n.Driver == driverOverlay && !n.Internal:
			return unknown(Reason{Kind: ReasonOverlay, Network: n})
		case n.Internal:
			return no(Reason{Kind: ReasonInternal, Network: n})
		}
	}
	return no(Reason{Kind: ReasonNoNetwork, Container: source.owner})
}

// byBridge foresees it for a bridge. Its packets go out under the host's address;
// but Docker up to 26 does not translate IPv6, and none translates for a network
// that is to be routed [measured on Docker 20.10, 26.1, 28.5, Podman 5.4].
func byBridge(ix *topology.Index, n *topology.Network, v6 bool) outlook {
	switch mode := gatewayMode(n, v6); {
	case mode == "routed":
		return untranslated(n, v6, Reason{Kind: ReasonNoNAT, Network: n})
	case n.Switch(optionMasquerade) == topology.No:
		if mode == "nat" && dropsFromOutside(&ix.Engine) {
			return no(Reason{Kind: ReasonAnswersDropped, Network: n})
		}
		return untranslated(n, v6, Reason{Kind: ReasonNoNAT, Network: n})
	case v6 && !podman(&ix.Engine) && !filtersIPv6(&ix.Engine):
		return untranslated(n, v6, Reason{Kind: ReasonNoNAT6, Network: n})
	}
	return yes(Reason{Kind: ReasonAsHost, Network: n})
}

// untranslated foresees packets that go out under the container's own address:
// nobody in the world knows the way back to a private one. The network around the
// host may.
func untranslated(n *topology.Network, v6 bool, reason Reason) outlook {
	for _, pool := range n.IPAM.Pools {
		if prefix := pool.Subnet.Prefix(); prefix.IsValid() && prefix.Addr().Is6() == v6 && prefix.Addr().IsPrivate() {
			return no(reason)
		}
	}
	return unknown(reason)
}

// PredictAddress foresees whether a container reaches any address: one of a
// container, one of the host that the snapshot tells, or else one outside.
func PredictAddress(ix *topology.Index, from *topology.Container, to netip.Addr) *Reach {
	to = to.Unmap().WithZone("")
	source := placeOf(ix, from)
	if to.IsLoopback() {
		return only(Predict(ix, from, from), to)
	}
	for i := range ix.Attachments {
		a := &ix.Attachments[i]
		if a.State == topology.Live && (a.IPv4.IP() == to || a.IPv6.IP() == to) && reachable(ix, &source, a) {
			if c := ix.Container(a.ContainerID); c != nil {
				return only(Predict(ix, from, c), to)
			}
		}
	}
	if r := toGateway(ix, &source, to); r != nil {
		return r
	}
	r := PredictOutside(ix, from)
	r.Kind = TargetAddress
	if to.IsLinkLocalUnicast() {
		// Whoever is on the same link may have it.
		f := ForecastUnknown.both(source.answers())
		r.Reasons, r.Path, r.ICMP, r.TCP = nil, NoPath, f, f
		r.Addresses = []AddressForecast{{Address: to, ICMP: f, TCP: f}}
		return r
	}
	f := r.IPv4
	r.Reasons = r.Reasons4
	if to.Is6() {
		f, r.Reasons = r.IPv6, r.Reasons6
	}
	for i := range source.ends {
		// Nobody who is known has this address of a network of the source's.
		if inSubnet(source.ends[i].network, to) {
			f = ForecastUnknown.both(source.answers())
		}
	}
	r.ICMP, r.TCP = f, f
	if f != ForecastYes {
		r.Path = NoPath
	}
	r.Addresses = []AddressForecast{{Address: to, ICMP: f, TCP: f, Reasons: r.Reasons}}
	return r
}

// reachable tells that, of several networks with one address on them, the source
// means this one: each does unless the source is on another of them.
func reachable(ix *topology.Index, source *place, a *topology.Attachment) bool {
	if source.on(ix.Network(a.NetworkID)) != nil {
		return true
	}
	for i := range source.ends {
		if inSubnet(source.ends[i].network, a.IPv4.IP()) {
			return false
		}
	}
	return true
}

func inSubnet(n *topology.Network, address netip.Addr) bool {
	for _, pool := range n.IPAM.Pools {
		if prefix := pool.Subnet.Prefix(); prefix.IsValid() && prefix.Contains(address) {
			return true
		}
	}
	return false
}

// toGateway foresees an address of the host on one of its networks, or gives nil.
func toGateway(ix *topology.Index, source *place, to netip.Addr) *Reach {
	for i := range ix.Networks {
		n := &ix.Networks[i]
		if n.Driver != driverBridge || gatewayOf(n, nil, to.Is6()) != to {
			continue
		}
		v := toHost(ix, source, n, to.Is6())
		f := v.forecast.both(source.answers())
		r := &Reach{From: source.container, Kind: TargetHost, Path: NoPath, Addresses: []AddressForecast{
			{Address: to, Network: n, ICMP: f, TCP: f, Reasons: []Reason{v.reason}},
		}}
		if f == ForecastYes {
			r.Path = ThroughHost
		}
		r.sum()
		r.Reasons = r.chain(source, &place{kind: onHost})
		return r
	}
	return nil
}

// only is what is foreseen for one address of a target.
func only(r *Reach, address netip.Addr) *Reach {
	var kept []AddressForecast
	r.ICMP, r.TCP = ForecastNo, ForecastNo
	for _, a := range r.Addresses {
		if a.Address == address && a.Port == a.ContainerPort {
			kept = append(kept, a)
			r.ICMP, r.TCP = r.ICMP.either(a.ICMP), r.TCP.either(a.TCP)
		}
	}
	r.Addresses = kept
	if r.ICMP == ForecastNo && r.TCP == ForecastNo {
		r.Path = NoPath
	}
	return r
}
