package removal

import (
	"context"
	"reflect"

	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// sideBySide bounds the removals that are under way at one time, and with that
// how many networks rest on one last look.
const sideBySide = 8

// Pruned is what became of a prune.
type Pruned struct {
	Result
	// Passed are networks that were chosen and passed over, since they changed
	// after they were.
	Passed []PassedOver `json:"passed_over"`
}

// PassedOver is a network that was chosen, and is not to be removed any more.
type PassedOver struct {
	Network NetworkRef `json:"network"`
	// Change says what is different.
	Change string `json:"change"`
}

// Prune removes just these networks, a few at a time, each looked at again
// right before. One that changed meanwhile is passed over. What is needed to
// undo it is on the disk before each removal; where that fails, nothing more is
// removed, and the error comes with what was done so far.
func (w *Worker) Prune(ctx context.Context, chosen []NetworkPlan) (*Pruned, error) {
	r := &Pruned{Result: Result{Schema: Schema}, Passed: []PassedOver{}}
	unlock, err := w.Journal.Lock(ctx)
	if err != nil {
		return r, err
	}
	defer unlock()
	var removed []NetworkPlan
	for len(chosen) > 0 && ctx.Err() == nil && err == nil {
		some := chosen[:min(sideBySide, len(chosen))]
		chosen = chosen[len(some):]
		var still []NetworkPlan
		if still, err = w.stillPrunable(ctx, some, r); err != nil {
			break
		}
		var entries []*Entry
		if entries, err = w.record(still); err != nil {
			break
		}
		r.Outcomes = append(r.Outcomes, w.removeAll(ctx, still, entries)...)
		removed = append(removed, still...)
	}
	r.Interrupted = ctx.Err() != nil
	if len(removed) > 0 {
		w.verify(ctx, removed, &r.Result)
	}
	return r, err
}

// stillPrunable looks again, and passes over what is not as it was.
func (w *Worker) stillPrunable(ctx context.Context, some []NetworkPlan, r *Pruned) ([]NetworkPlan, error) {
	var now *PrunePlan
	err := w.read(ctx, func(ctx context.Context) (err error) {
		chosen := map[string]bool{}
		for i := range some {
			chosen[some[i].Network.ID] = true
		}
		now, err = LookForPrune(ctx, w.Engine, func(n *topology.Network) bool { return chosen[n.ID] })
		return err
	})
	if err != nil {
		return nil, err
	}
	var still []NetworkPlan
	for i := range some {
		if change := changeOf(&some[i], now); change != "" {
			r.Passed = append(r.Passed, PassedOver{Network: some[i].Network, Change: change})
			continue
		}
		still = append(still, some[i])
	}
	return still, nil
}

// changeOf says why a network that was chosen is not to be removed any more.
func changeOf(t *NetworkPlan, now *PrunePlan) string {
	for _, group := range [][]NetworkPlan{now.Unneeded, now.StoppedOnly} {
		for i := range group {
			switch again := &group[i]; {
			case again.Network.ID != t.Network.ID:
			case !reflect.DeepEqual(again.network, t.network):
				return "it is not what it was"
			case !reflect.DeepEqual(again.record, t.record):
				return "other containers want it now"
			default:
				return ""
			}
		}
	}
	for i := range now.Kept {
		if now.Kept[i].Network.ID == t.Network.ID {
			return "it came into use"
		}
	}
	return "it is gone"
}

func (w *Worker) removeAll(ctx context.Context, targets []NetworkPlan, entries []*Entry) []Outcome {
	outcomes := make([]Outcome, len(targets))
	var group errgroup.Group
	for i := range targets {
		group.Go(func() error {
			t := &targets[i]
			w.say("removing %s", topology.ShortID(t.Network.ID))
			out := Outcome{Network: t.Network, State: Removed}
			if state, err := w.removeNetwork(ctx, t); state != Removed {
				out.State, out.Error, out.Unanswered = state, err.Error(), unanswered(err)
			}
			w.settle(&out, entries[i])
			outcomes[i] = out
			return nil
		})
	}
	_ = group.Wait() // no function of the group fails: failures are outcomes
	return outcomes
}

// LookForPrune reads what is needed to put the networks that meet the filter
// into groups.
func LookForPrune(ctx context.Context, engine Engine, meets func(*topology.Network) bool) (*PrunePlan, error) {
	s, err := engine.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if s, err = engine.WithDefinitions(ctx, s); err != nil {
		return nil, err
	}
	ix := topology.NewIndex(s)
	if asked := ForPrune(ix, meets); len(asked) > 0 {
		if s, err = engine.WithEndpoints(ctx, s, asked); err != nil {
			return nil, err
		}
		ix = topology.NewIndex(s)
	}
	if stopped := StoppedOnly(ix, meets); len(stopped) > 0 {
		if s, err = engine.WithSettings(ctx, s, stopped); err != nil {
			return nil, err
		}
		ix = topology.NewIndex(s)
	}
	return PlanPrune(ix, meets), nil
}
