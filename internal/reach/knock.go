package reach

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// attempt is a request on the way, and the rung it is for.
type attempt struct {
	request wire.Request
	rung    Rung
}

// knock sends packets to the addresses.
func (r *run) knock(ctx context.Context) error {
	var attempts []attempt
	ports := r.ports()
	for _, address := range r.addresses {
		icmp, tcp := r.forecast(address)
		if !r.options.NoICMP {
			attempts = append(attempts, attempt{
				wire.Request{Kind: wire.Echo, Address: address, Count: r.options.Count, Interval: r.options.Interval, Timeout: r.options.Wait, Size: r.options.Size},
				Rung{Layer: ICMP, Address: address, Foreseen: icmp, Decides: len(ports) == 0},
			})
		}
		for _, p := range ports {
			attempts = append(attempts, portAttempt(address, p, tcp, r.options.Wait))
		}
	}
	attempts = append(attempts, r.throughHost()...)
	if err := r.do(ctx, attempts); err != nil || r.cutShort() {
		return err
	}
	if err := r.knockRaw(ctx); err != nil || r.cutShort() {
		return err
	}
	if err := r.sizes(ctx); err != nil {
		return err
	}
	return r.fetch(ctx)
}

// knockLeftOut tries the ports that were left out at first, where none of the others
// answers.
func (r *run) knockLeftOut(ctx context.Context) error {
	if slices.ContainsFunc(r.ladder.Rungs, func(rung Rung) bool { return rung.Layer == TCP && rung.State == Passed }) {
		return nil
	}
	var attempts []attempt
	for _, p := range r.leftOut() {
		for _, address := range r.addresses {
			_, tcp := r.forecast(address)
			attempts = append(attempts, portAttempt(address, p, tcp, r.options.Wait))
		}
	}
	return r.do(ctx, attempts)
}

func portAttempt(address netip.Addr, p Port, foreseen diagnose.Forecast, wait time.Duration) attempt {
	rung := Rung{Layer: layerOf(p), Address: address, Port: p, Foreseen: foreseen, Decides: true}
	if p.Protocol == "udp" {
		return attempt{wire.Request{Kind: wire.Datagram, Address: address, Port: p.Number, Timeout: wait, Data: question(p.Number)}, rung}
	}
	return attempt{wire.Request{Kind: wire.Connect, Address: address, Port: p.Number, Timeout: wait}, rung}
}

// throughHost tries the published ports on the host where that is the only way.
func (r *run) throughHost() []attempt {
	if r.ladder.Foreseen.Path != diagnose.ThroughHost {
		return nil
	}
	const look = 50 * time.Millisecond // a proxy that has nothing behind it closes at once
	var attempts []attempt
	var tried []Port
	for i := range r.ladder.Foreseen.Addresses {
		a := &r.ladder.Foreseen.Addresses[i]
		p := Port{Number: a.ContainerPort, Protocol: "tcp"}
		if a.Port == 0 || a.TCP == diagnose.ForecastNo || !r.ofFamily(a.Address) || len(r.ladder.Target.Ports) > 0 && !hasPort(r.ladder.Target.Ports, p) {
			continue
		}
		if hasPort(tried, p) {
			continue // another of the host's addresses
		}
		tried = append(tried, p)
		attempts = append(attempts, attempt{
			wire.Request{Kind: wire.Connect, Address: a.Address, Port: a.Port, Timeout: r.options.Wait, Linger: look},
			Rung{Layer: TCP, Address: a.Address, Port: Port{Number: a.Port, Protocol: "tcp"}, Foreseen: a.TCP},
		})
	}
	return attempts
}

// do carries attempts out side by side, and puts their rungs on the ladder.
func (r *run) do(ctx context.Context, attempts []attempt) error {
	if len(attempts) == 0 {
		return nil
	}
	requests := make([]wire.Request, len(attempts))
	for i := range attempts {
		attempts[i].request.ID = i
		requests[i] = attempts[i].request
	}
	r.announce(attempts)
	err := r.untilStopped(ctx, r.source, requests, func(result wire.Result) { r.take(&attempts[result.ID].rung, &result) })
	for i := range attempts {
		rung := attempts[i].rung
		if rung.State == "" {
			rung.State, rung.Failure = Untested, "it was cut off"
		}
		r.add(rung)
	}
	return err
}

