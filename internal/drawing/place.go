package drawing

import "slices"

// place says where everything in the block is, from the block's top left corner.
func (b *block) place(colours map[string]Colour) {
	b.setHeights()
	p := placer{block: b, colours: colours, lines: map[*rail]*Line{}, parent: b.key}
	head := column{x: padding, y: padding - 4}
	framed := b.kind != looseBlock
	p.x, p.y = padding, padding
	if !framed {
		p.parent, p.x, p.y = "", 0, 0
	}
	lanes, count := b.lanes()
	p.cards = p.x
	if b.kind != modeBlock {
		p.cards += plateWidth + leadIn + count*lanePitch
	}
	p.end = p.cards + b.columns*columnPitch
	if b.columns == 0 {
		p.end = p.cards + 48
	}
	if framed {
		head.width = max(p.end-padding, plateWidth)
		head.add(GroupText, b.title)
		head.add(DetailText, b.detail)
		p.y = up(head.y+12, 4)
	}
	p.drawItems(lanes)
	b.size = Rect{W: p.end + padding, H: p.y + b.height + padding}
	if !framed {
		b.size = Rect{W: p.end + dropAt, H: b.height}
		return
	}
	frame := Box{Key: b.key, Kind: GroupBox, Rect: b.size, Texts: head.texts, Summary: b.title}
	if b.kind == modeBlock {
		frame.Kind = ModeBox
		if b.mode != nil {
			frame.Summary = b.mode.Summary
		}
	}
	b.boxes = append([]Box{frame}, b.boxes...)
}

// lanes gives each rail that has several teeth a place for the spine that holds them
// together. Spines that are not beside each other may have the same.
func (b *block) lanes() (lanes map[*rail]int, count int) {
	type span struct{ teeth, from, to int }
	spans := make([]span, len(b.rails))
	for i, it := range b.items {
		if it.tooth == nil {
			continue
		}
		s := &spans[it.tooth.rail.at]
		if s.teeth == 0 {
			s.from = i
		}
		s.teeth++
		s.to = i
	}
	var ends []int
	lanes = map[*rail]int{}
	order := make([]int, len(spans))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return spans[x].from - spans[y].from })
	for _, i := range order {
		s := spans[i]
		if s.teeth < 2 {
			continue
		}
		lane := slices.IndexFunc(ends, func(end int) bool { return end < s.from })
		if lane < 0 {
			lane = len(ends)
			ends = append(ends, 0)
		}
		ends[lane] = s.to
		lanes[b.rails[i]] = lane
	}
	return lanes, len(ends)
}

type placer struct {
	block   *block
	colours map[string]Colour
	parent  string
	x, y    int // of the plates
	cards   int // the X of the first column
	end     int // the X where rails end
	lines   map[*rail]*Line
	joins   []Line
}

func (p *placer) drawItems(lanes map[*rail]int) {
	spine := map[*rail][2]int{}
	for _, it := range p.block.items {
		if it.row != nil {
			p.row(it.row)
			continue
		}
		t := it.tooth
		from := p.x + plateWidth
		lane, comb := lanes[t.rail]
		if comb {
			from = p.x + plateWidth + lanePitch*(lane+1)
			at, ok := spine[t.rail]
			if !ok {
				at[0] = p.y + t.y
			}
			at[1] = p.y + t.y
			spine[t.rail] = at
		}
		p.tooth(t, from)
	}
	for _, r := range p.block.rails {
		line := p.line(r)
		if ys, comb := spine[r]; comb {
			x := p.x + plateWidth + lanePitch*(lanes[r]+1)
			line.Strokes = append(line.Strokes, Stroke{{x, ys[0]}, {x, ys[1]}})
		}
		p.block.lines = append(p.block.lines, *line)
	}
	p.block.lines = append(p.block.lines, p.joins...)
}

func (p *placer) line(r *rail) *Line {
	if p.lines[r] == nil {
		p.lines[r] = &Line{Key: r.of.Key, Kind: RailLine, Network: r.of, Colour: p.colours[r.of.Key]}
	}
	return p.lines[r]
}

// tooth draws a stroke of a rail, and its plate, or its name where it has none.
func (p *placer) tooth(t *tooth, from int) {
	n, y := t.rail.of, p.y+t.y
	line := p.line(t.rail)
	if t.main {
		from = p.x + plateWidth
		kind := PlateBox
		if t.rail.guest {
			kind = GuestBox
		}
		at := Rect{p.x, y - railAt, plateWidth, t.plate.height}
		p.block.boxes = append(p.block.boxes, t.plate.box(kind, n, at, p.parent, p.colours[n.Key]))
		p.block.entries = append(p.block.entries, entry{key: n.Key, y: y, to: p.x, rail: true, gone: n.Kind == Gone})
	}
	line.Strokes = append(line.Strokes, Stroke{{from, y}, {p.end, y}})
	if n.Kind == Closed {
		line.Caps = append(line.Caps, Point{p.end, y})
	}
	style := textStyles[RailText]
	top := y - len(t.label)*style.line/2
	for i, text := range t.label {
		set := setText(RailText, text, 0, top+i*style.line)
		dx := p.x + plateWidth - labelGap - set.Rect.W
		set.Rect = set.Rect.moved(dx, 0)
		line.Texts = append(line.Texts, set)
	}
}

