package engine

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// RunningSince tells whether a container is up, and has been since a time by the
// engine's clock. One that is gone is not.
func (e *Engine) RunningSince(ctx context.Context, containerID string, since time.Time) (bool, error) {
	path := "/containers/" + url.PathEscape(containerID) + "/json"
	reply, err := e.get(ctx, path, nil)
	if failed, ok := errors.AsType[*RequestError](err); ok && failed.NotFound() {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer reply.body.Close()
	var container struct {
		State struct{ Status, StartedAt string }
	}
	if err := json.NewDecoder(reply.body).Decode(&container); err != nil {
		return false, e.wrap(ctx, path, notJSON(err))
	}
	up := topology.ContainerState(container.State.Status).Up()
	return up && !startedAt(container.State.StartedAt).After(since), nil
}
