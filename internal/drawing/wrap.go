package drawing

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wrap breaks a text into lines no wider than asked: after a space or a sign that
// ends a part of a name if there is one, else anywhere.
func wrap(text string, face Face, size, width int) []string {
	if textWidth(text, face, size) <= float64(width) {
		return []string{text}
	}
	m := meters[face]()
	m.mu.Lock()
	defer m.mu.Unlock()
	limit := width * unitsPerEm / size
	var lines []string
	for text != "" {
		end := fitting(m, text, limit)
		if line := strings.TrimRight(text[:end], " "); line != "" {
			lines = append(lines, line)
		}
		text = strings.TrimLeft(text[end:], " ")
	}
	return lines
}

// fitting is how many bytes of the text go on a line; at least a character, with
// the marks that belong to it.
func fitting(m *meter, text string, limit int) int {
	used, space, sign := 0, 0, 0
	before, after := rune(0), rune(0) // the two characters before this one
	for at, r := range text {
		w := m.width(r)
		switch {
		case r == ' ' || at == 0:
		case after == ' ' && before != '→':
			space = at
		case breaksAfter(after):
			sign = at
		}
		if used+w > limit && at > 0 && w > 0 && r != ' ' {
			switch least := at / 3; {
			case space > least:
				return space
			case sign > least:
				return sign
			}
			return at
		}
		used += w
		before, after = after, r
	}
	return len(text)
}

func breaksAfter(r rune) bool {
	return strings.ContainsRune("-_./:,;@", r) || r > utf8.RuneSelf && unicode.Is(unicode.Han, r)
}
