package drawing

// The measures of a page, in pixels. Columns, lanes and the lead-in are such that an
// uncut rail ends with a whole dash of a pattern of 20 pixels.
const (
	margin  = 32
	padding = 16

	cardWidth   = 176
	columnPitch = 200
	plateWidth  = 160
	sideInset   = 12 // between a card's edge and its texts
	lanePitch   = 20
	leadIn      = 36 // of a rail, before the first column

	// Where lines meet a card, from its left edge. Each sort has a place of its own,
	// so that none runs on as another.
	dropAt  = 12
	wayAt   = 24
	wayAlso = 40 // where ways of both sorts lead to one card
	stubAt  = 44

	labelGap    = 8 // between a line and its text
	wayGap      = 6
	columnsMost = 6
	longMost    = 2 // columns that are kept for containers on far networks
	pageWidth   = 1440
	markSize    = 12
)

type textStyle struct{ size, line int }

// baseline is where it is, from the top of the line. The letters stand in the middle: 0.7
// of the size above the baseline on average.
func (s textStyle) baseline() int { return (s.line + s.size*7/10) / 2 }

var textStyles = map[TextRole]textStyle{
	TitleText:   {22, 28},
	FactText:    {12, 18},
	GroupText:   {13, 20},
	NameText:    {13, 18},
	DetailText:  {11, 15},
	StateText:   {11, 15},
	WarningText: {11, 15},
	AddressText: {11, 15},
	WayText:     {11, 15},
	EdgeText:    {12, 16},
	NoteText:    {12, 18},
	LegendText:  {12, 18},
	RailText:    {11, 15},
}

// column sets texts below each other.
type column struct {
	x, y, width int
	texts       []Text
}

// add wraps a text and sets it.
func (c *column) add(role TextRole, text string) {
	c.addFrom(role, text, 0)
}

// addFrom leaves room at the left, for a sign.
func (c *column) addFrom(role TextRole, text string, indent int) {
	if text == "" {
		return
	}
	style, face := textStyles[role], faceOf(role)
	for _, line := range wrap(text, face, style.size, c.width-indent) {
		c.texts = append(c.texts, setText(role, line, c.x+indent, c.y))
		c.y += style.line
	}
}

// setText sets one line with its top left corner there.
func setText(role TextRole, line string, x, y int) Text {
	style := textStyles[role]
	width := textWidth(line, faceOf(role), style.size)
	return Text{
		Role: role, Text: line, Rect: Rect{x, y, ceil(width), style.line}, Base: y + style.baseline(), Width: width, Size: style.size,
	}
}

func moveTexts(texts []Text, dx, dy int) {
	for i := range texts {
		texts[i].Rect = texts[i].Rect.moved(dx, dy)
		if texts[i].Upright {
			texts[i].Base += dx
		} else {
			texts[i].Base += dy
		}
	}
}

func up(n, grid int) int { return (n + grid - 1) / grid * grid }
