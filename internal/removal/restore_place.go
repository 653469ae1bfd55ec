package removal

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// place decides which network the containers get: the lost one, if it is still
// there; one of its name, if there is just one; or else a new one.
func (r *restorer) place() bool {
	if there := r.ix.Network(r.lost.ID); there != nil {
		r.take(there)
		return true
	}
	switch named := r.namesakes(); {
	case len(named) == 1 && named[0].ConfigOnly == r.lost.ConfigOnly && (r.lost.ConfigOnly || TakesContainers(named[0])):
		r.take(named[0])
		return true
	case len(named) > 0:
		r.lack(Lack{Kind: NameTaken, Other: r.lost.Name})
		return false
	}
	if from := r.lost.ConfigFrom; from != "" && !holdsConfig(r.ix, from) {
		r.lack(Lack{Kind: SourceGone, Other: from})
		return false
	}
	definition := *r.lost
	definition.ID = ""
	definition.IPAM.Pools = nil
	for _, pool := range r.lost.IPAM.Pools {
		if other := r.overlapping(pool.Subnet); other != nil {
			r.lack(Lack{Kind: SubnetTaken, Address: pool.Subnet.String(), Other: other.Name})
			continue
		}
		definition.IPAM.Pools = append(definition.IPAM.Pools, pool)
	}
	definition.Opts = freeTunnels(r.ix, definition.Opts)
	r.plan.definition, r.plan.twin = &definition, len(r.ix.FindNetworks(r.lost.Name)) > 0
	r.pool, r.new = definition.IPAM.Pools, planned+strconv.Itoa(r.turn)
	r.plan.Steps = append(r.plan.Steps, RestoreStep{Kind: StepMake})
	return true
}

// planned begins what stands in a plan for the ID of a network that is not made
// yet. No engine's IDs have a blank.
const planned = "planned "

func (r *restorer) take(n *topology.Network) {
	r.plan.Into, r.plan.Guessed, r.new, r.pool = n.ID, false, n.ID, n.IPAM.Pools
	if differs := different(n, r.lost); n.ID != r.lost.ID && r.loss.known && len(differs) > 0 {
		r.lack(Lack{Kind: Different, Other: n.Name, Differs: differs})
	}
}

// different names what of a network is not as it was of another.
func different(now, was *topology.Network) []string {
	var found []string
	for _, part := range []struct {
		name string
		same bool
	}{
		{"the driver", now.Driver == was.Driver},
		{"the scope", now.Scope == was.Scope},
		{"the subnets", slices.Equal(refOf(now).Subnets, refOf(was).Subnets)},
		{"whether it is internal", now.Internal == was.Internal},
		{"whether it takes containers", TakesContainers(now) == TakesContainers(was)},
		{"IPv6", now.IPv6 == was.IPv6},
		{"the driver's options", maps.Equal(now.Opts, was.Opts)},
		{"its configuration", now.ConfigFrom == was.ConfigFrom},
	} {
		if !part.same {
			found = append(found, part.name)
		}
	}
	return found
}

// namesakes are the networks that came to have the name since.
func (r *restorer) namesakes() []*topology.Network {
	var named []*topology.Network
	for i := range r.ix.Networks {
		if n := &r.ix.Networks[i]; n.Name == r.lost.Name && !slices.Contains(r.others, n.ID) {
			named = append(named, n)
		}
	}
	return named
}

// overlapping finds another network that has addresses of a subnet. Networks of
// the swarm have a space of their own, and so has each address manager.
func (r *restorer) overlapping(subnet topology.Subnet) *topology.Network {
	for i := range r.ix.Networks {
		other := &r.ix.Networks[i]
		if other.SwarmScope() != r.lost.SwarmScope() || other.ConfigOnly != r.lost.ConfigOnly || addressManager(other) != addressManager(r.lost) {
			continue
		}
		for _, theirs := range other.IPAM.Pools {
			if overlap(theirs.Subnet, subnet) {
				return other
			}
		}
	}
	return nil
}

// addressManager is what gives out the addresses of a network.
func addressManager(n *topology.Network) string { return cmp.Or(n.IPAM.Driver, "default") }

// TakesContainers tells that a container can be connected to the network.
func TakesContainers(n *topology.Network) bool {
	return !n.ConfigOnly && !n.Ingress && !n.Implied && (!n.SwarmScope() || n.Attachable)
}
