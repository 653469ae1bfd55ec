//go:build linux

package measure

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

var home = netip.MustParseAddr("127.0.0.1")

// begin starts a probe in this process, and gives a conversation with it and
// what ends its input.
func begin(t *testing.T) (*talk, func() error) {
	t.Helper()
	inside, in := io.Pipe()
	out, outside := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- Run(t.Context(), inside, outside)
		_ = outside.Close()
	}()
	p := newTalk(t, in, out)
	end := func() error {
		_ = in.Close()
		return <-ended
	}
	t.Cleanup(func() { _ = in.Close() })
	return p, end
}

func portOf(a net.Addr) uint16 {
	_, port, _ := net.SplitHostPort(a.String())
	return netip.MustParseAddrPort("0.0.0.0:" + port).Port()
}

// listen takes TCP connections on the loopback.
func listen(t *testing.T, with func(net.Conn)) uint16 {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go with(conn)
		}
	}()
	return portOf(listener.Addr())
}

// holding keeps a connection, and does nothing with it.
func holding(t *testing.T) func(net.Conn) {
	t.Helper()
	return func(c net.Conn) {
		<-t.Context().Done()
		_ = c.Close()
	}
}

func TestEnds(t *testing.T) {
	t.Parallel()
	t.Run("with the input", func(t *testing.T) {
		t.Parallel()
		_, end := begin(t)
		if err := end(); err != nil {
			t.Error(err)
		}
	})
	t.Run("with the context", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		in, _ := io.Pipe()
		if err := Run(ctx, in, io.Discard); err != nil {
			t.Error(err)
		}
	})
	t.Run("with silence", func(t *testing.T) {
		t.Parallel()
		in, _ := io.Pipe()
		if err := run(t.Context(), in, io.Discard, time.Millisecond); err != nil {
			t.Error(err)
		}
	})
	t.Run("with a line that is none", func(t *testing.T) {
		t.Parallel()
		if err := Run(t.Context(), strings.NewReader("hello\n"), io.Discard); err == nil {
			t.Error("no error")
		}
	})
	t.Run("with nobody who reads", func(t *testing.T) {
		t.Parallel()
		if err := Run(t.Context(), strings.NewReader(""), broken{}); !errors.Is(err, errBroken) {
			t.Error(err)
		}
	})
}

var errBroken = errors.New("broken")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestUnknownKind(t *testing.T) {
	t.Parallel()
	p, _ := begin(t)
	if _, last := p.all(p.ask(wire.Request{Kind: "dance"})); !strings.Contains(last.Failure, `"dance"`) {
		t.Errorf("%+v", last)
	}
}

// Who asks for a sign of life gets one, also while others are waited for.
func TestAlive(t *testing.T) {
	t.Parallel()
	p, _ := begin(t)
	p.ask(wire.Request{Kind: wire.Echo, Address: home, Interval: time.Hour})
	if before, last := p.all(p.ask(wire.Request{Kind: wire.Alive})); len(before) > 0 || last.Failure != "" {
		t.Errorf("%+v, %+v", before, last)
	}
}

func TestConnect(t *testing.T) {
	t.Parallel()
	p, _ := begin(t)
	reset := make(chan error, 1)
	greets := listen(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "hello")
		_, err := io.Copy(io.Discard, c)
		reset <- err
		_ = c.Close()
	})
	closes := listen(t, func(c net.Conn) { _ = c.Close() })
	for port, want := range map[uint16]wire.Outcome{greets: wire.Reached, closes: wire.Closed, 1: wire.Refused} {
		_, last := p.all(p.ask(wire.Request{Kind: wire.Connect, Address: home, Port: port, Linger: 20 * time.Second}))
		if c := last.Connection; c == nil || c.Outcome != want || c.Took <= 0 || (want == wire.Reached && c.Source != home) {
			t.Errorf("%+v, %+v", last, last.Connection)
		}
	}
	if err := <-reset; err != nil {
		t.Errorf("the server saw %v in place of an end", err)
	}
}

func TestDatagram(t *testing.T) {
	t.Parallel()
	p, _ := begin(t)
	conn, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	go func() {
		data := make([]byte, 16)
		for {
			n, from, err := conn.ReadFrom(data)
			if err != nil {
				return
			}
			if string(data[:n]) != "mute" {
				_, _ = conn.WriteTo(data[:n], from)
			}
		}
	}()
	const ample, brief = 20 * time.Second, 300 * time.Millisecond
	for _, c := range []struct {
		port    uint16
		data    string
		timeout time.Duration
		outcome wire.Outcome
	}{{portOf(conn.LocalAddr()), "hello", ample, wire.Reached}, {portOf(conn.LocalAddr()), "mute", brief, wire.Silent}, {1, "", ample, wire.Refused}} {
		_, last := p.all(p.ask(wire.Request{Kind: wire.Datagram, Address: home, Port: c.port, Data: []byte(c.data), Timeout: c.timeout}))
		if d := last.Datagram; d == nil || d.Outcome != c.outcome || (c.outcome == wire.Reached && string(d.Data) != c.data) {
			t.Errorf("%s: %+v, %+v", c.data, last, last.Datagram)
		}
	}
}

