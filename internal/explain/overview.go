package explain

import "github.com/docker-netkit/docker-netkit/internal/topology"

// OverviewFacts are what there is to say of an engine: its drivers, and the
// networks that use them.
type OverviewFacts struct {
	Product string `json:"product,omitempty"`
	Version string `json:"version,omitempty"`
}

// Drivers are the network drivers that an engine has.
type Drivers struct {
	// Known tells that the engine was asked.
	Known bool
	// Names are all of them, plugins too, as the engine lists them.
	Names []string
}

// OfEngine finds the facts of an engine.
func OfEngine(ix *topology.Index, _ Drivers) OverviewFacts {
	return OverviewFacts{Product: ix.Engine.Product, Version: ix.Engine.Version}
}
