package engine

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Identity tells one engine from all others, however it is reached.
type Identity struct {
	// Key is the same for as long as the engine has its data.
	Key string
	// Name is that of the engine's host.
	Name string
}

// Identity asks the engine which one it is.
func (e *Engine) Identity(ctx context.Context) (Identity, error) {
	const path = "/info"
	reply, err := e.get(ctx, path, nil)
	if err != nil {
		return Identity{}, err
	}
	defer reply.body.Close()
	var info struct{ ID, Name, DockerRootDir string }
	if err := json.NewDecoder(reply.body).Decode(&info); err != nil {
		return Identity{}, e.wrap(ctx, path, notJSON(err))
	}
	key := info.ID
	if product(reply.header) == topology.ProductPodman {
		// Its ID is a new one at each request [measured on 5.4].
		key = "podman " + info.Name + " " + info.DockerRootDir
	}
	if key == "" {
		return Identity{}, e.wrap(ctx, path, errors.New("the engine does not say which one it is"))
	}
	return Identity{Key: key, Name: info.Name}, nil
}
