package drawing

import (
	"math"
	"sync"
	"unicode"

	"github.com/go-fonts/liberation/liberationmonoregular"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Face is one of the fonts that drawings are measured with. They have the widths
// of Arial, Helvetica and Courier New.
type Face uint8

// The faces.
const (
	Regular Face = iota
	Bold
	Mono
)

// Font is the face's font.
func (f Face) Font() *sfnt.Font { return fonts[f]() }

var fonts = [...]func() *sfnt.Font{newFont(Regular), newFont(Bold), newFont(Mono)}

func newFont(face Face) func() *sfnt.Font {
	return sync.OnceValue(func() *sfnt.Font {
		parsed, err := sfnt.Parse(face.file())
		if err != nil {
			panic("the font that the program brings along cannot be read: " + err.Error())
		}
		return parsed
	})
}

func (f Face) file() []byte {
	switch f {
	case Bold:
		return liberationsansbold.TTF
	case Mono:
		return liberationmonoregular.TTF
	case Regular:
	}
	return liberationsansregular.TTF
}

// faceOf is the face in which texts of a role are set.
func faceOf(role TextRole) Face {
	switch role {
	case TitleText, GroupText, NameText, RailText, WarningText, EdgeText:
		return Bold
	case AddressText, WayText:
		return Mono
	case FactText, DetailText, StateText, NoteText, LegendText:
	}
	return Regular
}

// Face is the face in which the text is set.
func (t *Text) Face() Face { return faceOf(t.Role) }

// unitsPerEm of what is measured: a thousandth of the size.
const unitsPerEm = 1000

// meter knows the widths of a face's characters.
type meter struct {
	mu    sync.Mutex
	font  *sfnt.Font
	buf   sfnt.Buffer
	known map[rune]int
}

var meters = [...]func() *meter{newMeter(Regular), newMeter(Bold), newMeter(Mono)}

func newMeter(face Face) func() *meter {
	return sync.OnceValue(func() *meter {
		return &meter{font: face.Font(), known: map[rune]int{}}
	})
}

// width of a character, in thousandths of the size.
func (m *meter) width(r rune) int {
	if w, ok := m.known[r]; ok {
		return w
	}
	w := ForeignWidth(r)
	if glyph, err := m.font.GlyphIndex(&m.buf, r); err == nil && glyph != 0 {
		if advance, err := m.font.GlyphAdvance(&m.buf, glyph, fixed.I(unitsPerEm), font.HintingNone); err == nil {
			w = advance.Round()
		}
	}
	m.known[r] = w
	return w
}

// ForeignWidth is what a character is taken to need that the fonts lack, in thousandths of
// the size: another font has to draw it.
func ForeignWidth(r rune) int {
	const mark, narrow, wide = 0, 700, 1000
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return mark
	case unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Thai, unicode.Devanagari):
		return narrow
	}
	return wide
}

// textWidth is how wide a text is.
func textWidth(text string, face Face, size int) float64 {
	m := meters[face]()
	m.mu.Lock()
	defer m.mu.Unlock()
	sum := 0
	for _, r := range text {
		sum += m.width(r)
	}
	return float64(sum) * float64(size) / unitsPerEm
}

func ceil(width float64) int { return int(math.Ceil(width)) }
