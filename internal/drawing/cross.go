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
	type vertical struct {
		line      int
		x, y1, y2 int
	}
	var verticals []vertical
	for i := range p.drawing.Lines {
		for _, s := range p.drawing.Lines[i].Strokes {
			if len(s) == 2 && s[0].X == s[1].X {
				verticals = append(verticals, vertical{i, s[0].X, min(s[0].Y, s[1].Y), max(s[0].Y, s[1].Y)})
			}
		}
	}
	joints := map[Point]bool{}
	for i := range p.drawing.Lines {
		for _, dot := range p.drawing.Lines[i].Dots {
			joints[dot] = true
		}
	}
	slices.SortFunc(verticals, func(a, b vertical) int { return cmp.Compare(a.x, b.x) })
	for i := range p.drawing.Lines {
		line := &p.drawing.Lines[i]
		var cut []Stroke
		for _, s := range line.Strokes {
			if len(s) != 2 || s[0].Y != s[1].Y {
				cut = append(cut, s)
				continue
			}
			x1, x2, y := min(s[0].X, s[1].X), max(s[0].X, s[1].X), s[0].Y
			first, _ := slices.BinarySearchFunc(verticals, x1, func(v vertical, x int) int { return cmp.Compare(v.x, x) })
			for _, v := range verticals[first:] {
				if v.x >= x2 {
					break
				}
				if v.line == i || v.y1 >= y || v.y2 <= y || v.x <= x1 || joints[Point{v.x, y}] {
					continue
				}
				if v.x-gapHalf > x1 {
					cut = append(cut, Stroke{{x1, y}, {v.x - gapHalf, y}})
				}
				x1 = v.x + gapHalf
			}
			if x1 < x2 {
				cut = append(cut, Stroke{{x1, y}, {x2, y}})
			}
		}
		line.Strokes = cut
	}
}
