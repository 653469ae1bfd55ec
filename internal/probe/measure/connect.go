//go:build linux

package measure

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// connect opens a TCP connection, and closes it.
func (t *task) connect(ctx context.Context) (*wire.Connection, error) {
	conn, c, err := t.dial(ctx)
	if conn == nil {
		return c, err
	}
	if t.Linger > 0 {
		c.Outcome = lingering(ctx, conn, t.Linger)
	}
	// Closing with bytes unread would send a reset, which servers log.
	_ = conn.CloseWrite()
	const short = 100 * time.Millisecond
	_ = conn.SetReadDeadline(time.Now().Add(short))
	t.session.tasks.Go(func() {
		defer func() { _ = conn.Close() }()
		_, _ = io.Copy(io.Discard, io.LimitReader(conn, 1<<20))
	})
	return c, nil
}

// lingering tells whether a connection is closed from over there.
func lingering(ctx context.Context, conn net.Conn, linger time.Duration) wire.Outcome {
	defer context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })()
	_ = conn.SetReadDeadline(time.Now().Add(linger))
	n, err := conn.Read(make([]byte, 1))
	if n == 0 && err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		return wire.Closed
	}
	return wire.Reached
}

// dial opens a TCP connection. Where that does not succeed, the connection is
// nil, and the result tells why not; it is an error if nothing was measured.
func (t *task) dial(ctx context.Context) (*net.TCPConn, *wire.Connection, error) {
	limited, cancel := context.WithTimeout(ctx, t.Timeout)
	defer cancel()
	errs := &errorsOf{v6: t.Address.Is6() && !t.Address.Is4In6()}
	defer errs.close()
	// A connection that the plugin speaks through is open for as long as it
	// likes; no keep-alive is to tell otherwise.
	dialer := net.Dialer{KeepAlive: -1, Control: errs.control}
	from := time.Now()
	conn, err := dialer.DialContext(limited, "tcp", netip.AddrPortFrom(t.Address.Unmap(), t.Port).String())
	c := &wire.Connection{Took: time.Since(from)}
	if err == nil {
		c.Outcome, c.Source = wire.Reached, addressOf(conn.LocalAddr())
		opened, _ := conn.(*net.TCPConn)
		return opened, c, nil
	}
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	if limited.Err() != nil || timedOut(err) {
		c.Outcome, c.Text = wire.Silent, err.Error()
		return nil, c, nil
	}
	var known bool
	c.Outcome, known = outcomeOf(err)
	if !known {
		return nil, nil, err
	}
	c.Text = plain(err)
	if e, told := errs.last(); told && e.outcome != wire.Refused {
		c.Outcome, c.Text = e.outcome, e.text()
	}
	return nil, c, nil
}

// timedOut tells that the time for a connection was over. The socket may notice
// that a moment before the context does.
func timedOut(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
}

// errorsOf keeps the error queue of a socket that the net package opens, and
// closes before it tells that connecting failed.
type errorsOf struct {
	v6     bool
	kept   int
	opened bool
}

func (e *errorsOf) control(_, _ string, raw syscall.RawConn) error {
	return raw.Control(func(fd uintptr) {
		// An old kernel that does not know the option still connects.
		if reportErrors(int(fd), e.v6) != nil {
			return
		}
		e.close()
		if kept, err := unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0); err == nil {
			e.kept, e.opened = kept, true
		}
	})
}

func (e *errorsOf) last() (found icmpError, ok bool) {
	if !e.opened {
		return icmpError{}, false
	}
	return queuedError(e.kept)
}

func (e *errorsOf) close() {
	if e.opened {
		_ = unix.Close(e.kept)
		e.opened = false
	}
}

// addressOf is the address of an end of a connection.
func addressOf(a net.Addr) netip.Addr {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.AddrPort().Addr().Unmap()
	case *net.UDPAddr:
		return a.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
