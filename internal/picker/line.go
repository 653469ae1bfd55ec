package picker

import (
	"strings"

	"github.com/morikuni/aec"

	"github.com/docker-netkit/docker-netkit/internal/render"
)

// ink is what a piece of text is, which decides its colour.
type ink uint8

const (
	inkPlain ink = iota
	inkFaint
	inkStrong
	inkCursor
	inkTick
	inkWarning
)

// inks are the colours: the sixteen of the terminal's own theme, so that they
// fit light and dark ones.
//
//exhaustive:ignore
var inks = map[ink]aec.ANSI{
	inkFaint:   aec.Faint,
	inkStrong:  aec.Bold,
	inkCursor:  aec.Bold.With(aec.CyanF),
	inkTick:    aec.GreenF,
	inkWarning: aec.YellowF,
}

// span is a piece of text in one ink.
type span struct {
	text string
	ink  ink
}

// line is a line of the screen.
type line []span

func (l line) width() int {
	width := 0
	for _, s := range l {
		width += render.Width(s.text)
	}
	return width
}

// strong makes the line bold. What has a colour keeps it; what is faint would
// be both.
func (l line) strong() line {
	bold := make(line, len(l))
	for i, s := range l {
		if s.ink == inkPlain || s.ink == inkFaint {
			s.ink = inkStrong
		}
		bold[i] = s
	}
	return bold
}

// draw is the line as text that is no wider than the terminal.
func (k Look) draw(l line, width int) string {
	var b strings.Builder
	blank := "" // held back, so that no line ends with it
	for _, s := range l {
		text := k.cut(s.text, width)
		whole := text == s.text
		width -= render.Width(text)
		bare := strings.TrimRight(text, " ")
		if bare != "" {
			b.WriteString(blank)
			b.WriteString(k.paint(bare, s.ink))
			blank = ""
		}
		blank += text[len(bare):]
		if !whole {
			break
		}
	}
	return b.String()
}

func (k Look) paint(text string, with ink) string {
	if colour, ok := inks[with]; ok && k.Colour {
		return colour.Apply(text)
	}
	return text
}

// cut shortens text to at most width columns, with a mark where it was cut.
func (k Look) cut(text string, width int) string {
	short := render.Cut(text, width)
	if short == text || !k.ASCII {
		return short
	}
	if head, ok := strings.CutSuffix(short, "…"); ok {
		return head + "~"
	}
	return short
}

// pad fills text up to width columns.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-render.Width(text)))
}

// apart puts one line at the left and one at the right of width columns.
func apart(leftmost, rightmost line, width int) line {
	gap := max(columnGap, width-leftmost.width()-rightmost.width())
	return append(append(leftmost, span{strings.Repeat(" ", gap), inkPlain}), rightmost...)
}

// strokes are the characters that the list is drawn with.
type strokes struct{ cursor, rule, to, arrows string }

func (k Look) strokes() strokes {
	if k.ASCII {
		return strokes{cursor: ">", rule: "-", to: "-", arrows: "up/down"}
	}
	return strokes{cursor: "❯", rule: "─", to: "–", arrows: "↑↓"}
}
