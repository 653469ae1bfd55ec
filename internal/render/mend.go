package render

import (
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// mendingCommands are the commands that mend hazards of one cause; none where
// none is known that is sure to do what it says when it is pasted. Where netkit
// mends them itself, that is the command: it knows more than a line can say, and
// shows what it would do. For a saved snapshot it would look at the wrong engine.
func mendingCommands(ix *topology.Index, group []diagnose.Hazard, look *Look) []string {
	if look.Docker == "" || ix.Partial {
		return nil
	}
	var commands [][]string
	switch group[0].Kind {
	case diagnose.NetworkGone, diagnose.NameGone:
		if healed(&group[0], look) {
			return healCommand(ix, group, look)
		}
		commands = reattach(ix, group)
	case diagnose.AddressOutside:
		commands = forgetAddress(ix, &group[0])
	case diagnose.NameAmbiguous, diagnose.ModeGone, diagnose.OwnerGone, diagnose.OwnerTroubled, diagnose.MaybeElsewhere:
	}
	lines := make([]string, len(commands))
	for i, words := range commands {
		lines[i] = look.command("network " + strings.Join(words, " "))
	}
	return lines
}

// healed tells that netkit mends the hazard itself.
func healed(h *diagnose.Hazard, look *Look) bool {
	return !look.Offline && (h.Kind == diagnose.NetworkGone || h.Kind == diagnose.NameGone)
}

// healCommand mends containers that want a network which is gone.
func healCommand(ix *topology.Index, group []diagnose.Hazard, look *Look) []string {
	words := []string{look.Docker, "netkit", "restore", "--heal"}
	for i := range group {
		word := containerWord(ix, group[i].Container)
		if word == "" {
			return nil
		}
		words = append(words, word)
	}
	return []string{strings.Join(words, " ")}
}

// reattach makes the network that is wanted, unless one has its name now, and
// overwrites each dead reference. Connecting the stopped container does that,
// whichever network it is; a new network of the old name alone does not
// [measured on Docker 20.10, 26.1, 28.5].
func reattach(ix *topology.Index, group []diagnose.Hazard) [][]string {
	name := group[0].NetworkName
	network := name
	var commands [][]string
	switch namesakes := ix.FindNetworks(name); {
	case len(namesakes) == 0:
		if !creatable(name) {
			return nil
		}
		commands = append(commands, append(append([]string{"create"}, labelFlags(group)...), name))
	case len(namesakes) == 1 && namesakes[0].Name == name:
		if network = reference(name, namesakes[0].ID, ix.MistakableNetwork(name, namesakes[0].ID)); network == "" || !takesContainers(namesakes[0]) {
			return nil
		}
	default:
		return nil
	}
	for i := range group {
		h := &group[i]
		container := containerWord(ix, h.Container)
		a := wanted(ix, h)
		switch {
		case container == "" || a == nil:
			return nil
		case h.Kind == diagnose.NameGone && (!a.Static4.IsZero() || !a.Static6.IsZero()):
			return nil // it takes a subnet that holds the address, and which is not known
		case h.Kind == diagnose.NetworkGone:
			commands = append(commands, append(append([]string{"connect"}, aliasFlags(h.Container, a)...), network, container))
		}
	}
	return commands
}

// labelFlags mark a network as compose's, where it was: compose refuses one of
// the right name without them.
func labelFlags(group []diagnose.Hazard) []string {
	project := group[0].Container.Project
	for _, h := range group {
		if h.Container.Project != project {
			return nil
		}
	}
	short, ok := strings.CutPrefix(group[0].NetworkName, project+"_")
	if project == "" || !ok || !creatable(project) {
		return nil
	}
	return []string{"--label", topology.LabelComposeProject + "=" + project, "--label", topology.LabelComposeNetwork + "=" + short}
}

// aliasFlags ask for the container's aliases again: those that were read, and
// the one that compose gives by the service's name.
func aliasFlags(c *topology.Container, a *topology.Attachment) []string {
	var flags []string
	aliases := a.Aliases
	if c.Project != "" && c.Service != "" && !slices.Contains(aliases, c.Service) {
		aliases = append([]string{c.Service}, aliases...)
	}
	for _, alias := range aliases {
		if word, ok := ShellWord(alias); ok && word == alias && alias != c.Name && !strings.HasPrefix(alias, "-") {
			flags = append(flags, "--alias", word)
		}
	}
	return flags
}

// forgetAddress attaches a container anew without the address that its network
// cannot give [measured on 20.10 and 28.5].
func forgetAddress(ix *topology.Index, h *diagnose.Hazard) [][]string {
	n := ix.Network(h.NetworkID)
	container := containerWord(ix, h.Container)
	if n == nil || container == "" {
		return nil
	}
	network := reference(n.Name, n.ID, ix.MistakableNetwork(n.Name, n.ID))
	if network == "" {
		return nil
	}
	var flags []string
	if a := wanted(ix, h); a != nil {
		flags = aliasFlags(h.Container, a)
	}
	return [][]string{{"disconnect", network, container}, append(append([]string{"connect"}, flags...), network, container)}
}

func containerWord(ix *topology.Index, c *topology.Container) string {
	return reference(c.Name, c.ID, ix.MistakableContainer(c.Name, c.ID))
}

func wanted(ix *topology.Index, h *diagnose.Hazard) *topology.Attachment {
	for _, a := range ix.Of(h.Container.ID) {
		if a.NetworkID == h.NetworkID && a.NetworkName == h.NetworkName {
			return a
		}
	}
	return nil
}

// givenUp names the addresses that the containers asked for and that the
// commands do not ask for again: an engine gives an address only out of a
// subnet that the user chose, and does not tell who chose it.
func givenUp(ix *topology.Index, group []diagnose.Hazard) string {
	var addresses []string
	for i := range group {
		if a := wanted(ix, &group[i]); a != nil {
			for _, address := range []topology.Address{a.Static4, a.Static6} {
				if !address.IsZero() {
					addresses = append(addresses, label(address.String(), false))
				}
			}
		}
	}
	if len(addresses) == 0 {
		return ""
	}
	return "the address " + strings.Join(addresses, ", ")
}

// takesContainers tells that a container can be connected to the network.
func takesContainers(n *topology.Network) bool {
	return !n.ConfigOnly && !n.Ingress && (!n.SwarmScope() || n.Attachable)
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
