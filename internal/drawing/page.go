package drawing

import "slices"

const (
	blockGap   = 32
	riserInset = 12 // between risers and the block to their right
	widthLeast = 480
)

// Make lays out a drawing.
func Make(content *Content) *Drawing {
	g := group(content)
	hues := colours(content.Networks)
	p := &page{content: content, colours: hues, nets: map[string]*net{}, rails: map[string]*Line{}}
	for _, b := range g.blocks {
		b.plan()
		b.place(hues)
		p.note(b)
	}
	head := p.head()
	p.pack(g.blocks)
	p.y = head
	p.settle()
	p.route()
	p.collect(g.blocks)
	p.foot()
	p.cutCrossings()
	return &p.drawing
}

// page puts blocks on shelves, and leads what several have in common around them: a
// trunk above a shelf, from there a riser down at the left of each column of blocks.
type page struct {
	drawing Drawing
	content *Content
	colours map[string]Colour
	shelves []*shelf
	nets    map[string]*net
	keys    []string // of the nets, in order
	rails   map[string]*Line
	left    int // the X where shelves begin
	y       int
	right   int
}

func (p *page) note(b *block) {
	for _, e := range b.entries {
		if !e.routed() {
			continue
		}
		n := p.nets[e.key]
		if n == nil {
			n = &net{key: e.key, edge: !e.rail}
			p.nets[e.key] = n
		}
		if !slices.Contains(n.blocks, b) {
			n.blocks = append(n.blocks, b)
		}
	}
}

func (p *page) head() int {
	texts := column{x: margin, y: margin - 8, width: pageWidth - 2*margin}
	texts.add(TitleText, p.content.Title)
	texts.y += 2
	for _, fact := range p.content.Facts {
		texts.add(FactText, fact)
	}
	p.drawing.Title, p.drawing.Summary = p.content.Title, p.content.Summary
	p.drawing.Texts = append(p.drawing.Texts, texts.texts...)
	for _, t := range texts.texts {
		p.right = max(p.right, t.Rect.Right())
	}
	return up(texts.y+24, 4)
}

// collect brings together what the blocks and the routes are made of: one line for
// each network, the ways in common, then what joins them.
func (p *page) collect(blocks []*block) {
	var joins []Line
	for _, b := range blocks {
		p.drawing.Boxes = append(p.drawing.Boxes, b.boxes...)
		for _, line := range b.lines {
			if line.Kind != RailLine {
				joins = append(joins, line)
				continue
			}
			if p.rails[line.Key] == nil {
				first := line
				p.rails[line.Key] = &first
				continue
			}
			p.rails[line.Key].add(&line)
		}
	}
	for i := range p.content.Networks {
		key := p.content.Networks[i].Key
		rail := p.rails[key]
		if rail == nil {
			continue
		}
		if n := p.nets[key]; n != nil {
			rail.add(&n.line)
		}
		p.drawing.Lines = append(p.drawing.Lines, *rail)
	}
	for _, e := range edgeKeys {
		if n := p.nets[e]; n != nil {
			n.line.Key, n.line.From, n.line.Kind, n.line.Loopback = "trunk_"+e, e, TrunkLine, e == LoopbackKey
			p.drawing.Lines = append(p.drawing.Lines, n.line)
		}
	}
	p.drawing.Lines = append(p.drawing.Lines, joins...)
}

func (l *Line) add(o *Line) {
	l.Strokes = append(l.Strokes, o.Strokes...)
	l.Dots = append(l.Dots, o.Dots...)
	l.Caps = append(l.Caps, o.Caps...)
	l.Texts = append(l.Texts, o.Texts...)
}
