package drawing

import "slices"

const (
	sampleWidth = 28
	sampleGap   = 8
	legendGap   = 24
)

// foot sets the notes and the legend below the blocks.
func (p *page) foot() {
	width := max(p.right, widthLeast) - margin
	y := p.y + 32
	notes := column{x: margin, y: y, width: width}
	for _, note := range p.content.Notes {
		indent := 0
		if note.Warning {
			indent = markSize + sampleGap
			p.drawing.Boxes = append(p.drawing.Boxes, Box{Kind: LegendBox, Rect: Rect{margin, notes.y, 16, 18}, Signs: []Sign{
				{Kind: WarningSign, Rect: Rect{margin, notes.y + 3, markSize, markSize}},
			}})
		}
		notes.addFrom(NoteText, note.Text, indent)
		notes.y += 4
	}
	p.drawing.Texts = append(p.drawing.Texts, notes.texts...)
	if len(p.content.Notes) > 0 {
		y = up(notes.y+12, 4)
	}
	l := legend{page: p, x: margin, y: y, left: margin, right: margin + width}
	l.draw()
	p.drawing.W = up(max(p.right, widthLeast)+margin, 8)
	p.drawing.H = up(l.y+textStyles[LegendText].line+margin-8, 8)
	rule := Line{Kind: RuleLine, Strokes: []Stroke{{{margin, p.y + 16}, {p.drawing.W - margin, p.y + 16}}}, Legend: true}
	p.drawing.Lines = append(p.drawing.Lines, rule)
}

type legend struct {
	page        *page
	x, y        int
	left, right int
}

// draw explains what occurs in the drawing, and nothing else.
func (l *legend) draw() {
	words := &l.page.content.Words
	var marks [Unknown + 1]bool
	var kinds [Gone + 1]bool
	var attachments [InVain + 1]bool
	var warning, shares bool
	for i := range l.page.content.Containers {
		c := &l.page.content.Containers[i]
		marks[c.Mark] = true
		warning = warning || c.Warning != ""
		shares = shares || c.Owner != ""
	}
	for i := range l.page.content.Networks {
		kinds[l.page.content.Networks[i].Kind] = true
	}
	for i := range l.page.drawing.Lines {
		if line := &l.page.drawing.Lines[i]; line.Kind == AttachmentLine {
			attachments[line.Attachment] = true
		}
	}
	for mark, there := range marks {
		if there {
			l.sign(Sign{Kind: MarkSign, Mark: Mark(mark)}, words.Marks[Mark(mark)])
		}
	}
	if warning {
		l.sign(Sign{Kind: WarningSign}, words.Warning)
	}
	if shares {
		l.box(words.Share)
	}
	sample := func(kind NetworkKind, text string) {
		l.line(Line{Kind: RailLine, Network: &Network{Kind: kind}}, text)
	}
	if kinds[Open] {
		sample(Open, words.Network)
	}
	if kinds[Closed] {
		sample(Closed, words.Closed)
	}
	if kinds[Gone] {
		sample(Gone, words.Gone)
	}
	if slices.ContainsFunc(l.page.keys, func(key string) bool { return !l.page.nets[key].edge }) {
		l.guest(words.Elsewhere)
	}
	if attachments[OnStart] {
		l.line(Line{Kind: AttachmentLine, Attachment: OnStart}, words.OnStart)
	}
	if l.page.nets[OutsideKey] != nil {
		l.line(Line{Kind: WayLine}, words.Way)
	}
	if l.page.nets[LoopbackKey] != nil {
		l.line(Line{Kind: WayLine, Loopback: true}, words.LoopbackWay)
	}
}

// item sets the words, and gives the place of the sample before them.
func (l *legend) item(width int, text string) Rect {
	style := textStyles[LegendText]
	need := width + sampleGap + ceil(textWidth(text, faceOf(LegendText), style.size))
	if l.x > l.left && l.x+need > l.right {
		l.x, l.y = l.left, l.y+style.line+8
	}
	at := Rect{l.x, l.y, width, style.line}
	texts := column{x: l.x + width + sampleGap, y: l.y, width: l.right - l.x - width - sampleGap}
	texts.add(LegendText, text)
	l.page.drawing.Texts = append(l.page.drawing.Texts, texts.texts...)
	l.y = max(l.y, texts.y-style.line)
	l.x += need + legendGap
	return at
}

func (l *legend) sign(sign Sign, text string) {
	at := l.item(markSize, text)
	sign.Rect = Rect{at.X, at.Y + (at.H-markSize)/2, markSize, markSize}
	l.page.drawing.Boxes = append(l.page.drawing.Boxes, Box{Kind: LegendBox, Rect: at, Signs: []Sign{sign}})
}

func (l *legend) line(line Line, text string) {
	at := l.item(sampleWidth, text)
	y := at.Y + at.H/2
	line.Legend = true
	line.Strokes = []Stroke{{{at.X, y}, {at.Right(), y}}}
	if line.Network != nil && line.Network.Kind == Closed {
		line.Caps = []Point{{at.X, y}, {at.Right(), y}}
	}
	l.page.drawing.Lines = append(l.page.drawing.Lines, line)
}

func (l *legend) box(text string) {
	at := l.item(sampleWidth, text)
	outer := Rect{at.X, at.Y + 1, at.W, at.H - 2}
	l.page.drawing.Boxes = append(l.page.drawing.Boxes,
		Box{Kind: CardSample, Rect: outer},
		Box{Kind: CardSample, Rect: Rect{outer.X + 10, outer.Y + 5, outer.W - 14, outer.H - 9}})
}

func (l *legend) guest(text string) {
	at := l.item(sampleWidth, text)
	l.page.drawing.Boxes = append(l.page.drawing.Boxes, Box{Kind: GuestSample, Rect: Rect{at.X, at.Y + 2, at.W, at.H - 4}})
}
