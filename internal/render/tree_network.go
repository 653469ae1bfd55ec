package render

import (
	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

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
	if isMode(n) {
		// What is no network has no columns to line up with.
		b = &branch{columns: b.columns[:1], facts: b.columns[1:]}
	}
	for _, subnet := range subnets(n, true) {
		b.facts = append(b.facts, piece{subnet, inkAddress})
	}
	attached := d.ix.On(n.ID)
	if len(attached) == 0 {
		b.facts = append(b.facts, piece{d.whyEmpty(n), inkFaint})
	}
	for _, a := range attached {
		if c := d.ix.Container(a.ContainerID); c != nil {
			d.drawn[c.ID] = true
			b.children = append(b.children, d.container(c, a))
		}
	}
	return b
}

// kind says what sort of network this is; for the two that are none, what that
// means for a container.
func kind(n *topology.Network) string {
	switch {
	case !isMode(n):
		return marks(n)
	case n.Name == topology.NetworkHost:
		return "the host's own network"
	}
	return "no network"
}

// isMode tells host and none from networks.
func isMode(n *topology.Network) bool {
	return n.Predefined() && (n.Name == topology.NetworkHost || n.Name == topology.NetworkNone)
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
