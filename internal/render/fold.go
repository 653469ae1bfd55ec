package render

import "strings"

// Fold breaks a line between words where it is wider than the look allows. What
// follows is indented further than the line itself. A word is never broken: a
// terminal shows one that is wider as well as any break would. What is to be
// pasted is not for this: a shell takes a break for an end.
func (l *Look) Fold(line string) []string {
	if l.Width <= 0 || Width(line) <= l.Width {
		return []string{line}
	}
	bare := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(bare)]
	var lines []string
	now := ""
	for word := range strings.FieldsSeq(bare) {
		switch {
		case now == "":
			now = indent + word
		case Width(now)+1+Width(word) <= l.Width:
			now += " " + word
		default:
			lines = append(lines, now)
			now = indent + "  " + word
		}
	}
	return append(lines, now)
}
