package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/docker/go-units"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// PruneGroups shows networks in the three groups of a prune. Ages are counted
// to now.
func PruneGroups(w io.Writer, p *removal.PrunePlan, now time.Time, look *Look) error {
	t := newTreeWriter(w, look)
	t.group("Nothing needs these", plannedBranches(p.Unneeded, now, look, false))
	t.group(fmt.Sprintf("Only %s containers need these; they break without them", NotUp(p.StoppedOnly)), plannedBranches(p.StoppedOnly, now, look, true))
	t.group("Kept", keptBranches(p.Kept, now, look))
	if len(p.Unneeded)+len(p.StoppedOnly)+len(p.Kept) == 0 {
		t.out.WriteString("No network meets the filter\n")
	}
	return t.out.Flush()
}

// NotUp says of what kind the containers are that are not up: stopped, or also
// restarting, as those that crash again and again.
func NotUp(targets []removal.NetworkPlan) string {
	for i := range targets {
		for j := range targets[i].Effects {
			if targets[i].Effects[j].State == topology.Restarting {
				return "stopped or restarting"
			}
		}
	}
	return "stopped"
}

func (t *treeWriter) group(title string, branches []*branch) {
	if len(branches) == 0 {
		return
	}
	t.sentence(piece{title, inkGroup})
	t.siblings(branches, "  ", false)
}

// NetworkFacts are age, subnets and project of a network, for a column each.
func NetworkFacts(n *removal.NetworkRef, now time.Time, look *Look) []string {
	age := ""
	if !n.Created.IsZero() {
		age = units.HumanDuration(now.Sub(n.Created))
	}
	project := ""
	if n.Project != "" {
		project = label(n.Project, look.NoTrunc)
	}
	return []string{age, strings.Join(labels(n.Subnets, look), ","), project}
}

func networkBranch(n *removal.NetworkRef, now time.Time, look *Look) *branch {
	facts := NetworkFacts(n, now, look)
	return &branch{columns: []piece{{label(n.Name, look.NoTrunc), inkNetwork}, {facts[0], inkFaint}, {facts[1], inkAddress}, {facts[2], inkGroup}}}
}

func plannedBranches(targets []removal.NetworkPlan, now time.Time, look *Look, withEffects bool) []*branch {
	branches := make([]*branch, len(targets))
	for i := range targets {
		b := networkBranch(&targets[i].Network, now, look)
		if withEffects {
			for _, line := range EffectLines(&targets[i], look) {
				b.children = append(b.children, &branch{facts: []piece{{line, inkWarning}}})
			}
		}
		branches[i] = b
	}
	return branches
}

// mostKept is how many networks are kept with a line each.
const mostKept = 12

func keptBranches(kept []removal.Spared, now time.Time, look *Look) []*branch {
	var branches []*branch
	if len(kept) <= mostKept {
		for i := range kept {
			b := networkBranch(&kept[i].Network, now, look)
			b.facts = []piece{{reasonWords(&kept[i], look), inkFaint}}
			branches = append(branches, b)
		}
		return branches
	}
	// With many, how many for which reason.
	counts := map[string]int{}
	examples := map[string][]string{}
	for i := range kept {
		reason := reasonKind(&kept[i])
		counts[reason]++
		examples[reason] = append(examples[reason], label(kept[i].Network.Name, look.NoTrunc))
	}
	reasons := make([]string, 0, len(counts))
	for reason := range counts {
		reasons = append(reasons, reason)
	}
	slices.Sort(reasons)
	for _, reason := range reasons {
		branches = append(branches, &branch{
			columns: []piece{{plural(counts[reason], "network"), inkPlain}, {reason, inkFaint}},
			facts:   []piece{{listing(examples[reason], mostNames), inkFaint}},
		})
	}
	return branches
}

// reasonWords say why a network is kept.
func reasonWords(k *removal.Spared, look *Look) string {
	var words []string
	for i := range k.Reasons {
		o := &k.Reasons[i]
		//exhaustive:ignore
		switch o.Kind {
		case diagnose.IsPredefined:
			words = append(words, "predefined")
		case removal.Needed, removal.RunsTasks:
			words = append(words, "in use by "+listing(labels(o.Names, look), mostNames))
		case removal.NeverAgain:
		default:
			words = append(words, objectionWords(o, look))
		}
	}
	return strings.Join(words, "; ")
}

// reasonKind is the first reason in a word or two, for counting.
func reasonKind(k *removal.Spared) string {
	for _, o := range k.Reasons {
		//exhaustive:ignore
		switch o.Kind {
		case removal.Needed, removal.RunsTasks, diagnose.Configures, diagnose.ServesServices, diagnose.ServesNodes:
			return "in use"
		case diagnose.NotKnown:
			return "use unknown"
		case diagnose.IsPredefined, diagnose.IsIngress, diagnose.IsSwarmGateway:
			return "made by the engine"
		default:
		}
	}
	return "not to be removed as things are"
}
