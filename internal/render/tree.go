package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fvbommel/sortorder"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Tree draws the selected part of a snapshot: networks by project, who is on
// each, what is wrong, what is unused, what could not be read.
func Tree(w io.Writer, ix *topology.Index, sel *topology.Selection, look *Look) error {
	d := &treeDrawer{
		ix: ix, sel: sel, look: look, draw: look.strokes(),
		uses: map[string]diagnose.Use{}, onNetwork: map[string]bool{},
	}
	t := newTreeWriter(w, look)
	t.siblings(d.forest(), "", false)
	return t.out.Flush()
}

type treeDrawer struct {
	ix        *topology.Index
	sel       *topology.Selection
	look      *Look
	draw      *strokes
	uses      map[string]diagnose.Use
	onNetwork map[string]bool // containers drawn on some network
	unused    []*topology.Network
}

// forest is the top level of the tree, in the order in which it is drawn.
func (d *treeDrawer) forest() []*branch {
	byProject := map[string][]*branch{}
	var projects []string
	var single, predefined []*branch
	for i := range d.ix.Networks {
		n := &d.ix.Networks[i]
		if !d.sel.HasNetwork(n.ID) || d.collapsed(n) {
			continue
		}
		project := n.Project()
		switch b := d.network(n); {
		case project != "":
			if byProject[project] == nil {
				projects = append(projects, project)
			}
			byProject[project] = append(byProject[project], b)
		case n.Predefined():
			predefined = append(predefined, b)
		default:
			single = append(single, b)
		}
	}
	slices.SortFunc(projects, sortorder.NaturalCompare)
	var forest []*branch
	for _, project := range projects {
		forest = append(forest, &branch{
			columns:  []piece{{label(project, d.look.NoTrunc), inkGroup}, {d.kindOfProject(project), inkFaint}},
			children: byProject[project],
		})
	}
	// Networks with nobody on them take a line each; one column serves all.
	forest = append(forest, single...)
	forest = append(forest, predefined...)
	forest = append(forest, d.networkless()...)
	if len(forest) == 0 && len(d.unused) == 0 {
		forest = append(forest, &branch{facts: []piece{{d.nothing(), inkPlain}}})
	}
	forest = append(forest, d.collapsedLine()...)
	forest = append(forest, d.hazards()...)
	return append(forest, d.gaps()...)
}

func (d *treeDrawer) nothing() string {
	if d.sel.Everything() {
		return "no container is on any network, and there are only the predefined ones (--all shows them)"
	}
	return "nothing of that is on any network"
}

func (d *treeDrawer) kindOfProject(project string) string {
	for i := range d.ix.Networks {
		if d.ix.Networks[i].Labels[topology.LabelComposeProject] == project {
			return "compose project"
		}
	}
	return "swarm stack"
}

// collapsed tells that a network is not worth a line of its own, and
// remembers the unused ones for the line that names them all.
func (d *treeDrawer) collapsed(n *topology.Network) bool {
	if d.look.All || !d.sel.Everything() || len(d.ix.On(n.ID)) > 0 {
		return false
	}
	use := d.use(n)
	switch use.Verdict {
	case diagnose.Unused:
		d.unused = append(d.unused, n)
		return true
	case diagnose.Predefined:
		return true
	case diagnose.InUse, diagnose.StoppedOnly, diagnose.UseUnknown:
	}
	return false
}

func (d *treeDrawer) use(n *topology.Network) diagnose.Use {
	use, ok := d.uses[n.ID]
	if !ok {
		use = diagnose.UseOf(d.ix, n)
		d.uses[n.ID] = use
	}
	return use
}

func (d *treeDrawer) collapsedLine() []*branch {
	if len(d.unused) == 0 {
		return nil
	}
	names := make([]string, len(d.unused))
	for i, n := range d.unused {
		names[i] = d.networkName(n)
	}
	const most = 12
	return []*branch{{facts: []piece{
		{plural(len(names), "network") + " unused: " + listing(names, most), inkFaint},
	}}}
}

// networkName is the name, with the ID where several networks have it.
func (d *treeDrawer) networkName(n *topology.Network) string {
	name := label(n.Name, d.look.NoTrunc)
	if d.ix.Duplicate(n.Name) {
		name += " (" + shortID(n.ID) + ")"
	}
	return name
}

