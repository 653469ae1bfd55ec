package drawing

import (
	"cmp"
	"slices"
)

const (
	barWidth   = 32
	barPitch   = 40
	barInset   = 8
	blockGap   = 32
	shelfGap   = 40
	trunkInset = 8
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

// net is what leads into several blocks, or comes from an edge.
type net struct {
	key    string
	edge   bool
	blocks []*block
	spine  int // the X at the left of the page; 0 if there is none
	// sources are the heights at which it leaves its spine or its bar, and leads how
	// far it runs there.
	sources, leads []int
	line           Line
}

// shelf holds columns beside each other.
type shelf struct {
	columns []*pageColumn
	y, h    int // of the blocks
	used    int // of the width
	trunks  map[string]int
}

// pageColumn is blocks below each other.
type pageColumn struct {
	blocks []*block
	keys   []string // of the nets that lead in
	direct []string // and of those that do so without a riser
	x, w   int
	h      int
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

// pack puts the blocks on shelves, each in its turn where there is room first: below
// others beside a higher one, at the end of a shelf, or on a new one. So a block does
// not move for what comes after it.
func (p *page) pack(blocks []*block) {
	for _, e := range edgeKeys {
		if p.nets[e] != nil {
			p.keys = append(p.keys, e)
		}
	}
	for i := range p.content.Networks {
		if n := p.nets[p.content.Networks[i].Key]; n != nil && len(n.blocks) > 1 {
			p.keys = append(p.keys, n.key)
		}
	}
	p.left = margin
	for _, e := range edgeKeys {
		if p.nets[e] != nil {
			p.left += barPitch
		}
	}
	room := pageWidth - p.left - margin
	for _, b := range blocks {
		if !slices.ContainsFunc(p.shelves, func(s *shelf) bool { return p.takes(s, b, room) }) {
			s := &shelf{trunks: map[string]int{}}
			p.shelves = append(p.shelves, s)
			s.add(b, p.widthOf(b))
		}
	}
	for _, s := range p.shelves {
		for _, c := range s.columns {
			for _, key := range p.keys {
				if slices.ContainsFunc(c.blocks, func(b *block) bool { return b.enteredBy(key) }) {
					c.keys = append(c.keys, key)
				}
			}
		}
	}
}

func (s *shelf) add(b *block, width int) {
	s.columns = append(s.columns, &pageColumn{blocks: []*block{b}, w: b.size.W, h: b.size.H})
	s.h = max(s.h, b.size.H)
	s.used += width + blockGap
}

// takes puts the block on the shelf if there is room for it.
func (p *page) takes(s *shelf, b *block, room int) bool {
	for _, c := range s.columns {
		if b.size.W <= c.w && c.h+blockGap+b.size.H <= s.h {
			c.h += blockGap + b.size.H
			c.blocks = append(c.blocks, b)
			return true
		}
	}
	width := p.widthOf(b)
	if s.used+width > room || b.size.H > s.h+s.h/2 && b.size.H > s.h+200 {
		return false // or it would leave much room below the others
	}
	s.add(b, width)
	return true
}

// widthOf is how wide a block is with the risers at its left.
func (p *page) widthOf(b *block) int {
	risers := 0
	for _, key := range p.keys {
		if b.enteredBy(key) {
			risers++
		}
	}
	return b.size.W + riserRoom(risers)
}

func riserRoom(risers int) int {
	if risers == 0 {
		return 0
	}
	return risers*lanePitch + riserInset
}

func (b *block) enteredBy(key string) bool {
	return slices.ContainsFunc(b.entries, func(e entry) bool { return e.key == key })
}

// settle says where each block is.
func (p *page) settle() {
	for _, key := range p.keys {
		n := p.nets[key]
		if !n.edge && p.shelvesOf(key) > 1 {
			n.spine = p.left + lanePitch/2
			p.left += lanePitch
		}
	}
	for at, s := range p.shelves {
		if at > 0 {
			p.y += shelfGap
		}
		p.settleShelf(s)
		if at == 0 && p.nets[LoopbackKey] != nil {
			s.h = max(s.h, barHeight(p.content.Loopback))
		}
		p.y = s.y + s.h
	}
}

func (p *page) settleShelf(s *shelf) {
	for _, key := range p.keys {
		if p.trunkOn(s, key) {
			s.trunks[key] = p.y + trunkInset + len(s.trunks)*lanePitch
		}
	}
	s.y = p.y
	if len(s.trunks) > 0 {
		s.y += len(s.trunks)*lanePitch + 2*trunkInset
	}
	s.y = up(s.y, 4)
	x := p.left
	for i, c := range s.columns {
		c.x = x
		inset := 0
		if i == 0 {
			c.direct = slices.DeleteFunc(slices.Clone(c.keys), func(key string) bool { return !p.sourced(key) })
			c.keys = slices.DeleteFunc(c.keys, p.sourced)
			if slices.ContainsFunc(p.keys, p.sourced) {
				inset = riserInset
			}
		}
		risers := max(riserRoom(len(c.keys)), inset)
		y := s.y
		for _, b := range c.blocks {
			b.move(x+risers-b.size.X, y-b.size.Y)
			y += b.size.H + blockGap
			p.right = max(p.right, b.size.Right())
		}
		x += risers + c.w + blockGap
	}
}

func (p *page) shelvesOf(key string) int {
	count := 0
	for _, s := range p.shelves {
		if s.columnsOf(key) > 0 {
			count++
		}
	}
	return count
}

func (s *shelf) columnsOf(key string) int {
	count := 0
	for _, c := range s.columns {
		if slices.Contains(c.keys, key) {
			count++
		}
	}
	return count
}

// sourced tells that a net comes from the left edge of the page: the first column of a
// shelf is reached from there without a detour.
func (p *page) sourced(key string) bool { return p.nets[key].edge || p.nets[key].spine != 0 }

// trunkOn tells that a net runs along above a shelf. One that is in a single column
// needs its riser only, and one that is in the first not even that if it is sourced.
func (p *page) trunkOn(s *shelf, key string) bool {
	here := s.columnsOf(key)
	if p.sourced(key) {
		if slices.Contains(s.columns[0].keys, key) {
			here--
		}
		return here > 0
	}
	return here > 1
}

// route leads the nets around the blocks.
func (p *page) route() {
	for _, s := range p.shelves {
		reach := map[string][2]int{} // from the first riser to the last
		for _, c := range s.columns {
			p.risers(s, c, reach)
		}
		for _, key := range p.keys {
			y, ok := s.trunks[key]
			if !ok {
				continue
			}
			n := p.nets[key]
			if p.sourced(key) {
				p.lead(n, y, reach[key][1])
			} else {
				n.line.Strokes = append(n.line.Strokes, Stroke{{reach[key][0], y}, {reach[key][1], y}})
			}
		}
		for _, key := range s.columns[0].direct {
			for _, e := range s.columns[0].entries(key) {
				p.lead(p.nets[key], e.y, e.to)
			}
		}
	}
	for _, key := range p.keys {
		if n := p.nets[key]; n.spine != 0 {
			n.line.Strokes = append(n.line.Strokes, Stroke{{n.spine, slices.Min(n.sources)}, {n.spine, slices.Max(n.sources)}})
		}
	}
	p.edges()
}

// lead draws a net from where it comes from, at the left.
func (p *page) lead(n *net, y, to int) {
	n.sources = append(n.sources, y)
	n.leads = append(n.leads, to)
	if n.spine != 0 {
		n.line.Strokes = append(n.line.Strokes, Stroke{{n.spine, y}, {to, y}})
	}
}

// entries are where a net leads into the blocks of a column, from the top.
func (c *pageColumn) entries(key string) []entry {
	var all []entry
	for _, b := range c.blocks {
		for _, e := range b.entries {
			if e.key == key {
				all = append(all, e)
			}
		}
	}
	return all
}

// risers leads the nets down at the left of a column. What leads lowest is leftmost,
// so that it crosses nothing there.
func (p *page) risers(s *shelf, c *pageColumn, reach map[string][2]int) {
	type riser struct {
		key     string
		entries []entry
	}
	var all []riser
	for _, key := range c.keys {
		all = append(all, riser{key, c.entries(key)})
	}
	slices.SortStableFunc(all, func(a, b riser) int {
		return cmp.Compare(b.entries[len(b.entries)-1].y, a.entries[len(a.entries)-1].y)
	})
	for i, r := range all {
		n := p.nets[r.key]
		x := c.x + lanePitch/2 + i*lanePitch
		from, to := r.entries[0].y, r.entries[len(r.entries)-1].y
		if y, ok := s.trunks[r.key]; ok {
			from = y
			span, met := reach[r.key]
			if !met {
				span[0] = x
			}
			span[1] = x
			reach[r.key] = span
		}
		if from != to {
			n.line.Strokes = append(n.line.Strokes, Stroke{{x, from}, {x, to}})
		}
		for _, e := range r.entries {
			n.line.Strokes = append(n.line.Strokes, Stroke{{x, e.y}, {e.to, e.y}})
		}
	}
}

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
		Rect: Rect{x, at.Y + barInset, style.line, ceil(width)}, Base: x + (style.line+style.size*7/10)/2,
	}
	p.y = max(p.y, at.Bottom())
	p.drawing.Boxes = append(p.drawing.Boxes, Box{
		Key: key, Kind: EdgeBox, Rect: at, Texts: []Text{set}, Loopback: key == LoopbackKey, Summary: text,
	})
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
