package render

import (
	"fmt"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/hints"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// hintLines is how many lines docker takes from a plugin.
const hintLines = 10

// HintLines says what there is to say after a command of docker's own, and gives
// the commands that go on. There are none where there is nothing to say.
func HintLines(ix *topology.Index, h *hints.Hint, look *Look) []string {
	var parts []hintPart
	if h.Unnamed {
		parts = append(parts, hintPart{prose: []string{`"docker netkit safe-rm" says who is on a network, and takes them off it before it removes it.`}})
	}
	if len(h.InUse) > 0 {
		parts = append(parts, inUseHint(ix, h.InUse, look))
	}
	if len(h.Lost) > 0 {
		parts = append(parts, lostHint(ix, h, look))
	}
	if len(h.Doomed) > 0 {
		parts = append(parts, doomedHint(h.Doomed, look))
	}
	return fitHint(parts, look)
}

// hintPart is what is said of one thing, and the command that goes on.
type hintPart struct {
	prose   []string
	command string
}

// fitHint folds what is said, and leaves out of it what docker would not show:
// a command never.
func fitHint(parts []hintPart, look *Look) []string {
	room := hintLines
	for _, p := range parts {
		if p.command != "" {
			room--
		}
	}
	var lines []string
	for i, p := range parts {
		var folded []string
		for _, line := range p.prose {
			folded = append(folded, look.Fold(line)...)
		}
		// Each part that follows has a line for sure.
		if most := room - (len(parts) - 1 - i); len(folded) > most {
			folded = folded[:most]
			folded[most-1] += " …"
		}
		room -= len(folded)
		lines = append(lines, folded...)
		if p.command != "" {
			lines = append(lines, "  "+p.command)
		}
	}
	return lines
}

func inUseHint(ix *topology.Index, networks []hints.InUse, look *Look) hintPart {
	const most = 3
	var p hintPart
	command, todo := "safe-rm", "To see what keeps it:"
	for i := range networks {
		if i == most {
			p.prose = append(p.prose, fmt.Sprintf("%d more could not be removed, either.", len(networks)-most))
			break
		}
		use := &networks[i]
		if len(use.Up)+len(use.Waiting) > 0 {
			todo = "To see what a removal would cost, and to take them off first:"
		}
		p.prose = append(p.prose, inUseWords(use, look))
		word := reference(use.Network.Name, use.Network.ID, ix.MistakableNetwork(use.Network.Name, use.Network.ID))
		if word != "" {
			command += " " + word
		}
	}
	if command == "safe-rm" || look.Docker == "" {
		return p
	}
	p.prose = append(p.prose, todo)
	p.command = look.Docker + " netkit " + command
	return p
}

func inUseWords(use *hints.InUse, look *Look) string {
	name := label(use.Network.Name, look.NoTrunc)
	up, waiting := hintNames(use.Up), hintNames(use.Waiting)
	switch {
	case len(up) > 0 && len(waiting) > 0:
		return fmt.Sprintf("%s %s on %s, and %s %s it to start.", together(up), verb(up, "is", "are"), name, together(waiting), verb(waiting, "needs", "need"))
	case len(up) > 0:
		return fmt.Sprintf("%s %s on %s.", together(up), verb(up, "is", "are"), name)
	case len(waiting) > 0:
		return fmt.Sprintf("%s %s %s to start.", together(waiting), verb(waiting, "needs", "need"), name)
	}
	return name + " is still there, and no container is known to be on it."
}

func lostHint(ix *topology.Index, h *hints.Hint, look *Look) hintPart {
	names, networks := hintNames(h.Lost), make([]string, len(h.Networks))
	up := false
	for i, network := range h.Networks {
		networks[i] = label(network, look.NoTrunc)
	}
	for _, c := range h.Lost {
		up = up || c.State.Up()
	}
	again := ""
	if up {
		again = " again"
	}
	p := hintPart{prose: []string{fmt.Sprintf("%s will not start%s: %s, which %s, %s gone.", together(names), again,
		"network"+verb(networks, " ", "s ")+together(networks), verb(names, "it wants", "they want"), verb(networks, "is", "are"))}}
	if look.Docker == "" {
		return p
	}
	command := look.Docker + " netkit restore --heal"
	if len(h.Lost) <= mostNames {
		for _, c := range h.Lost {
			word := containerWord(ix, c)
			if word == "" {
				return p
			}
			command += " " + word
		}
	}
	p.prose = append(p.prose, "To see how that can be mended, and to mend it:")
	p.command = command
	return p
}

func doomedHint(doomed []*topology.Container, look *Look) hintPart {
	if len(doomed) == 1 {
		return hintPart{prose: []string{UnhealableLine(doomed[0], look) + "."}}
	}
	return hintPart{prose: []string{together(hintNames(doomed)) + " will not start: they were made with the ID of a network that is gone. Recreate them."}}
}

// together joins names as in "a, b and c", at most a few of them.
func together(names []string) string {
	if len(names) <= mostNames {
		return joined(names)
	}
	return strings.Join(names[:mostNames], ", ") + fmt.Sprintf(" and %d more", len(names)-mostNames)
}

func verb(names []string, one, more string) string {
	if len(names) == 1 {
		return one
	}
	return more
}

func hintNames(containers []*topology.Container) []string {
	names := make([]string, len(containers))
	for i, c := range containers {
		names[i] = label(c.Name, false)
	}
	return names
}

// HintTemplate makes text what docker's template for hints shows as just that
// text.
func HintTemplate(text string) string { return strings.ReplaceAll(text, "{{", `{{"{{"}}`) }
