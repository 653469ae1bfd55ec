package render

import (
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// mendingCommand is the command that mends a hazard; empty where none is known
// that is sure to do what it says when it is pasted.
func mendingCommand(ix *topology.Index, h *diagnose.Hazard, look *Look) string {
	if look.Docker == "" {
		return ""
	}
	var commands [][]string
	switch h.Kind {
	case diagnose.NetworkGone:
		commands = reconnect(ix, h)
	case diagnose.NameGone:
		commands = create(ix, h)
	case diagnose.AddressOutside:
		commands = forgetAddress(ix, h)
	case diagnose.NameAmbiguous, diagnose.OwnerGone, diagnose.OwnerTroubled, diagnose.MaybeElsewhere:
	}
	lines := make([]string, len(commands))
	for i, words := range commands {
		lines[i] = look.Docker + " network " + strings.Join(words, " ")
	}
	text := strings.Join(lines, " && ")
	if look.Offline && text != "" {
		// Pasted here, it would act on another engine than the one drawn.
		text = "# " + text
	}
	return text
}

// reconnect overwrites a dead reference. Connecting the stopped container does,
// whichever network it is; a new network of the old name alone does not
// [measured on Docker 20.10, 26.1, 28.5]. An address that was asked for is kept
// where the network can give it, and given up where it cannot.
func reconnect(ix *topology.Index, h *diagnose.Hazard) [][]string {
	container := containerWord(ix, h.Container)
	if container == "" {
		return nil
	}
	if h.Namesake != nil {
		network := reference(h.Namesake.Name, h.Namesake.ID, false)
		if network == "" {
			return nil
		}
		return [][]string{append(append([]string{"connect"}, addressFlags(ix, h)...), network, container)}
	}
	made := create(ix, h)
	if made == nil {
		return nil
	}
	return append(made, []string{"connect", h.NetworkName, container})
}

// create makes a network of the name that is wanted.
func create(ix *topology.Index, h *diagnose.Hazard) [][]string {
	if !creatable(h.NetworkName) || len(ix.FindNetworks(h.NetworkName)) > 0 {
		return nil
	}
	if a := wanted(ix, h); h.Kind == diagnose.NameGone && a != nil && (!a.Static4.IsZero() || !a.Static6.IsZero()) {
		return nil // it takes a subnet that holds the address, and which is not known
	}
	return [][]string{{"create", h.NetworkName}}
}

// forgetAddress attaches a container anew without the address that its network
// cannot give [measured on 20.10 and 28.5].
func forgetAddress(ix *topology.Index, h *diagnose.Hazard) [][]string {
	n := ix.Network(h.NetworkID)
	container := containerWord(ix, h.Container)
	if n == nil || container == "" {
		return nil
	}
	network := reference(n.Name, n.ID, ix.Duplicate(n.Name))
	if network == "" {
		return nil
	}
	return [][]string{{"disconnect", network, container}, {"connect", network, container}}
}

func containerWord(ix *topology.Index, c *topology.Container) string {
	return reference(c.Name, c.ID, len(ix.FindContainers(c.Name)) > 1)
}

func wanted(ix *topology.Index, h *diagnose.Hazard) *topology.Attachment {
	for _, a := range ix.Of(h.Container.ID) {
		if a.NetworkID == h.NetworkID && a.NetworkName == h.NetworkName {
			return a
		}
	}
	return nil
}

// addressFlags ask for the container's address again, if the network that now
// has the name holds it.
func addressFlags(ix *topology.Index, h *diagnose.Hazard) []string {
	a := wanted(ix, h)
	if a == nil {
		return nil
	}
	var flags []string
	for _, pair := range []struct {
		flag    string
		address topology.Address
	}{{"--ip", a.Static4}, {"--ip6", a.Static6}} {
		for _, pool := range h.Namesake.IPAM.Pools {
			if prefix := pool.Subnet.Prefix(); prefix.IsValid() && pair.address.IP().IsValid() && prefix.Contains(pair.address.IP()) {
				flags = append(flags, pair.flag, pair.address.String())
				break
			}
		}
	}
	return flags
}

// creatable tells that "network create" takes the name as just that: it needs
// no quotes, is no flag, and means no network mode to "run --network".
func creatable(name string) bool {
	word, ok := ShellWord(name)
	if !ok || word != name || strings.HasPrefix(name, "-") || strings.HasPrefix(name, "container:") {
		return false
	}
	switch name {
	case topology.NetworkBridge, topology.NetworkHost, topology.NetworkNone, "default":
		return false
	}
	return true
}
