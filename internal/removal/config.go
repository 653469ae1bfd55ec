package removal

import (
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// PlanRestores plans how to bring the networks of several entries back, one
// after the other: those that hold a configuration first, since others take
// theirs from them. Each plan counts on those before it.
func PlanRestores(ix *topology.Index, entries []Entry) ([]*RestorePlan, []*Entry) {
	order := make([]*Entry, len(entries))
	for i := range entries {
		order[i] = &entries[i]
	}
	slices.SortStableFunc(order, func(a, b *Entry) int { return configLast(&b.Network) - configLast(&a.Network) })
	plans := make([]*RestorePlan, len(order))
	for i, entry := range order {
		plans[i] = PlanRestore(ix, entry)
		if made := plans[i].definition; made != nil && made.ConfigOnly {
			ix = withNetwork(ix, made)
		}
	}
	return plans, order
}

// withNetwork is the snapshot as it will be with a network more.
func withNetwork(ix *topology.Index, made *topology.Network) *topology.Index {
	s := *ix.Snapshot
	n := *made
	n.ID = "new " + n.Name
	s.Networks = append(slices.Clone(s.Networks), n)
	s.Sort()
	return topology.NewIndex(&s)
}

// holdsConfig tells that there is a network of this name from which others can
// take their configuration. Engines know it by its name only [measured on 20.10,
// 26.1, 28.5].
func holdsConfig(ix *topology.Index, name string) bool {
	return slices.ContainsFunc(ix.Networks, func(n topology.Network) bool { return n.Name == name && n.ConfigOnly })
}
