package picker

import (
	"fmt"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/render"
)

// detailLines are a rule with the name of the item under the cursor, and what
// would happen to it.
func (m model) detailLines(height int) []line {
	if height == 0 {
		return nil
	}
	lines := make([]line, height)
	lines[0] = m.ruleLine()
	item := m.current()
	if item == nil {
		return lines
	}
	name, detail := m.pane(item)
	texts, room := append(name, detail...), height-1
	if len(texts) > room {
		texts = shortened(detail, room) // the name is in the list, too
	}
	for i, text := range texts {
		lines[i+1] = indented(line{{text, inkPlain}})
	}
	return lines
}

// shortened is the first of the lines, and how many more there are where there
// is room to say so.
func shortened(texts []string, room int) []string {
	switch over := len(texts) - room; {
	case over <= 0:
		return texts
	case room == 1:
		return texts[:1]
	default:
		return append(texts[:room-1:room-1], fmt.Sprintf("and %d more lines", over+1))
	}
}

// ruleLine parts the list from the detail. It holds the name, and where in the
// list the screen is when not all of it is shown.
func (m model) ruleLine() line {
	s := m.look.strokes()
	room := m.width - 2*margin
	l := line{}
	if item := m.current(); item != nil {
		name := line{{m.look.cut(item.Name, m.ruleName()), inkStrong}}
		if item.Warning {
			name = line{{"! " + name[0].text, inkWarning}}
		}
		l = append(append(append(l, span{strings.Repeat(s.rule, ruleLead) + " ", inkFaint}), name...), span{" ", inkPlain})
	}
	place := ""
	if rows := m.layout().rows; len(m.shown) > rows {
		place = fmt.Sprintf(" %d%s%d of %d ", m.top+1, s.to, min(len(m.shown), m.top+rows), len(m.shown))
		if l.width()+render.Width(place)+2*ruleLead > room {
			place = ""
		}
	}
	end := ruleLead
	if place == "" {
		end = 0
	}
	l = append(l, span{strings.Repeat(s.rule, max(0, room-l.width()-render.Width(place)-end)) + place + strings.Repeat(s.rule, end), inkFaint})
	return indented(l)
}

// ruleLead is how much of the rule is before the name.
const ruleLead = 2

// ruleName is how wide a name may be on the rule.
func (m model) ruleName() int {
	return max(1, m.width-2*margin-2*ruleLead-len("  ! "))
}

// pane is the detail of an item, folded, and the whole name where the rule has
// no room for it.
func (m model) pane(item *Item) (name, detail []string) {
	width := max(1, m.width-2*margin)
	if render.Width(item.Name) > m.ruleName() {
		name = fold(item.Name, width)
	}
	for _, text := range item.Detail {
		detail = append(detail, fold(text, width)...)
	}
	return name, detail
}

// tallest is the height of the longest detail, so that the list keeps its
// height whatever the cursor is on.
func (m model) tallest() int {
	tall := 0
	for i := range m.items {
		name, detail := m.pane(&m.items[i])
		tall = max(tall, len(name)+len(detail))
	}
	return tall
}
