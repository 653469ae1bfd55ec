package render

import (
	"bufio"
	"io"
	"strings"
)

// piece is a stretch of text of one colour.
type piece struct {
	text string
	ink  ink
}

// branch is one entry of a tree: columns, aligned with those of its siblings,
// then facts, then the entries below it.
type branch struct {
	columns []piece
	facts   []piece
	// flow has the facts begin on the line of the columns, however long they are.
	flow bool
	// commands are to be pasted, so each has a line of its own and is never folded.
	commands []string
	children []*branch
}

// treeWriter draws branches within a width.
type treeWriter struct {
	out  *bufio.Writer
	look *Look
	draw *strokes
}

func newTreeWriter(w io.Writer, look *Look) *treeWriter {
	return &treeWriter{out: bufio.NewWriter(w), look: look, draw: look.strokes()}
}

// gap parts two columns or facts.
const gap = "  "

// siblings draws branches at one level. A prefix is what stands before the
// first and before every further line of each; top-level entries have none.
func (t *treeWriter) siblings(branches []*branch, prefix string, guides bool) {
	widths := columnWidths(branches)
	for i, b := range branches {
		first, rest := prefix, prefix
		if guides {
			first, rest = prefix+t.draw.branch, prefix+t.draw.through
			if i == len(branches)-1 {
				first, rest = prefix+t.draw.last, prefix+t.draw.blank
			}
		}
		below := rest
		if len(b.children) > 0 {
			below += t.draw.through
		}
		t.entry(b, widths, first, below)
		t.siblings(b.children, rest, true)
	}
}

// maxColumn keeps one long name from pushing its siblings' columns away.
const maxColumn = 30

func columnWidths(branches []*branch) []int {
	var widths []int
	for _, b := range branches {
		for i, column := range b.columns {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if width := Width(column.text); width <= maxColumn {
				widths[i] = max(widths[i], width)
			}
		}
	}
	return widths
}

// entry draws one branch, folded where it is wider than the look allows.
func (t *treeWriter) entry(b *branch, widths []int, first, rest string) {
	line := folder{t: t, rest: rest, indent: "  "}
	line.start(first)
	padding := 0
	for i, column := range b.columns {
		if column.text != "" {
			line.add(column, padding)
			padding = 0
		}
		padding += widths[i] - min(widths[i], Width(column.text))
		if column.text == "" && i > 0 && widths[i] > 0 {
			padding += len(gap)
		}
	}
	line.flow = b.flow
	if at := line.used + padding + len(gap); b.flow && hangs(b.facts, at, t.look.Width) {
		line.indent = strings.Repeat(" ", at-Width(rest))
	}
	for _, fact := range b.facts {
		line.add(fact, padding)
		padding = 0
	}
	for _, command := range b.commands {
		line.newLine()
		line.put("", piece{command, inkFaint})
	}
	line.end()
}

// hangs tells that facts which begin at a column can go on below it: there is room
// for each of their words, and no less than there is to the left.
func hangs(facts []piece, at, width int) bool {
	if at > width/2 {
		return false
	}
	for _, fact := range facts {
		for _, word := range unbroken(fact.text) {
			if at+Width(word) > width {
				return false
			}
		}
	}
	return true
}

// folder writes pieces one after the other, going to a new line when the next
// one does not fit.
type folder struct {
	t      *treeWriter
	rest   string
	indent string
	used   int
	fresh  bool // nothing but the prefix stands on this line
	flow   bool // a piece that does not fit begins on this line all the same
}

func (f *folder) start(prefix string) {
	f.t.out.WriteString(f.t.look.paint(prefix, inkFaint))
	f.used, f.fresh = Width(prefix), true
}

func (f *folder) newLine() {
	f.t.out.WriteByte('\n')
	f.start(f.rest + f.indent)
}

func (f *folder) add(p piece, padding int) {
	width := f.t.look.Width
	before := ""
	if !f.fresh {
		before = strings.Repeat(" ", padding) + gap
	}
	if width > 0 && !f.fresh && f.used+len(before)+Width(p.text) > width {
		if head, rest, more := strings.Cut(p.text, " "); f.flow && more && f.used+len(before)+Width(head) <= width {
			f.put(before, piece{head, p.ink})
			f.wrap(piece{rest, p.ink})
			return
		}
		f.newLine()
		before = ""
	}
	if width > 0 && f.used+Width(p.text) > width {
		f.wrap(p)
		return
	}
	f.put(before, p)
}

func (f *folder) put(before string, p piece) {
	f.t.out.WriteString(before)
	f.t.out.WriteString(f.t.look.paint(p.text, p.ink))
	f.used += len(before) + Width(p.text)
	f.fresh = false
}

// wrap writes a text that is wider than a whole line, broken at spaces, or
// anywhere where a word alone is too wide. A command is never broken.
func (f *folder) wrap(p piece) {
	for _, word := range unbroken(p.text) {
		space := " "
		if f.fresh {
			space = ""
		}
		if !f.fresh && f.used+len(space)+Width(word) > f.t.look.Width {
			f.newLine()
			space = ""
		}
		isCommand := strings.Contains(word, " ")
		for !isCommand && f.used+Width(word) > f.t.look.Width && f.t.look.Width-f.used > 4 {
			head := terminal.Truncate(word, f.t.look.Width-f.used, "")
			if head == "" || head == word {
				break
			}
			f.put(space, piece{head, p.ink})
			word = word[len(head):]
			f.newLine()
			space = ""
		}
		f.put(space, piece{word, p.ink})
	}
}

// sentence writes pieces as words of one sentence, folded like a branch.
func (t *treeWriter) sentence(pieces ...piece) {
	line := folder{t: t, indent: "  "}
	line.start("")
	for _, p := range pieces {
		space := " "
		if line.fresh {
			space = ""
		}
		if width := t.look.Width; width > 0 && line.used+len(space)+Width(p.text) > width {
			line.wrap(p)
			continue
		}
		line.put(space, p)
	}
	line.end()
}

func (f *folder) end() { f.t.out.WriteByte('\n') }
