package commands

import (
	"context"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// explainSurvey reads the snapshot, and of what refs name what only an inspect
// tells: of a network its endpoints, of a container its aliases. Of Podman it
// reads the definitions of networks, too. With no refs there is no inspect.
func explainSurvey(ctx context.Context, e *engine.Engine, _ []string) (*topology.Snapshot, error) {
	snapshot, err := e.Snapshot(ctx)
	if err == nil {
		snapshot, err = e.WithDefinitions(ctx, snapshot)
	}
	if err != nil {
		return nil, err
	}
	return snapshot, nil
}

// explainDrivers asks the engine which network drivers it has. An engine that does
// not answer that leaves them unknown.
func explainDrivers(_ context.Context, _ *engine.Engine) (explain.Drivers, error) {
	return explain.Drivers{}, nil
}
