package removal

import (
	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// PrunePlan puts networks into three groups.
type PrunePlan struct {
	Schema int `json:"schema"`
	// Unneeded are those that nothing needs.
	Unneeded []NetworkPlan `json:"unneeded"`
	// StoppedOnly are those that only containers which are not up need. The
	// engine's own prune takes them, and those containers break.
	StoppedOnly []NetworkPlan `json:"stopped_only"`
	// Kept are all others.
	Kept   []Spared        `json:"kept"`
	Engine topology.Engine `json:"engine"`
}

// Spared is a network that is not removed.
type Spared struct {
	Network NetworkRef `json:"network"`
	// Reasons are why, as objections that no option of prune lifts.
	Reasons []Objection `json:"reasons"`
}

// pruning is what a prune allows of the networks that only stopped containers
// need: they are removed from under them.
var pruning = Options{Leave: true, AcceptBroken: true}

// ForPrune lists the networks of which only an inspect tells whether they are
// needed: those of the swarm.
func ForPrune(ix *topology.Index, meets func(*topology.Network) bool) []*topology.Network {
	var asked []*topology.Network
	for i := range ix.Networks {
		if n := &ix.Networks[i]; n.SwarmScope() && !n.Ingress && meets(n) {
			asked = append(asked, n)
		}
	}
	return asked
}

// StoppedOnly lists the containers that are not up, on networks where no other
// is: those whose settings a prune needs.
func StoppedOnly(ix *topology.Index, meets func(*topology.Network) bool) []*topology.Container {
	var networks []*topology.Network
	for i := range ix.Networks {
		n := &ix.Networks[i]
		if meets(n) && diagnose.UseOf(ix, n).Verdict == diagnose.StoppedOnly {
			networks = append(networks, n)
		}
	}
	return Affected(ix, networks)
}

// PlanPrune puts the networks that meet the filter into groups.
func PlanPrune(ix *topology.Index, meets func(*topology.Network) bool) *PrunePlan {
	p := &PrunePlan{Schema: Schema, Unneeded: []NetworkPlan{}, StoppedOnly: []NetworkPlan{}, Kept: []Spared{}, Engine: ix.Engine}
	var candidates []*topology.Network
	for i := range ix.Networks {
		if n := &ix.Networks[i]; !n.Implied && meets(n) {
			candidates = append(candidates, n)
		}
	}
	// Each is judged as if it went alone: what a config-only network is needed
	// for may go, too, and then the next prune takes it.
	for _, loss := range diagnose.LossesApart(ix, candidates) {
		n := loss.Network
		t := planOne(ix, &loss, pruning)
		switch use := diagnose.UseOf(ix, n); {
		case t.Free() && (use.Verdict == diagnose.Unused || n.SwarmScope() && n.Inspected && use.Stopped == 0):
			p.Unneeded = append(p.Unneeded, t)
		case use.Verdict == diagnose.StoppedOnly && len(t.Standing(pruning)) == 0:
			p.StoppedOnly = append(p.StoppedOnly, t)
		default:
			p.Kept = append(p.Kept, Spared{Network: t.Network, Reasons: reasons(ix, &t, use)})
		}
	}
	return p
}

func reasons(ix *topology.Index, t *NetworkPlan, use diagnose.Use) []Objection {
	reason := string(use.Verdict)
	switch {
	case len(t.Objections) > 0:
		return t.Objections
	case use.Verdict == diagnose.Predefined: // left over from a swarm
		return []Objection{{Kind: diagnose.IsSwarmGateway}}
	case ix.Ambiguous(t.Network.Name):
		reason = "a container wants a network of this name, which several have"
	}
	return []Objection{{Kind: diagnose.NotKnown, Gap: &topology.Gap{What: "use", ID: t.Network.ID, Name: t.Network.Name, Reason: reason}}}
}