func dataOf(results []wire.Result) []byte {
	var data []byte
	for _, r := range results {
		data = append(data, r.Data...)
	}
	return data
}

func TestRelay(t *testing.T) {
	t.Parallel()
	p, _ := begin(t)
	port := listen(t, func(c net.Conn) { _, _ = io.Copy(c, c); _ = c.Close() })
	id := p.ask(wire.Request{Kind: wire.Open, Address: home, Port: port})
	// More than fits a chunk, and sent before the connection is there.
	sent := bytes.Repeat([]byte("0123456789"), 20_000)
	p.ask(wire.Request{Kind: wire.Send, Of: id, Data: sent})
	p.until(id, func(came []wire.Result) bool { return len(dataOf(came)) >= len(sent) })
	p.ask(wire.Request{Kind: wire.Shut, Of: id})
	before, last := p.all(id)
	if !bytes.Equal(dataOf(before), sent) || before[0].Connection == nil || before[0].Connection.Outcome != wire.Reached {
		t.Errorf("%d bytes came back, after %+v", len(dataOf(before)), before[0])
	}
	if last.Failure != "" {
		t.Error(last.Failure)
	}
	p.ask(wire.Request{Kind: wire.Send, Of: id, Data: sent}) // too late, and no harm
	closes := listen(t, func(c net.Conn) { _, _ = io.WriteString(c, "bye"); _ = c.Close() })
	before, last = p.all(p.ask(wire.Request{Kind: wire.Open, Address: home, Port: closes}))
	if string(dataOf(before)) != "bye" || last.Failure != "" {
		t.Errorf("%+v, %+v", before, last)
	}
	_, last = p.all(p.ask(wire.Request{Kind: wire.Open, Address: home, Port: 1}))
	if last.Connection == nil || last.Connection.Outcome != wire.Refused || last.Connection.Text != "connection refused" {
		t.Errorf("%+v", last)
	}
	stuck := listen(t, holding(t))
	id = p.ask(wire.Request{Kind: wire.Open, Address: home, Port: stuck})
	p.until(id, func(came []wire.Result) bool { return len(came) > 0 })
	p.ask(wire.Request{Kind: wire.Stop, Of: id})
	if _, last = p.all(id); last.Failure != errStopped.Error() {
		t.Errorf("%+v", last)
	}
}

// TestSideBySide holds that what takes long does not hold up others, and that a
// request of the same ID is refused.
func TestSideBySide(t *testing.T) {
	t.Parallel()
	p, _ := begin(t)
	stuck := listen(t, holding(t))
	const many = 100
	for range many {
		p.ask(wire.Request{Kind: wire.Open, Address: home, Port: stuck})
	}
	p.all(p.ask(wire.Request{Kind: wire.Describe}))
	if err := p.lines.Write(wire.Request{ID: 1, Kind: wire.Describe}); err != nil {
		t.Fatal(err)
	}
	if _, last := p.all(1); !strings.Contains(last.Failure, "this ID") {
		t.Errorf("%+v", last)
	}
}

func TestListeners(t *testing.T) {
	t.Parallel()
	p, _ := begin(t)
	want := map[uint16]bool{}
	for network, only := range map[string]bool{"tcp6": true, "tcp": false} {
		listener, err := new(net.ListenConfig).Listen(t.Context(), network, "[::]:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = listener.Close() }()
		want[portOf(listener.Addr())] = only
	}
	_, last := p.all(p.ask(wire.Request{Kind: wire.Describe}))
	for _, l := range last.Namespace.Listeners {
		if only, mine := want[l.Port]; mine && l.Protocol == "tcp" && l.V6Only != nil {
			delete(want, l.Port)
			if *l.V6Only != only {
				t.Errorf("%+v: %t", l, *l.V6Only)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("%v are missing or not known in %+v", want, last.Namespace)
	}
}

func TestLiteral(t *testing.T) {
	t.Parallel()
	p, _ := begin(t)
	for name, six := range map[string]bool{"192.0.2.1": false, "2001:db8::1": true, "fe80::1%lo": true} {
		_, last := p.all(p.ask(wire.Request{Kind: wire.Resolve, Name: name}))
		r := last.Resolution
		if r == nil || r.IPv4.Outcome != wire.Reached || r.IPv6.Outcome != wire.Reached || len(r.IPv6.Addresses) == 1 != six || len(r.IPv4.Addresses) == 1 == six {
			t.Errorf("%s: %+v, %+v", name, last, r)
		}
	}
}
