package render

import (
	"fmt"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func (d *treeDrawer) troubles() []*branch {
	var shown []diagnose.Hazard
	for _, h := range d.hazards {
		if d.sel.HasContainer(h.Container.ID) || d.drawn[h.Container.ID] {
			shown = append(shown, h)
		}
	}
	var branches []*branch
	for _, trouble := range Troubles(d.ix, shown, d.look) {
		mark := "! "
		if !trouble.Known {
			mark = "? "
		}
		branches = append(branches, &branch{facts: []piece{{mark + trouble.Text, inkWarning}}, commands: trouble.Commands})
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
