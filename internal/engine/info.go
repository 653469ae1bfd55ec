package engine

import (
	"context"
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// infoPath is where an engine tells of itself.
const infoPath = "/info"

// Info is what an engine says of its state, as far as it is about networks.
type Info struct {
	// Drivers are the network drivers that it has, built in and plugins, in order of name.
	Drivers []string
	// Warnings are the engine's own words, of what its host does not offer.
	Warnings []string
	// Forwarding4 tells whether the host forwards IPv4. Podman does not say.
	Forwarding4 topology.Ternary
	// BridgeFilter tells whether what goes over a bridge passes the firewall. Docker says
	// so up to 27; Podman's word is a constant.
	BridgeFilter topology.Ternary
	// Pools are what networks get their subnets from, where the daemon was given some.
	Pools []InfoPool
	// Rootless tells that the engine is not root's.
	Rootless bool
	// Swarm is the part that the engine has in a swarm, and SwarmNodes counts the
	// swarm's nodes, which managers only know.
	Swarm      topology.SwarmRole
	SwarmNodes int
}

// InfoPool is a prefix from which networks get subnets of Size bits.
type InfoPool struct {
	Base topology.Subnet
	Size int
}

// Info asks the engine for its state.
func (e *Engine) Info(ctx context.Context) (*Info, error) {
	var wire struct {
		Warnings            []string
		IPv4Forwarding      *bool
		BridgeNfIptables    *bool
		SecurityOptions     []string
		DefaultAddressPools []struct {
			Base string
			Size int
		}
		Swarm   wireSwarm
		Plugins struct{ Network []string }
	}
	if _, err := e.getJSON(ctx, infoPath, &wire); err != nil {
		return nil, err
	}
	slices.Sort(wire.Plugins.Network)
	info := &Info{Drivers: slices.Compact(wire.Plugins.Network), Warnings: wire.Warnings, Swarm: wire.Swarm.role(), SwarmNodes: wire.Swarm.Nodes}
	if wire.IPv4Forwarding != nil && !e.podman.Load() { // Podman's is a constant [measured on 5.4]
		info.Forwarding4 = topology.Known(*wire.IPv4Forwarding)
	}
	if wire.BridgeNfIptables != nil && !e.podman.Load() {
		info.BridgeFilter = topology.Known(*wire.BridgeNfIptables)
	}
	for _, pool := range wire.DefaultAddressPools {
		info.Pools = append(info.Pools, InfoPool{Base: topology.ParseSubnet(pool.Base), Size: pool.Size})
	}
	for _, option := range wire.SecurityOptions {
		if option == "name=rootless" {
			info.Rootless = true
		}
	}
	return info, nil
}
