package picker

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/docker-netkit/docker-netkit/internal/render"
)

// margin is where all text begins. The cursor is to the left of it.
const margin = 2

// View draws the list.
func (m model) View() tea.View {
	v := tea.NewView(strings.Join(m.screen(), "\n"))
	v.AltScreen = true
	if l := m.layout(); m.typing && l.filter > 0 {
		_, column := m.filterLine()
		v.Cursor = tea.NewCursor(min(column, max(0, m.width-1)), l.title)
		v.Cursor.Blink = false // a steady block is reset afterwards, the blinking one is not
	}
	return v
}

// screen is the lines of the screen, from the top.
func (m model) screen() []string {
	if m.width < 1 || m.height < 1 {
		return nil
	}
	l := m.layout()
	var lines []line
	if l.title > 0 {
		lines = append(lines, m.titleLine())
	}
	if l.filter > 0 {
		filter, _ := m.filterLine()
		lines = append(lines, filter)
	}
	if l.header > 0 {
		lines = append(lines, append(line{{strings.Repeat(" ", m.markWidth()), inkPlain}}, m.columnLine(m.texts.Columns, inkFaint, inkFaint)...))
	}
	lines = append(lines, m.rowLines(l.rows)...)
	lines = append(lines, make([]line, l.gap)...)
	lines = append(lines, m.detailLines(l.detail)...)
	lines = append(lines, make([]line, l.blank)...)
	lines = append(lines, m.footerLines(l.footer)...)

	drawn := make([]string, len(lines))
	for i, l := range lines {
		drawn[i] = m.look.draw(l, m.width)
	}
	return drawn
}

// titleLine is the title, and how much is ticked. The count is what changes,
// so the title gives way to it.
func (m model) titleLine() line {
	room := m.width - 2*margin
	var title, count string
	for _, title = range m.texts.Titles {
		for _, count = range m.counts() {
			if render.Width(title)+columnGap+render.Width(count) <= room {
				return indented(apart(line{{title, inkStrong}}, line{{count, inkPlain}}, room))
			}
		}
	}
	title = m.look.cut(title, max(0, room-columnGap-render.Width(count)))
	if title == "" {
		return indented(line{{count, inkPlain}})
	}
	return indented(apart(line{{title, inkStrong}}, line{{count, inkPlain}}, room))
}

// counts tell how much is ticked: the longest first, to take what fits.
func (m model) counts() []string {
	count := fmt.Sprintf("%d of %d ticked", len(m.chosen()), len(m.items))
	hidden := m.hidden()
	if hidden == 0 {
		return []string{count}
	}
	return []string{
		fmt.Sprintf("%s, %d of them hidden by the filter", count, hidden),
		fmt.Sprintf("%s, %d hidden by the filter", count, hidden),
		fmt.Sprintf("%s, %d hidden", count, hidden),
	}
}

// filterLine is the filter and how much it lets through, and the column where
// typing goes on. It is empty where there is no filter.
func (m model) filterLine() (l line, column int) {
	if !m.filtering() {
		return nil, 0
	}
	room := m.width - 2*margin
	shown := fmt.Sprintf("%d of %d shown", len(m.shown), len(m.items))
	if least := 8; room < least+columnGap+render.Width(shown) {
		shown = ""
	}
	// What is typed goes on at the end, so that is what must be seen.
	text := m.filter
	for space := max(1, room-columnGap-render.Width(shown)-1); render.Width(text) > space; {
		text = text[head(text, 1):]
	}
	l = line{{"/", inkCursor}, {text, inkPlain}}
	return indented(apart(l, line{{shown, inkFaint}}, room)), margin + l.width()
}

// markWidth is how wide the marks before a name are.
func (m model) markWidth() int {
	width := margin + len("[x] ")
	for i := range m.items {
		if m.items[i].Warning {
			return width + len("! ")
		}
	}
	return width
}

// rowLines are the rows of the list that are on the screen.
func (m model) rowLines(rows int) []line {
	lines := make([]line, rows)
	if len(m.shown) == 0 && rows > 0 {
		lines[0] = indented(line{{m.texts.Empty, inkFaint}})
	}
	for row := range min(rows, len(m.shown)-m.top) {
		lines[row] = m.row(m.top + row)
	}
	return lines
}

// row is one item of the list.
func (m model) row(at int) line {
	item, ticked := &m.items[m.shown[at]], m.ticked[m.shown[at]]
	cursor, box, name := span{" ", inkPlain}, span{"[ ] ", inkFaint}, inkPlain
	if at == m.at {
		cursor = span{m.look.strokes().cursor, inkCursor}
	}
	if ticked {
		box = span{"[x] ", inkTick}
	}
	l := line{cursor, {" ", inkPlain}, box}
	if item.Warning {
		name = inkWarning
		l = append(l, span{"! ", inkWarning})
	}
	l = append(l, span{strings.Repeat(" ", max(0, m.markWidth()-l.width())), inkPlain})
	l = append(l, m.columnLine(append([]string{item.Name}, item.Facts...), name, inkFaint)...)
	if at == m.at {
		return l.strong()
	}
	return l
}

// indented puts the line where text begins.
func indented(l line) line {
	return append(line{{strings.Repeat(" ", margin), inkPlain}}, l...)
}
