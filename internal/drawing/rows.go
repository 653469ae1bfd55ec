package drawing

import (
	"cmp"
	"slices"
)

// planRails plans a block of rails: what hangs below each, and where its lines go.
func (b *block) planRails() {
	p := planner{block: b, place: map[string]int{}, columnOf: map[*card]int{}, base: 1}
	for i, r := range b.rails {
		p.bands = append(p.bands, &band{rail: r, passed: map[int]bool{}, ended: map[int]bool{}})
		p.mains = append(p.mains, &tooth{rail: r, main: true})
		p.place[r.of.Key] = i
	}
	p.hang()
	for _, band := range p.bands {
		p.base = max(p.base, columnsFor(len(band.plain)+len(band.near)))
	}
	for _, band := range p.bands {
		if spare := len(band.near) - p.base; spare > 0 {
			band.over = append(band.over, band.near[:spare]...)
			band.near = band.near[spare:]
		}
	}
	p.leadDown()
	for i := range p.bands {
		p.addBand(i)
	}
}

// planner finds a row and a column for each card.
type planner struct {
	block *block
	bands []*band
	mains []*tooth
	place map[string]int // of rails, by key
	// base is how many columns plain and near cards may take, and columnOf those of
	// the far ones.
	base     int
	columnOf map[*card]int
}

// band is what hangs below a rail.
type band struct {
	rail *rail
	// plain are on this rail only, near on the next one too: their lines pass by no
	// other row. far are on others below, with a column each that leads them down; over
	// are those for which no column is left.
	plain, near, far, over []*card
	// passed are the columns in which lines lead through all rows of the band, and
	// ended those that far cards of its own have in its last row.
	passed, ended map[int]bool
}

// widest is how many columns plain and near cards take.
func (b *band) widest(base int) int { return min(base, len(b.plain)+len(b.near)) }

// lastRow is how many of them are in the last row.
func (b *band) lastRow(base int) int {
	rest := len(b.plain) % base
	switch {
	case len(b.near) == 0 && rest == 0:
		return b.widest(base)
	case rest+len(b.near) > base:
		return len(b.near)
	}
	return rest + len(b.near)
}

func (p *planner) last(c *card) int { return p.place[c.attached[len(c.attached)-1].Network] }

// hang puts each card below the first of its rails.
func (p *planner) hang() {
	for _, c := range p.block.cards {
		slices.SortStableFunc(c.attached, func(x, y *Attachment) int {
			return cmp.Compare(p.place[x.Network], p.place[y.Network])
		})
		first := p.place[c.attached[0].Network]
		at := p.bands[first]
		switch p.last(c) - first {
		case 0:
			at.plain = append(at.plain, c)
		case 1:
			at.near = append(at.near, c)
		default:
			at.far = append(at.far, c)
		}
	}
}

// leadDown finds a column for each far card: one to the right of the cards that its
// lines pass, so that those stay together.
func (p *planner) leadDown() {
	for at, home := range p.bands {
		var led []*card
		for _, c := range home.far {
			passed := p.bands[at+1 : p.last(c)]
			column, ok := p.freeColumn(home, passed)
			if !ok {
				home.over = append(home.over, c)
				continue
			}
			home.ended[column] = true
			for _, other := range passed {
				other.passed[column] = true
			}
			p.columnOf[c] = column
			led = append(led, c)
		}
		home.far = led
	}
}

func (p *planner) freeColumn(home *band, passed []*band) (column int, ok bool) {
	most := p.base + longMost
	column = home.lastRow(p.base)
	for _, other := range passed {
		column = max(column, other.widest(p.base))
		if len(other.passed)+1 >= most {
			return 0, false // its own cards need one
		}
	}
	for ; column < most; column++ {
		free := !home.passed[column] && !home.ended[column]
		for _, other := range passed {
			free = free && !other.passed[column] && !other.ended[column]
		}
		if free {
			return column, true
		}
	}
	return 0, false
}

// addBand adds a rail with all that hangs on it: full rows, then those between teeth
// of several rails, and last the row from which lines lead down.
func (p *planner) addBand(at int) {
	band := p.bands[at]
	teeth := toothing{block: p.block, rail: band.rail, free: p.mains[at]}
	p.block.items = append(p.block.items, item{tooth: p.mains[at]})

	plain, last := band.plain, []*card(nil)
	rest := len(plain) % p.base
	if rest == 0 && len(band.near) == 0 {
		rest = min(p.base, len(plain))
	}
	plain, last = plain[:len(plain)-rest], plain[len(plain)-rest:]
	if len(last)+len(band.near) > p.base {
		plain, last = append(plain[:len(plain):len(plain)], last...), nil
	}
	for part := range slices.Chunk(plain, p.base) {
		teeth.addRow(part, func(i int) int { return i })
	}
	p.addOver(band, &teeth)
	last = append(last[:len(last):len(last)], band.near...)
	if len(last)+len(band.far) == 0 {
		return
	}
	r := teeth.addRow(append(last, band.far...), func(i int) int {
		if i < len(last) {
			return i
		}
		return p.columnOf[band.far[i-len(last)]]
	})
	for _, c := range r.cells {
		for _, a := range c.card.attached[1:] {
			c.drop(a, p.mains[p.place[a.Network]])
		}
	}
}

// addOver adds rows between teeth: that of the rail above, and below one of each
// further rail that somebody in the row is on.
func (p *planner) addOver(band *band, teeth *toothing) {
	if len(band.over) == 0 {
		return
	}
	var free []int
	for column := 0; len(free) < p.base && column < p.base+longMost; column++ {
		if !band.passed[column] {
			free = append(free, column)
		}
	}
	slices.SortStableFunc(band.over, func(x, y *card) int {
		return slices.CompareFunc(x.attached, y.attached, func(a, b *Attachment) int {
			return cmp.Compare(p.place[a.Network], p.place[b.Network])
		})
	})
	for part := range slices.Chunk(band.over, len(free)) {
		r := teeth.addRow(part, func(i int) int { return free[i] })
		below := map[int]*tooth{}
		var places []int
		for _, c := range part {
			for _, a := range c.attached[1:] {
				if place := p.place[a.Network]; below[place] == nil {
					below[place] = &tooth{rail: p.bands[place].rail, named: true}
					places = append(places, place)
				}
			}
		}
		slices.Sort(places)
		for _, place := range places {
			p.block.items = append(p.block.items, item{tooth: below[place]})
		}
		for _, c := range r.cells {
			for _, a := range c.card.attached[1:] {
				c.drop(a, below[p.place[a.Network]])
			}
		}
		teeth.named = true
	}
}

// toothing adds rows to a rail, each below a tooth of its own.
type toothing struct {
	block *block
	rail  *rail
	free  *tooth // has no row yet
	named bool
}

func (t *toothing) addRow(cards []*card, column func(int) int) *row {
	above := t.free
	if above == nil {
		above = &tooth{rail: t.rail, named: t.named}
		t.block.items = append(t.block.items, item{tooth: above})
	}
	t.free = nil
	r := &row{above: above}
	for i, c := range cards {
		made := &cell{card: c, column: column(i)}
		made.stub = &joint{attachment: c.attached[0], cell: made, tooth: above}
		r.cells = append(r.cells, made)
	}
	t.block.items = append(t.block.items, item{row: r})
	return r
}

func (c *cell) drop(a *Attachment, to *tooth) {
	j := &joint{attachment: a, cell: c, tooth: to}
	c.drops = append(c.drops, j)
	to.joints = append(to.joints, j)
}
