package raster

import (
	"image/color"

	"github.com/docker-netkit/docker-netkit/internal/drawing"
)

// painter gives each part of a drawing its colours, in the order in which SVG has them.
type painter struct {
	canvas  *canvas
	palette *colours
	faces   *faces
}

func (p *painter) frames(d *drawing.Drawing) {
	for i := range d.Boxes {
		b := &d.Boxes[i]
		pen := drawing.FramePen
		switch b.Kind { //nolint:exhaustive // the others are drawn elsewhere
		case drawing.GroupBox:
		case drawing.ModeBox:
			pen = drawing.ModePen
		default:
			continue
		}
		p.canvas.strokeRect(b.Rect, drawing.FrameRadius, pen, p.palette.frame)
		p.texts(b.Texts, false)
	}
}

// hue is the colour of a network.
func (p *painter) hue(n *drawing.Network, colour drawing.Colour) color.NRGBA {
	if n.Kind == drawing.Gone {
		return p.palette.warning
	}
	return p.palette.hues[colour.Hue]
}

func (p *painter) rails(d *drawing.Drawing) {
	for i := range d.Lines {
		line := &d.Lines[i]
		if line.Kind != drawing.RailLine || line.Legend {
			continue
		}
		p.rail(line, p.hue(line.Network, line.Colour))
		p.texts(line.Texts, false)
	}
	for i := range d.Boxes {
		b := &d.Boxes[i]
		switch b.Kind { //nolint:exhaustive // the others are drawn elsewhere
		case drawing.PlateBox:
			hue := p.hue(b.Network, b.Colour)
			tint := hue
			tint.A = uint8(255 * drawing.PlateOpacity)
			p.canvas.fillRect(b.Rect, drawing.CardRadius, tint)
			p.canvas.strokeRect(b.Rect, drawing.CardRadius, drawing.PlatePen, hue)
		case drawing.GuestBox:
			p.canvas.strokeRect(b.Rect, drawing.CardRadius, drawing.GuestPen, p.hue(b.Network, b.Colour))
		default:
			continue
		}
		for k := range b.Signs {
			p.sign(&b.Signs[k], p.hue(b.Network, b.Colour))
		}
		p.texts(b.Texts, false)
	}
}

func (p *painter) rail(line *drawing.Line, hue color.NRGBA) {
	pen := line.Pen()
	p.strokes(line, pen, hue)
	if pen.Core > 0 {
		p.strokes(line, drawing.Pen{Width: pen.Core}, p.palette.canvas)
	}
	for _, c := range line.Caps {
		x, y := float64(c.X), float64(c.Y)
		p.canvas.stroke([]point{{x, y - drawing.CapHalf}, {x, y + drawing.CapHalf}}, drawing.CapPen, hue, false)
	}
}

func (p *painter) strokes(line *drawing.Line, pen drawing.Pen, with color.NRGBA) {
	for _, s := range line.Strokes {
		points := make([]point, len(s))
		for i, at := range s {
			points[i] = point{float64(at.X), float64(at.Y)}
		}
		p.canvas.stroke(points, pen, with, false)
	}
}

func (p *painter) edge(loopback bool) color.NRGBA {
	if loopback {
		return p.palette.host
	}
	return p.palette.outside
}

func (p *painter) edges(d *drawing.Drawing) {
	for i := range d.Boxes {
		b := &d.Boxes[i]
		if b.Kind != drawing.EdgeBox {
			continue
		}
		fill := p.palette.outsideBar
		if b.Loopback {
			fill = p.palette.hostBar
		}
		p.canvas.fillRect(b.Rect, drawing.CardRadius, fill)
		p.canvas.strokeRect(b.Rect, drawing.CardRadius, drawing.FramePen, p.edge(b.Loopback))
		p.texts(b.Texts, b.Loopback)
	}
	for i := range d.Lines {
		if line := &d.Lines[i]; line.Kind == drawing.TrunkLine {
			p.strokes(line, line.Pen(), p.edge(line.Loopback))
		}
	}
}

func (p *painter) joins(d *drawing.Drawing) {
	for i := range d.Lines {
		line := &d.Lines[i]
		if line.Legend {
			continue
		}
		switch line.Kind {
		case drawing.AttachmentLine:
			hue := p.hue(line.Network, line.Colour)
			if line.Attachment == drawing.InVain {
				hue = p.palette.warning
			}
			wire := hue
			if line.Drop {
				wire = p.palette.wire
			}
			p.join(line, wire, hue)
		case drawing.WayLine:
			p.join(line, p.edge(line.Loopback), p.edge(line.Loopback))
		case drawing.RailLine, drawing.TrunkLine, drawing.RuleLine:
		}
	}
}

