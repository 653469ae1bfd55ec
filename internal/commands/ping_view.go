package commands

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// pingView is what was read before anything is measured.
type pingView struct {
	ix      *topology.Index
	from    *topology.Container
	targets []reach.Target
	// Of a matrix: who is in it, and the network that was asked for.
	members []*topology.Container
	network *topology.Network

	lab   reach.Lab
	close func()
}

// read looks at the engine, and finds what is to be tested.
func (p *ping) read(ctx context.Context) (*pingView, error) {
	view := &pingView{close: func() {}}
	if p.saved() {
		snapshot, err := sampleOrSaved(p.session, p.options.from)
		if err != nil {
			return nil, err
		}
		view.ix = topology.NewIndex(snapshot)
		return view, p.find(view)
	}
	e, err := p.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.survey(ctx, e, view); err != nil {
		e.Close()
		return nil, err
	}
	view.close = e.Close
	if !p.options.predict {
		p.openLab(ctx, e, view)
	}
	return view, nil
}

// survey reads the snapshot, and of those to be tested their aliases and links.
func (p *ping) survey(ctx context.Context, e *engine.Engine, view *pingView) error {
	ctx, cancel := p.within(ctx)
	defer cancel()
	defer p.showBusy("Reading networks and containers…")()
	snapshot, err := e.Snapshot(ctx)
	if err == nil {
		// Whether Podman keeps networks from each other, only these tell.
		snapshot, err = e.WithDefinitions(ctx, snapshot)
	}
	if err != nil {
		return err
	}
	view.ix = topology.NewIndex(snapshot)
	if err := p.find(view); err != nil {
		return err
	}
	if snapshot, err = e.WithSettings(ctx, snapshot, p.inspected(view)); err != nil {
		return err
	}
	view.ix = topology.NewIndex(snapshot)
	if err := p.find(view); err != nil {
		return err
	}
	neighbours := p.mayBeNamed(view)
	if len(neighbours) == 0 {
		return nil
	}
	if snapshot, err = e.WithSettings(ctx, snapshot, neighbours); err != nil {
		return err
	}
	view.ix = topology.NewIndex(snapshot)
	return p.find(view)
}

// mayBeNamed are the neighbours of the source whose aliases matter: those of all,
// where a name is no container's that the source sees, and so may be an alias.
func (p *ping) mayBeNamed(view *pingView) []*topology.Container {
	if p.many() || !slices.ContainsFunc(view.targets, func(t reach.Target) bool {
		return t.Container != nil && t.Name != "" && diagnose.Resolvable(view.ix, view.from, t.Name).Forecast == diagnose.ForecastUnknown
	}) {
		return nil
	}
	owner := reach.Namespace(view.ix, view.from)
	if owner == nil {
		return nil
	}
	var found []*topology.Container
	for _, own := range view.ix.Of(owner.ID) {
		for _, a := range view.ix.On(own.NetworkID) {
			if c := view.ix.Container(a.ContainerID); c != nil && a.State == topology.Live && !a.AliasesRead && !slices.Contains(found, c) {
				found = append(found, c)
			}
		}
	}
	return found
}

// inspected are the containers whose aliases and links matter: source and target;
// and, where a name is none of a container, all that the source could mean.
func (p *ping) inspected(view *pingView) []*topology.Container {
	if p.many() {
		return p.inspectedMembers(view)
	}
	chosen := []*topology.Container{view.from}
	add := func(c *topology.Container) {
		for _, have := range chosen {
			if have == nil || c == nil || have.ID == c.ID {
				return
			}
		}
		chosen = append(chosen, c)
	}
	if owner := reach.Namespace(view.ix, view.from); owner != nil {
		add(owner)
	}
	for i := range view.targets {
		t := &view.targets[i]
		if t.Container != nil {
			add(t.Container)
			if owner := reach.Namespace(view.ix, t.Container); owner != nil {
				add(owner)
			}
		}
		if t.Kind != reach.OfName || strings.Contains(strings.TrimSuffix(t.Name, "."), ".") {
			continue
		}
		for j := range view.ix.Containers {
			if c := &view.ix.Containers[j]; c.State.Up() {
				add(c)
			}
		}
	}
	return chosen
}

