package picker

import (
	"strings"
	"unicode/utf8"

	"github.com/docker-netkit/docker-netkit/internal/render"
)

// fold breaks text into lines of at most width columns: between words, or
// within one that is wider by itself. Each line is indented like the first.
func fold(text string, width int) []string {
	if render.Width(text) <= width {
		return []string{text}
	}
	bare := strings.TrimLeft(text, " ")
	indent := text[:min(len(text)-len(bare), max(0, width/2))]
	room := max(1, width-len(indent))
	var lines []string
	now := ""
	for word := range strings.FieldsSeq(bare) {
		switch {
		case now == "":
			now = word
		case render.Width(now)+1+render.Width(word) <= room:
			now += " " + word
		default:
			lines = append(lines, indent+now)
			now = word
		}
		for size := head(now, room); size < len(now); size = head(now, room) {
			lines = append(lines, indent+now[:size])
			now = now[size:]
		}
	}
	return append(lines, indent+now)
}

// head is how many bytes of the text fit into width columns, and one character
// at least. A mark stays with the letter that it is on.
func head(text string, width int) int {
	_, size := utf8.DecodeRuneInString(text)
	for size < len(text) {
		_, next := utf8.DecodeRuneInString(text[size:])
		if render.Width(text[:size+next]) > width {
			break
		}
		size += next
	}
	return size
}
