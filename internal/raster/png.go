package raster

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"

	"github.com/docker-netkit/docker-netkit/internal/drawing"
	"github.com/docker-netkit/docker-netkit/internal/render"
)

// PixelsMost is how many pixels a picture may have. Each takes four bytes of memory.
const PixelsMost = 200_000_000

// TooLargeError tells that a picture would have more pixels than it may.
type TooLargeError struct{ W, H int }

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the picture would be %d × %d pixels, and more than %d million are not drawn", e.W, e.H, PixelsMost/1_000_000)
}

// PNG draws at a scale: of 1, a pixel is a pixel of the drawing.
func PNG(w io.Writer, d *drawing.Drawing, palette *render.Palette, scale float64) error {
	img, err := Draw(d, palette, scale)
	if err != nil {
		return err
	}
	return png.Encode(w, img)
}

// Draw makes the pixels.
func Draw(d *drawing.Drawing, palette *render.Palette, scale float64) (*image.RGBA, error) {
	width, height := int(float64(d.W)*scale+0.5), int(float64(d.H)*scale+0.5)
	if width > PixelsMost/max(1, height) {
		return nil, &TooLargeError{width, height}
	}
	p := &painter{canvas: newCanvas(width, height, scale), palette: inks(palette), faces: newFaces()}
	p.canvas.clear(p.palette.canvas)
	p.frames(d)
	p.rails(d)
	p.edges(d)
	p.joins(d)
	p.cards(d)
	p.legend(d)
	return p.canvas.img, nil
}

// colours are the palette's, parsed.
type colours struct {
	canvas, card, cardLine, frame   color.NRGBA
	ink, muted, wire                color.NRGBA
	up, halted, warning             color.NRGBA
	outside, outsideInk, outsideBar color.NRGBA
	host, hostInk, hostBar          color.NRGBA
	hues                            [drawing.Hues]color.NRGBA
}

func inks(p *render.Palette) *colours {
	c := &colours{
		canvas: hex(p.Canvas), card: hex(p.Card), cardLine: hex(p.CardLine), frame: hex(p.Frame),
		ink: hex(p.Ink), muted: hex(p.Muted), wire: hex(p.Wire), up: hex(p.Up), halted: hex(p.Halted), warning: hex(p.Warning),
		outside: hex(p.Outside), outsideInk: hex(p.OutsideInk), outsideBar: hex(p.OutsideBar),
		host: hex(p.Host), hostInk: hex(p.HostInk), hostBar: hex(p.HostBar),
	}
	for i, hue := range p.Hues {
		c.hues[i] = hex(hue)
	}
	return c
}

// hex is a colour of the form #rrggbb.
func hex(text string) color.NRGBA {
	digit := func(i int) uint8 {
		c := text[i]
		if c >= 'a' {
			return c - 'a' + 10
		}
		return c - '0'
	}
	pair := func(i int) uint8 { return digit(i)<<4 | digit(i+1) }
	return color.NRGBA{pair(1), pair(3), pair(5), 255}
}
