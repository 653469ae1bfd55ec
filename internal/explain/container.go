package explain

import "github.com/docker-netkit/docker-netkit/internal/topology"

// ContainerFacts are what there is to say of one container.
type ContainerFacts struct {
	Name string `json:"name"`
}

// OfContainer finds the facts of a container.
func OfContainer(_ *topology.Index, container *topology.Container, _ Details) ContainerFacts {
	return ContainerFacts{Name: container.Name}
}
