package render

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/drawing"
)

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

var markNames = map[drawing.Mark]string{
	drawing.Running: "running", drawing.Paused: "paused", drawing.Created: "created", drawing.Stopped: "stopped",
	drawing.Restarting: "restarting", drawing.Dead: "dead", drawing.Unknown: "unknown",
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
