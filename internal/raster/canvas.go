package raster

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// point is a place in the drawing's pixels, not the picture's.
type point struct{ x, y float64 }

// canvas fills areas, with smooth edges.
type canvas struct {
	img        *image.RGBA
	scale      float64
	rasterizer vector.Rasterizer
	path       []piece
	low, high  point // of the path
}

// piece is a part of a path: a start, a line, or a curve to its last point.
type piece struct {
	kind   pieceKind
	points [3]point
}

type pieceKind uint8

const (
	moveTo pieceKind = iota
	lineTo
	quadTo
	cubeTo
)

func newCanvas(width, height int, scale float64) *canvas {
	return &canvas{img: image.NewRGBA(image.Rect(0, 0, width, height)), scale: scale}
}

func (c *canvas) clear(with color.NRGBA) {
	draw.Draw(c.img, c.img.Bounds(), image.NewUniform(with), image.Point{}, draw.Src)
}

func (c *canvas) begin() {
	c.path = c.path[:0]
	c.low, c.high = point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
}

func (c *canvas) add(kind pieceKind, points ...point) {
	made := piece{kind: kind}
	for i, p := range points {
		p = point{p.x * c.scale, p.y * c.scale}
		made.points[i] = p
		c.low = point{min(c.low.x, p.x), min(c.low.y, p.y)}
		c.high = point{max(c.high.x, p.x), max(c.high.y, p.y)}
	}
	c.path = append(c.path, made)
}

// polygon adds a closed area to the path.
func (c *canvas) polygon(points []point) {
	for i, p := range points {
		if i == 0 {
			c.add(moveTo, p)
		} else {
			c.add(lineTo, p)
		}
	}
}

// bandMost is how many pixels are looked at together. A frame around everything is as
// large as the picture, and the rasterizer has eight bytes for each pixel beside it.
const bandMost = 1 << 20

// fill paints the path. Only the part of the picture that the path is in is looked at,
// since most paths are small and pictures are not.
func (c *canvas) fill(with color.NRGBA) {
	if len(c.path) == 0 {
		return
	}
	area := image.Rect(int(math.Floor(c.low.x)), int(math.Floor(c.low.y)), int(math.Ceil(c.high.x))+1, int(math.Ceil(c.high.y))+1)
	area = area.Intersect(c.img.Bounds())
	if area.Empty() {
		return
	}
	rows := max(1, bandMost/area.Dx())
	for top := area.Min.Y; top < area.Max.Y; top += rows {
		c.fillBand(image.Rect(area.Min.X, top, area.Max.X, min(top+rows, area.Max.Y)), with)
	}
}

// fillBand paints what of the path is in an area, and nothing of which is beside it.
func (c *canvas) fillBand(area image.Rectangle, with color.NRGBA) {
	r := &c.rasterizer
	r.Reset(area.Dx(), area.Dy())
	at := func(p point) (x, y float32) {
		return float32(p.x - float64(area.Min.X)), float32(p.y - float64(area.Min.Y))
	}
	open := false
	for i := range c.path {
		piece := &c.path[i]
		x1, y1 := at(piece.points[0])
		x2, y2 := at(piece.points[1])
		x3, y3 := at(piece.points[2])
		switch piece.kind {
		case moveTo:
			if open {
				r.ClosePath()
			}
			open = true
			r.MoveTo(x1, y1)
		case lineTo:
			r.LineTo(x1, y1)
		case quadTo:
			r.QuadTo(x1, y1, x2, y2)
		case cubeTo:
			r.CubeTo(x1, y1, x2, y2, x3, y3)
		}
	}
	r.ClosePath()
	r.Draw(c.img, area, image.NewUniform(with), image.Point{})
}
