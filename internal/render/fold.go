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
	for _, word := range unbroken(bare) {
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

// unbroken are the parts of a line that stay whole: its words, and commands in
// quotes, which people paste.
func unbroken(line string) []string {
	const command = `"docker `
	var parts []string
	for {
		at := strings.Index(line, command)
		if at < 0 {
			return append(parts, strings.Fields(line)...)
		}
		length := strings.Index(line[at+1:], `"`) + len(`""`)
		if length < len(command) {
			return append(parts, strings.Fields(line)...)
		}
		// What stands against the quotes belongs to them.
		begin := strings.LastIndex(line[:at], " ") + 1
		end := at + length
		if rest := strings.IndexByte(line[end:], ' '); rest >= 0 {
			end += rest
		} else {
			end = len(line)
		}
		parts = append(append(parts, strings.Fields(line[:begin])...), line[begin:end])
		line = line[end:]
	}
}
