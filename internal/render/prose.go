package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

const (
	// proseWidth is the widest that running text is set, in columns: longer
	// lines are hard to follow. Tables may be wider.
	proseWidth = 92
	// proseDefault is the width where there is no terminal to ask for its own.
	proseDefault = 80
	// proseIndent is how far the text stands in under its headings, which makes
	// these show without colour, too.
	proseIndent = 2
)

// Prose draws Markdown as text for a terminal: paragraphs, lists and table cells
// folded to the look's width, code and drawings as they stand. Characters that
// act on terminals are spelled out, wherever they come from.
func Prose(w io.Writer, markdown string, look *Look) error {
	p := &prose{look: look, source: []byte(markdown), width: look.Width}
	if p.width <= 0 {
		p.width = proseDefault
	}
	// Made for each text and not once for all: what is never used costs no start.
	p.blocks(newParser().Parse(text.NewReader(p.source)), proseIndent)
	_, err := io.WriteString(w, p.out.String())
	return err
}

// prose is a text that is being drawn.
type prose struct {
	look   *Look
	source []byte
	width  int
	out    strings.Builder
}

// line writes one line, without blanks at its end.
func (p *prose) line(s string) {
	p.out.WriteString(strings.TrimRight(s, " "))
	p.out.WriteByte('\n')
}

// blocks draws what a block holds, with an empty line between any two.
func (p *prose) blocks(parent ast.Node, indent int) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if n.PreviousSibling() != nil {
			p.line("")
		}
		p.block(n, indent)
	}
}

func (p *prose) block(n ast.Node, indent int) {
	switch n := n.(type) {
	case *ast.Heading:
		p.heading(n, indent)
	case *ast.List:
		p.list(n, indent)
	case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock:
		p.code(n, indent)
	case *ast.Blockquote:
		p.quote(n, indent)
	case *ast.ThematicBreak:
		p.line(margin(indent) + strings.Repeat(p.ascii("─"), min(p.width, proseWidth)-indent))
	case *grid:
		p.table(n, indent)
	default: // paragraphs, and the text blocks of tight lists
		p.paragraph(n, margin(indent), margin(indent))
	}
}

// paragraph draws running text; first stands before its first line, and rest
// before the others.
func (p *prose) paragraph(n ast.Node, first, rest string) {
	for i, line := range p.foldWords(p.words(n, inkPlain), min(p.width, proseWidth)-Width(first)) {
		if i > 0 {
			first = rest
		}
		p.line(first + line)
	}
}

// heading draws titles and chapters at the margin, and what is below them with
// the text.
func (p *prose) heading(n *ast.Heading, indent int) {
	const chapter = 2
	with := inkGroup
	if n.Level == 1 {
		with = inkNetwork
	}
	if n.Level <= chapter {
		indent -= proseIndent
	}
	before := margin(indent)
	lines := p.foldWords(p.words(n, with), p.width-indent)
	widest := 0
	for _, line := range p.foldWords(unpainted(p.words(n, with)), p.width-indent) {
		widest = max(widest, Width(line))
	}
	for _, line := range lines {
		p.line(before + line)
	}
	if n.Level == 1 {
		p.line(before + p.look.paint(strings.Repeat(p.ascii("─"), widest), inkFaint))
	}
}

func (p *prose) list(list *ast.List, indent int) {
	number := list.Start
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		if item.PreviousSibling() != nil && !list.IsTight {
			p.line("")
		}
		mark := p.ascii("•") + " "
		if list.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		inner := indent + Width(mark)
		for n := item.FirstChild(); n != nil; n = n.NextSibling() {
			_, nested := n.(*ast.List)
			switch {
			case n.PreviousSibling() == nil && running(n):
				p.paragraph(n, margin(indent)+mark, margin(inner))
				continue
			case n.PreviousSibling() == nil:
				p.line(margin(indent) + mark)
			case !list.IsTight || !nested:
				p.line("")
			}
			p.block(n, inner)
		}
	}
}

// running tells that a block is running text.
func running(n ast.Node) bool {
	return n.Kind() == ast.KindParagraph || n.Kind() == ast.KindTextBlock
}

// code draws lines as they stand: what is pasted or drawn is not folded.
func (p *prose) code(n ast.Node, indent int) {
	const further = 2
	before := margin(indent + further)
	lines := n.Lines()
	for i := range lines.Len() {
		at := lines.At(i)
		line := p.drawing(strings.TrimRight(string(at.Value(p.source)), "\r\n"))
		with := inkAddress
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			with = inkFaint
		}
		p.line(before + p.look.paint(line, with))
	}
}

func (p *prose) quote(n ast.Node, indent int) {
	inner := &prose{look: p.look, source: p.source, width: p.width - proseIndent}
	inner.blocks(n, 0)
	bar := p.look.paint(p.ascii("│"), inkFaint) + " "
	for line := range strings.Lines(inner.out.String()) {
		p.line(margin(indent) + bar + strings.TrimRight(line, "\n"))
	}
}

// margin is a margin of so many columns.
func margin(n int) string { return strings.Repeat(" ", max(0, n)) }
