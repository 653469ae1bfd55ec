package diagnose

import (
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// modeGone tells that the container's network mode cannot be looked up, and
// that no network of the name which its attachments want would change that. A
// container that is on no network at all starts all the same, with none
// [measured on 26.1 and 28.5; 20.10 does not look].
func modeGone(ix *topology.Index, c *topology.Container) bool {
	return !c.State.Up() && len(ix.Of(c.ID)) > 0 && ModeLost(ix, c)
}

// ModeLost tells that an engine which looks the network mode of the container
// up does not find it, whether the container is up or not.
func ModeLost(ix *topology.Index, c *topology.Container) bool {
	if !looksUpMode(&ix.Engine) || ix.Partial {
		return false
	}
	switch mode := string(c.Mode); {
	case mode == "", mode == "default", mode == topology.NetworkBridge, mode == topology.NetworkHost, mode == topology.NetworkNone,
		mode == "nat", strings.HasPrefix(mode, "container:"), ix.Named(mode), len(ix.FindNetworks(mode)) > 0:
		return false
	default:
		return !slices.ContainsFunc(ix.Of(c.ID), func(a *topology.Attachment) bool {
			return a.State == topology.Unverified || !a.Resolved() && a.NetworkName == mode
		})
	}
}

// looksUpMode tells whether the engine looks the network mode up on start.
func looksUpMode(e *topology.Engine) bool {
	const first = 26 // the oldest of which it is known
	return e.Product == topology.ProductDocker && e.Major() >= first && e.Swarm != topology.SwarmWorker
}

// onlyMadeFor lists the containers that need a network on their next start
// without being on it: those that were made with it, have been taken off it, and
// are on another.
func onlyMadeFor(ix *topology.Index, n *topology.Network) []*topology.Container {
	if !looksUpMode(&ix.Engine) || n.Predefined() || ix.Duplicate(n.Name) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(ix.MadeFor(n)), func(c *topology.Container) bool {
		of := ix.Of(c.ID)
		return c.IsTask() || len(of) == 0 || slices.ContainsFunc(of, func(a *topology.Attachment) bool {
			return a.NetworkID == n.ID || !a.Resolved() && a.NetworkName == n.Name
		})
	})
}

// BoundTo tells that a container was made with the ID of a network, so that once
// that is gone nothing but making the container anew mends it: no network will
// have this ID again, and the engine connects the container to none [measured on
// 26.1 and 28.5].
func BoundTo(ix *topology.Index, c *topology.Container, n *topology.Network) bool {
	return looksUpMode(&ix.Engine) && !c.IsTask() && string(c.Mode) != n.Name && c.Mode.MeansID(n.ID)
}
