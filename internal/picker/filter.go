package picker

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// longestFilter bounds the filter, in bytes: what is pasted may be anything.
const longestFilter = 512

// searched is what the filter looks at. A line feed, which cannot be typed,
// keeps a match from reaching over two columns.
func searched(items []Item) []string {
	words := make([]string, len(items))
	for i := range items {
		words[i] = strings.ToLower(items[i].Name + "\n" + strings.Join(items[i].Facts, "\n"))
	}
	return words
}

// filterKey does what a key means while the filter is typed.
func (m model) filterKey(key tea.KeyPressMsg) model {
	if moved, ok := m.moved(key.String()); ok {
		return moved
	}
	switch key.String() {
	case "ctrl+c":
		m.outcome = interrupted
	case "enter", "kpenter":
		m.typing = false
	case "esc":
		m.typing = false
		m = m.filtered("")
	case "backspace":
		_, size := utf8.DecodeLastRuneInString(m.filter)
		m = m.filtered(m.filter[:len(m.filter)-size])
	default:
		m = m.filtered(m.filter + typed(key.Text))
	}
	return m
}

// typed is what may be added to a filter: what leaves a mark on the screen.
func typed(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != utf8.RuneError {
			return r
		}
		return -1
	}, text)
}

// filtered shows what the text lets through. The cursor stays on its item, or
// else goes to the next one that is shown.
func (m model) filtered(text string) model {
	if len(text) > longestFilter {
		return m
	}
	m.filter = text
	wanted := strings.ToLower(text)
	m.shown = nil
	for i, words := range m.words {
		if strings.Contains(words, wanted) {
			m.shown = append(m.shown, i)
		}
	}
	m.at, _ = slices.BinarySearch(m.shown, m.last)
	m.at = max(0, min(m.at, len(m.shown)-1))
	return m
}

// filtering tells that there is a filter to show.
func (m model) filtering() bool { return m.typing || m.filter != "" }
