package drawing

// Pen is how a line is drawn.
type Pen struct {
	Width float64
	Dash  []float64
	// Core is the width of the part in the middle that is left out.
	Core float64
}

// The pens that are the same for all lines of a kind.
var (
	FramePen     = Pen{Width: 1}
	ModePen      = Pen{Width: 1, Dash: []float64{2, 4}}
	PlatePen     = Pen{Width: 1.5}
	GuestPen     = Pen{Width: 1.5, Dash: []float64{4, 3}}
	CardPen      = Pen{Width: 1}
	DownPen      = Pen{Width: 1, Dash: []float64{5, 3}}
	CapPen       = Pen{Width: 5}
	LinePen      = Pen{Width: 2}
	WaitingPen   = Pen{Width: 2, Dash: []float64{4, 4}} // of what is not there yet, or in vain
	LoopbackPen  = Pen{Width: 2, Dash: []float64{6, 3}}
	GonePen      = Pen{Width: 2, Dash: []float64{6, 5}}
	RulePen      = Pen{Width: 1}
	SignPen      = Pen{Width: 1.5}
	SignDashPen  = Pen{Width: 1.5, Dash: []float64{1.6, 2.2}}
	PatternPens  = [Patterns]Pen{{Width: 5}, {Width: 7, Core: 3}, {Width: 5, Dash: []float64{16, 4}}, {Width: 5, Dash: []float64{10, 3, 4, 3}}}
	PlateOpacity = 0.1
)

// The radii of corners, and the measures of what is at the ends of lines.
const (
	FrameRadius  = 12
	CardRadius   = 8
	SampleRadius = 4
	CapHalf      = 7
	DotRadius    = 4.5
	DotRing      = 2 // around a dot, in the colour of the page
	ArrowHalf    = 4.5
	ArrowLength  = 9
)

// Pen is how the line is drawn.
func (l *Line) Pen() Pen {
	switch l.Kind {
	case RailLine:
		if l.Network.Kind == Gone {
			return GonePen
		}
		return PatternPens[l.Colour.Pattern]
	case AttachmentLine:
		if l.Attachment != Live {
			return WaitingPen
		}
	case WayLine, TrunkLine:
		if l.Loopback {
			return LoopbackPen
		}
	case RuleLine:
		return RulePen
	}
	return LinePen
}
