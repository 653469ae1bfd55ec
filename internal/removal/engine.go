package removal

import (
	"context"
	"errors"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Engine is what a removal asks of an engine. Refusals of the engine itself
// have the methods of [refusal]; any other error leaves open whether the act
// was done.
type Engine interface {
	Snapshot(ctx context.Context) (*topology.Snapshot, error)
	WithEndpoints(ctx context.Context, s *topology.Snapshot, networks []*topology.Network) (*topology.Snapshot, error)
	WithDefinitions(ctx context.Context, s *topology.Snapshot) (*topology.Snapshot, error)
	WithSettings(ctx context.Context, s *topology.Snapshot, containers []*topology.Container) (*topology.Snapshot, error)
	RemoveNetwork(ctx context.Context, n *topology.Network) error
	Disconnect(ctx context.Context, network, containerID string) error
	ClearEndpoint(ctx context.Context, networkID, endpointName string) error
	Connect(ctx context.Context, networkID, containerID string, want *topology.EndpointConfig) error
	// CreateNetwork makes a network; a twin may have the name of another.
	CreateNetwork(ctx context.Context, n *topology.Network, twin bool) (id string, err error)
}

// Journal keeps entries.
type Journal interface {
	// Lock keeps others from acting on the same engine until unlock is called.
	Lock(ctx context.Context) (unlock func(), err error)
	// Write keeps an entry. It is on the disk when this returns.
	Write(e *Entry) error
	// Named lists the entries of networks of a name, the oldest first.
	Named(network string) ([]Entry, error)
	// Forget drops an entry.
	Forget(id string) error
}

// refusal is an engine's own answer that it does not do what was asked.
type refusal interface {
	error
	NotFound() bool
	SubnetTaken() bool
	AddressRefused() bool
	Restarting() bool
}

func refused(err error) (refusal, bool) {
	var r refusal
	ok := errors.As(err, &r)
	return r, ok
}
