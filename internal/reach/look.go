package reach

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

func (r *run) nameDecides() bool { return r.ladder.Target.Kind != OfHost }

func (r *run) nameForecast() diagnose.Forecast {
	t := &r.ladder.Target
	if t.Kind == OfName {
		return diagnose.ForecastUnknown
	}
	return diagnose.Resolvable(r.ix, r.ladder.From, t.Name).Forecast
}

// look describes the source's namespace, and looks the name up there.
func (r *run) look(ctx context.Context) error {
	requests := []wire.Request{{ID: 1, Kind: wire.Describe, Timeout: r.options.Wait}}
	name := r.ladder.Target.Name
	if name != "" {
		requests = append(requests, wire.Request{ID: 2, Kind: wire.Resolve, Name: name, Timeout: r.options.Wait})
	}
	var resolution *wire.Resolution
	var failure string
	err := r.source.Do(ctx, requests, func(result wire.Result) {
		switch {
		case result.Namespace != nil:
			r.ladder.Namespace = result.Namespace
		case result.Resolution != nil:
			resolution = result.Resolution
		case result.ID == 2 && result.Failure != "":
			failure = result.Failure
		}
	})
	if err != nil {
		return err
	}
	if r.sameNamespace() {
		r.ladder.Listening = r.ladder.Namespace
	}
	if name == "" {
		return nil
	}
	if resolution != nil && r.mayAppearYet(resolution) {
		if resolution, err = r.lookAgain(ctx, resolution); err != nil {
			return err
		}
	}
	rung := Rung{Layer: Name, Name: name, Foreseen: r.nameForecast(), Decides: r.nameDecides(), Resolution: resolution, Failure: failure}
	if !r.foreseesFamily() {
		rung.Foreseen = diagnose.ForecastNo
	}
	switch {
	case resolution == nil:
		rung.State = Untested
	case len(r.resolved(resolution)) > 0:
		rung.State = Passed
	default:
		rung.State = Failed
	}
	r.add(rung)
	return nil
}

// mayAppearYet tells that the name is of a container of a swarm's network, and
// that other nodes may learn of it a second later only [measured on 28.5].
func (r *run) mayAppearYet(found *wire.Resolution) bool {
	if found.IPv4.Outcome != wire.NotFound || r.nameForecast() != diagnose.ForecastYes {
		return false
	}
	for _, a := range r.ix.Of(r.ladder.From.ID) {
		if n := r.ix.Network(a.NetworkID); n != nil && n.SwarmScope() {
			return true
		}
	}
	return false
}

func (r *run) lookAgain(ctx context.Context, found *wire.Resolution) (*wire.Resolution, error) {
	const pause = 200 * time.Millisecond
	for deadline := time.Now().Add(r.options.Wait); found.IPv4.Outcome == wire.NotFound && time.Now().Before(deadline); {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
		request := wire.Request{ID: 1, Kind: wire.Resolve, Name: r.ladder.Target.Name, Timeout: time.Until(deadline)}
		err := r.source.Do(ctx, []wire.Request{request}, func(result wire.Result) {
			if result.Resolution != nil {
				found = result.Resolution
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// resolved are the addresses that a name has, IPv4 first, of the asked family.
func (r *run) resolved(found *wire.Resolution) []netip.Addr {
	var all []netip.Addr
	for _, address := range slices.Concat(found.IPv4.Addresses, found.IPv6.Addresses) {
		if r.ofFamily(address) {
			all = append(all, address)
		}
	}
	return all
}

// foreseesFamily tells that the target is foreseen to have an address of the family
// that was asked for, where one was.
func (r *run) foreseesFamily() bool {
	if r.options.Family == 0 || r.ladder.Target.Kind != OfContainer {
		return true
	}
	for i := range r.ladder.Foreseen.Addresses {
		if r.ofFamily(r.ladder.Foreseen.Addresses[i].Address) {
			return true
		}
	}
	return len(r.ladder.Foreseen.Addresses) == 0
}
