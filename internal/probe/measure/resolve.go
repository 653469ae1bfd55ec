//go:build linux

package measure

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// resolve looks a name up in both families, side by side.
func (t *task) resolve(ctx context.Context) (*wire.Resolution, error) {
	if address, err := netip.ParseAddr(t.Name); err == nil {
		return literal(address), nil
	}
	var r wire.Resolution
	var lookups sync.WaitGroup
	lookups.Go(func() { r.IPv4 = lookUp(ctx, "ip4", t.Name, t.Timeout) })
	lookups.Go(func() { r.IPv6 = lookUp(ctx, "ip6", t.Name, t.Timeout) })
	lookups.Wait()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	existsBecause(&r.IPv4, r.IPv6)
	existsBecause(&r.IPv6, r.IPv4)
	return &r, nil
}

// literal is what becomes of an address.
func literal(address netip.Addr) *wire.Resolution {
	r := &wire.Resolution{IPv4: wire.Lookup{Outcome: wire.Reached}, IPv6: wire.Lookup{Outcome: wire.Reached}}
	if address.Is4() {
		r.IPv4.Addresses = []netip.Addr{address}
	} else {
		r.IPv6.Addresses = []netip.Addr{address}
	}
	return r
}

// existsBecause mends a family in which there is no address: Go's resolver does
// not tell that from a name that does not exist. Where the other family has
// addresses, the name does.
func existsBecause(l *wire.Lookup, other wire.Lookup) {
	if l.Outcome == wire.NotFound && len(other.Addresses) > 0 {
		l.Outcome, l.Text = wire.Reached, ""
	}
}

// lookUp looks up one family. It ends with the time-out, whatever the resolver
// is at.
func lookUp(ctx context.Context, network, name string, timeout time.Duration) wire.Lookup {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var asked servers
	resolver := net.Resolver{PreferGo: true, Dial: asked.dial}
	type answer struct {
		addresses []netip.Addr
		err       error
	}
	answers := make(chan answer, 1)
	from := time.Now()
	go func() {
		addresses, err := resolver.LookupNetIP(ctx, network, name)
		answers <- answer{addresses, err}
	}()
	var a answer
	select {
	case a = <-answers:
	case <-ctx.Done():
		a.err = ctx.Err()
	}
	l := wire.Lookup{Took: time.Since(from)}
	server, refusal := asked.last()
	l.Server = server
	if a.err == nil {
		l.Outcome, l.Hosts = wire.Reached, server == ""
		for _, address := range a.addresses {
			l.Addresses = append(l.Addresses, address.Unmap())
		}
		return l
	}
	l.Outcome, l.Text = outcomeOfLookup(a.err, refusal), a.err.Error()
	if l.Outcome == wire.Reached { // the hosts file has the other family only
		l.Hosts, l.Text = server == "", ""
	}
	return l
}

// outcomeOfLookup tells why a look-up failed. The resolver's error is a text; so
// what its connections met is told, too.
func outcomeOfLookup(err, refusal error) wire.Outcome {
	if none, ok := errors.AsType[*net.AddrError](err); ok && none != nil {
		return wire.Reached // a name that has addresses, and none of this family
	}
	failed, ok := errors.AsType[*net.DNSError](err)
	if ok && failed.IsNotFound {
		return wire.NotFound
	}
	if outcome, known := outcomeOf(refusal); known && outcome != wire.Silent {
		return outcome
	}
	if !ok || failed.IsTimeout {
		return wire.Silent
	}
	return wire.ServerFailed
}

// servers notes which server was asked last, and how that failed.
type servers struct {
	mu     sync.Mutex
	server string
	err    error
}

func (s *servers) note(server string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if server != "" {
		s.server, s.err = server, nil
	}
	if err != nil {
		s.err = err
	}
}

func (s *servers) last() (server string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.server, s.err
}

func (s *servers) dial(ctx context.Context, network, server string) (net.Conn, error) {
	s.note(server, nil)
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, server)
	if err != nil {
		s.note("", err)
		return nil, err
	}
	// The resolver tells by its type that a connection carries datagrams.
	if datagrams, ok := conn.(*net.UDPConn); ok {
		return &notedDatagrams{datagrams, s}, nil
	}
	return conn, nil
}

// notedDatagrams is a connection to a server of which the errors are noted.
type notedDatagrams struct {
	*net.UDPConn
	servers *servers
}

func (n *notedDatagrams) Read(into []byte) (int, error) {
	read, err := n.UDPConn.Read(into)
	n.servers.note("", err)
	return read, err
}

func (n *notedDatagrams) Write(data []byte) (int, error) {
	written, err := n.UDPConn.Write(data)
	n.servers.note("", err)
	return written, err
}
