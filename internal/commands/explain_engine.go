package commands

import (
	"context"
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// explainSurvey reads the snapshot, and of what refs name what only an inspect
// tells: of a network its endpoints and services, of a container its aliases and
// what it asks for. Of Podman it reads the definitions of networks, too. With no
// refs, and where a ref names nothing, there is no inspect.
func explainSurvey(ctx context.Context, e *engine.Engine, refs []string) (*topology.Snapshot, error) {
	snapshot, err := e.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return withInspects(ctx, e, snapshot, refs)
}

// withInspects adds to a snapshot what only an inspect tells.
func withInspects(ctx context.Context, e *engine.Engine, snapshot *topology.Snapshot, refs []string) (*topology.Snapshot, error) {
	// Whether Podman keeps networks from each other, only these tell.
	snapshot, err := e.WithDefinitions(ctx, snapshot)
	if err != nil {
		return nil, err
	}
	ix := topology.NewIndex(snapshot)
	var containers []*topology.Container
	var networks []*topology.Network
	add := func(c *topology.Container) {
		if c != nil && !slices.Contains(containers, c) {
			containers = append(containers, c)
		}
	}
	for _, ref := range refs {
		if found := ix.FindNetworks(ref); len(found) == 1 && !found[0].Implied && !slices.Contains(networks, found[0]) {
			networks = append(networks, found[0])
		}
		c, err := reach.FindSource(ix, ref)
		if err != nil || c == nil {
			continue // which is said later, by who looks for it
		}
		add(c)
		if owner, shares := ix.Owner(c); shares {
			add(ix.Container(owner)) // whose names and addresses it has
		}
	}
	if len(networks) > 0 {
		if snapshot, err = e.WithEndpoints(ctx, snapshot, networks); err != nil {
			return nil, err
		}
	}
	if len(containers) > 0 {
		if snapshot, err = e.WithSettings(ctx, snapshot, containers); err != nil {
			return nil, err
		}
	}
	return snapshot, nil
}

// explainDrivers asks the engine which network drivers it has. One that does not
// answer that leaves them unknown; only a connection that is lost is an error.
func explainDrivers(ctx context.Context, e *engine.Engine) (explain.Drivers, error) {
	info, err := e.Info(ctx)
	switch {
	case engine.Answered(err):
		return explain.Drivers{}, nil
	case err != nil:
		return explain.Drivers{}, err
	}
	return explain.Drivers{Known: true, Names: info.Drivers}, nil
}
