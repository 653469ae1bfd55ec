package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/removal"
)

// RemovalPlan says what the removal of networks would mean for whom.
func RemovalPlan(w io.Writer, p *removal.Plan, look *Look) error {
	t := newTreeWriter(w, look)
	for i := range p.Targets {
		t.target(&p.Targets[i], p.Options)
	}
	return t.out.Flush()
}

func (t *treeWriter) target(n *removal.NetworkPlan, options removal.Options) {
	name := piece{label(n.Network.Name, t.look.NoTrunc), inkNetwork}
	lines := t.planLines(n, options)
	if len(lines) == 0 {
		t.sentence(piece{"Removing", inkPlain}, name, piece{"harms nothing: nothing depends on it", inkPlain})
		return
	}
	t.sentence(piece{"Removing", inkPlain}, name, piece{"would", inkPlain})
	t.siblings(lines, "  ", false)
}

// planLines are the effects and objections of a network, a branch each.
func (t *treeWriter) planLines(n *removal.NetworkPlan, options removal.Options) []*branch {
	var lines []*branch
	line := func(mark string, ink ink, name string, facts ...string) {
		b := &branch{columns: []piece{{mark, ink}}, flow: true}
		if name != "" {
			b.columns = append(b.columns, piece{name, inkPlain})
		}
		b.facts = []piece{{strings.Join(facts, "; "), inkPlain}}
		lines = append(lines, b)
	}
	for i := range n.Effects {
		e := &n.Effects[i]
		line(string(e.Fate), fateInks[e.Fate], label(e.Name, t.look.NoTrunc), effectWords(e, n.Network.Name, t.look)...)
	}
	for i := range n.Objections {
		o := &n.Objections[i]
		words := objectionWords(o, t.look)
		if words == "" {
			continue
		}
		mark := objectionMark(o)
		if o.Lift == removal.LiftDisconnect && options.Disconnect {
			mark = "clear"
		}
		line(mark, inkWarning, "", words)
	}
	if len(lines) > 0 {
		for _, words := range comebackWords(n.Comeback, t.look) {
			line("note", inkFaint, "", words)
		}
	}
	return lines
}

//exhaustive:enforce
var fateInks = map[removal.Fate]ink{
	removal.CutOff: inkWarning,
	removal.Break:  inkTrouble,
	removal.Detach: inkWarning,
}

// EffectLines says what the removal of one network would mean, a line for each
// container and objection, without colour.
func EffectLines(n *removal.NetworkPlan, look *Look) []string {
	var lines []string
	for i := range n.Effects {
		e := &n.Effects[i]
		lines = append(lines, fmt.Sprintf("%s %s: %s", e.Fate, label(e.Name, look.NoTrunc), strings.Join(effectWords(e, n.Network.Name, look), "; ")))
	}
	return append(lines, comebackWords(n.Comeback, look)...)
}
