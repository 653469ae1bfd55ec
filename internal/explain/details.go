package explain

import "github.com/docker-netkit/docker-netkit/internal/render"

// Details are what is known beside the snapshot.
type Details struct {
	// Docker is how a suggested command begins, mostly docker; empty where no
	// command can be suggested.
	Docker string
	// Offline tells that the snapshot is not of the engine that a pasted command
	// would reach.
	Offline bool
}

// look is how commands are suggested.
func (d Details) look() *render.Look { return &render.Look{Docker: d.Docker, Offline: d.Offline} }
