package commands

import (
	"context"
	"fmt"
	"net/netip"
	"sync/atomic"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/render"
)

// streamed tests one target, and writes each reply as it comes. Once there are echo
// requests, Ctrl-C ends these, and what was measured is summed up. Where nobody can
// read what is written, all ends.
func (p *ping) streamed(ctx context.Context, view *pingView, target reach.Target) (*reach.Ladder, error) {
	within, give := context.WithCancelCause(context.WithoutCancel(ctx))
	defer give(nil)
	var begun atomic.Bool
	defer context.AfterFunc(ctx, func() {
		if !begun.Load() {
			give(ctx.Err())
		}
	})()
	write := func(line string) {
		if _, err := fmt.Fprintln(p.Out(), line); err != nil {
			give(err)
		}
	}
	options := p.measure
	options.Until = ctx
	var to netip.Addr
	options.Begun = func(address netip.Addr) {
		begun.Store(true)
		if options.Count == 0 && ctx.Err() == nil {
			p.hold.conclude() // Ctrl-C is how it is meant to end from here on
		}
		to = address
		write(render.EchoHead(target.Text, view.from.Name, address, max(options.Size, 0)))
	}
	options.Reply = func(r wire.Reply) { write(render.EchoLine(to, &r)) }
	l, err := reach.Measure(within, view.lab, view.ix, view.from, target, options)
	if err != nil {
		if cause := context.Cause(within); cause != nil {
			err = cause
		}
		return nil, err
	}
	suggest(view.ix, l)
	if rung := l.Rung(reach.ICMP); rung != nil && rung.Echoes != nil {
		for _, line := range append(render.EchoSummary(target.Text, rung.Echoes), "") {
			write(line)
		}
	}
	return l, nil
}
