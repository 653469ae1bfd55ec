package picker

import tea "charm.land/bubbletea/v2"

// listKey does what a key means in the list.
func (m model) listKey(key tea.KeyPressMsg) model {
	if moved, ok := m.moved(key.String()); ok {
		return moved
	}
	switch key.String() {
	case "ctrl+c":
		m.outcome = interrupted
	case "q", "Q":
		m.outcome = left
	case "esc":
		// Out of the narrower thing first: a filter that is on, then the list.
		if m.filter == "" {
			m.outcome = left
		}
		m = m.filtered("")
	case "enter", "kpenter":
		if m.nudge = len(m.chosen()) == 0; !m.nudge {
			m.outcome = accepted
		}
	case "space":
		m = m.toggled()
	case "a":
		m = m.toggledAll()
	case "/":
		m.typing = true
	case "k":
		m.at--
	case "j":
		m.at++
	case "g":
		m.at = 0
	case "G":
		m.at = len(m.shown) - 1
	}
	return m
}

// moved moves the cursor by the keys that move it everywhere. They are no
// text, so they move it while a filter is typed, too.
func (m model) moved(key string) (model, bool) {
	page := max(1, m.layout().rows-1) // one row stays, to read on from
	switch key {
	case "up":
		m.at--
	case "down":
		m.at++
	case "pgup":
		m.at -= page
	case "pgdown":
		m.at += page
	case "home":
		m.at = 0
	case "end":
		m.at = len(m.shown) - 1
	default:
		return m, false
	}
	return m, true
}
