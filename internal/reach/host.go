package reach

import (
	"net/netip"
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// hostName is the name that the host has where somebody gave it one. Programs use it
// where it resolves, and else the gateway.
const hostName = "host.docker.internal"

// HostBy tells how the address of the host was found.
type HostBy string

const (
	// HostByName: the source resolves host.docker.internal.
	HostByName HostBy = "host.docker.internal"
	// HostByRoute: it is the gateway of the source's default route.
	HostByRoute HostBy = "default route"
	// HostByNetwork: it is the gateway of one of the source's networks.
	HostByNetwork HostBy = "gateway of a network"
	// HostByLoopback: the source uses the network of the host.
	HostByLoopback HostBy = "loopback"
)

// HostAddress is where the host is tested.
type HostAddress struct {
	// Address is zero where it is foreseen only that the name has one.
	Address netip.Addr
	By      HostBy
	// Network is the one whose gateway it is, where that is how it was found.
	Network *topology.Network
}

// hostCandidates are the addresses at which programs of the source would look for the
// host: the most likely first.
func (r *run) hostCandidates(resolved []netip.Addr) []netip.Addr {
	f := r.ladder.Foreseen
	chosen := func(by HostBy, addresses []netip.Addr) []netip.Addr {
		r.ladder.Host = &HostAddress{Address: addresses[0], By: by}
		return addresses
	}
	if f.Path != diagnose.SameNamespace {
		if len(resolved) > 0 {
			return chosen(HostByName, resolved)
		}
		if gateways := r.defaultGateways(); len(gateways) > 0 {
			return chosen(HostByRoute, gateways)
		}
	}
	r.foreseeHost()
	var foreseen []netip.Addr
	for i := range f.Addresses {
		if r.ofFamily(f.Addresses[i].Address) {
			foreseen = append(foreseen, f.Addresses[i].Address)
		}
	}
	return foreseen
}

// foreseeHost takes the address that the name is foreseen to have, or else the first that
// is foreseen to be the host's.
func (r *run) foreseeHost() {
	f := r.ladder.Foreseen
	if named := r.namedHost(); named != nil && !r.ladder.Measured {
		r.ladder.Host = named
		return
	}
	for i := range f.Addresses {
		a := &f.Addresses[i]
		if !r.ofFamily(a.Address) {
			continue
		}
		r.ladder.Host = &HostAddress{Address: a.Address, By: HostByNetwork, Network: a.Network}
		if f.Path == diagnose.SameNamespace {
			r.ladder.Host.By = HostByLoopback
		}
		return
	}
}

// namedHost is the address that host.docker.internal is foreseen to have; the zero
// address where it resolves and it is not known to what, and nil where it is not
// foreseen to resolve.
func (r *run) namedHost() *HostAddress {
	f := r.ladder.Foreseen
	owner := Namespace(r.ix, r.ladder.From)
	if f.Path == diagnose.SameNamespace || owner == nil || len(f.Names) == 0 || f.Names[0].Forecast != diagnose.ForecastYes {
		return nil
	}
	named := &HostAddress{By: HostByName}
	switch value := owner.HostValue(hostName); value {
	case "":
	case "host-gateway":
		for i := range f.Addresses {
			if n := f.Addresses[i].Network; n != nil && n.Name == topology.NetworkBridge && f.Addresses[i].Address.Is4() {
				named.Address = f.Addresses[i].Address
			}
		}
	default:
		named.Address, _ = netip.ParseAddr(value)
	}
	return named
}

// defaultGateways are the gateways of the source's default routes that are the host:
// on a macvlan the gateway is a router outside.
func (r *run) defaultGateways() []netip.Addr {
	if r.ladder.Namespace == nil {
		return nil
	}
	routes := slices.Clone(r.ladder.Namespace.Routes)
	slices.SortStableFunc(routes, func(a, b wire.Route) int { return a.Metric - b.Metric })
	var gateways []netip.Addr
	for _, is4 := range []bool{true, false} {
		for _, route := range routes {
			if !route.Default() || !route.Gateway.IsValid() || route.Gateway.Is4() != is4 {
				continue
			}
			if r.ofFamily(route.Gateway) && diagnose.IsHost(r.ix, route.Gateway) {
				gateways = append(gateways, route.Gateway)
			}
			break // the others are not used
		}
	}
	return gateways
}
