package render

import (
	"fmt"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// HazardText says what is wrong with a container and what follows from it, and
// the command that mends it, where there is one that can be pasted.
func HazardText(ix *topology.Index, h *diagnose.Hazard, look *Look) (text, mend string) {
	name := label(h.Container.Name, look.NoTrunc)
	consequence := "it will not start"
	if h.Container.State.Up() {
		consequence = "it runs on, and will not start again"
	}
	network := label(h.NetworkName, look.NoTrunc)
	if h.NetworkID != "" && h.NetworkID != h.NetworkName {
		network += " (" + shortID(h.NetworkID) + ")"
	}
	switch h.Kind {
	case diagnose.NetworkGone:
		text = fmt.Sprintf("%s wants network %s, which is gone: %s", name, network, consequence)
	case diagnose.NameGone:
		text = fmt.Sprintf("%s wants a network named %s, and there is none: %s", name, network, consequence)
	case diagnose.NameAmbiguous:
		text = fmt.Sprintf("%s wants network %s, and several have that name: %s", name, network, consequence)
	case diagnose.AddressOutside:
		text = fmt.Sprintf("%s wants address %s on %s, which no subnet there holds: %s", name, label(h.Address.String(), false), network, consequence)
	case diagnose.OwnerGone:
		text = fmt.Sprintf("%s shares the network of container %s, which is gone: %s; make it anew", name, shortID(h.OwnerID), consequence)
		if h.OwnerID == "" {
			text = fmt.Sprintf("%s shares a network in a circle of containers, which none of them has: %s", name, consequence)
		}
	case diagnose.OwnerTroubled:
		owner := shortID(h.OwnerID)
		if c := ix.Container(h.OwnerID); c != nil {
			owner = label(c.Name, look.NoTrunc)
		}
		text = fmt.Sprintf("%s shares the network of %s, which will not start: %s", name, owner, consequence)
	case diagnose.MaybeElsewhere:
		text = fmt.Sprintf("%s wants network %s, which the engine does not list; it is not known whether there is one (other nodes of a swarm may have it)", name, network)
	}
	return text, mendingCommand(ix, h, look)
}
