package removal

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
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
				changes = append(changes, goneText(ix, &p.Targets[i]))
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

func goneText(ix *topology.Index, t *NetworkPlan) string {
	n := &t.Network
	for i := range ix.Networks {
		if ix.Networks[i].Name == n.Name {
			return fmt.Sprintf("network %s is gone, and there is another of that name", called(n.Name, n.ID, true))
		}
	}
	return fmt.Sprintf("network %s is gone", called(n.Name, n.ID, t.Duplicate))
}

// called names an object as people know it, safe on a terminal, with its ID where
// others have the name.
func called(name, id string, repeats bool) string {
	if quoted := strconv.Quote(name); name == "" || quoted != `"`+name+`"` {
		name = quoted
	}
	if repeats {
		name += " (" + topology.ShortID(id) + ")"
	}
	return name
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
			found = []string{"what network " + called(a.Network.Name, a.Network.ID, a.Duplicate) + " is, or what is on it"}
		}
		changes = append(changes, found...)
	}
	return changes
}

func differentEffects(a, b *NetworkPlan) []string {
	var changes []string
	was, named := map[string]*Effect{}, map[string]map[string]bool{}
	for _, effects := range [][]Effect{a.Effects, b.Effects} {
		for i := range effects {
			e := &effects[i]
			if named[e.Name] == nil {
				named[e.Name] = map[string]bool{}
			}
			named[e.Name][e.Container] = true
		}
	}
	name := func(e *Effect) string { return "container " + called(e.Name, e.Container, len(named[e.Name]) > 1) }
	for i := range a.Effects {
		was[a.Effects[i].Container] = &a.Effects[i]
	}
	for i := range b.Effects {
		now := &b.Effects[i]
		before := was[now.Container]
		delete(was, now.Container)
		switch {
		case before == nil:
			changes = append(changes, name(now)+" is on it now")
		case before.State != now.State:
			changes = append(changes, fmt.Sprintf("%s is %s now", name(now), now.State))
		case !reflect.DeepEqual(before, now):
			changes = append(changes, "what "+name(now)+" has there")
		}
	}
	for i := range a.Effects {
		if was[a.Effects[i].Container] != nil {
			changes = append(changes, name(&a.Effects[i])+" is not on it any more")
		}
	}
	return changes
}