func (r *run) announce(attempts []attempt) {
	if r.options.Begun == nil {
		return
	}
	for i := range attempts {
		if attempts[i].rung.Layer == ICMP {
			r.options.Begun(attempts[i].rung.Address)
			return
		}
	}
}

// take puts a result on its rung.
func (r *run) take(rung *Rung, result *wire.Result) {
	var outcome wire.Outcome
	switch {
	case result.Failure != "":
		rung.State, rung.Failure = Untested, result.Failure
		return
	case result.Reply != nil:
		if r.options.Reply != nil && rung.Address == r.addresses[0] {
			r.options.Reply(*result.Reply)
		}
		return
	case result.Echoes != nil:
		rung.Echoes, outcome = result.Echoes, result.Echoes.Outcome
	case result.Connection != nil:
		rung.Connection, outcome = result.Connection, result.Connection.Outcome
	case result.Datagram != nil:
		rung.Datagram, outcome = result.Datagram, result.Datagram.Outcome
	case result.PathMTU != nil:
		rung.PathMTU, outcome = result.PathMTU, result.PathMTU.Outcome
	default:
		return
	}
	switch {
	case outcome == wire.Reached:
		rung.State = Passed
	case outcome == wire.Silent && rung.Layer == UDP:
		rung.State = Untested
	default:
		rung.State = Failed
	}
}

// knockRaw sends the echo requests again that the namespace allows with NET_RAW
// only.
func (r *run) knockRaw(ctx context.Context) error {
	var again []*Rung
	for i := range r.ladder.Rungs {
		if rung := &r.ladder.Rungs[i]; rung.Layer == ICMP && strings.Contains(rung.Failure, wire.NotPermitted) {
			again = append(again, rung)
		}
	}
	if len(again) == 0 {
		return nil
	}
	session, err := r.lab.RawSession(ctx, r.ladder.From.ID)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, rung := range again {
			rung.Failure = fmt.Sprintf("%s, and a probe that may was refused: %v", rung.Failure, err)
		}
		return nil
	}
	r.raw = session
	requests := make([]wire.Request, len(again))
	for i, rung := range again {
		rung.Failure = ""
		requests[i] = wire.Request{
			ID: i, Kind: wire.Echo, Address: rung.Address, Count: r.options.Count, Interval: r.options.Interval, Timeout: r.options.Wait, Size: r.options.Size,
		}
	}
	return r.untilStopped(ctx, session, requests, func(result wire.Result) { r.take(again[result.ID], &result) })
}

// cutShort tells that a number of echo requests was ended before its end. Who did
// that does not wait for more.
func (r *run) cutShort() bool {
	return r.options.Until != nil && r.options.Until.Err() != nil && r.options.Count > 0
}

// untilStopped carries requests out, and has the end of [Options.Until] stop them:
// a session whose context ends has the requests summed up.
func (r *run) untilStopped(ctx context.Context, s Session, requests []wire.Request, each func(wire.Result)) error {
	until := r.options.Until
	if until == nil {
		return s.Do(ctx, requests, each)
	}
	if until.Err() != nil {
		for i := range requests {
			if q := &requests[i]; q.Kind == wire.Echo {
				q.Count = 1 // nothing would stop them any more
			}
		}
		return s.Do(ctx, requests, each)
	}
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(until, cancel)() //nolint:contextcheck // its end is what is waited for
	err := s.Do(within, requests, each)
	if until.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}

// sizes finds out whether large packets arrive where small ones do.
func (r *run) sizes(ctx context.Context) error {
	var attempts []attempt
	if r.sameNamespace() {
		return nil // nothing of it leaves the kernel
	}
	session := r.source
	for i := range r.ladder.Rungs {
		rung := &r.ladder.Rungs[i]
		if rung.Layer != ICMP || rung.State != Passed || rung.Address.IsLoopback() {
			continue
		}
		if rung.Echoes != nil && rung.Echoes.Raw && r.raw != nil {
			session = r.raw
		}
		attempts = append(attempts, attempt{
			wire.Request{Kind: wire.PathMTU, Address: rung.Address, Timeout: r.options.Wait},
			Rung{Layer: MTU, Address: rung.Address},
		})
	}
	source := r.source
	defer func() { r.source = source }()
	r.source = session
	return r.do(ctx, attempts)
}
