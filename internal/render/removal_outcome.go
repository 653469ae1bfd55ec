package render

import (
	"fmt"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/removal"
)

// OutcomeLines says what became of a plan: what was done beside the removals
// themselves, what was not, and how to undo it.
func OutcomeLines(r *removal.Result, look *Look) []string {
	var lines []string
	for i := range r.Outcomes {
		lines = append(lines, outcomeLines(&r.Outcomes[i], look)...)
	}
	if undo := UndoCommand(r.Outcomes, look); undo != "" {
		lines = append(lines, "Undo: "+undo)
	}
	return lines
}

func outcomeLines(out *removal.Outcome, look *Look) []string {
	name := label(out.Network.Name, look.NoTrunc)
	var lines []string
	say := func(format string, args ...any) {
		lines = append(lines, look.Fold(fmt.Sprintf(format, args...))...)
	}
	switch out.State {
	case removal.Removed:
	case removal.Kept:
		say("%s is not removed: %s", name, foreignText(out.Error))
	case removal.Unclear:
		say("%s: it is not known whether it is removed: %s", name, foreignText(out.Error))
	case removal.Untried:
		if out.Error != "" {
			say("%s is not removed: %s", name, foreignText(out.Error))
			break
		}
		say("%s is not removed: something failed before its turn came", name)
	}
	if out.State == removal.Removed && len(out.Detached) > 0 {
		say("Detached from %s: %s", name, strings.Join(labels(out.Detached, look), ", "))
	}
	if len(out.Cleared) > 0 {
		say("Cleared on %s: the endpoints %s", name, strings.Join(labels(out.Cleared, look), ", "))
	}
	for _, a := range out.Reattached {
		lines = append(lines, look.Fold(attachedLine(&a, name, look))...)
	}
	if len(out.Broken) > 0 {
		say("! %s came to want %s in the last moment, and will not start now", strings.Join(labels(out.Broken, look), ", "), name)
	}
	if out.State != removal.Removed && out.Entry != "" {
		lines = append(lines, goOnLine("When the engine is well again", out.Entry, look))
	}
	return lines
}

// attachedLine says how connecting a container again went.
func attachedLine(a *removal.Attached, network string, look *Look) string {
	name := label(a.Name, look.NoTrunc)
	switch {
	case a.Error != "":
		return fmt.Sprintf("! %s is not on %s again: %s", name, network, foreignText(a.Error))
	case len(a.Lacks) > 0:
		return fmt.Sprintf("%s is on %s again, without %s", name, network, foreignText(strings.Join(a.Lacks, ", ")))
	case a.Kept:
		return fmt.Sprintf("%s is on %s again, as it was; the engine keeps its address for it from now on", name, network)
	}
	return fmt.Sprintf("%s is on %s again, as it was", name, network)
}

// UndoCommand brings back what was removed; empty where nothing was.
func UndoCommand(outcomes []removal.Outcome, look *Look) string {
	named := map[string]int{}
	for i := range outcomes {
		named[outcomes[i].Network.Name]++
	}
	var words []string
	for i := range outcomes {
		out := &outcomes[i]
		if out.State == removal.Removed && out.Entry != "" {
			name := out.Network.Name
			words = append(words, reference(name, out.Entry, named[name] > 1 || likeID(name)))
		}
	}
	const most = 8
	switch {
	case len(words) == 0 || look.Docker == "":
		return ""
	case len(words) > most:
		return fmt.Sprintf("%s netkit restore lists all %d; each comes back by its name", look.Docker, len(words))
	}
	return look.Docker + " netkit restore " + strings.Join(words, " ")
}

// goOnLine tells how to go on with an entry. Where no command can be pasted, the
// entry is all there is to say.
func goOnLine(when, entry string, look *Look) string {
	if look.Docker == "" {
		return when + ": restore the entry " + entry
	}
	return when + ": " + look.Docker + " netkit restore " + entry
}

// likeID tells that a name may be taken for the ID of an entry, or the beginning
// of one.
func likeID(name string) bool {
	const least = 4 // of an ID's beginning, for restore
	return len(name) >= least && strings.Trim(name, "0123456789abcdef") == ""
}

// PassedLines says which chosen networks were passed over, and why.
func PassedLines(passed []removal.PassedOver, look *Look) []string {
	var lines []string
	for i := range passed {
		lines = append(lines, look.Fold(fmt.Sprintf("%s is passed over: %s", label(passed[i].Network.Name, look.NoTrunc), passed[i].Change))...)
	}
	return lines
}
