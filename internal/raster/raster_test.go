package raster

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"runtime"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/drawing"
	"github.com/docker-netkit/docker-netkit/internal/render"
)

func sample() *drawing.Drawing {
	return drawing.Make(&drawing.Content{
		Title:    "Docker networks",
		Outside:  "outside world",
		Networks: []drawing.Network{{Key: "n", Name: "front", Identity: "n", Details: []string{"bridge"}}},
		Containers: []drawing.Container{
			{Key: "c", Name: "web", Up: true},
			{Key: "d", Name: "数据 שלום 🐳", Mark: drawing.Stopped, State: "stopped", Warning: "will not start"},
		},
		Attachments: []drawing.Attachment{
			{Key: "n_c", Network: "n", Container: "c", Lines: []string{"172.20.0.2"}},
			{Key: "n_d", Network: "n", Container: "d", Kind: drawing.OnStart},
		},
		Ways: []drawing.Way{{Key: "w", Container: "c", Lines: []string{"*:80 → 80/tcp"}}},
	})
}

func near(a, b color.Color) bool {
	const most = 0x600
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	apart := func(x, y uint32) bool { return max(x, y)-min(x, y) > most }
	return !apart(ar, br) && !apart(ag, bg) && !apart(ab, bb)
}

// inked counts the pixels of an area that have not the colour.
func inked(img image.Image, area image.Rectangle, ground color.Color) int {
	count := 0
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if !near(img.At(x, y), ground) {
				count++
			}
		}
	}
	return count
}

func scaled(r drawing.Rect, scale float64) image.Rectangle {
	at := func(v int) int { return int(float64(v) * scale) }
	return image.Rect(at(r.X), at(r.Y), at(r.Right()), at(r.Bottom()))
}

// What is drawn has its colours where the drawing says that it is.
func TestDrawPutsThingsWhereTheyAre(t *testing.T) {
	d := sample()
	for _, palette := range []*render.Palette{&render.Light, &render.Dark} {
		for _, scale := range []float64{1, 1.5, 4} {
			img, err := Draw(d, palette, scale)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := img.Bounds().Max, (image.Point{int(float64(d.W) * scale), int(float64(d.H) * scale)}); got != want {
				t.Errorf("at scale %g the picture is %v, want %v", scale, got, want)
			}
			pixel := func(x, y float64) color.Color { return img.At(int(x*scale), int(y*scale)) }
			colour := inks(palette)
			if !near(pixel(1, 1), colour.canvas) {
				t.Errorf("the corner is %v", pixel(1, 1))
			}
			for i := range d.Boxes {
				b := &d.Boxes[i]
				if b.Kind != drawing.CardBox {
					continue
				}
				want := colour.card
				if !b.Container.Up {
					want = colour.canvas
				}
				if got := pixel(float64(b.Rect.Right()-4), float64(b.Rect.Bottom()-6)); !near(got, want) {
					t.Errorf("the ground of %s is %v, want %v", b.Key, got, want)
				}
				for _, text := range b.Texts {
					if inked(img, scaled(text.Rect, scale), want) == 0 {
						t.Errorf("the text %q is not drawn", text.Text)
					}
				}
			}
			for i := range d.Lines {
				l := &d.Lines[i]
				if l.Kind == drawing.AttachmentLine && l.Attachment == drawing.Live {
					a, b := l.Strokes[0][0], l.Strokes[0][1]
					if got := pixel(float64(a.X), float64(a.Y+b.Y)/2); !near(got, colour.hues[l.Colour.Hue]) {
						t.Errorf("the line %s is %v", l.Key, got)
					}
				}
			}
		}
	}
}

