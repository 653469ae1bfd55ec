package commands

import (
	"context"
	"fmt"
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// healContainers mends containers that want a network which is gone.
func (r *restore) healContainers(ctx context.Context, refs []string) error {
	ix, err := r.lookAt(ctx, removal.Healable)
	if err != nil {
		return err
	}
	containers := removal.Healable(ix)
	if len(refs) > 0 {
		if containers, err = chosenContainers(ix, refs, containers); err != nil {
			return err
		}
	}
	if len(refs) == 0 {
		for _, c := range removal.Unhealable(ix) {
			r.say(render.UnhealableLine(c, &render.Look{}))
		}
	}
	plans := removal.PlanHeal(ix, containers, r.entries)
	if len(plans) == 0 {
		if r.json() {
			return r.writeJSON(restoreReport{Plans: plans})
		}
		r.say("No container wants a network that is gone.")
		return nil
	}
	jobs := make([]restoreJob, len(plans))
	for i, plan := range plans {
		jobs[i] = restoreJob{plan: plan, replan: func(now *topology.Index) *removal.RestorePlan { return r.healAgain(now, plan, containers) }}
	}
	if err := r.carryOut(ctx, jobs, true); err != nil || r.options.dryRun {
		return err
	}
	return r.forgetHealed(ctx, plans)
}

// forgetHealed drops the entries of which nothing is left to be brought back,
// now that their containers are well.
func (r *restore) forgetHealed(ctx context.Context, plans []*removal.RestorePlan) error {
	var entries []*removal.Entry
	for i := range r.entries {
		if slices.ContainsFunc(plans, func(p *removal.RestorePlan) bool { return p.Network.Name == r.entries[i].Network.Name }) {
			entries = append(entries, &r.entries[i])
		}
	}
	if len(entries) == 0 {
		return nil
	}
	ix, err := r.lookAt(ctx, func(ix *topology.Index) []*topology.Container { return removal.Recorded(ix, entries) })
	if err != nil {
		return err
	}
	for _, e := range entries {
		if p := removal.PlanRestore(ix, e); p.Done() && len(p.Lacks) == 0 {
			if err := r.journal.Forget(e.ID); err != nil {
				return fmt.Errorf("cannot drop entry %s, of which nothing is left to bring back: %w", e.ID, err)
			}
		}
	}
	return nil
}

// healAgain plans once more for the network of a plan. What the containers'
// settings are is not read again: it is what is gone that they tell.
func (r *restore) healAgain(now *topology.Index, plan *removal.RestorePlan, containers []*topology.Container) *removal.RestorePlan {
	var there []*topology.Container
	for _, c := range containers {
		if found := now.Container(c.ID); found != nil {
			there = append(there, found)
		}
	}
	for _, again := range removal.PlanHeal(now, there, r.entries) {
		if again.Network.Name == plan.Network.Name {
			return again
		}
	}
	return nil
}

func chosenContainers(ix *topology.Index, refs []string, healable []*topology.Container) ([]*topology.Container, error) {
	var chosen []*topology.Container
	hopeless := removal.Unhealable(ix)
	for _, ref := range refs {
		found := ix.FindContainers(ref)
		switch {
		case len(found) == 0:
			names := make([]string, len(healable))
			for i, c := range healable {
				names[i] = c.Name
			}
			if near := nearest(names, []string{ref}); len(near) > 0 {
				return nil, fmt.Errorf("no container %s; did you mean %s?", quoteArg(ref), alternatives(near))
			}
			return nil, fmt.Errorf("no container %s; see: docker ps --all", quoteArg(ref))
		case len(found) > 1:
			return nil, fmt.Errorf("%d containers are meant by %s; give more of the ID", len(found), quoteArg(ref))
		case slices.Contains(hopeless, found[0]):
			return nil, fmt.Errorf("%s", render.UnhealableLine(found[0], &render.Look{}))
		case !slices.Contains(healable, found[0]):
			return nil, fmt.Errorf("container %s wants no network that is gone; see: docker netkit graph %s", quoteArg(ref), quoteArg(ref))
		}
		chosen = append(chosen, found[0])
	}
	return chosen, nil
}
