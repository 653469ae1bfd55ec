package render

import (
	"fmt"

	"github.com/docker-netkit/docker-netkit/internal/drawing"
)

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
