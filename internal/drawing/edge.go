package drawing

import "slices"

// The keys of the edges.
const (
	OutsideKey  = "outside"
	LoopbackKey = "loopback"
)

var edgeKeys = [2]string{OutsideKey, LoopbackKey}

// edgeOf numbers the edges: the outside and the host.
func edgeOf(loopback bool) int {
	if loopback {
		return 1
	}
	return 0
}

const (
	barWidth = 32
	barPitch = 40
	barInset = 8
)

func (p *page) barLeft(key string) int {
	if key == LoopbackKey && p.nets[OutsideKey] != nil {
		return margin + barPitch
	}
	return margin
}

func barHeight(text string) int {
	return up(ceil(textWidth(text, faceOf(EdgeText), textStyles[EdgeText].size))+2*barInset, 4)
}

// edges draws the bars of the outside and of the host. The bar of the outside is as
// long as the page, that of the host so short that what comes from the outside passes
// below it: no ports lead in that high.
func (p *page) edges() {
	if len(p.shelves) == 0 {
		return
	}
	top := p.shelves[0].y
	for _, y := range p.shelves[0].trunks {
		top = min(top, y-trunkInset)
	}
	if n := p.nets[OutsideKey]; n != nil {
		at := Rect{p.barLeft(OutsideKey), top, barWidth, max(p.y-top, barHeight(p.content.Outside))}
		p.bar(OutsideKey, p.content.Outside, at)
		for i, y := range n.sources {
			n.line.Strokes = append(n.line.Strokes, Stroke{{at.Right(), y}, {n.leads[i], y}})
		}
	}
	if n := p.nets[LoopbackKey]; n != nil {
		at := Rect{p.barLeft(LoopbackKey), p.shelves[0].y, barWidth, barHeight(p.content.Loopback)}
		p.bar(LoopbackKey, p.content.Loopback, at)
		x := at.X + at.W/2
		for i, y := range n.sources {
			from := x
			if y > at.Y && y < at.Bottom() {
				from = at.Right()
			}
			n.line.Strokes = append(n.line.Strokes, Stroke{{from, y}, {n.leads[i], y}})
		}
		if first := slices.Min(n.sources); first <= at.Y {
			n.line.Strokes = append(n.line.Strokes, Stroke{{x, at.Y}, {x, first}})
		}
		if last := slices.Max(n.sources); last >= at.Bottom() {
			n.line.Strokes = append(n.line.Strokes, Stroke{{x, at.Bottom()}, {x, last}})
		}
	}
}

func (p *page) bar(key, text string, at Rect) {
	style := textStyles[EdgeText]
	width := textWidth(text, faceOf(EdgeText), style.size)
	x := at.X + (at.W-style.line)/2
	set := Text{
		Role: EdgeText, Text: text, Upright: true, Width: width, Size: style.size,
		Rect: Rect{x, at.Y + barInset, style.line, ceil(width)}, Base: x + style.baseline(),
	}
	p.y = max(p.y, at.Bottom())
	p.drawing.Boxes = append(p.drawing.Boxes, Box{
		Key: key, Kind: EdgeBox, Rect: at, Texts: []Text{set}, Loopback: key == LoopbackKey, Summary: text,
	})
}
