package engine

import (
	"context"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Version is what an engine says of itself.
type Version struct {
	Product, Version, API, MinAPI, OS, Arch, Kernel string
}

// Version asks the engine for its version.
func (e *Engine) Version(ctx context.Context) (Version, error) {
	var wire struct {
		Version, APIVersion, MinAPIVersion, Os, Arch, KernelVersion string
		Components                                                  []struct{ Name string }
	}
	if _, err := e.getJSON(ctx, "/version", &wire); err != nil {
		return Version{}, err
	}
	v := Version{
		Product: topology.ProductDocker, Version: wire.Version, API: wire.APIVersion, MinAPI: wire.MinAPIVersion,
		OS: wire.Os, Arch: wire.Arch, Kernel: wire.KernelVersion,
	}
	// A version goes to terminals as it is, so nothing in it may act there.
	for _, text := range []*string{&v.Version, &v.API, &v.MinAPI, &v.OS, &v.Arch, &v.Kernel} {
		*text = oneLine(*text)
	}
	for _, component := range wire.Components {
		if component.Name == "Podman Engine" {
			v.Product = topology.ProductPodman
		}
	}
	return v, nil
}
