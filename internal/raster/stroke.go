package raster

import (
	"image/color"
	"math"
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/drawing"
)

// stroke paints a line through points. Each dash is painted by itself. Its ends are
// round if asked.
func (c *canvas) stroke(points []point, pen drawing.Pen, with color.NRGBA, round bool) {
	for _, dash := range dashes(points, pen.Dash) {
		c.begin()
		c.ribbon(dash, pen.Width/2)
		if round && dash[0] != dash[len(dash)-1] {
			c.fill(with)
			c.begin()
			c.polygon(arc(dash[0], pen.Width/2, 0, 2*math.Pi))
			c.polygon(arc(dash[len(dash)-1], pen.Width/2, 0, 2*math.Pi))
		}
		c.fill(with)
	}
}

// ribbon adds the area along a line to the path: there on one side, and back on the
// other. A closed line has an outer and an inner edge.
func (c *canvas) ribbon(points []point, half float64) {
	last := len(points) - 1
	closed := points[0] == points[last]
	left, right := make([]point, len(points)), make([]point, len(points))
	for i, p := range points {
		before, after := direction(points, i-1), direction(points, i)
		switch {
		case closed && i == 0:
			before = direction(points, last-1)
		case closed && i == last:
			after = direction(points, 0)
		case i == 0:
			before = after
		case i == last:
			after = before
		}
		across := miter(before, after, half)
		left[i], right[i] = point{p.x + across.x, p.y + across.y}, point{p.x - across.x, p.y - across.y}
	}
	slices.Reverse(right)
	if closed {
		c.polygon(left)
		c.polygon(right)
		return
	}
	c.polygon(append(left, right...))
}

// direction is that of the part of the line after a point, of length one.
func direction(points []point, i int) point {
	for ; i >= 0 && i+1 < len(points); i++ {
		dx, dy := points[i+1].x-points[i].x, points[i+1].y-points[i].y
		if length := math.Hypot(dx, dy); length > 0 {
			return point{dx / length, dy / length}
		}
	}
	return point{}
}

// miter leads from a bend of a line to the corner of its edge, which in a sharp bend is
// cut off.
func miter(before, after point, half float64) point {
	const longest = 2
	across := point{before.y + after.y, -before.x - after.x}
	length := math.Hypot(across.x, across.y)
	if length < 1e-9 {
		return point{after.y * half, -after.x * half}
	}
	across = point{across.x / length, across.y / length}
	reach := half / max(1.0/longest, across.x*after.y-across.y*after.x)
	return point{across.x * reach, across.y * reach}
}

// dashes cuts a line into the parts that are drawn.
func dashes(points []point, pattern []float64) [][]point {
	if len(pattern) == 0 {
		return [][]point{points}
	}
	var all [][]point
	current := []point{points[0]}
	at, left, on := 0, pattern[0], true
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		for done := 0.0; done < length; {
			step := min(left, length-done)
			done += step
			left -= step
			here := point{a.x + (b.x-a.x)*done/length, a.y + (b.y-a.y)*done/length}
			if on {
				current = append(current, here)
			}
			if left > 0 {
				continue
			}
			if on {
				all = append(all, current)
			}
			at = (at + 1) % len(pattern)
			left, on = pattern[at], !on
			current = []point{here}
		}
	}
	if on && len(current) > 1 {
		all = append(all, current)
	}
	return all
}

// arc is a part of a circle, clockwise from an angle to another.
func arc(center point, radius, from, to float64) []point {
	steps := max(4, int(math.Ceil((to-from)/(2*math.Pi)*32)))
	points := make([]point, steps+1)
	for i := range points {
		angle := from + (to-from)*float64(i)/float64(steps)
		points[i] = point{center.x + radius*math.Cos(angle), center.y + radius*math.Sin(angle)}
	}
	return points
}

// rounded is the outline of a rectangle with round corners, closed.
func rounded(r drawing.Rect, radius float64) []point {
	x1, y1, x2, y2 := float64(r.X), float64(r.Y), float64(r.Right()), float64(r.Bottom())
	radius = min(radius, (x2-x1)/2, (y2-y1)/2)
	var points []point
	corner := func(x, y, from float64) { points = append(points, arc(point{x, y}, radius, from, from+math.Pi/2)...) }
	corner(x2-radius, y1+radius, -math.Pi/2)
	corner(x2-radius, y2-radius, 0)
	corner(x1+radius, y2-radius, math.Pi/2)
	corner(x1+radius, y1+radius, math.Pi)
	return append(points, points[0])
}

func (c *canvas) fillRect(r drawing.Rect, radius float64, with color.NRGBA) {
	c.begin()
	c.polygon(rounded(r, radius))
	c.fill(with)
}

func (c *canvas) strokeRect(r drawing.Rect, radius float64, pen drawing.Pen, with color.NRGBA) {
	c.stroke(rounded(r, radius), pen, with, false)
}

func (c *canvas) disc(center point, radius float64, with color.NRGBA) {
	c.begin()
	c.polygon(arc(center, radius, 0, 2*math.Pi))
	c.fill(with)
}
