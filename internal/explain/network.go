package explain

import "github.com/docker-netkit/docker-netkit/internal/topology"

// NetworkFacts are what there is to say of one network.
type NetworkFacts struct {
	Name string `json:"name"`
}

// OfNetwork finds the facts of a network.
func OfNetwork(_ *topology.Index, network *topology.Network, _ Details) NetworkFacts {
	return NetworkFacts{Name: network.Name}
}
