// Package screen holds a terminal's screen while something is drawn on it
// again and again, and gives it back as it was. It draws what it is given; it
// does not know what that is.
package screen

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/moby/term"
)

// The control sequences used, all of them understood by every terminal since
// the VT220.
const (
	enterAlternate = "\x1b[?1049h"
	leaveAlternate = "\x1b[?1049l"
	hideCursor     = "\x1b[?25l"
	showCursor     = "\x1b[?25h"
	home           = "\x1b[H"
	clearLine      = "\x1b[K"
	clearBelow     = "\x1b[J"
	resetStyle     = "\x1b[0m"
	noWrap         = "\x1b[?7l"
	wrap           = "\x1b[?7h"
)

// Screen is a terminal that is being drawn on.
type Screen struct {
	out   io.Writer
	outFd uintptr
	inFd  uintptr
	saved *term.State // nil where the input is no terminal
	keys  chan Key
	sizes chan struct{}
	done  chan struct{}
}

// Open takes the terminal over: the alternate screen, no cursor, no echo.
// [Screen.Close] must be called on every way out.
func Open(in io.Reader, inFd uintptr, out io.Writer, outFd uintptr) (*Screen, error) {
	s := &Screen{out: out, outFd: outFd, inFd: inFd, keys: make(chan Key), sizes: make(chan struct{}, 1), done: make(chan struct{})}
	if term.IsTerminal(inFd) {
		saved, err := term.SetRawTerminal(inFd)
		if err != nil {
			return nil, fmt.Errorf("cannot read keys from the terminal: %w", err)
		}
		s.saved = saved
		go s.readKeys(in)
	}
	if _, err := io.WriteString(out, enterAlternate+hideCursor+noWrap+home+clearBelow); err != nil {
		s.restoreInput()
		return nil, fmt.Errorf("cannot draw on the terminal: %w", err)
	}
	go s.watchSize()
	return s, nil
}

// Close gives the terminal back as it was.
func (s *Screen) Close() {
	close(s.done)
	_, _ = io.WriteString(s.out, resetStyle+wrap+showCursor+leaveAlternate)
	s.restoreInput()
}

func (s *Screen) restoreInput() {
	if s.saved != nil {
		_ = term.RestoreTerminal(s.inFd, s.saved)
	}
}

// Size is the terminal's size now, in columns and lines.
func (s *Screen) Size() (columns, lines int) {
	size, err := term.GetWinsize(s.outFd)
	if err != nil || size.Width == 0 || size.Height == 0 {
		return 80, 24
	}
	return int(size.Width), int(size.Height)
}

// Resized tells that the size has changed.
func (s *Screen) Resized() <-chan struct{} { return s.sizes }

// Keys are the keys pressed.
func (s *Screen) Keys() <-chan Key { return s.keys }

// watchSize looks at the size a few times a second, which works on every
// system alike; there is no signal for it on Windows.
func (s *Screen) watchSize() {
	const often = 200 * time.Millisecond
	ticker := time.NewTicker(often)
	defer ticker.Stop()
	columns, lines := s.Size()
	for {
		select {
		case <-s.done:
			return
		case <-ticker.C:
		}
		if c, l := s.Size(); c != columns || l != lines {
			columns, lines = c, l
			select {
			case s.sizes <- struct{}{}:
			default:
			}
		}
	}
}

// Draw replaces what is on the screen by lines of text. Lines below the
// bottom are not shown. The picture is written in one piece over the old one,
// so that it does not flicker.
func (s *Screen) Draw(lines []string) error {
	_, height := s.Size()
	var b bytes.Buffer
	b.WriteString(home)
	for i, line := range lines[:min(len(lines), height)] {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString(strings.TrimSuffix(line, "\r"))
		b.WriteString(resetStyle + clearLine)
	}
	b.WriteString(clearBelow)
	_, err := s.out.Write(b.Bytes())
	return err
}