// Letters stay within the room that was measured for them.
func TestTextStaysInItsRoom(t *testing.T) {
	for _, text := range []string{"web", "WWWW", "172.20.0.2", "数据库", "שלום", "🐳", "a\u0301"} {
		d := drawing.Make(&drawing.Content{Title: text})
		img, err := Draw(d, &render.Light, 2)
		if err != nil {
			t.Fatal(err)
		}
		room := scaled(d.Texts[0].Rect, 2)
		around := image.Rect(0, 0, img.Bounds().Dx(), room.Max.Y+20)
		const hang = 3 // some letters reach a little over their width
		if within, all := inked(img, room.Inset(-hang), inks(&render.Light).canvas), inked(img, around, inks(&render.Light).canvas); within == 0 || within != all {
			t.Errorf("%q: %d pixels are within its room, of %d", text, within, all)
		}
	}
}

func TestPNGIsTheSameTwice(t *testing.T) {
	var first, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&first, &again} {
		if err := PNG(w, sample(), &render.Light, 2); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Error("the same drawing gave another picture")
	}
	if _, err := png.Decode(&first); err != nil {
		t.Error(err)
	}
}

func TestTooLarge(t *testing.T) {
	d := &drawing.Drawing{W: 20000, H: 20000}
	_, err := Draw(d, &render.Light, 1)
	if tooLarge, ok := errors.AsType[*TooLargeError](err); !ok || tooLarge.W != 20000 {
		t.Errorf("a picture of 400 million pixels: %v", err)
	}
}

// TestLargeAreasTakeLittleMemory: what is as large as the picture is painted whole, and
// takes no further memory as large as that.
func TestLargeAreasTakeLittleMemory(t *testing.T) {
	const side, edge = 3000, 10
	c := newCanvas(side, side, 1)
	red := color.NRGBA{200, 0, 0, 255}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c.strokeRect(drawing.Rect{X: edge, Y: edge, W: side - 2*edge, H: side - 2*edge}, 4, drawing.Pen{Width: 2}, red)
	c.fillRect(drawing.Rect{X: 2 * edge, Y: 2 * edge, W: side - 4*edge, H: side - 4*edge}, 0, red)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > side*side*4 {
		t.Errorf("it took %d bytes, and the picture %d", took, side*side*4)
	}
	const corner, middle = 2 * edge, side/2 + 1
	for y := range side {
		inked := map[int]bool{middle: y >= edge-1 && y <= edge || y >= 2*edge && y < side-2*edge || y >= side-edge-1 && y <= side-edge}
		if y >= corner && y < side-corner {
			for x, want := range map[int]bool{edge - 3: false, edge: true, edge + 5: false, side - edge - 1: true, side - 2: false} {
				inked[x] = want
			}
		}
		for x, want := range inked {
			if got := c.img.RGBAAt(x, y).A > 127; got != want {
				t.Fatalf("at %d, %d is ink: %v, want %v", x, y, got, want)
			}
		}
	}
}

func TestVisual(t *testing.T) {
	for text, want := range map[string]string{
		"web-1":         "web-1",
		"שלום":          "םולש",
		"a שלום b":      "a םולש b",
		"שָׁלום":        "םולשָׁ",
		"abc שלום2":     "abc 2םולש",
		"שלום 10.0.0.1": "10.0.0.1 םולש",
		"שלום-2-3":      "2-3-םולש",
		"שלום 1. 2":     "2 .1 םולש",
	} {
		if got := string(visual(text)); got != want {
			t.Errorf("%q stands as %q, want %q", text, got, want)
		}
	}
}

func TestDashes(t *testing.T) {
	line := []point{{0, 0}, {10, 0}, {10, 10}}
	got := dashes(line, []float64{4, 4})
	want := [][]point{{{0, 0}, {4, 0}}, {{8, 0}, {10, 0}, {10, 2}}, {{10, 6}, {10, 10}}}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		for k := range want[i] {
			if len(got[i]) != len(want[i]) || got[i][k] != want[i][k] {
				t.Errorf("dash %d is %v, want %v", i, got[i], want[i])
				break
			}
		}
	}
}
