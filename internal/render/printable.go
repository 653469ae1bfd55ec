package render

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// NameWidth is the greatest width of a name, in columns, where names are cut.
const NameWidth = 48

// terminal measures text as terminals show it, whatever the locale says of
// ambiguous widths, so that output is the same everywhere.
var terminal = &runewidth.Condition{StrictEmojiNeutral: true}

// Width is how many columns the text takes on a terminal.
func Width(text string) int { return terminal.StringWidth(text) }

// Printable makes a name from an engine safe and unmistakable on a terminal.
// A name that is plain stays as it is; any other is quoted, with control
// codes, invisible characters and changes of writing direction spelled out.
func Printable(name string) string {
	if plain(name) {
		return name
	}
	var b strings.Builder
	for _, r := range strconv.Quote(name) {
		switch {
		case visible(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// visible tells that a character leaves a mark, or is the space. Unicode counts
// some that leave none as letters, marks and symbols: fillers, variation
// selectors, blanks.
func visible(r rune) bool {
	return unicode.IsPrint(r) && (r < 0x300 || !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, blanks))
}

// blanks are symbols without ink: the empty Braille pattern, the null notehead.
var blanks = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x2800, Hi: 0x2800, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0x1d159, Hi: 0x1d159, Stride: 1}},
}

// plain tells that the text shows as what it is: no character that is
// invisible or acts on the terminal, no quote or backslash that could be taken
// for our own, no space that could be taken for the gap between two columns.
func plain(text string) bool {
	if text == "" || text[0] == ' ' || text[len(text)-1] == ' ' || strings.Contains(text, "  ") || !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if r == '"' || r == '\\' || !visible(r) {
			return false
		}
	}
	return true
}

// Cut shortens text to at most width columns, with an ellipsis in place of
// what is left out.
func Cut(text string, width int) string {
	if len(text) <= width {
		return text // no character is wider than its bytes are many
	}
	if width < 1 {
		return ""
	}
	return terminal.Truncate(text, width, "…")
}

// foreignText makes a sentence of an engine or a system safe on a terminal: what
// cannot be seen is left out. Unlike a name, it need not be unmistakable, and is
// not quoted.
func foreignText(text string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !visible(r) {
			return -1
		}
		return r
	}, strings.Join(strings.Fields(text), " "))
}

// label is a name made printable, and cut where names are to be cut.
func label(name string, full bool) string {
	if full {
		return Printable(name)
	}
	// The tail of a long name cannot be seen, so it need not be escaped: the
	// longest escape (\U0010ffff) makes ten columns of four bytes.
	const enough = 4 * (NameWidth + 2)
	if len(name) > enough {
		cut := enough
		for cut > 0 && !utf8.RuneStart(name[cut]) {
			cut--
		}
		name = name[:cut]
		if plain(name) {
			return terminal.Truncate(name, NameWidth-1, "") + "…"
		}
	}
	return Cut(Printable(name), NameWidth)
}

// shortID is a short ID made printable: a snapshot made by hand may have any.
func shortID(id string) string { return label(topology.ShortID(id), false) }
