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
	id := shortID(h.NetworkID)
	switch h.Kind {
	case diagnose.NetworkGone:
		text = fmt.Sprintf("%s wants network %s (%s), which is gone: %s", name, network, id, consequence)
		mend = reconnect(ix, h, look)
	case diagnose.NameGone:
		text = fmt.Sprintf("%s wants a network named %s, and there is none: %s", name, network, consequence)
		if word, ok := ShellWord(h.NetworkName); ok && word == h.NetworkName {
			mend = fmt.Sprintf("%s network create %s", look.Docker, word)
		}
	case diagnose.NameAmbiguous:
		text = fmt.Sprintf("%s wants network %s, and several have that name: %s", name, network, consequence)
	case diagnose.OwnerGone:
		text = fmt.Sprintf("%s shares the network of container %s, which is gone: %s; make it anew", name, shortID(h.OwnerID), consequence)
	case diagnose.MaybeElsewhere:
		text = fmt.Sprintf("%s wants network %s (%s), which is not on this node: it is not known whether the swarm has it", name, network, id)
	}
	return text, mend
}

// reconnect is the command that overwrites a dead reference. Connecting the
// stopped container does, whichever network it is; a new network of the old
// name alone does not [measured on Docker 20.10, 26.1, 28.5].
func reconnect(ix *topology.Index, h *diagnose.Hazard, look *Look) string {
	container := reference(h.Container.Name, topology.ShortID(h.Container.ID), len(ix.FindContainers(h.Container.Name)) > 1)
	if container == "" {
		return ""
	}
	if n := h.Namesake; n != nil {
		network := reference(n.Name, topology.ShortID(n.ID), false)
		if network == "" {
			return ""
		}
		return fmt.Sprintf("%s network connect %s %s", look.Docker, network, container)
	}
	word, ok := ShellWord(h.NetworkName)
	if !ok || word != h.NetworkName || word[0] == '-' || len(ix.FindNetworks(word)) > 0 {
		return ""
	}
	return fmt.Sprintf("%[1]s network create %[2]s && %[1]s network connect %[2]s %[3]s", look.Docker, word, container)
}
