package main

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
)

// The size of a cell of the terminal, in the picture's units.
const (
	cellWidth  = 8
	cellHeight = 18
	baseline   = 13
	border     = 16
)

// style holds the classes that spans and lines of the picture may have: the
// colours of a terminal, in a light and a dark theme.
const style = `
    .screen { fill: #ffffff; stroke: #d0d7de; }
    text { font: 13.3px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; fill: #1f2328; }
    path { stroke: #8c959f; fill: none; }
    .bold { font-weight: bold; } .faint { fill: #59636e; }
    .c1 { fill: #c5221f; } .c2 { fill: #137333; } .c3 { fill: #8a5300; } .c4 { fill: #0b57d0; } .c5 { fill: #8250df; } .c6 { fill: #0b7285; }
    @media (prefers-color-scheme: dark) {
      .screen { fill: #161b22; stroke: #30363d; }
      text { fill: #e6edf3; }
      path { stroke: #6e7681; }
      .faint { fill: #9198a1; }
      .c1 { fill: #ff7b72; } .c2 { fill: #56d364; } .c3 { fill: #e3b341; } .c4 { fill: #79c0ff; } .c5 { fill: #d2a8ff; } .c6 { fill: #76e3ea; }
    }
`

// strokes are the characters of trees, as lines within a cell. As characters
// they would leave gaps between the rows in most fonts.
var strokes = map[rune]string{
	'│': "v18",
	'├': "v18m0-9h4",
	'└': "v9h4",
	'─': "m-4 9h8",
}

// svg draws what a terminal shows as a picture that fits light and dark pages.
func svg(screen, title string) string {
	lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	var body strings.Builder
	widest := 0
	var pen pen
	for row, line := range lines {
		widest = max(widest, pen.line(&body, row, line))
	}
	width, height := widest*cellWidth+2*border, len(lines)*cellHeight+2*border
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s">`+"\n",
		width, height, width, height, html.EscapeString("Output of "+title))
	fmt.Fprintf(&b, "  <style>%s  </style>\n", style)
	fmt.Fprintf(&b, `  <rect class="screen" x="0.5" y="0.5" width="%d" height="%d" rx="8"/>`+"\n", width-1, height-1)
	b.WriteString(body.String())
	b.WriteString("</svg>\n")
	return b.String()
}

// pen is how the terminal writes at the moment.
type pen struct {
	bold, faint bool
	colour      int
}

func (p *pen) class() string {
	var classes []string
	if p.bold {
		classes = append(classes, "bold")
	}
	if p.faint {
		classes = append(classes, "faint")
	}
	if p.colour > 0 {
		classes = append(classes, "c"+strconv.Itoa(p.colour))
	}
	return strings.Join(classes, " ")
}

// line draws one line and tells how many columns it has.
func (p *pen) line(b *strings.Builder, row int, line string) int {
	column, start := 0, 0
	var word, paths strings.Builder
	top := border + row*cellHeight
	flush := func() {
		// Runs of blanks end a span, so that every word stands in its column
		// whatever the font's width.
		if text := strings.TrimRight(word.String(), " "); text != "" {
			class := p.class()
			if class != "" {
				class = ` class="` + class + `"`
			}
			fmt.Fprintf(b, `  <text%s x="%d" y="%d" textLength="%d">%s</text>`+"\n",
				class, border+start*cellWidth, top+baseline, runewidth.StringWidth(text)*cellWidth, html.EscapeString(text))
		}
		word.Reset()
	}
	for len(line) > 0 {
		if rest, ok := strings.CutPrefix(line, "\x1b["); ok {
			flush()
			codes, after, _ := strings.Cut(rest, "m")
			p.set(codes)
			line = after
			continue
		}
		char := []rune(line)[0]
		line = line[len(string(char)):]
		stroke, isStroke := strokes[char]
		gap := char == ' ' && (word.Len() == 0 || strings.HasPrefix(line, " "))
		if isStroke || gap {
			flush()
		} else {
			if word.Len() == 0 {
				start = column
			}
			word.WriteRune(char)
		}
		if isStroke {
			fmt.Fprintf(&paths, "M%d %d%s", border+column*cellWidth+cellWidth/2, top, stroke)
		}
		column += runewidth.RuneWidth(char)
	}
	flush()
	if paths.Len() > 0 {
		fmt.Fprintf(b, `  <path d="%s"/>`+"\n", paths.String())
	}
	return column
}

// set heeds the codes of "select graphic rendition" that the plugin uses.
func (p *pen) set(codes string) {
	for code := range strings.SplitSeq(codes, ";") {
		switch n, _ := strconv.Atoi(code); {
		case n == 0:
			*p = pen{}
		case n == 1:
			p.bold = true
		case n == 2:
			p.faint = true
		case n == 22:
			p.bold, p.faint = false, false
		case n >= 30 && n <= 37:
			p.colour = n - 30
		case n >= 90 && n <= 97:
			p.colour = n - 90
		case n == 39:
			p.colour = 0
		}
	}
}
