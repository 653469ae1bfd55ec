package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Advice is a command that can be pasted, and what it does.
type Advice struct{ Command, Meaning string }

// AdviceLines are advices as lines: aligned, or where that is too wide, with the
// meanings below the commands. A command is never folded.
func AdviceLines(advices []Advice, look *Look) []string {
	var lines []string
	width, widest := 0, 0
	for _, a := range advices {
		width = max(width, Width(a.Command))
	}
	for _, a := range advices {
		line := "  " + a.Command
		if a.Meaning != "" {
			line += strings.Repeat(" ", width-Width(a.Command)) + "   " + a.Meaning
		}
		widest = max(widest, Width(line))
		lines = append(lines, line)
	}
	if look.Width <= 0 || widest <= look.Width {
		return lines
	}
	lines = nil
	for _, a := range advices {
		lines = append(lines, "  "+a.Command)
		if a.Meaning != "" {
			lines = append(lines, look.Fold("    "+a.Meaning)...)
		}
	}
	return lines
}

// RefusalWords says in a sentence why a plan is not carried out.
func RefusalWords(p *removal.Plan, look *Look) string {
	var containers []string
	var others, unknown, never, elsewhere int
	for i := range p.Targets {
		for _, o := range p.Targets[i].Standing(p.Options) {
			//exhaustive:ignore
			switch o.Kind {
			case removal.Needed:
				containers = append(containers, o.Names...)
			case removal.NeverAgain:
				never += len(o.Names)
			case diagnose.NotKnown:
				unknown++
			case diagnose.StoppedElsewhere:
				elsewhere++
			default:
				others++
			}
		}
	}
	slices.Sort(containers)
	containers = slices.Compact(containers)
	names := make([]string, len(p.Targets))
	for i := range p.Targets {
		names[i] = label(p.Targets[i].Network.Name, look.NoTrunc)
	}
	network := listing(names, mostNames)
	switch {
	case unknown > 0:
		return fmt.Sprintf("Refused: it is not known what depends on %s.", network)
	case others > 0:
		return fmt.Sprintf("Refused: %s cannot be removed as things are.", network)
	case len(containers) > 0 && never > 0:
		return fmt.Sprintf("Refused: %s on %s, and %s would not start again.", depend(len(containers)), network, plural(never, "container"))
	case len(containers) > 0:
		return fmt.Sprintf("Refused: %s on %s.", depend(len(containers)), network)
	case never == 0 && elsewhere > 0:
		return fmt.Sprintf("Refused: stopped containers on other nodes may depend on %s.", network)
	}
	return fmt.Sprintf("Refused: %s would not start again, even when detached first.", plural(never, "container"))
}

func depend(count int) string {
	if count == 1 {
		return "1 container depends"
	}
	return fmt.Sprintf("%d containers depend", count)
}

// RefusalAdvice are the commands that would go on, the least destructive first;
// none where the plan can only be refused. The index is what it was made of.
func RefusalAdvice(p *removal.Plan, ix *topology.Index, yes bool, look *Look) []Advice {
	names, ok := networkWords(p, ix)
	if !ok || look.Docker == "" {
		return nil
	}
	command := func(flags ...string) string {
		if yes {
			flags = append(flags, "--yes")
		}
		return strings.Join(slices.Concat([]string{look.Docker, "netkit", "safe-rm"}, flags, names), " ")
	}
	detach := removal.Options{Disconnect: true}
	unseen := removal.Options{AcceptBroken: true}
	broken := removal.Options{Disconnect: true, AcceptBroken: true}
	switch {
	case p.AllowedWith(unseen):
		return []Advice{{command("--accept-broken"), "although containers that cannot be seen may not start again"}}
	case p.AllowedWith(detach):
		return []Advice{{command("--disconnect"), "detach them first, so that each still starts"}}
	case p.AllowedWith(broken):
		return []Advice{{command("--disconnect", "--accept-broken"), "detach them, although some do not start again; undo: docker netkit restore"}}
	}
	var advices []Advice
	for i := range p.Targets {
		for _, o := range p.Targets[i].Objections {
			advices = append(advices, otherAdvice(&o, names, i, look)...)
		}
	}
	return advices
}

// otherAdvice are commands for what no option lifts.
func otherAdvice(o *removal.Objection, names []string, at int, look *Look) []Advice {
	var advices []Advice
	//exhaustive:ignore
	switch o.Kind {
	case diagnose.ServesServices:
		for _, service := range o.Names {
			if word, ok := ShellWord(service); ok && !strings.HasPrefix(service, "-") {
				advices = append(advices, Advice{look.Docker + " service update --network-rm " + names[at] + " " + word, "take the service off it"})
			}
		}
	case diagnose.HasPaused:
		for _, name := range o.Names {
			if word, ok := ShellWord(name); ok && !strings.HasPrefix(name, "-") {
				advices = append(advices, Advice{look.Docker + " unpause " + word, "so that it can be taken off"})
			}
		}
	case diagnose.NotKnown:
		advices = append(advices, Advice{look.Docker + " network inspect " + names[at], "see what the engine says of it"})
	case diagnose.HasStaleNamed:
		for _, name := range o.Names {
			if word, ok := ShellWord(name); ok && name != "" && !strings.HasPrefix(name, "-") {
				advices = append(advices, Advice{look.Docker + " rename " + word + " " + word + "-renamed", "so that the endpoint can be cleared by its name"})
			}
		}
	default:
	}
	return advices
}

// networkWords are the networks of a plan as words of a command: names where
// they can be pasted and mean one network only, else IDs.
func networkWords(p *removal.Plan, ix *topology.Index) (words []string, ok bool) {
	for i := range p.Targets {
		n := &p.Targets[i].Network
		word := reference(n.Name, n.ID, ix.MistakableNetwork(n.Name, n.ID))
		if word == "" {
			return nil, false
		}
		words = append(words, word)
	}
	return words, true
}
