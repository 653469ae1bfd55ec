package drawing

import "slices"

const (
	shelfGap   = 40
	trunkInset = 8
)

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
		width := p.widthOf(b)
		if !slices.ContainsFunc(p.shelves, func(s *shelf) bool { return s.takes(b, width, room) }) {
			s := &shelf{trunks: map[string]int{}}
			p.shelves = append(p.shelves, s)
			s.add(b, width)
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
func (s *shelf) takes(b *block, width, room int) bool {
	for _, c := range s.columns {
		if b.size.W <= c.w && c.h+blockGap+b.size.H <= s.h {
			c.h += blockGap + b.size.H
			c.blocks = append(c.blocks, b)
			return true
		}
	}
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
