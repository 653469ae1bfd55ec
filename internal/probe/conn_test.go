package probe_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// server opens a connection for each Open, and speaks at its end with serve.
// Port 1 refuses, and port 2 says nothing.
func server(serve func(conn net.Conn)) func(*helper) {
	return func(h *helper) {
		_ = h.say.Write(wire.Hello{Version: wire.Version})
		conns := map[int]net.Conn{}
		for {
			var r wire.Request
			if h.lines.Read(&r) != nil {
				for _, conn := range conns {
					_ = conn.Close()
				}
				return
			}
			switch {
			case r.Kind == wire.Open && r.Port == 1:
				_ = h.say.Write(wire.Result{ID: r.ID, Done: true, Connection: &wire.Connection{Outcome: wire.Refused, Text: "connection refused"}})
			case r.Kind == wire.Open && r.Port == 2:
			case r.Kind == wire.Open:
				here, there := net.Pipe()
				conns[r.ID] = here
				_ = h.say.Write(wire.Result{ID: r.ID, Connection: &wire.Connection{Outcome: wire.Reached, Source: netip.MustParseAddr("10.0.0.2")}})
				go serve(there)
				go func() {
					buffer := make([]byte, 1000)
					for {
						n, err := here.Read(buffer)
						if n > 0 {
							_ = h.say.Write(wire.Result{ID: r.ID, Data: buffer[:n]})
						}
						if err != nil {
							_ = h.say.Write(wire.Result{ID: r.ID, Done: true})
							return
						}
					}
				}()
			case r.Kind == wire.Send:
				_, _ = conns[r.Of].Write(r.Data)
			case r.Kind == wire.Shut && conns[r.Of] != nil:
				_ = conns[r.Of].Close()
			}
		}
	}
}

var nowhere = netip.MustParseAddr("10.0.0.9")

func openServer(t *testing.T, serve func(net.Conn)) (s *probe.Session, done func()) {
	t.Helper()
	y := &yard{image: true, script: server(serve)}
	l := lab(t, y)
	s, err := l.Open(t.Context(), probe.Host)
	if err != nil {
		t.Fatal(err)
	}
	return s, func() { end(t, l, y) }
}

func TestDial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, done := openServer(t, func(conn net.Conn) {
			_, _ = io.CopyN(conn, conn, 100000)
			_ = conn.Close()
		})
		defer done()
		conn, err := s.Dial(t.Context(), netip.AddrPortFrom(nowhere, 80))
		if err != nil {
			t.Fatal(err)
		}
		text := bytes.Repeat([]byte("0123456789"), 10000)
		go func() { _, _ = conn.Write(text) }()
		got, err := io.ReadAll(conn)
		if err != nil || !bytes.Equal(got, text) {
			t.Errorf("%d bytes came back (%v), want %d", len(got), err, len(text))
		}
		if local, remote := conn.LocalAddr().String(), conn.RemoteAddr().String(); local != "10.0.0.2:0" || remote != "10.0.0.9:80" {
			t.Errorf("it is from %s to %s", local, remote)
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		if _, err := conn.Read(text); !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
			t.Errorf("reading after the end: %v", err)
		}
		if _, err := conn.Write(text); !errors.Is(err, net.ErrClosed) {
			t.Errorf("writing after the end: %v", err)
		}
	})
}

func TestDialFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, done := openServer(t, nil)
		defer done()
		_, err := s.Dial(t.Context(), netip.AddrPortFrom(nowhere, 1))
		if failed, ok := errors.AsType[*probe.DialError](err); !ok || failed.Outcome != wire.Refused {
			t.Errorf("refused: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err = s.Dial(ctx, netip.AddrPortFrom(nowhere, 2)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("silent: %v", err)
		}
	})
}

func TestDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, done := openServer(t, func(conn net.Conn) {
			<-time.After(10 * time.Second)
			_, _ = io.WriteString(conn, "late")
		})
		defer done()
		conn, err := s.Dial(t.Context(), netip.AddrPortFrom(nowhere, 80))
		if err != nil {
			t.Fatal(err)
		}
		buffer := make([]byte, 10)
		for _, deadline := range []time.Duration{time.Second, -time.Second, 2 * time.Second} {
			if err := conn.SetDeadline(time.Now().Add(deadline)); err != nil {
				t.Fatal(err)
			}
			if _, err := conn.Read(buffer); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("after %s: %v", deadline, err)
			}
		}
		if err := conn.SetReadDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		if n, err := conn.Read(buffer); string(buffer[:n]) != "late" || err != nil {
			t.Errorf("without a deadline: %q, %v", buffer[:n], err)
		}
		go func() {
			<-time.After(time.Second)
			_ = conn.SetReadDeadline(time.Now()) // while it is read
		}()
		if _, err := conn.Read(buffer); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("set meanwhile: %v", err)
		}
		go func() {
			<-time.After(time.Second)
			_ = conn.Close()
		}()
		_ = conn.SetReadDeadline(time.Time{})
		if _, err := conn.Read(buffer); !errors.Is(err, net.ErrClosed) {
			t.Errorf("closed meanwhile: %v", err)
		}
	})
}

func TestSessionEndsWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, done := openServer(t, func(net.Conn) {})
		conn, err := s.Dial(t.Context(), netip.AddrPortFrom(nowhere, 80))
		if err != nil {
			t.Fatal(err)
		}
		read := make(chan error)
		go func() {
			_, err := conn.Read(make([]byte, 1))
			read <- err
		}()
		synctest.Wait()
		done()
		if err := <-read; !errors.Is(err, probe.ErrClosed) {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestHTTP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, done := openServer(t, func(conn net.Conn) {
			server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(http.StatusTeapot)
				_, _ = fmt.Fprint(w, strings.Repeat(r.URL.Path, 5000))
			})}
			_ = server.Serve(&oneConn{conn: conn, closed: make(chan struct{})})
		})
		defer done()
		transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return s.Dial(ctx, netip.AddrPortFrom(nowhere, 80))
		}}
		defer transport.CloseIdleConnections()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://shop/pots", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusTeapot || string(text) != strings.Repeat("/pots", 5000) {
			t.Errorf("status %d, %d bytes, %v", resp.StatusCode, len(text), err)
		}
	})
}

// oneConn is a listener that takes one connection.
type oneConn struct {
	conn   net.Conn
	closed chan struct{}
}

func (l *oneConn) Accept() (net.Conn, error) {
	if l.conn == nil {
		return nil, io.EOF
	}
	conn := l.conn
	l.conn = nil
	return conn, nil
}
func (l *oneConn) Close() error   { return nil }
func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }
