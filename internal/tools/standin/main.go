// Command standin stands in for netkit-probe in the tests of what runs it: it
// speaks the protocol, and measures next to nothing.
package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

func main() {
	p := &program{out: wire.NewWriter(os.Stdout), conns: map[int]net.Conn{}}
	fmt.Fprintln(os.Stderr, "the stand-in for the probe")
	_ = p.out.Write(wire.Hello{Version: wire.Version})
	for in := wire.NewReader(os.Stdin); ; {
		var request wire.Request
		if in.Read(&request) != nil {
			return
		}
		p.answer(request)
	}
}

type program struct {
	out   *wire.Writer
	mu    sync.Mutex
	conns map[int]net.Conn
}

func (p *program) answer(r wire.Request) {
	switch r.Kind {
	case wire.Describe:
		_ = p.out.Write(wire.Result{ID: r.ID, Done: true, Namespace: namespace()})
	case wire.Echo:
		_ = p.out.Write(echo(r))
	case wire.Connect: // ends the program
		fmt.Fprintln(os.Stderr, "ended on request")
		os.Exit(3)
	case wire.Open:
		go p.open(r)
	case wire.Send, wire.Shut:
		p.mu.Lock()
		conn := p.conns[r.Of]
		p.mu.Unlock()
		if conn == nil {
			return
		}
		if r.Kind == wire.Shut {
			_ = conn.Close()
			return
		}
		_, _ = conn.Write(r.Data)
	case wire.Alive:
		_ = p.out.Write(wire.Result{ID: r.ID, Done: true})
	case wire.Resolve, wire.Datagram, wire.PathMTU, wire.Stop:
	}
}

// namespace tells the interfaces, and as whom this runs.
func namespace() *wire.Namespace {
	found := &wire.Namespace{Unread: []string{fmt.Sprintf("runs as %d:%d", os.Getuid(), os.Getgid())}}
	interfaces, _ := net.Interfaces()
	for _, i := range interfaces {
		one := wire.Interface{Name: i.Name, MTU: i.MTU}
		addresses, _ := i.Addrs()
		for _, address := range addresses {
			if prefix, err := netip.ParsePrefix(address.String()); err == nil {
				one.Addresses = append(one.Addresses, prefix)
			}
		}
		found.Interfaces = append(found.Interfaces, one)
	}
	return found
}

// echo tells which kind of socket for ICMP there is, and sends nothing.
func echo(r wire.Request) wire.Result {
	result := wire.Result{ID: r.ID, Done: true}
	for _, kind := range []int{syscall.SOCK_DGRAM, syscall.SOCK_RAW} {
		if socket, err := syscall.Socket(syscall.AF_INET, kind, syscall.IPPROTO_ICMP); err == nil {
			_ = syscall.Close(socket)
			result.Echoes = &wire.Echoes{Raw: kind == syscall.SOCK_RAW}
			return result
		}
	}
	result.Failure = "ICMP is " + wire.NotPermitted
	return result
}

func (p *program) open(r wire.Request) {
	dialer := net.Dialer{Timeout: r.Timeout}
	conn, err := dialer.DialContext(context.Background(), "tcp", netip.AddrPortFrom(r.Address, r.Port).String())
	if err != nil {
		_ = p.out.Write(wire.Result{ID: r.ID, Done: true, Connection: &wire.Connection{Outcome: wire.Refused, Text: err.Error()}})
		return
	}
	p.mu.Lock()
	p.conns[r.ID] = conn
	p.mu.Unlock()
	_ = p.out.Write(wire.Result{ID: r.ID, Connection: &wire.Connection{Outcome: wire.Reached}})
	buffer := make([]byte, 32<<10)
	for {
		n, err := conn.Read(buffer)
		if n > 0 {
			_ = p.out.Write(wire.Result{ID: r.ID, Data: buffer[:n]})
		}
		if err != nil {
			_ = conn.Close()
			_ = p.out.Write(wire.Result{ID: r.ID, Done: true})
			return
		}
	}
}
