package removal

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Look reads all that is needed to plan the removal of networks: a snapshot,
// and what only an inspect tells of the networks and of who is on them. The
// number of requests does not depend on how many other networks there are.
func Look(ctx context.Context, engine Engine, choose func(*topology.Index) ([]*topology.Network, error)) (*topology.Index, []*topology.Network, error) {
	s, err := engine.Snapshot(ctx)
	if err != nil {
		return nil, nil, err
	}
	ix := topology.NewIndex(s)
	networks, err := choose(ix)
	if err != nil {
		return nil, nil, err
	}
	if s, err = engine.WithDefinitions(ctx, s); err != nil {
		return nil, nil, err
	}
	if s, err = engine.WithEndpoints(ctx, s, networks); err != nil {
		return nil, nil, err
	}
	if s, err = engine.WithSettings(ctx, s, Affected(ix, networks)); err != nil {
		return nil, nil, err
	}
	ix = topology.NewIndex(s)
	for i, n := range networks {
		networks[i] = ix.Network(n.ID)
	}
	return ix, networks, nil
}

// ChangedError tells that what a plan rests on is not so any more. Nothing was
// done.
type ChangedError struct {
	// Changes says what is different, a line each.
	Changes []string
}

// Error is all changes on one line.
func (e *ChangedError) Error() string {
	return "it changed meanwhile: " + strings.Join(e.Changes, "; ")
}

// unchanged looks again, and tells what is different from the plan.
func unchanged(ctx context.Context, engine Engine, p *Plan) error {
	var changes []string
	ix, networks, err := Look(ctx, engine, func(ix *topology.Index) ([]*topology.Network, error) {
		var found []*topology.Network
		for i := range p.Targets {
			if n := ix.Network(p.Targets[i].Network.ID); n != nil {
				found = append(found, n)
			} else {
				changes = append(changes, goneText(ix, &p.Targets[i].Network))
			}
		}
		return found, nil
	})
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		changes = differences(p, Make(ix, networks, p.Options))
	}
	if len(changes) > 0 {
		return &ChangedError{Changes: changes}
	}
	return nil
}

func goneText(ix *topology.Index, n *NetworkRef) string {
	if len(ix.FindNetworks(n.Name)) > 0 {
		return fmt.Sprintf("network %s is gone, and there is another of that name", topology.ShortID(n.ID))
	}
	return fmt.Sprintf("network %s is gone", topology.ShortID(n.ID))
}

// differences says in what two plans for the same networks differ.
func differences(before, now *Plan) []string {
	if reflect.DeepEqual(before.Targets, now.Targets) {
		return nil
	}
	var changes []string
	for i := range before.Targets {
		a, b := &before.Targets[i], &now.Targets[i]
		if reflect.DeepEqual(a, b) {
			continue
		}
		found := differentEffects(a, b)
		if len(found) == 0 {
			found = []string{"what network " + topology.ShortID(a.Network.ID) + " is, or what is on it"}
		}
		changes = append(changes, found...)
	}
	return changes
}

func differentEffects(a, b *NetworkPlan) []string {
	var changes []string
	was := map[string]*Effect{}
	for i := range a.Effects {
		was[a.Effects[i].Container] = &a.Effects[i]
	}
	for i := range b.Effects {
		now := &b.Effects[i]
		before := was[now.Container]
		delete(was, now.Container)
		switch {
		case before == nil:
			changes = append(changes, fmt.Sprintf("container %s is on it now", topology.ShortID(now.Container)))
		case before.State != now.State:
			changes = append(changes, fmt.Sprintf("container %s is %s now", topology.ShortID(now.Container), now.State))
		case !reflect.DeepEqual(before, now):
			changes = append(changes, fmt.Sprintf("what container %s has there", topology.ShortID(now.Container)))
		}
	}
	for i := range a.Effects {
		if was[a.Effects[i].Container] != nil {
			changes = append(changes, fmt.Sprintf("container %s is not on it any more", topology.ShortID(a.Effects[i].Container)))
		}
	}
	return changes
}
