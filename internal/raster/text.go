package raster

import (
	"fmt"
	"image/color"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/docker-netkit/docker-netkit/internal/drawing"
)

// faces are the fonts, each read when it is first used.
type faces [3]*face

type face struct {
	font func() *sfnt.Font
	buf  sfnt.Buffer
}

func newFaces() *faces {
	var all faces
	for _, f := range []drawing.Face{drawing.Regular, drawing.Bold, drawing.Mono} {
		all[f] = &face{font: f.Font}
	}
	return &all
}

// unitsPerEm is the size at which glyphs are loaded: large, so that nothing is rounded.
const unitsPerEm = 2048

// glyph is the number of a character's glyph, and its advance as a part of the size.
func (f *face) glyph(r rune) (index sfnt.GlyphIndex, advance float64) {
	index, err := f.font().GlyphIndex(&f.buf, r)
	if err != nil || index == 0 {
		return 0, float64(drawing.ForeignWidth(r)) / 1000
	}
	width, err := f.font().GlyphAdvance(&f.buf, index, fixed.I(unitsPerEm), font.HintingNone)
	if err != nil {
		return 0, float64(drawing.ForeignWidth(r)) / 1000
	}
	return index, float64(width) / 64 / unitsPerEm
}

// text draws a line of text. What the fonts lack becomes a box with its code point.
func (p *painter) text(t *drawing.Text, with color.NRGBA) {
	f := p.faces[t.Face()]
	pen := point{float64(t.Rect.X), float64(t.Base)}
	turn := func(x, y float64) point { return point{pen.x + x, pen.y + y} }
	if t.Upright {
		pen = point{float64(t.Base), float64(t.Rect.Bottom())}
		turn = func(x, y float64) point { return point{pen.x + y, pen.y - x} }
	}
	size, at := float64(t.Size), 0.0
	for _, r := range visual(t.Text) {
		index, advance := f.glyph(r)
		if index != 0 {
			p.canvas.begin()
			p.outline(f, index, size, func(x, y float64) point { return turn(at+x, y) })
			p.canvas.fill(with)
		} else if advance > 0 {
			p.missing(r, advance*size, size, func(x, y float64) point { return turn(at+x, y) }, with)
		}
		at += advance * size
	}
}

// outline adds the shape of a glyph to the path.
func (p *painter) outline(f *face, index sfnt.GlyphIndex, size float64, place func(x, y float64) point) {
	segments, err := f.font().LoadGlyph(&f.buf, index, fixed.I(unitsPerEm), nil)
	if err != nil {
		return
	}
	at := func(v fixed.Point26_6) point {
		return place(float64(v.X)/64/unitsPerEm*size, float64(v.Y)/64/unitsPerEm*size)
	}
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			p.canvas.add(moveTo, at(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			p.canvas.add(lineTo, at(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			p.canvas.add(quadTo, at(s.Args[0]), at(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			p.canvas.add(cubeTo, at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
		}
	}
}

// missing draws a box with the code point, in two lines.
func (p *painter) missing(r rune, width, size float64, place func(x, y float64) point, with color.NRGBA) {
	left, right, top, bottom := width*0.06, width*0.94, -size*0.78, size*0.16
	box := []point{place(left, top), place(right, top), place(right, bottom), place(left, bottom), place(left, top)}
	p.canvas.stroke(box, drawing.Pen{Width: size / 18}, with, false)
	code := fmt.Sprintf("%04X", r)
	half := (len(code) + 1) / 2
	small, f := min(size*0.36, width*0.8/float64(half)/0.62), p.faces[drawing.Mono]
	for line, digits := range []string{code[:half], code[half:]} {
		at := (width - float64(len(digits))*small*0.6) / 2
		base := top + (bottom-top)*(0.44+0.44*float64(line))
		for _, digit := range digits {
			index, advance := f.glyph(digit)
			p.canvas.begin()
			p.outline(f, index, small, func(x, y float64) point { return place(at+x, base+y) })
			p.canvas.fill(with)
			at += advance * small
		}
	}
}
