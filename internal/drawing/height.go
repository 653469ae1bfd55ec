package drawing

// What is kept free between the parts of a block.
const (
	toRow      = 8  // between a tooth and the addresses below it, and from there to the cards
	toPlate    = 12 // between two plates
	toTooth    = 32 // between cards and the next tooth
	nextTooth  = 20 // between two teeth
	toWay      = 16 // the arrow, before the words beside a way
	toGutter   = 12
	nextGutter = 16
	joinHeight = 6 // between an address and the tooth below it
)

// stack says how high everything in the block is, from the top: the cards of a row
// above the teeth that follow, and the plates at the left, each below the one before.
type stack struct {
	y      int // the end of what is above, at the right
	plateY int // and among the plates
	tooth  bool
	first  bool
}

func (b *block) setHeights() {
	s := stack{first: true, plateY: -toPlate}
	for _, it := range b.items {
		if it.row != nil {
			s.addRow(it.row)
		} else {
			s.addTooth(it.tooth)
		}
	}
	b.height = max(s.y, s.plateY)
}

func (s *stack) addTooth(t *tooth) {
	lines := 0
	for _, j := range t.joints {
		j.texts = wrapAll(AddressText, j.attachment.Lines, columnPitch-2*labelGap)
		lines = max(lines, len(j.texts))
	}
	labels := lines * textStyles[AddressText].line
	gap := toTooth
	switch {
	case s.first:
		gap = 0
	case s.tooth:
		gap = nextTooth
	}
	if labels > 0 {
		labels += joinHeight
	}
	y := s.y + gap + labels
	if t.main {
		t.plate = newPlate(t.rail.of, t.rail.guest)
		y = up(max(y, s.plateY+toPlate+railAt), 4)
		s.plateY = y - railAt + t.plate.height
	} else if t.named {
		t.label = wrap(t.rail.of.Name, faceOf(RailText), textStyles[RailText].size, plateWidth-labelGap)
		height := len(t.label) * textStyles[RailText].line
		y = up(max(y, s.plateY+8+height/2), 4)
		s.plateY = y + up(height, 2)/2
	}
	t.y = up(y, 4)
	s.y, s.tooth, s.first = t.y, true, false
}

func (s *stack) addRow(r *row) {
	lines := 0
	for _, c := range r.cells {
		if c.stub != nil {
			c.stub.texts = wrapAll(AddressText, c.stub.attachment.Lines, columnPitch+dropAt-stubAt-2*labelGap)
			lines = max(lines, len(c.stub.texts))
		}
	}
	r.top = s.y
	if r.above != nil {
		r.top = up(s.y+max(24, 2*toRow+lines*textStyles[AddressText].line), 4)
	} else if !s.first {
		r.top += 24
	}
	var last [2]int // the column up to which each gutter runs
	for edge := range last {
		last[edge] = -1
	}
	for _, c := range r.cells {
		s.y = max(s.y, r.top+c.card.height)
		c.setWays()
		for _, w := range c.ways {
			last[edgeOf(w.Loopback)] = max(last[edgeOf(w.Loopback)], c.column)
		}
	}
	below := 0
	for edge, column := range last {
		if column < 0 {
			continue
		}
		below = max(below+nextGutter, r.reach(max(last[0], last[1]))+toGutter, s.plateY+8)
		below = up(below, 4)
		r.gutters[edge] = below
		s.y, s.plateY = max(s.y, below), max(s.plateY, below-4)
	}
	s.tooth, s.first = false, false
}

// reach is how far down the cards of the first columns reach, with the words below
// them.
func (r *row) reach(lastColumn int) int {
	lowest := 0
	for _, c := range r.cells {
		if c.column > lastColumn {
			continue
		}
		bottom := r.top + c.card.height
		if len(c.ways) > 0 {
			bottom += toWay + len(c.wayTexts)*textStyles[WayText].line
		}
		lowest = max(lowest, bottom)
	}
	return lowest
}

// setWays words the ways to a card, those from the outside first.
func (c *cell) setWays() {
	kinds := [2]bool{}
	for _, edge := range []int{0, 1} {
		for _, w := range c.card.ways {
			if edgeOf(w.Loopback) == edge {
				c.ways = append(c.ways, w)
				kinds[edge] = true
			}
		}
	}
	c.wayText = wayAt + wayGap
	if kinds[0] && kinds[1] {
		c.wayText = wayAlso + wayGap
	}
	for _, w := range c.ways {
		for _, text := range wrapAll(WayText, w.Lines, columnPitch-4-c.wayText) {
			c.wayTexts = append(c.wayTexts, wayText{w, text})
		}
	}
}

type wayText struct {
	way  *Way
	text string
}

func wrapAll(role TextRole, lines []string, width int) []string {
	var all []string
	for _, line := range lines {
		all = append(all, wrap(line, faceOf(role), textStyles[role].size, width)...)
	}
	return all
}
