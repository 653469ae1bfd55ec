package checks

import (
	"net/netip"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Facts are all that checks may know.
type Facts struct {
	// Index is the snapshot, with what the checks' needs ask for.
	Index *topology.Index
	// Settings tells of which containers the settings were read, and Endpoints of
	// which networks the endpoints.
	Settings, Endpoints map[string]bool
	// NoInspect is why no object was inspected; empty where those were that had to be.
	NoInspect string
	// Engine is what /info says; nil where it was not read, for NoEngine.
	Engine   *Engine
	NoEngine string
	// Host is what the engine's host has; nil where it was not read, for NoHost.
	Host   *Host
	NoHost string
	// UnusedAge is how long a network may be unused.
	UnusedAge time.Duration
}

// Engine is what an engine says of itself in /info.
type Engine struct {
	// Warnings are the engine's own words.
	Warnings []string
	// Forwarding4 tells whether the host forwards IPv4; engines of API 1.52 and later
	// may not say so.
	Forwarding4 topology.Ternary
	// BridgeFilter tells whether what goes over a bridge passes the firewall; Docker says
	// so up to 27.
	BridgeFilter topology.Ternary
	// Pools are what networks get their subnets from; none where the engine has its
	// default ones.
	Pools []AddressPool
	// Rootless engines have their networks in a namespace of their own.
	Rootless bool
	// Swarm is the part that the engine has in a swarm; 20.10 tells it in /info only.
	// SwarmNodes counts the swarm's nodes; 0 where the engine does not know.
	Swarm      topology.SwarmRole
	SwarmNodes int
}

// AddressPool is a prefix from which networks get subnets of a size.
type AddressPool struct {
	Base netip.Prefix
	Bits int
}

// Host is what the engine's host has, read on this machine where the engine is local.
type Host struct {
	Interfaces []Interface
	Routes     []Route
	// Forwarding4 and Forwarding6 tell whether the host forwards IPv4 and IPv6.
	Forwarding4, Forwarding6 topology.Ternary
	// BridgeFilter tells whether what goes over a bridge passes the firewall.
	BridgeFilter topology.Ternary
	// ESP tells whether the kernel can encrypt what overlays send, and IPVS whether it
	// can spread connections over a service's tasks.
	ESP, IPVS topology.Ternary
}

// Interface is a network interface of the host.
type Interface struct {
	Name string
	// MTU is in bytes.
	MTU int
}

// Route is a route of the host, default routes too.
type Route struct {
	To        netip.Prefix
	Interface string
	// OnLink tells that no gateway is on the way, as those of VPNs and of further bridges
	// are.
	OnLink bool
}

func (h *Host) hasInterface(name string) bool {
	for _, known := range h.Interfaces {
		if known.Name == name {
			return true
		}
	}
	return false
}

// byDefault tells a default route, also one in two halves, as VPNs set it so that the
// one that was there stays.
func (r Route) byDefault() bool { return r.To.Bits() <= 1 }

// outgoing is the interface of the IPv4 default route, if there is one; of several the
// narrowest.
func (h *Host) outgoing() (out Interface, found bool) {
	bits := -1
	for _, route := range h.Routes {
		if !route.byDefault() || !route.To.Addr().Is4() || route.To.Bits() <= bits {
			continue
		}
		for _, known := range h.Interfaces {
			if known.Name == route.Interface {
				out, found, bits = known, true, route.To.Bits()
			}
		}
	}
	return out, found
}
