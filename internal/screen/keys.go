package screen

import "io"

// Key is a key that means something.
type Key int

// The keys that are told apart.
const (
	Interrupt Key = iota
	Quit
	Up
	Down
	PageUp
	PageDown
	Top
	Bottom
)

// sequences are what terminals send for each key.
var sequences = map[string]Key{
	"\x03": Interrupt, "q": Quit, "Q": Quit, "\x04": Quit,
	"k": Up, "\x1b[A": Up, "\x1bOA": Up,
	"j": Down, "\x1b[B": Down, "\x1bOB": Down, "\r": Down,
	"\x1b[5~": PageUp, "b": PageUp,
	"\x1b[6~": PageDown, " ": PageDown,
	"g": Top, "\x1b[H": Top, "\x1b[1~": Top, "\x1bOH": Top,
	"G": Bottom, "\x1b[F": Bottom, "\x1b[4~": Bottom, "\x1bOF": Bottom,
}

func (s *Screen) readKeys(in io.Reader) {
	buffer := make([]byte, 64)
	for {
		n, err := in.Read(buffer)
		for _, key := range parseKeys(buffer[:n]) {
			select {
			case s.keys <- key:
			case <-s.done:
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// parseKeys reads the keys out of what one read gave; what means nothing is
// passed over. A terminal sends the bytes of one key together.
func parseKeys(input []byte) []Key {
	const longest = 4
	var keys []Key
	for len(input) > 0 {
		size := 1
		for n := min(longest, len(input)); n > 0; n-- {
			if key, ok := sequences[string(input[:n])]; ok {
				keys = append(keys, key)
				size = n
				break
			}
		}
		input = input[size:]
	}
	return keys
}
