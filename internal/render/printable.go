package render

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
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
	return strconv.Quote(name)
}

// plain tells that the text shows as what it is: no character that is
// invisible or acts on the terminal, no quote or backslash that could be taken
// for our own, no space that could be taken for the gap between two columns.
func plain(text string) bool {
	if text == "" || text[0] == ' ' || text[len(text)-1] == ' ' || strings.Contains(text, "  ") || !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if r == '"' || r == '\\' || !unicode.IsPrint(r) {
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
	return terminal.Truncate(text, width, "…")
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
