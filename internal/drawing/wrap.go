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
	used, breakable, after := 0, 0, rune(0)
	for at, r := range text {
		w := m.width(r)
		if used+w > limit && at > 0 && w > 0 && r != ' ' {
			if breakable > at/3 {
				return breakable
			}
			return at
		}
		if at > 0 && breaksAfter(after) && r != ' ' {
			breakable = at
		}
		used += w
		after = r
	}
	return len(text)
}

func breaksAfter(r rune) bool {
	return r == ' ' || strings.ContainsRune("-_./:,;@→", r) || r > utf8.RuneSelf && unicode.Is(unicode.Han, r)
}
