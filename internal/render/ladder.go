package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/reach"
)

// Ladder says whether one reaches the other, rung by rung, and why not.
func Ladder(w io.Writer, l *reach.Ladder, look *Look) error {
	t := newTreeWriter(w, look)
	t.ladder(l)
	return t.out.Flush()
}

func (t *treeWriter) ladder(l *reach.Ladder) {
	head := label(l.From.Name, t.look.NoTrunc) + " " + t.draw.arrow + " " + label(l.Target.Text, t.look.NoTrunc)
	words, ink := verdictWords(l)
	line := folder{t: t, indent: "  "}
	line.start("")
	line.add(piece{head, inkGroup}, 0)
	line.add(piece{words, ink}, 1)
	line.end()
	line = folder{t: t, rest: "  "}
	line.start("  ")
	shown := false
	for i := range l.Rungs {
		r := &l.Rungs[i]
		words := rungWords(l, r)
		if words == "" {
			continue
		}
		mark, ink := t.rungMark(r)
		padding := 1
		if !shown {
			padding = 0
		}
		line.add(piece{mark + " " + words, ink}, padding)
		shown = true
	}
	line.end()
	for _, words := range explanation(l, t.look) {
		t.below(words)
	}
	commands := fixCommands(l, t.look)
	if len(commands) > 0 {
		t.below("this would help:")
	}
	for _, command := range commands {
		t.out.WriteString("  " + t.look.paint(command, inkFaint) + "\n")
	}
}

// below writes a sentence under the rungs.
func (t *treeWriter) below(words string) {
	for _, line := range t.look.Fold("  " + words) {
		t.out.WriteString(line + "\n")
	}
}

func verdictWords(l *reach.Ladder) (string, ink) {
	foreseen := ""
	if !l.Measured {
		foreseen = "foreseen: "
	}
	switch l.Verdict {
	case reach.Reached:
		return foreseen + "reached", inkUp
	case reach.NotTested:
		if l.Failure != "" {
			return "NOT TESTED", inkWarning
		}
		if foreseen != "" {
			return foreseen + "not known", inkWarning
		}
		if l.Changed != "" {
			return "NOT TESTED: " + label(l.ChangedOne.Name, false) + " did not stay as it was", inkWarning
		}
		return "NOT TESTED" + untestedWords(l), inkWarning
	case reach.NotReached:
	}
	if foreseen != "" {
		return foreseen + "not reached", inkTrouble
	}
	failed := l.FailedAt()
	if failed == nil {
		return "FAILED: there is no path", inkTrouble
	}
	if n := portsTried(l); failed.Layer == reach.TCP && n > 1 {
		return fmt.Sprintf("FAILED at TCP: none of %d ports answers", n), inkTrouble
	}
	return "FAILED at " + layerName(failed) + ": " + failureWords(l, failed), inkTrouble
}

// portsTried is how many ports were tested that nobody asked for: one of them would
// have been enough.
func portsTried(l *reach.Ladder) int {
	if len(l.Target.Ports) > 0 {
		return 0
	}
	tried := map[reach.Port]bool{}
	for i := range l.Rungs {
		if r := &l.Rungs[i]; r.Layer == reach.TCP && r.Decides {
			tried[r.Port] = true
		}
	}
	return len(tried)
}

// untestedWords says why nothing is known.
func untestedWords(l *reach.Ladder) string {
	for i := range l.Rungs {
		if r := &l.Rungs[i]; r.State == reach.Untested {
			if r.Failure != "" {
				return " at " + layerName(r)
			}
			return ": " + layerName(r) + " gave no answer"
		}
	}
	return ": there is nothing to test; name a port with --port"
}

func (t *treeWriter) rungMark(r *reach.Rung) (string, ink) {
	passed, failed, unsure := "✓", "✗", "?"
	if t.look.ASCII {
		passed, failed = "ok", "FAIL"
	}
	switch r.State {
	case reach.Passed:
		return passed, inkUp
	case reach.Failed:
		if r.Decides {
			return failed, inkTrouble
		}
		return failed, inkWarning
	case reach.Untested:
		return unsure, inkWarning
	case reach.Skipped:
	}
	switch string(r.Foreseen) {
	case "yes":
		return passed, inkUp
	case "no":
		return failed, inkTrouble
	}
	return unsure, inkFaint
}

// explanation are the sentences under the rungs: why it is foreseen not to work,
// what was found, what could not be tested.
func explanation(l *reach.Ladder, look *Look) []string {
	var lines []string
	if l.Failure != "" {
		lines = append(lines, "could not be tested: "+foreignText(l.Failure))
	}
	if l.Verdict != reach.Reached || l.Target.Kind == reach.OfHost {
		lines = append(lines, reasonLines(l, look)...)
	}
	if words := apartToo(l, look); words != "" {
		lines = append(lines, words)
	}
	for i := range l.Findings {
		if l.Findings[i].Kind == reach.Lossy || outdone(l, &l.Findings[i]) {
			continue // its rung tells, or another finding
		}
		if words := findingWords(l, &l.Findings[i], look); words != "" {
			lines = append(lines, words)
		}
	}
	if words := onlyICMP(l, look); words != "" {
		lines = append(lines, words)
	}
	for i := range l.Rungs {
		if r := &l.Rungs[i]; r.Failure != "" && l.Failure == "" {
			lines = append(lines, layerName(r)+" could not be tested: "+foreignText(r.Failure))
		}
	}
	return unique(lines)
}

// outdone tells that a finding is only that nothing came back, where another says why.
func outdone(l *reach.Ladder, f *reach.Finding) bool {
	return f.Kind == reach.FirewallDrops && f.Layer == reach.ICMP && slices.ContainsFunc(l.Findings, func(other reach.Finding) bool {
		return other.Kind == reach.NoWay && other.Address == f.Address
	})
}

// onlyICMP says that no program of the target was tested, where that was for want of a
// port.
func onlyICMP(l *reach.Ladder, look *Look) string {
	if !l.Measured || l.Verdict != reach.Reached || l.Target.Container == nil || l.Listening == nil || l.Rung(reach.TCP) != nil || l.Rung(reach.UDP) != nil {
		return ""
	}
	loopback := slices.ContainsFunc(l.Findings, func(f reach.Finding) bool { return f.Kind == reach.LoopbackOnly })
	if loopback || l.Foreseen.Path == diagnose.SameNamespace {
		return ""
	}
	target := containerName(l.Target.Container, look)
	return "no TCP port of " + target + " was tested: it exposes none, and listens on none for others"
}

func unique(lines []string) []string {
	var kept []string
	seen := map[string]bool{}
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" && !seen[line] {
			seen[line] = true
			kept = append(kept, line)
		}
	}
	return kept
}
