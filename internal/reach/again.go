package reach

import (
	"context"
	"net/netip"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Change is what became of a container while it was tested, so that what was
// measured tells nothing.
type Change string

const (
	// Stopped: it is not up any more.
	Stopped Change = "stopped"
	// Removed: there is none such any more.
	Removed Change = "removed"
	// Restarted: it stopped, and is up again.
	Restarted Change = "restarted"
	// Paused: its programs do not run any more.
	Paused Change = "paused"
	// Readdressed: it has other addresses now, or is on fewer networks.
	Readdressed Change = "given other addresses"
)

// changeOf compares a container with what the engine says of it now. The addresses
// are those that were tried.
func changeOf(ix *topology.Index, c *topology.Container, now *Moment, tried []netip.Addr) Change {
	switch {
	case now.State == "":
		return Removed
	case now.State == topology.Restarting:
		return Restarted
	case !now.State.Up():
		return Stopped
	case now.Restarted:
		return Restarted
	case now.State == topology.Paused && c.State != topology.Paused:
		return Paused
	}
	for _, a := range ix.Of(c.ID) {
		for _, address := range []netip.Addr{a.IPv4.IP(), a.IPv6.IP()} {
			if address.IsValid() && now.Addresses != nil && slices.Contains(tried, address) && !slices.Contains(now.Addresses, address) {
				return Readdressed
			}
		}
	}
	return ""
}

// changed is what became of a container, or of the owner whose namespace it shares; the
// zero value where nothing did.
type changed struct {
	change  Change
	who     *topology.Container
	isOwner bool
}

// changedSince asks the engine how a container is now, and the one whose namespace it
// shares. What the engine does not tell changes nothing, and neither does a change that
// is passed over.
func changedSince(ctx context.Context, lab Lab, ix *topology.Index, c *topology.Container, tried []netip.Addr, passed ...Change) changed {
	asked := []*topology.Container{c}
	if owner := Namespace(ix, c); owner != nil && owner != c {
		asked = append(asked, owner)
	}
	for _, who := range asked {
		now, err := lab.Now(ctx, who)
		if err != nil {
			continue
		}
		if change := changeOf(ix, who, &now, tried); change != "" && !slices.Contains(passed, change) {
			return changed{change, who, who != c}
		}
	}
	return changed{}
}

// askAgain asks the engine how the target is now, where something did not answer
// that was to: before anything on the way is blamed.
func (r *run) askAgain(ctx context.Context) error {
	target := r.ladder.Target.Container
	if target == nil || r.sameNamespace() || !r.doubtful() {
		return nil
	}
	now := changedSince(ctx, r.lab, r.ix, target, r.addresses)
	r.ladder.Changed, r.ladder.ChangedOne = now.change, now.who
	return ctx.Err()
}

// doubtful tells that something was foreseen to answer, and did not, or not always.
func (r *run) doubtful() bool {
	return slices.ContainsFunc(r.ladder.Rungs, func(rung Rung) bool {
		switch {
		case rung.Foreseen == diagnose.ForecastNo:
			return false
		case rung.Layer == Running, rung.Layer == Path, rung.Layer == MTU:
			return false
		}
		return rung.State == Failed || rung.State == Untested || rung.Echoes != nil && rung.Echoes.Received < rung.Echoes.Sent
	})
}

// knockAgain tries the ports once more that gave no answer and were to, and reads
// who listens: a program that is slow to take connections, or takes one at a time,
// drops some as a firewall does.
func (r *run) knockAgain(ctx context.Context) error {
	if r.ladder.Target.Container == nil {
		return nil
	}
	var again []*Rung
	var requests []wire.Request
	for i := range r.ladder.Rungs {
		rung := &r.ladder.Rungs[i]
		if rung.Connection == nil || rung.Connection.Outcome != wire.Silent || rung.Foreseen == diagnose.ForecastNo || !slices.Contains(r.addresses, rung.Address) {
			continue
		}
		requests = append(requests, wire.Request{ID: len(again), Kind: wire.Connect, Address: rung.Address, Port: rung.Port.Number, Timeout: r.options.Wait})
		again = append(again, rung)
	}
	if len(again) == 0 {
		return nil
	}
	group, within := errgroup.WithContext(ctx)
	group.Go(func() error {
		return r.source.Do(within, requests, func(result wire.Result) {
			if c := result.Connection; c != nil {
				r.take(again[result.ID], &result)
			}
		})
	})
	group.Go(func() error {
		if err := r.readListeners(within); r.ladder.Listening == nil {
			r.listening = err
		}
		return within.Err()
	})
	return group.Wait()
}
