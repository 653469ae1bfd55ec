package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// DialError is why a connection could not be opened.
type DialError struct {
	Address netip.AddrPort
	Outcome wire.Outcome
	// Text is what the system says.
	Text string
}

// Error says how it ended.
func (e *DialError) Error() string {
	if e.Text == "" {
		return fmt.Sprintf("cannot connect to %s: %s", e.Address, e.Outcome)
	}
	return fmt.Sprintf("cannot connect to %s: %s", e.Address, e.Text)
}

// Dial opens a TCP connection from inside the namespace. Where the address did
// not take it, the error is a [DialError].
func (s *Session) Dial(ctx context.Context, address netip.AddrPort) (net.Conn, error) {
	c := &conn{session: s, call: newCall(), remote: address, closed: make(chan struct{})}
	request := wire.Request{Kind: wire.Open, Address: address.Addr(), Port: address.Port()}
	if deadline, ok := ctx.Deadline(); ok {
		request.Timeout = time.Until(deadline)
	}
	request.ID = s.number(c.call)
	c.id = request.ID
	if err := s.send(ctx, request); err != nil {
		s.forget(c.id)
		return nil, err
	}
	if err := c.opened(ctx); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

// conn is a connection that the probe has for us.
type conn struct {
	session *Session
	call    *call
	id      int
	local   netip.Addr
	remote  netip.AddrPort

	reading sync.Mutex // held by who reads
	waiting []wire.Result
	text    []byte
	end     error // what is read after the text

	readDeadline, writeDeadline deadline
	closing                     sync.Once
	closed                      chan struct{}
}

// opened waits until the connection is open.
func (c *conn) opened(ctx context.Context) error {
	for {
		result, err := c.next(ctx.Done())
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return err
		}
		switch made := result.Connection; {
		case result.Failure != "":
			return errors.New(result.Failure)
		case made != nil && made.Outcome != wire.Reached:
			return &DialError{Address: c.remote, Outcome: made.Outcome, Text: made.Text}
		case made != nil:
			c.local = made.Source
			c.took(result)
			return nil
		case result.Done:
			return errors.New("the probe opened no connection, and did not say why")
		}
	}
}

// took keeps what a result brought.
func (c *conn) took(result wire.Result) {
	c.text = append(c.text, result.Data...)
	switch {
	case result.Failure != "":
		c.end = errors.New(result.Failure)
	case result.Done:
		c.end = io.EOF
		if made := result.Connection; made != nil && made.Outcome != wire.Reached {
			c.end = &DialError{Address: c.remote, Outcome: made.Outcome, Text: made.Text}
		}
	}
}

// next waits for the next result.
func (c *conn) next(stopped <-chan struct{}) (wire.Result, error) {
	for {
		if len(c.waiting) == 0 {
			c.waiting = c.call.take()
		}
		if len(c.waiting) > 0 {
			first := c.waiting[0]
			c.waiting = c.waiting[1:]
			return first, nil
		}
		select {
		case <-c.call.ready:
		case <-stopped:
			return wire.Result{}, os.ErrDeadlineExceeded
		case <-c.closed:
			return wire.Result{}, net.ErrClosed
		case <-c.session.done:
			if c.waiting = c.call.take(); len(c.waiting) == 0 {
				return wire.Result{}, c.session.reason()
			}
		}
	}
}

// Read reads what came from the other end.
func (c *conn) Read(into []byte) (int, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	for len(c.text) == 0 {
		if c.end != nil {
			return 0, c.end
		}
		result, err := c.next(c.readDeadline.passed())
		if err != nil {
			return 0, err
		}
		c.took(result)
	}
	n := copy(into, c.text)
	c.text = c.text[n:]
	return n, nil
}

// Write sends to the other end. It waits for the probe, not for that.
func (c *conn) Write(text []byte) (int, error) {
	const most = 32 << 10
	for sent := 0; ; {
		part := text[sent:min(len(text), sent+most)]
		if len(part) == 0 {
			return sent, nil
		}
		// The caller may use the text anew as soon as this returns.
		request := wire.Request{ID: c.session.number(nil), Kind: wire.Send, Of: c.id, Data: append([]byte(nil), part...)}
		select { // alone, as a select takes any of those that are ready
		case <-c.closed:
			return sent, net.ErrClosed
		default:
		}
		select {
		case <-c.closed:
			return sent, net.ErrClosed
		case <-c.writeDeadline.passed():
			return sent, os.ErrDeadlineExceeded
		case <-c.session.done:
			return sent, c.session.reason()
		case c.session.out <- request:
			sent += len(part)
		}
	}
}

// Close closes the connection. It waits for nothing.
func (c *conn) Close() error {
	c.closing.Do(func() {
		close(c.closed)
		c.session.forget(c.id)
		shut := wire.Request{ID: c.session.number(nil), Kind: wire.Shut, Of: c.id}
		// The end of the session ends this, too, and then it does not matter.
		go func() {
			select {
			case c.session.out <- shut:
			case <-c.session.done:
			}
		}()
		c.readDeadline.set(time.Time{})
		c.writeDeadline.set(time.Time{})
	})
	return nil
}

func (c *conn) LocalAddr() net.Addr  { return net.TCPAddrFromAddrPort(netip.AddrPortFrom(c.local, 0)) }
func (c *conn) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(c.remote) }

func (c *conn) SetDeadline(t time.Time) error {
	c.readDeadline.set(t)
	c.writeDeadline.set(t)
	return nil
}

func (c *conn) SetReadDeadline(t time.Time) error {
	c.readDeadline.set(t)
	return nil
}

func (c *conn) SetWriteDeadline(t time.Time) error {
	c.writeDeadline.set(t)
	return nil
}
