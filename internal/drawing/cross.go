package drawing

import (
	"cmp"
	"slices"
)

// gapHalf is half of the gap that a horizontal line leaves for one that crosses it.
const gapHalf = 5

// cutCrossings leaves a gap in each horizontal stroke where a line crosses that it has
// nothing to do with, so that nobody takes the crossing for a joint.
func (p *page) cutCrossings() {
	c := crossings{joints: map[Point]bool{}}
	for i := range p.drawing.Lines {
		line := &p.drawing.Lines[i]
		for _, dot := range line.Dots {
			c.joints[dot] = true
		}
		for _, s := range line.Strokes {
			if len(s) == 2 && s[0].X == s[1].X {
				c.verticals = append(c.verticals, vertical{i, s[0].X, min(s[0].Y, s[1].Y), max(s[0].Y, s[1].Y)})
			}
		}
	}
	slices.SortFunc(c.verticals, func(a, b vertical) int { return cmp.Compare(a.x, b.x) })
	for i := range p.drawing.Lines {
		line := &p.drawing.Lines[i]
		var cut []Stroke
		for _, s := range line.Strokes {
			if len(s) == 2 && s[0].Y == s[1].Y {
				cut = append(cut, c.cut(i, s)...)
			} else {
				cut = append(cut, s)
			}
		}
		line.Strokes = cut
	}
}

// crossings are the vertical strokes, from the left, and where lines join rails.
type crossings struct {
	verticals []vertical
	joints    map[Point]bool
}

type vertical struct{ line, x, top, bottom int }

// cut is what is left of a horizontal stroke of a line.
func (c *crossings) cut(line int, s Stroke) []Stroke {
	x1, x2, y := min(s[0].X, s[1].X), max(s[0].X, s[1].X), s[0].Y
	var left []Stroke
	first, _ := slices.BinarySearchFunc(c.verticals, x1, func(v vertical, x int) int { return cmp.Compare(v.x, x) })
	for _, v := range c.verticals[first:] {
		if v.x >= x2 {
			break
		}
		if v.line == line || v.top >= y || v.bottom <= y || v.x <= x1 || c.joints[Point{v.x, y}] {
			continue
		}
		if v.x-gapHalf > x1 {
			left = append(left, Stroke{{x1, y}, {v.x - gapHalf, y}})
		}
		x1 = v.x + gapHalf
	}
	if x1 < x2 {
		left = append(left, Stroke{{x1, y}, {x2, y}})
	}
	return left
}
