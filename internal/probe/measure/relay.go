//go:build linux

package measure

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// waiting is how many bytes wait for a peer that does not take them; a relay
// that has more is closed.
const waiting = 8 << 20

// relay holds what goes to an opened connection, until it is taken.
type relay struct {
	mu    sync.Mutex
	queue [][]byte
	size  int
	over  bool // more was sent than waits
	ended bool
	more  chan struct{} // told that the above changed
}

func newRelay() *relay { return &relay{more: make(chan struct{}, 1)} }

func (r *relay) send(data []byte) {
	r.change(func() {
		r.size += len(data)
		if r.over = r.over || r.size > waiting; !r.over {
			r.queue = append(r.queue, data)
		}
	})
}

func (r *relay) shut() { r.change(func() { r.ended = true }) }

func (r *relay) change(what func()) {
	r.mu.Lock()
	what()
	r.mu.Unlock()
	select {
	case r.more <- struct{}{}:
	default:
	}
}

func (r *relay) take() (queue [][]byte, over, ended bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	queue, r.queue, r.size = r.queue, nil, 0
	return queue, r.over, r.ended
}

// errOver ends a relay.
var errOver = errors.New("more was sent than the peer takes")

// open opens a TCP connection, and carries bytes both ways until either end
// closes it, or Stop comes.
func (t *task) open(ctx context.Context) (*wire.Connection, error) {
	conn, c, err := t.dial(ctx)
	if conn == nil {
		return c, err
	}
	defer func() { _ = conn.Close() }()
	t.write(wire.Result{Connection: c})
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	var carrying sync.WaitGroup
	carrying.Go(func() { cancel(t.carryThere(ctx, conn)) })
	err = t.carryBack(conn)
	cancel(err)
	carrying.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, errShut) {
		return nil, cause
	}
	return nil, nil //nolint:nilnil // the connection was told before, and closed in order
}

// errShut is that a connection was closed in order.
var errShut = errors.New("closed")

func (t *task) carryThere(ctx context.Context, conn net.Conn) error {
	for {
		queue, over, ended := t.relay.take()
		for _, data := range queue {
			if _, err := conn.Write(data); err != nil {
				return err
			}
		}
		switch {
		case over:
			return errOver
		case ended:
			return errShut
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.relay.more:
		}
	}
}

func (t *task) carryBack(conn net.Conn) error {
	const chunk = 32 << 10
	data := make([]byte, chunk)
	for {
		n, err := conn.Read(data)
		if n > 0 {
			t.write(wire.Result{Data: data[:n]})
		}
		switch {
		case err == nil:
		case errors.Is(err, os.ErrDeadlineExceeded):
			return errStopped // whoever set it said why before
		case errors.Is(err, io.EOF):
			return errShut
		default:
			return err
		}
	}
}
