package drawing

import "slices"

// blockPlan is what comes below what in a block, before it is known how high each is.
type blockPlan struct {
	items   []item
	columns int
	height  int // of all items
	size    Rect
	boxes   []Box
	lines   []Line
	entries []entry
}

// entry is where something leads into a block from the left: a network that is in
// other blocks too, or ways from an edge.
type entry struct {
	key  string
	y    int
	to   int // how far it runs into the block
	rail bool
	gone bool
}

// routed tells that an entry leads out of its block. What is gone leads nowhere.
func (e *entry) routed() bool { return !e.gone }

// item is a tooth of a rail, or a row of cards below one.
type item struct {
	tooth *tooth
	row   *row
}

// tooth is a horizontal stroke of a rail. The first of a rail has its plate.
type tooth struct {
	rail *rail
	main bool
	// named tells that a further tooth is far from the plate, so that it says whose
	// it is.
	named  bool
	joints []*joint // of lines that come from above
	y      int
	plate  *plate
	label  []string // its name again
}

// joint is where an attachment joins a tooth.
type joint struct {
	attachment *Attachment
	cell       *cell
	tooth      *tooth
	texts      []string
}

// row is cards beside each other. Above it there is a tooth, from which stubs lead
// down to them; a row of a mode has none.
type row struct {
	above *tooth
	cells []*cell
	top   int
	// gutters are where ways run below the cards: from the outside, and from the host.
	gutters [2]int
}

// cell is a card at its place. Its own joint is the stub; drops lead down.
type cell struct {
	card   *card
	column int
	stub   *joint
	drops  []*joint

	ways     []*Way
	wayTexts []wayText
	wayText  int // where they begin, from the card's left edge
}

// plan puts the cards of a block into rows.
func (b *block) plan() {
	if b.kind == modeBlock {
		for part := range slices.Chunk(b.cards, max(1, columnsFor(len(b.cards)))) {
			r := &row{}
			for column, c := range part {
				r.cells = append(r.cells, &cell{card: c, column: column})
			}
			b.items = append(b.items, item{row: r})
		}
	} else {
		b.orderRails()
		b.planRails()
	}
	for _, it := range b.items {
		if it.row == nil {
			continue
		}
		for _, c := range it.row.cells {
			b.columns = max(b.columns, c.column+1)
		}
	}
}

// columnsFor is how many columns a number of cards takes.
func columnsFor(cards int) int {
	const few = 4
	switch {
	case cards <= columnsMost:
		return cards
	case cards <= 2*few:
		return few
	}
	return columnsMost
}
