package render

import "github.com/morikuni/aec"

// Look is how text is drawn: with which characters, colours and width.
type Look struct {
	// Width is where lines are folded, in columns; 0 means never.
	Width int
	// Colour tells whether to colour.
	Colour bool
	// ASCII draws with ASCII characters only, for terminals that have no
	// others. Names keep theirs.
	ASCII bool
	// NoTrunc shows names and IDs in full.
	NoTrunc bool
	// All shows also what is collapsed otherwise: unused and empty networks.
	All bool
	// Docker is the beginning of suggested commands: "docker", or with the
	// flags that choose the engine. Empty means that none are suggested.
	Docker string
	// Offline tells that the snapshot is a saved one, so that commands are
	// for an engine that is not at hand.
	Offline bool
}

// command is a docker command to be pasted; the words are without the word docker. For an
// engine that is not at hand it is a comment: pasted, it would act on another one.
func (l *Look) command(words string) string {
	if l.Offline {
		return "# " + l.Docker + " " + words
	}
	return l.Docker + " " + words
}

// ink is what a piece of text is, which decides its colour.
type ink uint8

const (
	inkPlain ink = iota
	inkGroup
	inkNetwork
	inkUp
	inkHalted
	inkAddress
	inkFaint
	inkWarning
	inkTrouble
)

// inks are the colours. The sixteen of the terminal's own theme are used, so
// that they fit light and dark ones.
//
//exhaustive:ignore
var inks = map[ink]aec.ANSI{
	inkGroup:   aec.Bold,
	inkNetwork: aec.Bold.With(aec.CyanF),
	inkUp:      aec.GreenF,
	inkHalted:  aec.YellowF,
	inkAddress: aec.LightBlueF,
	inkFaint:   aec.Faint,
	inkWarning: aec.YellowF,
	inkTrouble: aec.RedF,
}

func (l *Look) paint(text string, with ink) string {
	if colour, ok := inks[with]; ok && l.Colour && text != "" {
		return colour.Apply(text)
	}
	return text
}

// strokes are the characters a tree is drawn with.
type strokes struct {
	branch, last, through, blank string
	arrow                        string
	running, stopped, paused     string
	restarting, created, dead    string
}

var (
	unicodeStrokes = strokes{
		branch: "├─ ", last: "└─ ", through: "│  ", blank: "   ", arrow: "→",
		running: "●", stopped: "○", paused: "◐", restarting: "↻", created: "◌", dead: "✗",
	}
	asciiStrokes = strokes{
		branch: "|- ", last: "`- ", through: "|  ", blank: "   ", arrow: "->",
		running: "*", stopped: "o", paused: "=", restarting: "~", created: ".", dead: "x",
	}
)

func (l *Look) strokes() *strokes {
	if l.ASCII {
		return &asciiStrokes
	}
	return &unicodeStrokes
}
