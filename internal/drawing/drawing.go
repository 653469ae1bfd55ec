package drawing

// Drawing says where everything goes, in pixels from the top left.
type Drawing struct {
	W, H           int
	Title, Summary string
	// Boxes come parents first, Lines and Texts in the order of drawing.
	Boxes []Box
	Lines []Line
	Texts []Text // in no box
}

// Point is a place on the page.
type Point struct{ X, Y int }

// Rect is an area of the page.
type Rect struct{ X, Y, W, H int }

// Right is the X where the area ends.
func (r Rect) Right() int { return r.X + r.W }

// Bottom is the Y where the area ends.
func (r Rect) Bottom() int { return r.Y + r.H }

// Contains tells that the other area lies within this one.
func (r Rect) Contains(o Rect) bool {
	return o.X >= r.X && o.Y >= r.Y && o.Right() <= r.Right() && o.Bottom() <= r.Bottom()
}

// Overlaps tells that the areas have more than an edge in common.
func (r Rect) Overlaps(o Rect) bool {
	return r.X < o.Right() && o.X < r.Right() && r.Y < o.Bottom() && o.Y < r.Bottom()
}

func (r Rect) moved(dx, dy int) Rect { return Rect{r.X + dx, r.Y + dy, r.W, r.H} }

// BoxKind is what a box stands for.
type BoxKind uint8

// The kinds of boxes.
const (
	GroupBox BoxKind = iota
	ModeBox
	// PlateBox names a network at the beginning of its rail, and GuestBox the same
	// where the rail goes on in another block.
	PlateBox
	GuestBox
	CardBox
	SharerBox
	// EdgeBox is the outside, or the host: where ports lead in from.
	EdgeBox
	LegendBox
	// CardSample and GuestSample are in the legend, without texts.
	CardSample
	GuestSample
)

// Box is an area with texts.
type Box struct {
	// Key is that of the object, and Parent that of the group, mode, or owner of
	// the namespace. A guest has the key of its network.
	Key, Parent string
	Kind        BoxKind
	Rect        Rect
	Texts       []Text
	Signs       []Sign
	Summary     string

	Network   *Network   // of plates and guests
	Container *Container // of cards and sharers
	Colour    Colour     // of networks
	Loopback  bool       // of edges
	On        []string   // of containers: the networks' keys
}

// SignKind is a small picture.
type SignKind uint8

// The signs.
const (
	MarkSign SignKind = iota
	WarningSign
	LockSign
	GoneSign
)

// Sign is a small picture in a box.
type Sign struct {
	Kind SignKind
	Mark Mark
	Rect Rect
}

// TextRole is what a text tells, which decides its looks.
type TextRole uint8

// The roles of texts.
const (
	TitleText TextRole = iota
	FactText
	GroupText
	NameText
	DetailText
	StateText
	WarningText
	AddressText
	WayText
	EdgeText
	NoteText
	LegendText
	RailText
)

// Text is a line of text. Its width is Width at Size; so a program that draws it
// with other letters knows into what it has to fit.
type Text struct {
	Role  TextRole
	Text  string
	Rect  Rect
	Base  int // the Y of the baseline; of an upright text, the X
	Width float64
	Size  int
	// Upright texts run from the bottom to the top.
	Upright bool
}

// LineKind is what a line stands for.
type LineKind uint8

// The kinds of lines.
const (
	// RailLine is a network: all of its teeth, spines, trunks and risers.
	RailLine LineKind = iota
	// TrunkLine is what all ways from one edge have in common.
	TrunkLine
	AttachmentLine
	WayLine
	// RuleLine divides the page.
	RuleLine
)

// Line is one or more strokes that belong together.
type Line struct {
	Key, From, To string
	Kind          LineKind
	Strokes       []Stroke
	Dots          []Point // where it joins a rail
	Caps          []Point // where a closed rail ends
	Arrow         *Point  // the tip; arrows point upwards
	Texts         []Text

	Network    *Network // of rails and attachments
	Colour     Colour
	Attachment AttachmentKind
	Drop       bool // of attachments: it leads down from its card
	Loopback   bool // of ways and trunks
	Legend     bool // it is a sample
}

// Stroke is a straight or bent line.
type Stroke []Point

// Colour is a hue of the palette and a pattern; no two networks of a drawing have
// both in common unless there are more networks than pairs.
type Colour struct{ Hue, Pattern int }

// Hues and Patterns are how many of each there are.
const (
	Hues     = 8
	Patterns = 4
)

// The patterns of rails.
const (
	SolidPattern = iota
	DoublePattern
	DashedPattern
	DashDotPattern
)
