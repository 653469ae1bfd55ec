package engine

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Moment is what the engine says of a container right now.
type Moment struct {
	// State is empty where there is no such container any more.
	State topology.ContainerState
	// Started is when it was started last, by the engine's clock.
	Started time.Time
	// Addresses are those that it has on networks of its own; nil where the engine
	// does not tell.
	Addresses []netip.Addr
}

// Moment asks for one container.
func (e *Engine) Moment(ctx context.Context, containerID string) (Moment, error) {
	var container struct {
		State           struct{ Status, StartedAt string }
		NetworkSettings struct {
			Networks map[string]*struct{ IPAddress, GlobalIPv6Address string }
		}
	}
	_, err := e.getJSON(ctx, "/containers/"+url.PathEscape(containerID)+"/json", &container)
	if failed, ok := errors.AsType[*RequestError](err); ok && failed.NotFound() {
		return Moment{}, nil
	}
	if err != nil {
		return Moment{}, err
	}
	now := Moment{State: topology.ContainerState(container.State.Status), Started: startedAt(container.State.StartedAt)}
	if container.NetworkSettings.Networks != nil {
		now.Addresses = []netip.Addr{}
	}
	for _, endpoint := range container.NetworkSettings.Networks {
		if endpoint == nil {
			continue
		}
		for _, text := range []string{endpoint.IPAddress, endpoint.GlobalIPv6Address} {
			if address, err := netip.ParseAddr(text); err == nil {
				now.Addresses = append(now.Addresses, address)
			}
		}
	}
	return now, nil
}

// RunningSince tells whether a container is up, and has been since a time by the
// engine's clock. One that is gone is not.
func (e *Engine) RunningSince(ctx context.Context, containerID string, since time.Time) (bool, error) {
	now, err := e.Moment(ctx, containerID)
	return now.State.Up() && !now.Started.After(since), err
}
