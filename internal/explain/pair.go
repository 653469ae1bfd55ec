package explain

import "github.com/docker-netkit/docker-netkit/internal/topology"

// PairFacts are what there is to say of the ways between two containers.
type PairFacts struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// OfPair finds the facts of the ways between two containers.
func OfPair(_ *topology.Index, from, to *topology.Container, _ Details) PairFacts {
	return PairFacts{From: from.Name, To: to.Name}
}