func (p *placer) row(r *row) {
	top := p.y + r.top
	var reach [2]int
	for _, c := range r.cells {
		x := p.cards + c.column*columnPitch
		p.block.boxes = append(p.block.boxes, c.card.boxes(x, top, p.parent)...)
		bottom := top + c.card.height
		if c.stub != nil {
			p.stub(c.stub, x+stubAt, top)
		}
		for _, j := range slices.Backward(c.drops) {
			p.drop(j, x+dropAt, bottom) // the longest first, below the dots of the others
		}
		p.ways(r, c, x, bottom, &reach)
	}
	for edge, x := range reach {
		if x > 0 {
			p.block.entries = append(p.block.entries, entry{key: edgeKeys[edge], y: p.y + r.gutters[edge], to: x})
		}
	}
}

func (p *placer) attachmentLine(j *joint) Line {
	a, n := j.attachment, j.tooth.rail.of
	return Line{
		Key: a.Key, From: a.Network, To: j.cell.card.of.Key, Kind: AttachmentLine, Network: n,
		Colour: p.colours[n.Key], Attachment: a.Kind,
	}
}

// stub leads from the tooth above to the top of the card.
func (p *placer) stub(j *joint, x, top int) {
	y := p.y + j.tooth.y
	line := p.attachmentLine(j)
	line.Strokes, line.Dots = []Stroke{{{x, y}, {x, top}}}, []Point{{x, y}}
	line.Texts = setLines(AddressText, j.texts, x+labelGap, y+toRow)
	p.joins = append(p.joins, line)
}

// drop leads from the bottom of the card to a tooth below.
func (p *placer) drop(j *joint, x, bottom int) {
	y := p.y + j.tooth.y
	line := p.attachmentLine(j)
	line.Drop = true
	line.Strokes, line.Dots = []Stroke{{{x, bottom}, {x, y}}}, []Point{{x, y}}
	line.Texts = setLines(AddressText, j.texts, x+labelGap, y-joinHeight-len(j.texts)*textStyles[AddressText].line)
	p.joins = append(p.joins, line)
}

// ways lead from the gutters below the row up into the card.
func (p *placer) ways(r *row, c *cell, x, bottom int, reach *[2]int) {
	line := textStyles[WayText].line
	for _, w := range c.ways {
		at := x + wayAt
		if len(c.ways) > 1 && !w.Loopback {
			at = x + wayAlso
		}
		edge := edgeOf(w.Loopback)
		made := Line{
			Key: w.Key, From: edgeKeys[edge], To: w.Container, Kind: WayLine, Loopback: w.Loopback,
			Strokes: []Stroke{{{at, p.y + r.gutters[edge]}, {at, bottom}}}, Arrow: &Point{at, bottom},
		}
		for k, text := range c.wayTexts {
			if text.way == w {
				made.Texts = append(made.Texts, setText(WayText, text.text, x+c.wayText, bottom+toWay/2+k*line))
			}
		}
		reach[edge] = max(reach[edge], at)
		p.joins = append(p.joins, made)
	}
}

func setLines(role TextRole, lines []string, x, y int) []Text {
	texts := make([]Text, len(lines))
	for i, text := range lines {
		texts[i] = setText(role, text, x, y+i*textStyles[role].line)
	}
	return texts
}

// move brings all that is placed to where the block is.
func (b *block) move(dx, dy int) {
	b.size = b.size.moved(dx, dy)
	for i := range b.boxes {
		b.boxes[i].move(dx, dy)
	}
	for i := range b.lines {
		b.lines[i].move(dx, dy)
	}
	for i := range b.entries {
		b.entries[i].y += dy
		b.entries[i].to += dx
	}
}

func (l *Line) move(dx, dy int) {
	movePoints(l.Dots, dx, dy)
	movePoints(l.Caps, dx, dy)
	for _, s := range l.Strokes {
		movePoints(s, dx, dy)
	}
	if l.Arrow != nil {
		l.Arrow.X += dx
		l.Arrow.Y += dy
	}
	moveTexts(l.Texts, dx, dy)
}

func movePoints(points []Point, dx, dy int) {
	for i := range points {
		points[i].X += dx
		points[i].Y += dy
	}
}
