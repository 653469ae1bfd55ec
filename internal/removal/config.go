package removal

import (
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// InOrder are entries in the order in which their networks can be brought back:
// those that hold a configuration first, since others take theirs from them.
func InOrder(entries []*Entry) []*Entry {
	return slices.SortedStableFunc(slices.Values(entries), func(a, b *Entry) int { return configLast(&b.Network) - configLast(&a.Network) })
}

// holdsConfig tells that there is a network of this name from which others can
// take their configuration. Engines know it by its name only [measured on 20.10,
// 26.1, 28.5].
func holdsConfig(ix *topology.Index, name string) bool {
	return slices.ContainsFunc(ix.Networks, func(n topology.Network) bool { return n.Name == name && n.ConfigOnly })
}
