package engine

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Running tells whether a container is up. One that is gone is not.
func (e *Engine) Running(ctx context.Context, containerID string) (bool, error) {
	path := "/containers/" + url.PathEscape(containerID) + "/json"
	reply, err := e.get(ctx, path, nil)
	if failed, ok := errors.AsType[*RequestError](err); ok && failed.NotFound() {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer reply.body.Close()
	var container struct{ State struct{ Status string } }
	if err := json.NewDecoder(reply.body).Decode(&container); err != nil {
		return false, e.wrap(ctx, path, notJSON(err))
	}
	return topology.ContainerState(container.State.Status).Up(), nil
}