func (d *treeDrawer) network(n *topology.Network) *branch {
	b := &branch{columns: []piece{{d.networkName(n), inkNetwork}, {kind(n), inkPlain}}}
	for _, subnet := range subnets(n, true) {
		b.facts = append(b.facts, piece{subnet, inkAddress})
	}
	attached := d.ix.On(n.ID)
	if len(attached) == 0 {
		b.facts = append(b.facts, piece{d.whyEmpty(n), inkFaint})
	}
	for _, a := range attached {
		if c := d.ix.Container(a.ContainerID); c != nil {
			d.onNetwork[c.ID] = true
			b.children = append(b.children, d.container(c, a))
		}
	}
	return b
}

// kind says what sort of network this is; for the two that are none, what that
// means for a container.
func kind(n *topology.Network) string {
	switch {
	case n.Predefined() && n.Name == topology.NetworkHost:
		return "the host's own network"
	case n.Predefined() && n.Name == topology.NetworkNone:
		return "no network"
	}
	return marks(n)
}

func (d *treeDrawer) whyEmpty(n *topology.Network) string {
	switch d.use(n).Verdict {
	case diagnose.Unused:
		return "unused"
	case diagnose.InUse:
		return "configures other networks"
	case diagnose.UseUnknown:
		if n.SwarmScope() {
			return "nothing on this node; other nodes may use it"
		}
		return "whether anything needs it is not known"
	case diagnose.Predefined, diagnose.StoppedOnly:
	}
	return "no container"
}

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
		d.onNetwork[c.ID] = true
		b := &branch{columns: []piece{d.glyph(c)}, facts: d.facts(c)}
		b.facts = append(b.facts, piece{"shares its network", inkFaint})
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

// networkless are the containers that are on no network and share none.
func (d *treeDrawer) networkless() []*branch {
	var children []*branch
	for i := range d.ix.Containers {
		c := &d.ix.Containers[i]
		if d.onNetwork[c.ID] || !d.sel.HasContainer(c.ID) || len(d.ix.Of(c.ID)) > 0 {
			continue
		}
		if _, shares := c.Mode.Sharer(); shares {
			continue // drawn with its owner, or a hazard if that is gone
		}
		children = append(children, &branch{
			columns: []piece{d.glyph(c)}, facts: d.facts(c), children: d.sharers(c),
		})
	}
	if len(children) == 0 {
		return nil
	}
	return []*branch{{columns: []piece{{"on no network", inkGroup}}, children: children}}
}

func (d *treeDrawer) hazards() []*branch {
	var branches []*branch
	for _, h := range diagnose.Hazards(d.ix) {
		if !d.sel.HasContainer(h.Container.ID) && !d.onNetwork[h.Container.ID] {
			continue
		}
		text, mend := HazardText(d.ix, &h, d.look)
		mark := "! "
		if h.Kind == diagnose.MaybeElsewhere {
			mark = "? " // not known to be wrong
		}
		branches = append(branches, &branch{facts: []piece{{mark + text, inkWarning}}, command: mend})
	}
	return branches
}

func (d *treeDrawer) gaps() []*branch {
	const most = 10
	var branches []*branch
	for i, gap := range d.ix.Unread {
		if i == most {
			text := fmt.Sprintf("? and %s more; --format json lists them", plural(len(d.ix.Unread)-most, "gap"))
			branches = append(branches, &branch{facts: []piece{{text, inkWarning}}})
			break
		}
		branches = append(branches, &branch{facts: []piece{{"? " + GapText(gap), inkWarning}}})
	}
	return branches
}

// GapText says what could not be read.
func GapText(gap topology.Gap) string {
	text := label(gap.What, false)
	if gap.Name != "" {
		text += " " + label(gap.Name, false)
	} else if gap.ID != "" {
		text += " " + shortID(gap.ID)
	}
	if gap.Field != "" {
		text += ": " + label(gap.Field, false)
	}
	if gap.Text != "" {
		text += " " + label(gap.Text, false)
	}
	return text + " could not be read: " + label(gap.Reason, true)
}
