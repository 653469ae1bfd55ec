package reach

import (
	"context"
	"net"
	"net/netip"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// Lab gives what measures from inside the network namespace of a container that
// is up.
type Lab interface {
	Session(ctx context.Context, containerID string) (Session, error)
	// RawSession is for a namespace that allows no ICMP without NET_RAW.
	RawSession(ctx context.Context, containerID string) (Session, error)
}

// Session measures in one namespace.
type Session interface {
	// Do carries requests out side by side, and hands results out as they come.
	Do(ctx context.Context, requests []wire.Request, each func(wire.Result)) error
	// Dial opens a TCP connection from the namespace.
	Dial(ctx context.Context, to netip.AddrPort) (net.Conn, error)
}
