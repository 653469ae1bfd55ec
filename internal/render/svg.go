package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/drawing"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// SVGOptions are how a drawing is written as SVG.
type SVGOptions struct {
	Theme Theme
	// Bare leaves the style out, for a page that has it already.
	Bare bool
}

// SVG draws the selection. The text needs nothing else: no script, no font, no
// request. Each object is a group of its own, at coordinates of its own, so that a page
// can find it by its key and move it.
func SVG(w io.Writer, ix *topology.Index, sel *topology.Selection, look *Look, options SVGOptions) error {
	d := Drawing(ix, sel, look)
	s := &svgWriter{out: bufio.NewWriter(w), d: d, signPaths: map[drawing.Sign]string{}}
	s.printf(`<svg xmlns="http://www.w3.org/2000/svg" class="netkit" width="%d" height="%d" viewBox="0 0 %d %d" role="graphics-document document" aria-labelledby="netkit-title" aria-describedby="netkit-desc">`+"\n",
		d.W, d.H, d.W, d.H)
	s.printf("<title id=\"netkit-title\">%s</title>\n<desc id=\"netkit-desc\">%s</desc>\n", svgText(d.Title), svgText(d.Summary))
	if !options.Bare {
		s.printf("<style>%s</style>\n", SVGStyle(options.Theme))
	}
	s.printf("<rect class=\"canvas\" width=\"%d\" height=\"%d\"/>\n", d.W, d.H)
	s.frames()
	s.rails()
	s.edges()
	s.joins()
	s.cards()
	s.legend()
	s.printf("</svg>\n")
	return s.out.Flush()
}

type svgWriter struct {
	out *bufio.Writer
	d   *drawing.Drawing
	// x and y are the origin of the object that is being written.
	x, y      int
	signPaths map[drawing.Sign]string
}

func (s *svgWriter) printf(format string, args ...any) { fmt.Fprintf(s.out, format, args...) }

// open begins an object at its own origin.
func (s *svgWriter) open(class, key string, x, y int, summary string, attributes ...string) {
	s.x, s.y = x, y
	s.printf(`<g class="%s" data-key="%s" transform="translate(%d %d)"`, class, key, x, y)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			s.printf(` %s="%s"`, attributes[i], svgText(attributes[i+1]))
		}
	}
	if summary != "" {
		s.printf(` role="graphics-symbol img"><title>%s</title>`, svgText(summary))
	} else {
		s.printf(">")
	}
}

func (s *svgWriter) close() {
	s.printf("</g>\n")
	s.x, s.y = 0, 0
}

func (s *svgWriter) frames() {
	for i := range s.d.Boxes {
		b := &s.d.Boxes[i]
		switch b.Kind { //nolint:exhaustive // the others are written elsewhere
		case drawing.GroupBox:
			s.open("project", b.Key, b.Rect.X, b.Rect.Y, "project "+b.Summary, "data-name", b.Summary)
		case drawing.ModeBox:
			s.open("mode", b.Key, b.Rect.X, b.Rect.Y, b.Summary, "data-name", b.Texts[0].Text)
		default:
			continue
		}
		s.rect("frame", b.Rect, drawing.FrameRadius)
		s.texts(b.Texts)
		s.close()
	}
}

func (s *svgWriter) cards() {
	held := map[string][]*drawing.Box{}
	for i := range s.d.Boxes {
		if b := &s.d.Boxes[i]; b.Kind == drawing.SharerBox {
			held[b.Parent] = append(held[b.Parent], b)
		}
	}
	for i := range s.d.Boxes {
		b := &s.d.Boxes[i]
		if b.Kind != drawing.CardBox {
			continue
		}
		s.openCard(b, "container", b.Rect.X, b.Rect.Y)
		s.card(b)
		for _, inner := range held[b.Key] {
			x, y := s.x, s.y
			s.printf("\n")
			s.openCard(inner, "container sharer", inner.Rect.X-x, inner.Rect.Y-y, "data-owner", b.Key)
			s.x, s.y = inner.Rect.X, inner.Rect.Y
			s.card(inner)
			s.printf("</g>")
			s.x, s.y = x, y
		}
		s.close()
	}
}

func (s *svgWriter) openCard(b *drawing.Box, class string, x, y int, more ...string) {
	c := b.Container
	if !c.Up {
		class += " down"
	}
	if c.Warning != "" {
		class += " troubled"
	}
	attributes := []string{"data-name", c.Name, "data-project", c.Group, "data-state", markNames[c.Mark], "data-networks", strings.Join(b.On, " ")}
	s.open(class, b.Key, x, y, b.Summary, append(attributes, more...)...)
}

func (s *svgWriter) card(b *drawing.Box) {
	s.rect("card", b.Rect, drawing.CardRadius)
	s.signs(b.Signs)
	s.texts(b.Texts)
}
