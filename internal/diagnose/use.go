package diagnose

import (
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Verdict says in one word or two what a network is needed for.
type Verdict string

const (
	// InUse: at least one container that is up has an endpoint on it, or
	// another network takes its configuration from it.
	InUse Verdict = "in use"
	// StoppedOnly: only containers that are not up want it. The engine lets
	// it be removed, and then they do not start again.
	StoppedOnly Verdict = "stopped only"
	// Unused: nothing refers to it.
	Unused Verdict = "unused"
	// Predefined: the engine makes it itself and keeps it.
	Predefined Verdict = "predefined"
	// UseUnknown: no running container here is on it, but something may need
	// it that was not or could not be read: tasks on other nodes of the
	// swarm, a container whose entry is damaged or names several networks.
	UseUnknown Verdict = "unknown"
)

// Use is how a network is used at the moment of the snapshot.
type Use struct {
	Verdict Verdict
	// Running counts the containers that have an endpoint on the network or
	// share the namespace of one that has, and Stopped the others that want
	// it on their next start.
	Running, Stopped int
}

// UseOf tells how a network is used.
func UseOf(ix *topology.Index, n *topology.Network) Use {
	use := Use{}
	count := func(up bool) {
		if up {
			use.Running++
		} else {
			use.Stopped++
		}
	}
	for _, a := range ix.On(n.ID) {
		c := ix.Container(a.ContainerID)
		if c == nil {
			continue
		}
		count(c.State.Up())
		for _, sharer := range ix.Sharers(c.ID) {
			// When the owner stops, its endpoints go: a sharer that runs on
			// has nothing left but loopback [measured on 28.5].
			count(c.State.Up() && sharer.State.Up())
		}
	}
	use.Stopped += len(onlyMadeFor(ix, n))
	use.Verdict = verdict(ix, n, use)
	return use
}

func verdict(ix *topology.Index, n *topology.Network, use Use) Verdict {
	switch {
	case n.Predefined(), n.Ingress, n.Name == topology.SwarmGateway && n.Driver == "bridge":
		return Predefined
	case use.Running > 0, configures(ix, n):
		return InUse
	case n.SwarmScope():
		return UseUnknown
	case use.Stopped > 0:
		return StoppedOnly
	case mayBeUsedUnseen(ix, n):
		return UseUnknown
	}
	return Unused
}

// configures tells that another network takes its configuration from n.
func configures(ix *topology.Index, n *topology.Network) bool {
	if !n.ConfigOnly {
		return false
	}
	for i := range ix.Networks {
		if from := ix.Networks[i].ConfigFrom; from != "" && (from == n.Name || from == n.ID) {
			return true
		}
	}
	return false
}

// mayBeUsedUnseen tells that a container names this network in a way that
// could not be resolved, or could not be read, so that "unused" is not sure.
func mayBeUsedUnseen(ix *topology.Index, n *topology.Network) bool {
	if ix.Partial || ix.Ambiguous(n.Name) {
		return true
	}
	for _, gap := range ix.Unread {
		if gap.What == "container" {
			return true
		}
	}
	return false
}
