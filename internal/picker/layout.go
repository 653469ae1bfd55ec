package picker

// layout is how many lines each part of the screen gets.
type layout struct {
	title, filter, header int
	rows, gap             int
	detail                int // the rule above it is one of them
	blank, footer         int
}

// layout shares the lines of the terminal out. A row of the list comes before
// everything, since the cursor is on it; what helps less comes later, and must
// leave more to the list.
func (m model) layout() layout {
	rest := m.height
	take := func(want, leave int) int {
		got := max(0, min(want, rest-leave))
		rest -= got
		return got
	}
	const few, some, many = 1, 3, 7
	var l layout
	l.footer = take(1, few)
	l.title = take(1, few)
	if m.filtering() {
		l.filter = take(1, few)
	}
	if len(m.texts.Columns) > 0 {
		l.header = take(1, some)
	}
	l.footer += take(1, some+2)
	if !m.filtering() {
		l.filter = take(1, many) // so that the list stays where it is
	}
	if m.tall > 0 {
		if l.detail = take(1+min(m.tall, m.height/3), min(some, len(m.items))); l.detail == 1 {
			rest += l.detail // a rule above nothing
			l.detail = 0
		}
	}
	l.blank = take(1, some+2)
	l.rows = take(max(1, len(m.items)), 0)
	if l.detail > 0 {
		l.gap = take(1, 0)
	}
	l.blank += rest
	return l
}
