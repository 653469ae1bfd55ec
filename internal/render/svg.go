package render

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
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
	return WriteSVG(w, Drawing(ix, sel, look), options)
}

// WriteSVG writes a drawing as SVG.
func WriteSVG(w io.Writer, d *drawing.Drawing, options SVGOptions) error {
	s := &svgWriter{out: bufio.NewWriter(w), d: d, signPaths: map[drawing.Sign]string{}}
	s.printf(`<svg xmlns="http://www.w3.org/2000/svg" class="netkit" width="%d" height="%d" viewBox="0 0 %d %d" role="graphics-document document" aria-labelledby="netkit-title" aria-describedby="netkit-desc">`+"\n",
		d.W, d.H, d.W, d.H)
	s.printf("<title id=\"netkit-title\">%s</title>\n<desc id=\"netkit-desc\">%s</desc>\n", svgText(d.Title), svgText(d.Summary))
	if !options.Bare {
		s.printf("<style>%s</style>\n", SVGStyle(options.Theme, ""))
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

// rails writes each network: all strokes of its rail, and its plates.
func (s *svgWriter) rails() {
	plates := map[string][]*drawing.Box{}
	for i := range s.d.Boxes {
		if b := &s.d.Boxes[i]; b.Kind == drawing.PlateBox || b.Kind == drawing.GuestBox {
			plates[b.Key] = append(plates[b.Key], b)
		}
	}
	for i := range s.d.Lines {
		line := &s.d.Lines[i]
		if line.Kind != drawing.RailLine || line.Legend {
			continue
		}
		own := plates[line.Key]
		at := own[0].Rect
		for _, b := range own {
			if b.Kind == drawing.PlateBox {
				at = b.Rect
			}
		}
		n := line.Network
		s.open("network "+networkClass(n, line.Colour), line.Key, at.X, at.Y, n.Summary, "data-name", n.Name, "data-project", n.Group)
		s.rail(line)
		s.texts(line.Texts)
		for _, b := range own {
			class := "plate"
			if b.Kind == drawing.GuestBox {
				class = "guest"
			}
			s.rect(class, b.Rect, drawing.CardRadius)
			s.signs(b.Signs)
			s.texts(b.Texts)
		}
		s.close()
	}
}

func networkClass(n *drawing.Network, colour drawing.Colour) string {
	switch n.Kind {
	case drawing.Gone:
		return "gone"
	case drawing.Closed:
		return fmt.Sprintf("closed h%d p%d", colour.Hue, colour.Pattern)
	case drawing.Open, drawing.Mode:
	}
	return fmt.Sprintf("h%d p%d", colour.Hue, colour.Pattern)
}

func (s *svgWriter) rail(line *drawing.Line) {
	path := s.path(line.Strokes)
	s.printf(`<path class="rail" d="%s"/>`, path)
	if line.Colour.Pattern == drawing.DoublePattern && line.Network.Kind != drawing.Gone {
		s.printf(`<path class="core" d="%s"/>`, path)
	}
	for _, c := range line.Caps {
		s.printf(`<path class="cap" d="M%d %dv%d"/>`, c.X-s.x, c.Y-s.y-drawing.CapHalf, 2*drawing.CapHalf)
	}
}

func (s *svgWriter) edges() {
	for i := range s.d.Boxes {
		b := &s.d.Boxes[i]
		if b.Kind != drawing.EdgeBox {
			continue
		}
		s.open("edge"+loopbackClass(b.Loopback), b.Key, b.Rect.X, b.Rect.Y, b.Summary)
		s.rect("bar", b.Rect, drawing.CardRadius)
		s.texts(b.Texts)
		s.close()
	}
	for i := range s.d.Lines {
		if line := &s.d.Lines[i]; line.Kind == drawing.TrunkLine {
			s.open("trunk"+loopbackClass(line.Loopback), line.Key, 0, 0, "", "data-from", line.From)
			s.printf(`<path class="line" d="%s"/>`, s.path(line.Strokes))
			s.close()
		}
	}
}

func loopbackClass(loopback bool) string {
	if loopback {
		return " loopback"
	}
	return ""
}

// joins writes what leads to single containers.
func (s *svgWriter) joins() {
	for i := range s.d.Lines {
		line := &s.d.Lines[i]
		if line.Legend {
			continue
		}
		class := ""
		switch line.Kind {
		case drawing.AttachmentLine:
			class = "attachment " + networkClass(line.Network, line.Colour) + attachmentClass(line.Attachment)
			if line.Drop {
				class += " drop"
			}
		case drawing.WayLine:
			class = "way" + loopbackClass(line.Loopback)
		case drawing.RailLine, drawing.TrunkLine, drawing.RuleLine:
			continue
		}
		s.open(class, line.Key, 0, 0, "", "data-from", line.From, "data-to", line.To)
		s.join(line)
		s.close()
	}
}

func attachmentClass(kind drawing.AttachmentKind) string {
	switch kind {
	case drawing.OnStart:
		return " onstart"
	case drawing.InVain:
		return " invain"
	case drawing.Live:
	}
	return ""
}

func (s *svgWriter) join(line *drawing.Line) {
	s.printf(`<path class="line" d="%s"/>`, s.path(line.Strokes))
	for _, dot := range line.Dots {
		s.printf(`<circle class="dot" cx="%d" cy="%d" r="%g"/>`, dot.X-s.x, dot.Y-s.y, drawing.DotRadius)
	}
	if a := line.Arrow; a != nil {
		s.printf(`<path class="arrow" d="M%d %dl-%g %dh%gz"/>`, a.X-s.x, a.Y-s.y, drawing.ArrowHalf, drawing.ArrowLength, 2*drawing.ArrowHalf)
	}
	s.texts(line.Texts)
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
		s.openCard(b, "container")
		for _, inner := range held[b.Key] {
			x, y := s.x, s.y
			s.printf("\n")
			s.openCardAt(inner, "container sharer", inner.Rect.X-x, inner.Rect.Y-y, "data-owner", b.Key)
			s.x, s.y = inner.Rect.X, inner.Rect.Y
			s.card(inner)
			s.printf("</g>")
			s.x, s.y = x, y
		}
		s.close()
	}
}

func (s *svgWriter) openCard(b *drawing.Box, class string) {
	s.openCardAt(b, class, b.Rect.X, b.Rect.Y)
	s.card(b)
}

func (s *svgWriter) openCardAt(b *drawing.Box, class string, x, y int, more ...string) {
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

func (s *svgWriter) legend() {
	s.printf("<g class=\"legend\">\n")
	for i := range s.d.Boxes {
		b := &s.d.Boxes[i]
		switch b.Kind { //nolint:exhaustive // the others are no legend
		case drawing.LegendBox:
			s.signs(b.Signs)
		case drawing.CardSample:
			s.rect("card", b.Rect, drawing.SampleRadius)
		case drawing.GuestSample:
			s.rect("guest sample", b.Rect, drawing.SampleRadius)
		}
	}
	for i := range s.d.Lines {
		line := &s.d.Lines[i]
		if !line.Legend {
			continue
		}
		switch line.Kind {
		case drawing.RuleLine:
			s.printf(`<path class="rule" d="%s"/>`, s.path(line.Strokes))
		case drawing.RailLine:
			class := "sample"
			if line.Network.Kind == drawing.Gone {
				class = "gone"
			}
			s.printf(`<g class="%s">`, class)
			s.rail(line)
			s.printf("</g>")
		case drawing.AttachmentLine:
			s.printf(`<g class="attachment sample%s">`, attachmentClass(line.Attachment))
			s.join(line)
			s.printf("</g>")
		case drawing.WayLine:
			s.printf(`<g class="way%s">`, loopbackClass(line.Loopback))
			s.join(line)
			s.printf("</g>")
		case drawing.TrunkLine:
		}
	}
	s.texts(s.d.Texts)
	s.printf("</g>\n")
}

var markNames = map[drawing.Mark]string{
	drawing.Running: "running", drawing.Paused: "paused", drawing.Created: "created", drawing.Stopped: "stopped",
	drawing.Restarting: "restarting", drawing.Dead: "dead", drawing.Unknown: "unknown",
}

func (s *svgWriter) rect(class string, r drawing.Rect, round int) {
	s.printf(`<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="%d"/>`, class, r.X-s.x, r.Y-s.y, r.W, r.H, round)
}

// path writes strokes; most are horizontal or vertical.
func (s *svgWriter) path(strokes []drawing.Stroke) string {
	var b strings.Builder
	for _, stroke := range strokes {
		for i, p := range stroke {
			x, y := strconv.Itoa(p.X-s.x), strconv.Itoa(p.Y-s.y)
			switch {
			case i == 0:
				b.WriteString("M" + x + " " + y)
			case p.Y == stroke[i-1].Y:
				b.WriteString("H" + x)
			case p.X == stroke[i-1].X:
				b.WriteString("V" + y)
			default:
				b.WriteString("L" + x + " " + y)
			}
		}
	}
	return b.String()
}

var textClasses = map[drawing.TextRole]string{
	drawing.TitleText: "title", drawing.FactText: "fact", drawing.GroupText: "heading", drawing.NameText: "name",
	drawing.DetailText: "detail", drawing.StateText: "state", drawing.WarningText: "warning", drawing.AddressText: "address",
	drawing.WayText: "port", drawing.EdgeText: "edge-name", drawing.NoteText: "note", drawing.LegendText: "note", drawing.RailText: "rail-name",
}

// texts writes lines of text, each made to fit its room also where a program draws
// it with letters of another width.
func (s *svgWriter) texts(texts []drawing.Text) {
	for i := range texts {
		t := &texts[i]
		width := strconv.FormatFloat(t.Width, 'f', 1, 64)
		fit := ""
		if t.Width > 0 {
			fit = ` textLength="` + width + `" lengthAdjust="spacingAndGlyphs"`
		}
		x, y, turn := t.Rect.X-s.x, t.Base-s.y, ""
		if t.Upright {
			x, y = t.Base-s.x, t.Rect.Bottom()-s.y
			turn = fmt.Sprintf(` transform="rotate(-90 %d %d)"`, x, y)
		}
		s.printf(`<text class="%s" x="%d" y="%d"%s%s>%s</text>`, textClasses[t.Role], x, y, turn, fit, svgText(t.Text))
	}
}

func (s *svgWriter) signs(signs []drawing.Sign) {
	for i := range signs {
		sign := &signs[i]
		class := "warning"
		switch sign.Kind {
		case drawing.MarkSign:
			class = "mark " + markNames[sign.Mark]
		case drawing.LockSign:
			class = "lock"
		case drawing.WarningSign, drawing.GoneSign:
		}
		s.printf(`<g class="sign %s" transform="translate(%d %d)">`, class, sign.Rect.X-s.x, sign.Rect.Y-s.y)
		s.printf("%s</g>", s.shapes(sign))
	}
}

// shapes are the paths of a sign, which are the same wherever it stands.
func (s *svgWriter) shapes(sign *drawing.Sign) string {
	key := drawing.Sign{Kind: sign.Kind, Mark: sign.Mark}
	if known, ok := s.signPaths[key]; ok {
		return known
	}
	var b strings.Builder
	for _, shape := range sign.Shapes() {
		class := ""
		switch {
		case shape.Filled:
			class = ` class="full"`
		case shape.Dashed:
			class = ` class="dashed"`
		}
		b.WriteString("<path" + class + ` d="`)
		to := "M"
		for _, p := range shape.Points {
			b.WriteString(to + number(p[0]) + " " + number(p[1]))
			to = "L"
		}
		b.WriteString(`"/>`)
	}
	s.signPaths[key] = b.String()
	return s.signPaths[key]
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// svgText is a printable text in SVG, also within an attribute. Lines of a summary are
// kept apart.
func svgText(text string) string { return svgMarkup.Replace(text) }

var svgMarkup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;", "\n", "&#10;")
