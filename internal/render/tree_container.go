package render

import (
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func (d *treeDrawer) container(c *topology.Container, a *topology.Attachment) *branch {
	b := &branch{columns: []piece{d.glyph(c), {strings.Join(addresses(a), " "), inkAddress}}}
	b.facts = append(b.facts, d.facts(c)...)
	if also := d.alsoOn(c, a.NetworkID); len(also) > 0 {
		b.facts = append(b.facts, piece{"also on " + listing(also, 3), inkPlain})
	}
	if len(a.Aliases) > 0 {
		aliases := make([]string, len(a.Aliases))
		for i, alias := range a.Aliases {
			aliases[i] = label(alias, d.look.NoTrunc)
		}
		b.facts = append(b.facts, piece{"alias " + listing(aliases, 6), inkPlain})
	}
	b.children = d.sharers(c)
	return b
}

// facts are what is true of the container on whatever network it is.
func (d *treeDrawer) facts(c *topology.Container) []piece {
	var facts []piece
	if word := stateWord(c.State); word != "" {
		facts = append(facts, piece{word, inkHalted})
	}
	for _, ports := range published(c.Ports, d.draw.arrow) {
		facts = append(facts, piece{ports, inkPlain})
	}
	if c.IsTask() {
		facts = append(facts, piece{"task of " + label(c.SwarmService, d.look.NoTrunc), inkFaint})
	}
	return facts
}

func (d *treeDrawer) sharers(owner *topology.Container) []*branch {
	var branches []*branch
	for _, c := range d.ix.Sharers(owner.ID) {
		d.drawn[c.ID] = true
		b := &branch{columns: []piece{d.glyph(c)}, facts: d.facts(c)}
		if c.State.Up() && !owner.State.Up() {
			b.facts = append(b.facts, piece{"shares its network, which is down", inkHalted})
		} else {
			b.facts = append(b.facts, piece{"shares its network", inkFaint})
		}
		branches = append(branches, b)
	}
	return branches
}

func (d *treeDrawer) glyph(c *topology.Container) piece {
	name := label(c.Name, d.look.NoTrunc)
	switch c.State {
	case topology.Running, topology.Stopping:
		return piece{d.draw.running + " " + name, inkUp}
	case topology.Paused:
		return piece{d.draw.paused + " " + name, inkHalted}
	case topology.Restarting:
		return piece{d.draw.restarting + " " + name, inkHalted}
	case topology.Created:
		return piece{d.draw.created + " " + name, inkFaint}
	case topology.Dead, topology.Removing:
		return piece{d.draw.dead + " " + name, inkTrouble}
	case topology.Exited, topology.Stopped:
	}
	return piece{d.draw.stopped + " " + name, inkFaint}
}

func (d *treeDrawer) alsoOn(c *topology.Container, networkID string) []string {
	var names []string
	for _, a := range d.ix.Of(c.ID) {
		if n := d.ix.Network(a.NetworkID); n != nil && a.Resolved() && n.ID != networkID {
			names = append(names, d.networkName(n))
		}
	}
	return names
}

// networkless are the containers that no network shows: those that are on none,
// with who shares that, and whatever is left over then. Only what a line about
// its trouble names is not repeated.
func (d *treeDrawer) networkless() []*branch {
	troubled := map[string]bool{}
	for _, h := range d.hazards {
		troubled[h.Container.ID] = true
	}
	var children []*branch
	draw := func(c *topology.Container) {
		if d.drawn[c.ID] || troubled[c.ID] || !d.sel.HasContainer(c.ID) {
			return
		}
		d.drawn[c.ID] = true
		children = append(children, &branch{columns: []piece{d.glyph(c)}, facts: d.facts(c), children: d.sharers(c)})
	}
	for i := range d.ix.Containers {
		if c := &d.ix.Containers[i]; !shares(d.ix, c) {
			draw(c)
		}
	}
	for i := range d.ix.Containers {
		draw(&d.ix.Containers[i])
	}
	if len(children) == 0 {
		return nil
	}
	return []*branch{{columns: []piece{{"on no network", inkGroup}}, children: children}}
}

func shares(ix *topology.Index, c *topology.Container) bool {
	_, shares := ix.Owner(c)
	return shares
}
