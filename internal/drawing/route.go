package drawing

import (
	"cmp"
	"slices"
)

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
