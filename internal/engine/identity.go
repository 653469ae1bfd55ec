package engine

import (
	"context"
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
	var info struct{ ID, Name, DockerRootDir string }
	header, err := e.getJSON(ctx, infoPath, &info)
	if err != nil {
		return Identity{}, err
	}
	key := info.ID
	if product(header) == topology.ProductPodman {
		// Its ID is a new one at each request [measured on 5.4].
		key = "podman " + info.Name + " " + info.DockerRootDir
	}
	if key == "" {
		return Identity{}, e.wrap(ctx, infoPath, errors.New("the engine does not say which one it is"))
	}
	return Identity{Key: key, Name: info.Name}, nil
}
