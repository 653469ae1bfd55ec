package explain

import "strings"

// blocks makes Markdown of what a template said: each line is a block, apart from
// those of code, and blanks are as Markdown wants them.
func blocks(said string) string {
	var b strings.Builder
	before, fence := "", ""
	for line := range strings.Lines(said) {
		line = strings.TrimRight(line, "\n")
		if fence != "" {
			b.WriteString(line + "\n")
			if line == fence {
				fence = ""
			}
			continue
		}
		line = tidy(line)
		if line == "" {
			continue
		}
		kind := kindOfLine(line)
		if before != "" && (kind != before || kind != "item" && kind != "table") {
			b.WriteByte('\n')
		}
		if kind == "code" {
			fence = strings.TrimSuffix(line, "console")
		}
		before = kind
		if rest, nested := strings.CutPrefix(line, "-- "); nested {
			line = "  - " + rest
		}
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.String()
}

// kindOfLine tells which lines go together.
func kindOfLine(line string) string {
	switch {
	case strings.HasPrefix(line, "#"):
		return "heading"
	case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "-- "):
		return "item"
	case strings.HasPrefix(line, "|"):
		return "table"
	case strings.HasPrefix(line, "```") && !strings.Contains(strings.TrimLeft(line, "`"), "`"): // else it is a span
		return "code"
	}
	return "text"
}

// tidy leaves one blank between words, and none before a point, outside of spans
// of code.
func tidy(line string) string {
	var b strings.Builder
	line = strings.TrimSpace(line)
	for line != "" {
		at := strings.IndexByte(line, '`')
		if at < 0 {
			at = len(line)
		}
		b.WriteString(blanks(line[:at]))
		line = line[at:]
		if line == "" {
			break
		}
		ticks := len(line) - len(strings.TrimLeft(line, "`"))
		end := closing(line[ticks:], ticks)
		b.WriteString(line[:ticks+end])
		line = line[ticks+end:]
	}
	return b.String()
}

// closing is behind the run of just so many backticks, or the end.
func closing(text string, ticks int) int {
	for at := 0; at < len(text); {
		if text[at] != '`' {
			at++
			continue
		}
		run := len(text[at:]) - len(strings.TrimLeft(text[at:], "`"))
		at += run
		if run == ticks {
			return at
		}
	}
	return len(text)
}

// blanks joins runs of blanks, and takes those before a point away.
func blanks(text string) string {
	var b strings.Builder
	blank := false
	for _, r := range text {
		switch {
		case r == ' ' || r == '\t':
			blank = true
			continue
		case blank && !strings.ContainsRune(".,;:)", r):
			b.WriteByte(' ')
		}
		blank = false
		b.WriteRune(r)
	}
	if blank {
		b.WriteByte(' ')
	}
	return b.String()
}
