package reach

import (
	"context"
	"net"
	"net/netip"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Lab gives what measures from inside the network namespace of a container that
// is up.
type Lab interface {
	Session(ctx context.Context, containerID string) (Session, error)
	// RawSession is for a namespace that allows no ICMP without NET_RAW.
	RawSession(ctx context.Context, containerID string) (Session, error)
	// Now asks the engine once more how a container is.
	Now(ctx context.Context, c *topology.Container) (Moment, error)
}

// Moment is how a container is now.
type Moment struct {
	// State is empty where it is gone.
	State topology.ContainerState
	// Restarted tells that it was started after it was looked at first.
	Restarted bool
	// Addresses are those that it has on networks of its own; nil where that is not
	// known.
	Addresses []netip.Addr
}

// Session measures in one namespace.
type Session interface {
	// Do carries requests out side by side, and hands results out as they come.
	Do(ctx context.Context, requests []wire.Request, each func(wire.Result)) error
	// Dial opens a TCP connection from the namespace.
	Dial(ctx context.Context, to netip.AddrPort) (net.Conn, error)
}
