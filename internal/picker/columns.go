package picker

import "github.com/docker-netkit/docker-netkit/internal/render"

const (
	columnGap = 2
	// A name and a fact are not cut shorter than this, as long as there is
	// something else to leave out. The subnets of IPv4 fit into a fact.
	leastName = 16
	leastFact = 18
)

// fitColumns is how wide the name and each fact are shown. All items count,
// not only those on the screen, so that nothing moves when the list does.
// Where there is no room for all, the last facts are left out; what room is
// left then goes to the columns in turn.
func (m model) fitColumns() []int {
	natural := m.naturalColumns()
	room := m.width - m.markWidth()
	widths := make([]int, len(natural))
	for kept := len(natural); ; kept-- {
		rest := room
		for i := range kept {
			least := leastFact
			if i == 0 {
				least = leastName
			}
			widths[i] = min(natural[i], least)
			rest -= widths[i]
			if i > 0 && widths[i] > 0 {
				rest -= columnGap
			}
		}
		if rest >= 0 {
			grow(widths[:kept], natural, rest)
			return widths[:kept]
		}
		if kept == 1 {
			widths[0] = max(1, min(natural[0], room))
			return widths[:1]
		}
	}
}

// naturalColumns is how wide the name and each fact would like to be. A fact
// that no item has takes no room, whatever its header.
func (m model) naturalColumns() []int {
	widths := []int{0}
	for i := range m.items {
		widths[0] = max(widths[0], render.Width(m.items[i].Name))
		for j, fact := range m.items[i].Facts {
			if j+1 == len(widths) {
				widths = append(widths, 0)
			}
			widths[j+1] = max(widths[j+1], render.Width(fact))
		}
	}
	for i := range widths {
		if i < len(m.texts.Columns) && widths[i] > 0 {
			widths[i] = max(widths[i], render.Width(m.texts.Columns[i]))
		}
	}
	return widths
}

// grow gives the rest to columns that want more, one by one. The name comes
// twice in each turn: it is what the user knows.
func grow(widths, natural []int, rest int) {
	for grew := true; grew; {
		grew = false
		for turn := range len(widths) + 1 {
			i := turn % len(widths)
			if rest > 0 && widths[i] < natural[i] {
				widths[i]++
				rest--
				grew = true
			}
		}
	}
}

// columnLine puts texts into the columns, each in its ink.
func (m model) columnLine(texts []string, name, fact ink) line {
	var l line
	for i, width := range m.columns {
		if width == 0 {
			continue
		}
		text, with := "", fact
		if i < len(texts) {
			text = texts[i]
		}
		if i == 0 {
			with = name
		} else {
			l = append(l, span{"  ", inkPlain})
		}
		l = append(l, span{pad(m.look.cut(text, width), width), with})
	}
	return l
}