// inspectedMembers are, of a matrix, those who share a network namespace, and with whom:
// only an inspect tells whether they still do, so that one helper is enough for both. No
// names are tested. Where ports alone are, it matters what the list leaves out of them.
func (p *ping) inspectedMembers(view *pingView) []*topology.Container {
	chosen := map[string]*topology.Container{}
	for _, c := range view.members {
		if !c.State.Up() {
			continue
		}
		if id, shares := view.ix.Owner(c); shares {
			if owner := view.ix.Container(id); owner != nil && owner.State.Up() {
				chosen[c.ID], chosen[id] = c, owner
			}
		}
		if p.options.noICMP && len(p.options.ports) == 0 && len(c.Ports) == 0 {
			chosen[c.ID] = c
		}
	}
	return slices.Collect(maps.Values(chosen))
}

// find finds who is to be tested with whom.
func (p *ping) find(view *pingView) error {
	if p.many() {
		return p.findMembers(view)
	}
	from, err := reach.FindSource(view.ix, p.source)
	if err != nil {
		return several(err)
	}
	if from == nil {
		return unknownContainer(view.ix, p.source)
	}
	view.from, view.targets = from, nil
	for _, words := range p.targets {
		target, err := reach.FindTarget(view.ix, from, words)
		if err != nil {
			return several(err)
		}
		view.targets = append(view.targets, target)
	}
	return nil
}

// several lists all that a word means, by ID, so that the user chooses.
func several(err error) error {
	found, ok := errors.AsType[*reach.SeveralError](err)
	if !ok {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d containers are meant by %s; choose one by its name or ID:", len(found.Found), quoteArg(found.Ref))
	for _, c := range found.Found {
		fmt.Fprintf(&b, "\n  %s  %s  %s", render.Printable(topology.ShortID(c.ID)), render.Cut(render.Printable(c.Name), render.NameWidth), c.State)
	}
	return errors.New(b.String())
}

func unknownContainer(ix *topology.Index, ref string) error {
	names := make([]string, len(ix.Containers))
	for i := range ix.Containers {
		names[i] = ix.Containers[i].Name
	}
	text := "no container " + quoteArg(ref)
	if ref == reach.WordHost {
		return fmt.Errorf("%s: a test starts in a container; what leads from the host to one, docker netkit explain CONTAINER tells", text)
	}
	if len(ix.FindNetworks(ref)) > 0 {
		return fmt.Errorf("%s: it is a network; to test all that are on it:\n  docker netkit ping --network %s", text, quoteArg(ref))
	}
	if near := nearest(names, []string{ref}); len(near) > 0 {
		return fmt.Errorf("%s; did you mean %s?", text, alternatives(near))
	}
	return fmt.Errorf("%s; see: docker netkit graph --all", text)
}

// findMembers finds the containers of a matrix.
func (p *ping) findMembers(view *pingView) error {
	ix := view.ix
	view.members, view.network = nil, nil
	switch o := &p.options; {
	case o.network != "":
		networks, err := chosenNetworks(ix, []string{o.network})
		if err != nil {
			return err
		}
		view.network = networks[0]
		for _, a := range ix.On(view.network.ID) {
			if c := ix.Container(a.ContainerID); c != nil {
				view.members = append(view.members, c)
			}
		}
	case o.project != "":
		for i := range ix.Containers {
			if c := &ix.Containers[i]; c.Group() == o.project {
				view.members = append(view.members, c)
			}
		}
		if len(view.members) == 0 {
			return unknownProject(ix, o.project)
		}
	default:
		for i := range ix.Containers {
			view.members = append(view.members, &ix.Containers[i])
		}
	}
	return nil
}

func unknownProject(ix *topology.Index, ref string) error {
	text := "no container is of a project " + quoteArg(ref)
	if near := nearest(ix.Projects(), []string{ref}); len(near) > 0 {
		return fmt.Errorf("%s; did you mean %s?", text, alternatives(near))
	}
	return errors.New(text)
}