func (p *painter) join(line *drawing.Line, wire, hue color.NRGBA) {
	p.strokes(line, line.Pen(), wire)
	for _, dot := range line.Dots {
		at := point{float64(dot.X), float64(dot.Y)}
		p.canvas.disc(at, drawing.DotRadius+drawing.DotRing/2, p.palette.canvas)
		p.canvas.disc(at, drawing.DotRadius-drawing.DotRing/2, hue)
	}
	if a := line.Arrow; a != nil {
		x, y := float64(a.X), float64(a.Y)
		p.canvas.begin()
		p.canvas.polygon([]point{{x, y}, {x + drawing.ArrowHalf, y + drawing.ArrowLength}, {x - drawing.ArrowHalf, y + drawing.ArrowLength}})
		p.canvas.fill(hue)
	}
	p.texts(line.Texts, line.Loopback)
}

func (p *painter) cards(d *drawing.Drawing) {
	for i := range d.Boxes {
		b := &d.Boxes[i]
		if b.Kind != drawing.CardBox && b.Kind != drawing.SharerBox {
			continue
		}
		fill, outline, pen := p.palette.card, p.palette.cardLine, drawing.CardPen
		if !b.Container.Up {
			fill, pen = p.palette.canvas, drawing.DownPen
		}
		if b.Container.Warning != "" {
			outline = p.palette.warning
		}
		p.canvas.fillRect(b.Rect, drawing.CardRadius, fill)
		p.canvas.strokeRect(b.Rect, drawing.CardRadius, pen, outline)
		for k := range b.Signs {
			p.sign(&b.Signs[k], p.palette.muted)
		}
		for k := range b.Texts {
			t := &b.Texts[k]
			ink := p.ink(t.Role, false)
			if t.Role == drawing.NameText && !b.Container.Up {
				ink = p.palette.muted
			}
			p.text(t, ink)
		}
	}
}

func (p *painter) legend(d *drawing.Drawing) {
	for i := range d.Boxes {
		b := &d.Boxes[i]
		switch b.Kind { //nolint:exhaustive // the others are no legend
		case drawing.LegendBox:
			for k := range b.Signs {
				p.sign(&b.Signs[k], p.palette.muted)
			}
		case drawing.CardSample:
			p.canvas.fillRect(b.Rect, drawing.SampleRadius, p.palette.card)
			p.canvas.strokeRect(b.Rect, drawing.SampleRadius, drawing.CardPen, p.palette.cardLine)
		case drawing.GuestSample:
			p.canvas.strokeRect(b.Rect, drawing.SampleRadius, drawing.GuestPen, p.palette.muted)
		}
	}
	for i := range d.Lines {
		line := &d.Lines[i]
		if !line.Legend {
			continue
		}
		switch line.Kind {
		case drawing.RuleLine:
			p.strokes(line, line.Pen(), p.palette.frame)
		case drawing.RailLine:
			hue := p.palette.muted
			if line.Network.Kind == drawing.Gone {
				hue = p.palette.warning
			}
			p.rail(line, hue)
		case drawing.AttachmentLine:
			p.join(line, p.palette.muted, p.palette.muted)
		case drawing.WayLine:
			p.join(line, p.edge(line.Loopback), p.edge(line.Loopback))
		case drawing.TrunkLine:
		}
	}
	p.texts(d.Texts, false)
}

func (p *painter) texts(texts []drawing.Text, loopback bool) {
	for i := range texts {
		p.text(&texts[i], p.ink(texts[i].Role, loopback))
	}
}

func (p *painter) ink(role drawing.TextRole, loopback bool) color.NRGBA {
	switch role {
	case drawing.FactText, drawing.NoteText, drawing.LegendText, drawing.DetailText, drawing.AddressText:
		return p.palette.muted
	case drawing.StateText:
		return p.palette.halted
	case drawing.WarningText:
		return p.palette.warning
	case drawing.WayText, drawing.EdgeText:
		if loopback {
			return p.palette.hostInk
		}
		return p.palette.outsideInk
	case drawing.TitleText, drawing.GroupText, drawing.NameText, drawing.RailText:
	}
	return p.palette.ink
}

// sign draws a small picture. Locks have the colour of their network.
func (p *painter) sign(s *drawing.Sign, hue color.NRGBA) {
	ink := p.palette.muted
	switch {
	case s.Kind == drawing.LockSign:
		ink = hue
	case s.Kind == drawing.WarningSign, s.Kind == drawing.GoneSign, s.Mark == drawing.Dead:
		ink = p.palette.warning
	case s.Mark == drawing.Running:
		ink = p.palette.up
	case s.Mark == drawing.Paused, s.Mark == drawing.Restarting:
		ink = p.palette.halted
	}
	for _, shape := range s.Shapes() {
		points := make([]point, len(shape.Points))
		for i, at := range shape.Points {
			points[i] = point{float64(s.Rect.X) + at[0], float64(s.Rect.Y) + at[1]}
		}
		pen := drawing.SignPen
		if shape.Dashed {
			pen = drawing.SignDashPen
		}
		if shape.Filled {
			p.canvas.begin()
			p.canvas.polygon(points)
			p.canvas.fill(ink)
			pen.Width = 0.5
		}
		p.canvas.stroke(points, pen, ink, true)
	}
}
