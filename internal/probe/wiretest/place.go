package wiretest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// Place is what is seen from one namespace. What it does not hold gives no answer,
// and a name that it does not hold is not found.
type Place struct {
	Namespace wire.Namespace
	// Names are what look-ups give.
	Names map[string]wire.Resolution
	// Echo, TCP, UDP and MTU are by address, the ports as ADDRESS:PORT.
	Echo map[string]wire.Echoes
	TCP  map[string]wire.Outcome
	UDP  map[string]wire.Outcome
	MTU  map[string]wire.MTU
	// Failures are requests that cannot be carried out, by kind.
	Failures map[string]string
}

// Took is how long everything takes.
const Took = 250 * time.Microsecond

// Answers is an echo that is answered each time.
func Answers(sent int) wire.Echoes {
	return wire.Echoes{Outcome: wire.Reached, Sent: sent, Received: sent, Min: Took, Avg: Took, Max: Took}
}

// Named is a name that has these addresses.
func Named(addresses ...string) wire.Resolution {
	r := wire.Resolution{
		IPv4: wire.Lookup{Outcome: wire.Reached, Server: "127.0.0.11:53", Took: Took},
		IPv6: wire.Lookup{Outcome: wire.Reached, Server: "127.0.0.11:53", Took: Took},
	}
	for _, text := range addresses {
		if a := netip.MustParseAddr(text); a.Is4() {
			r.IPv4.Addresses = append(r.IPv4.Addresses, a)
		} else {
			r.IPv6.Addresses = append(r.IPv6.Addresses, a)
		}
	}
	return r
}

// Unnamed is a name that gives no address, for a reason.
func Unnamed(why wire.Outcome) wire.Resolution {
	lookup := wire.Lookup{Outcome: why, Server: "127.0.0.11:53", Took: Took}
	if why == wire.Silent {
		lookup.Took = 2 * time.Second
	}
	return wire.Resolution{IPv4: lookup, IPv6: lookup}
}

// Listens is a socket on an address, such as 0.0.0.0:80.
func Listens(protocol, on string) wire.Listener {
	at := netip.MustParseAddrPort(on)
	return wire.Listener{Protocol: protocol, Address: at.Addr(), Port: at.Port()}
}

// Answer gives the results of a request, of echo requests one reply each first. It
// sends those that have no number once.
func (p *Place) Answer(r *wire.Request) []wire.Result {
	last := wire.Result{ID: r.ID, Done: true, Failure: p.Failures[string(r.Kind)]}
	if last.Failure != "" {
		return []wire.Result{last}
	}
	at := netip.AddrPortFrom(r.Address, r.Port).String()
	switch r.Kind {
	case wire.Describe:
		last.Namespace = &p.Namespace
	case wire.Resolve:
		found, ok := p.Names[r.Name]
		if !ok {
			found = Unnamed(wire.NotFound)
		}
		last.Resolution = &found
	case wire.Echo:
		return p.echo(r)
	case wire.Connect:
		last.Connection = &wire.Connection{Outcome: orSilent(p.TCP[at]), Took: Took}
	case wire.Datagram:
		last.Datagram = &wire.Answer{Outcome: orSilent(p.UDP[at]), Took: Took}
	case wire.PathMTU:
		found, ok := p.MTU[r.Address.String()]
		if !ok {
			found = wire.MTU{Outcome: wire.Reached, Path: 1500, Interface: 1500}
		}
		last.PathMTU = &found
	case wire.Alive:
	case wire.Send, wire.Shut, wire.Stop:
		return nil
	case wire.Open:
		last.Failure = "the place opens nothing"
	default:
		last.Failure = fmt.Sprintf("the place knows no %s", r.Kind)
	}
	return []wire.Result{last}
}

func (p *Place) echo(r *wire.Request) []wire.Result {
	e, ok := p.Echo[r.Address.String()]
	if !ok {
		e = wire.Echoes{Outcome: wire.Silent}
	}
	if e.Sent == 0 {
		e.Sent = max(1, r.Count)
	}
	var results []wire.Result
	for i := range e.Sent {
		reply := &wire.Reply{Sequence: i + 1, Outcome: wire.Reached, From: r.Address, Took: Took, TTL: 64, Size: r.Size}
		if i >= e.Received {
			reply = &wire.Reply{Sequence: i + 1, Outcome: orSilent(e.Outcome)}
			if e.Received > 0 {
				reply.Outcome = wire.Silent
			}
		}
		results = append(results, wire.Result{ID: r.ID, Reply: reply})
	}
	return append(results, wire.Result{ID: r.ID, Done: true, Echoes: &e})
}

func orSilent(o wire.Outcome) wire.Outcome {
	if o == "" {
		return wire.Silent
	}
	return o
}

// Do carries requests out one after the other. With Dial it makes a place a
// session. Echo requests that have no number end with the context.
func (p *Place) Do(ctx context.Context, requests []wire.Request, each func(wire.Result)) error {
	for i := range requests {
		r := &requests[i]
		results := p.Answer(r)
		for k, result := range results {
			if r.Kind == wire.Echo && r.Count == 0 && k == len(results)-1 {
				<-ctx.Done()
			}
			each(result)
		}
	}
	return ctx.Err()
}

// Dial connects nowhere.
func (p *Place) Dial(context.Context, netip.AddrPort) (net.Conn, error) {
	return nil, errors.New("nothing is served there")
}
