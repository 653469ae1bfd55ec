package commands

import (
	"context"
	"slices"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/host"
	"github.com/docker-netkit/docker-netkit/internal/sample"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// facts reads what the checks need: the lists, and beside them just what the checks that
// were chosen ask for.
func (d *doctor) facts(ctx context.Context) (*checks.Facts, error) {
	if d.options.demo || d.options.from != "" {
		return d.savedFacts()
	}
	defer d.showBusy("Examining networks and containers…")()
	listing, cancel := d.within(ctx)
	defer cancel()
	e, err := d.open(listing)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	snapshot, err := e.Snapshot(listing)
	if err != nil {
		return nil, err
	}
	facts := &checks.Facts{UnusedAge: d.options.age, Settings: map[string]bool{}, Endpoints: map[string]bool{}}
	want := d.wants(topology.NewIndex(snapshot))
	if snapshot, err = inspectAll(ctx, d, snapshot, want.containers, e.WithSettings); err != nil {
		return nil, err
	}
	if snapshot, err = inspectAll(ctx, d, snapshot, want.networks, e.WithEndpoints); err != nil {
		return nil, err
	}
	if err := d.confirmStale(ctx, e, snapshot); err != nil {
		return nil, err
	}
	for _, c := range want.containers {
		facts.Settings[c.ID] = true
	}
	for _, n := range want.networks {
		facts.Endpoints[n.ID] = true
	}
	for _, gap := range snapshot.Unread {
		switch gap.What {
		case "settings":
			delete(facts.Settings, gap.ID)
		case "endpoints":
			delete(facts.Endpoints, gap.ID)
		}
	}
	facts.Index = topology.NewIndex(snapshot)
	if want.info {
		if err := d.readInfo(ctx, e, facts); err != nil {
			return nil, err
		}
	}
	if want.host {
		if facts.Host, err = host.Read(e.Endpoint().Host, facts.Index); err != nil {
			facts.NoHost = err.Error()
		}
	}
	return facts, nil
}

// confirmStale looks a second time where endpoints have no container: one that is being
// started or stopped has none for a moment.
func (d *doctor) confirmStale(ctx context.Context, e *engine.Engine, s *topology.Snapshot) error {
	isStale := func(e topology.Endpoint) bool { return e.Kind == topology.Stale }
	again := *s
	again.Networks = slices.Clone(s.Networks)
	var doubtful []*topology.Network
	for i := range again.Networks {
		if n := &again.Networks[i]; slices.ContainsFunc(n.Endpoints, isStale) {
			n.Endpoints = nil // so that what is not read this time confirms nothing
			doubtful = append(doubtful, n)
		}
	}
	if len(doubtful) == 0 {
		return nil
	}
	read, err := inspectAll(ctx, d, &again, doubtful, e.WithEndpoints)
	if err != nil {
		return err
	}
	now := topology.NewIndex(read)
	for i := range s.Networks {
		n := &s.Networks[i]
		n.Endpoints = slices.DeleteFunc(n.Endpoints, func(e topology.Endpoint) bool {
			return isStale(e) && !slices.Contains(now.Network(n.ID).Endpoints, e)
		})
	}
	return nil
}

// inspectAll inspects objects, some hundreds at a time: the engine has its time for each
// of these parts, so that many objects do not make a good engine one that is too slow.
func inspectAll[T any](ctx context.Context, d *doctor, s *topology.Snapshot, all []*T,
	inspect func(context.Context, *topology.Snapshot, []*T) (*topology.Snapshot, error),
) (*topology.Snapshot, error) {
	const most = 250
	for part := range slices.Chunk(all, most) {
		within, cancel := d.within(ctx)
		read, err := inspect(within, s, part)
		cancel()
		if err != nil {
			return nil, err
		}
		s = read
	}
	return s, nil
}

// savedFacts are those of a snapshot that was saved, or of the sample.
func (d *doctor) savedFacts() (*checks.Facts, error) {
	var snapshot *topology.Snapshot
	var err error
	if d.options.demo {
		snapshot, err = sample.Shop()
	} else {
		snapshot, err = d.saved(d.options.from)
	}
	if err != nil {
		return nil, err
	}
	if snapshot.Partial {
		return nil, errPartial
	}
	return savedFactsOf(snapshot, d.options.age), nil
}

// savedFactsOf are those of a snapshot alone, with nothing asked of the engine.
func savedFactsOf(snapshot *topology.Snapshot, age time.Duration) *checks.Facts {
	const saved = "the snapshot is a saved one"
	return &checks.Facts{UnusedAge: age, NoInspect: saved, NoEngine: saved, NoHost: saved, Index: topology.NewIndex(snapshot)}
}

// doctorWants is what the chosen checks need beside the lists.
type doctorWants struct {
	containers []*topology.Container
	networks   []*topology.Network
	info, host bool
}

func (d *doctor) wants(ix *topology.Index) doctorWants {
	var want doctorWants
	containers, networks := map[string]bool{}, map[string]bool{}
	for _, check := range d.checks {
		want.info, want.host = want.info || check.Needs.Info, want.host || check.Needs.Host
		if choose := check.Needs.Settings; choose != nil {
			for _, c := range choose(ix) {
				if !containers[c.ID] {
					containers[c.ID] = true
					want.containers = append(want.containers, c)
				}
			}
		}
		if choose := check.Needs.Endpoints; choose != nil {
			for _, n := range choose(ix) {
				if !networks[n.ID] {
					networks[n.ID] = true
					want.networks = append(want.networks, n)
				}
			}
		}
	}
	return want
}

// readInfo reads what the engine says of itself. That it does not say so is no failure:
// the checks which need it could not look.
func (d *doctor) readInfo(ctx context.Context, e *engine.Engine, facts *checks.Facts) error {
	ctx, cancel := d.within(ctx)
	defer cancel()
	info, err := e.Info(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		facts.NoEngine = err.Error()
		return nil
	}
	facts.Engine = &checks.Engine{
		Warnings: info.Warnings, Forwarding4: info.Forwarding4, BridgeFilter: info.BridgeFilter, Rootless: info.Rootless,
		Swarm: info.Swarm, SwarmNodes: info.SwarmNodes,
	}
	for _, pool := range info.Pools {
		if pool.Base.Prefix().IsValid() {
			facts.Engine.Pools = append(facts.Engine.Pools, checks.AddressPool{Base: pool.Base.Prefix().Masked(), Bits: pool.Size})
		}
	}
	return nil
}
