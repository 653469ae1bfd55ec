package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// bit is a part of a word that is drawn in one colour.
type bit struct {
	text string
	with ink
}

// word is what a line is not broken in. One that is empty ends the line.
type word []bit

func (w word) width() int {
	width := 0
	for _, s := range w {
		width += Width(s.text)
	}
	return width
}

func (p *prose) paintWord(w word) string {
	var b strings.Builder
	for _, s := range w {
		b.WriteString(p.look.paint(s.text, s.with))
	}
	return b.String()
}

// foldWords sets words into lines of at most this many columns. A word that is
// wider has a line for itself.
func (p *prose) foldWords(words []word, width int) []string {
	var lines []string
	var now strings.Builder
	used := 0
	end := func() {
		lines = append(lines, now.String())
		now.Reset()
		used = 0
	}
	for _, w := range words {
		wide := w.width()
		switch {
		case len(w) == 0:
			end()
			continue
		case used > 0 && used+1+wide > width:
			end()
		case used > 0:
			now.WriteByte(' ')
			used++
		}
		now.WriteString(p.paintWord(w))
		used += wide
	}
	if used > 0 || len(lines) == 0 {
		end()
	}
	return lines
}

// words are the words of running text, in their colours.
func (p *prose) words(n ast.Node, with ink) []word {
	c := &collector{prose: p, inCell: n.Kind() == kindGridCell}
	c.inline(n, with)
	c.end()
	return c.words
}

// collector makes words of what stands in a line.
type collector struct {
	*prose
	inCell bool
	words  []word
	now    word
}

// end ends the word that is being made.
func (c *collector) end() {
	if len(c.now) > 0 {
		c.words, c.now = append(c.words, c.now), nil
	}
}

// add adds text, of which blanks end words.
func (c *collector) add(text string, with ink) {
	for text != "" {
		at := strings.IndexFunc(text, breakable)
		if at < 0 {
			c.now = append(c.now, bit{text, with})
			return
		}
		if at > 0 {
			c.now = append(c.now, bit{text[:at], with})
		}
		c.end()
		_, size := utf8.DecodeRuneInString(text[at:])
		text = text[at+size:]
	}
}

// breakable are the blanks at which lines are broken. Not so the no-break space.
func breakable(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }

func (c *collector) inline(parent ast.Node, with ink) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			c.text(n, with)
		case *ast.String:
			c.add(c.ascii(spelledOut(string(n.Value))), with)
		case *ast.CodeSpan:
			c.codeSpan(n)
		case *ast.Emphasis:
			// Emphasis is for what programs say and for terms, which must show.
			quoted := n.Level == 1 && !c.look.Colour
			if quoted {
				c.add(`"`, with)
			}
			c.inline(n, inkGroup)
			if quoted {
				c.add(`"`, with)
			}
		case *ast.AutoLink:
			c.add(c.ascii(spelledOut(string(n.URL(c.source)))), inkAddress)
		case *ast.Link:
			c.link(n, with)
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				at := n.Segments.At(i)
				c.add(c.ascii(spelledOut(string(at.Value(c.source)))), with)
			}
		default:
			c.inline(n, with)
		}
	}
}

func (c *collector) text(n *ast.Text, with ink) {
	value := n.Segment.Value(c.source)
	if !n.IsRaw() {
		value = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
	}
	c.add(c.ascii(spelledOut(string(value))), with)
	switch {
	case n.HardLineBreak():
		c.end()
		c.words = append(c.words, nil)
	case n.SoftLineBreak():
		c.end()
	}
}

// codeSpan keeps a command whole, so that it can be pasted. Without colour, quotes
// tell where code of several words begins and ends.
func (c *collector) codeSpan(n *ast.CodeSpan) {
	var b strings.Builder
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		if t, ok := child.(*ast.Text); ok {
			b.Write(t.Segment.Value(c.source))
		}
	}
	code := strings.ReplaceAll(b.String(), "\n", " ")
	if c.inCell {
		code = strings.ReplaceAll(code, `\|`, "|") // code has no other way to hold a bar
	}
	code = c.ascii(spelledOut(code))
	whole := strings.HasPrefix(code, "docker ") || strings.HasPrefix(code, "-") && Width(code) <= NameWidth
	if strings.Contains(code, " ") && !c.look.Colour {
		code = `"` + code + `"`
	}
	if whole {
		c.now = append(c.now, bit{code, inkAddress})
		return
	}
	c.add(code, inkAddress)
}

// link shows where a link leads, if its text does not.
func (c *collector) link(n *ast.Link, with ink) {
	before := len(c.words)
	c.inline(n, with)
	target := c.ascii(spelledOut(string(n.Destination)))
	if len(c.words) == before && len(c.now) > 0 && c.now[len(c.now)-1].text == target {
		return
	}
	c.end()
	c.add("("+target+")", inkFaint)
}

// spelledOut replaces characters that leave no mark, or act on terminals, by how
// Go writes them. Blanks stay.
func spelledOut(text string) string {
	if strings.IndexFunc(text, hidden) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case !hidden(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func hidden(r rune) bool {
	const noBreakSpace = '\u00a0'
	return !breakable(r) && r != noBreakSpace && (r == unicode.ReplacementChar || !visible(r))
}

// PaintedWidth is how many columns a line takes that was coloured here.
func PaintedWidth(line string) int {
	const begin, end = "\x1b[", 'm'
	width := 0
	for {
		at := strings.Index(line, begin)
		if at < 0 {
			return width + Width(line)
		}
		width += Width(line[:at])
		rest := strings.IndexByte(line[at:], end)
		if rest < 0 {
			return width
		}
		line = line[at+rest+1:]
	}
}
