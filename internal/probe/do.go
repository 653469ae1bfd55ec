package probe

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// summing is how long is waited for the summaries of what was stopped.
const summing = 2 * time.Second

// Do has the probe carry out requests, side by side, and hands out the results
// as they come, with the IDs of the caller, until all are done. each is called by
// this goroutine only.
//
// When the context ends, the requests are stopped, the results up to then are
// handed out, and its error is given back. [ErrSourceStopped] tells that the
// results mean nothing, since the container has stopped meanwhile.
func (s *Session) Do(ctx context.Context, requests []wire.Request, each func(wire.Result)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d := &doing{session: s, call: newCall(), own: map[int]int{}, each: each}
	defer d.forget()
	if err := d.ask(ctx, requests); err != nil {
		return err
	}
	err := d.wait(ctx.Done())
	if err == errStopped { //nolint:errorlint // it is ours and never wrapped
		d.stop(context.WithoutCancel(ctx))
		return ctx.Err()
	}
	if err == nil && d.noRoute {
		return s.confirm(ctx)
	}
	return err
}

// doing is one Do.
type doing struct {
	session *Session
	call    *call
	own     map[int]int // the caller's IDs of the requests that are not done, by ours
	each    func(wire.Result)
	noRoute bool
}

func (d *doing) ask(ctx context.Context, requests []wire.Request) error {
	for _, request := range requests {
		switch request.Kind {
		case wire.Describe, wire.Resolve, wire.Echo, wire.Connect, wire.Datagram, wire.PathMTU:
		case wire.Alive, wire.Open, wire.Send, wire.Shut, wire.Stop:
			return fmt.Errorf("not a request to measure something: %q", request.Kind)
		}
		own := request.ID
		request.ID = d.session.number(d.call)
		d.own[request.ID] = own
		if err := d.session.send(ctx, request); err != nil {
			return err
		}
	}
	return nil
}

// errStopped is why waiting ended before all was done.
var errStopped = errors.New("stopped")

// wait hands out results until all requests are done.
func (d *doing) wait(stopped <-chan struct{}) error {
	for len(d.own) > 0 {
		select {
		case <-d.call.ready:
			d.handOut()
		case <-d.session.done:
			d.handOut() // what came before the end
			if len(d.own) > 0 {
				return d.session.reason()
			}
		case <-stopped:
			return errStopped
		}
	}
	return nil
}

func (d *doing) handOut() {
	for _, result := range d.call.take() {
		own, waiting := d.own[result.ID]
		if !waiting {
			continue
		}
		if result.Done {
			delete(d.own, result.ID)
		}
		result.ID = own
		d.noRoute = d.noRoute || hasNoRoute(&result)
		d.each(result)
	}
}

// stop ends what is under way, and hands out the summaries.
func (d *doing) stop(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, summing)
	defer cancel()
	for id := range d.own {
		if d.session.send(ctx, wire.Request{ID: d.session.number(nil), Kind: wire.Stop, Of: id}) != nil {
			return
		}
	}
	_ = d.wait(ctx.Done())
}

func (d *doing) forget() {
	for id := range d.own {
		d.session.forget(id)
	}
}

// hasNoRoute tells that a result is what comes, too, of a namespace whose
// container has stopped.
func hasNoRoute(r *wire.Result) bool {
	return r.Echoes != nil && r.Echoes.Outcome == wire.NoRoute || r.Connection != nil && r.Connection.Outcome == wire.NoRoute ||
		r.Datagram != nil && r.Datagram.Outcome == wire.NoRoute || r.PathMTU != nil && r.PathMTU.Outcome == wire.NoRoute
}

// confirm tells whether the container still runs whose namespace it is. What the
// engine does not tell changes nothing.
func (s *Session) confirm(ctx context.Context) error {
	if s.key.of == Host {
		return nil
	}
	if running, err := s.lab.Engine.RunningSince(ctx, s.key.of.Container, s.since); err == nil && !running {
		return ErrSourceStopped
	}
	return nil
}
