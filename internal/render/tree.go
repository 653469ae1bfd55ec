package render

import (
	"io"
	"slices"

	"github.com/fvbommel/sortorder"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Tree draws the selected part of a snapshot: networks by project, who is on
// each, what is wrong, what is unused, what could not be read.
func Tree(w io.Writer, ix *topology.Index, sel *topology.Selection, look *Look) error {
	d := newTreeDrawer(ix, sel, look)
	t := newTreeWriter(w, look)
	t.siblings(d.forest(), "", false)
	return t.out.Flush()
}

func newTreeDrawer(ix *topology.Index, sel *topology.Selection, look *Look) *treeDrawer {
	return &treeDrawer{
		ix: ix, sel: sel, look: look, draw: look.strokes(),
		uses: map[string]diagnose.Use{}, drawn: map[string]bool{}, hazards: diagnose.Hazards(ix),
	}
}

type treeDrawer struct {
	ix      *topology.Index
	sel     *topology.Selection
	look    *Look
	draw    *strokes
	uses    map[string]diagnose.Use
	drawn   map[string]bool // containers
	hazards []diagnose.Hazard
	// unused and unsure have nobody on them, and are named in one line each:
	// those that nothing needs, and those of which that is not known.
	unused, unsure []*topology.Network
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
	troubles := d.troubles()
	if len(forest) == 0 && len(d.unused) == 0 && len(d.unsure) == 0 && (d.sel.Everything() || len(troubles) == 0) {
		forest = append(forest, &branch{facts: []piece{{d.nothing(), inkPlain}}})
	}
	forest = append(forest, d.oneLine(d.unused, "unused")...)
	forest = append(forest, d.oneLine(d.unsure, unsureWords)...)
	forest = append(forest, troubles...)
	return append(forest, d.gaps()...)
}

func (d *treeDrawer) nothing() string {
	if d.sel.Everything() {
		return "no container is on any network, and there are only the predefined ones (--all shows them)"
	}
	return "no network matches"
}

func (d *treeDrawer) kindOfProject(project string) string {
	for i := range d.ix.Containers {
		if d.ix.Containers[i].Project == project {
			return "compose project"
		}
	}
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
	case diagnose.UseUnknown:
		if !n.SwarmScope() {
			d.unsure = append(d.unsure, n)
			return true
		}
	case diagnose.InUse, diagnose.StoppedOnly:
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

const unsureWords = "with nobody on them, and it is not known whether anything needs them"

// oneLine names networks that are not worth a line each.
func (d *treeDrawer) oneLine(networks []*topology.Network, what string) []*branch {
	if len(networks) == 0 {
		return nil
	}
	names := make([]string, len(networks))
	for i, n := range networks {
		names[i] = d.networkName(n)
	}
	const most = 12
	return []*branch{{facts: []piece{
		{plural(len(names), "network") + " " + what + ": " + listing(names, most), inkFaint},
	}}}
}
