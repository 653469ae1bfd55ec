package picker

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// outcome is how the list was left.
type outcome uint8

const (
	undecided outcome = iota
	accepted
	left
	interrupted
)

// model is the list and what the user has done with it so far. It is a value:
// a message makes another of it, and a view is made of nothing else.
type model struct {
	look  Look
	texts Texts
	items []Item
	words []string // what the filter looks at, for each item

	width, height int // of the terminal; 0 until it has told
	columns       []int
	tall          int // lines of the longest detail at this width

	ticked []bool // for each item; a change makes a new slice
	shown  []int  // indexes of the items that the filter lets through
	at     int    // where in shown the cursor is
	top    int    // where in shown the screen begins
	last   int    // the item the cursor was on, for when the filter hides it

	filter string
	typing bool // keys go to the filter
	nudge  bool // accepting was tried with nothing ticked

	outcome outcome
}

func newModel(look Look, texts Texts, items []Item) model {
	m := model{look: look, texts: texts, items: items, ticked: make([]bool, len(items)), words: searched(items)}
	return m.filtered("")
}

// Init has nothing to start.
func (m model) Init() tea.Cmd { return nil }

// Update answers a key, a paste or a new size.
func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		m.columns = m.fitColumns()
		m.tall = m.tallest()
	case tea.PasteMsg:
		if m.typing { // pasted text is no keys
			m = m.filtered(m.filter + typed(msg.Content))
		}
	case tea.KeyPressMsg:
		m.nudge = false
		if m.typing {
			m = m.filterKey(msg)
		} else {
			m = m.listKey(msg)
		}
	}
	m = m.settled()
	if m.outcome != undecided {
		return m, tea.Quit
	}
	return m, nil
}

// settled moves the screen over the list as little as shows the cursor, and
// not past the end.
func (m model) settled() model {
	rows := max(1, m.layout().rows)
	m.at = max(0, min(m.at, len(m.shown)-1))
	m.top = max(m.top, m.at-rows+1)
	m.top = min(m.top, m.at, max(0, len(m.shown)-rows))
	if len(m.shown) > 0 {
		m.last = m.shown[m.at]
	}
	return m
}

// current is the item under the cursor, or nil where none is shown.
func (m model) current() *Item {
	if len(m.shown) == 0 {
		return nil
	}
	return &m.items[m.shown[m.at]]
}

// chosen are the indexes of what is ticked.
func (m model) chosen() []int {
	var indexes []int
	for i, ticked := range m.ticked {
		if ticked {
			indexes = append(indexes, i)
		}
	}
	return indexes
}

// hidden counts what is ticked and not let through by the filter.
func (m model) hidden() int {
	count := len(m.chosen())
	for _, i := range m.shown {
		if m.ticked[i] {
			count--
		}
	}
	return count
}

// breaking counts what is ticked and breaks something.
func (m model) breaking() int {
	count := 0
	for _, i := range m.chosen() {
		if m.items[i].Warning {
			count++
		}
	}
	return count
}

// toggled ticks the item under the cursor, or unticks it.
func (m model) toggled() model {
	if len(m.shown) > 0 {
		m.ticked = slices.Clone(m.ticked)
		m.ticked[m.shown[m.at]] = !m.ticked[m.shown[m.at]]
	}
	return m
}

// toggledAll ticks all that is shown, or unticks it where all is ticked. What
// the filter hides stays as it is.
func (m model) toggledAll() model {
	all := true
	for _, i := range m.shown {
		all = all && m.ticked[i]
	}
	m.ticked = slices.Clone(m.ticked)
	for _, i := range m.shown {
		m.ticked[i] = !all
	}
	return m
}
