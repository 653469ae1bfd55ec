package explain

import (
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// OverviewFacts are what there is to say of an engine: its drivers, and the
// networks that use them.
type OverviewFacts struct {
	Kind       string   `json:"kind"` // engine
	Product    string   `json:"product,omitempty"`
	Version    string   `json:"version,omitempty"`
	Networks   int      `json:"networks"`
	Running    int      `json:"containers_up"`
	Containers int      `json:"containers"`
	Drivers    []Driver `json:"drivers"`
	Unread     []string `json:"unread,omitempty"`
}

// Driver is a network driver.
type Driver struct {
	Name string `json:"name"`
	// Known tells that what it does is known here: it is one that engines have
	// built in.
	Known bool `json:"known"`
	// Here tells whether this engine has it.
	Here topology.Ternary `json:"here"`
	// Networks are those that use it.
	Networks []string `json:"networks,omitempty"`
}

// Drivers are the network drivers that an engine has.
type Drivers struct {
	// Known tells that the engine was asked.
	Known bool
	// Names are all of them, plugins too, as the engine lists them.
	Names []string
}

// builtIn are the drivers that engines have built in, in the order of telling.
var builtIn = []string{"bridge", "host", "null", "macvlan", "ipvlan", "overlay"}

// OfEngine finds the facts of an engine.
func OfEngine(ix *topology.Index, drivers Drivers) OverviewFacts {
	f := OverviewFacts{
		Kind: "engine", Product: ix.Engine.Product, Version: ix.Engine.Version,
		Networks: len(ix.Networks), Containers: len(ix.Containers), Unread: gapsOf(ix),
	}
	for i := range ix.Containers {
		if ix.Containers[i].State.Up() {
			f.Running++
		}
	}
	names := slices.Clone(builtIn)
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range drivers.Names {
		add(name)
	}
	for i := range ix.Networks {
		add(ix.Networks[i].Driver)
	}
	for _, name := range names {
		d := Driver{Name: name, Known: slices.Contains(builtIn, name)}
		for i := range ix.Networks {
			if ix.Networks[i].Driver == name {
				d.Networks = append(d.Networks, ix.Networks[i].Name)
			}
		}
		switch {
		case len(d.Networks) > 0, slices.Contains(drivers.Names, name):
			d.Here = topology.Yes
		case drivers.Known && (ix.Engine.Product != topology.ProductPodman || name != "host" && name != "null"):
			d.Here = topology.No
		case drivers.Known:
			d.Here = topology.Yes // modes of Podman's, which it counts among no drivers
		}
		f.Drivers = append(f.Drivers, d)
	}
	return f
}
