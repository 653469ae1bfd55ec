package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// JSON writes the snapshot so that [ReadJSON] gives the same one back.
func JSON(w io.Writer, s *topology.Snapshot) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("cannot write the snapshot as JSON: %w", err)
	}
	_, err = w.Write(append(ASCIIControls(text), '\n'))
	return err
}

// ASCIIControls escapes, in JSON text, the characters that the standard
// encoder leaves as they are and that act on a terminal or cannot be seen:
// DEL, the C1 controls, changes of writing direction. The value stays the same.
func ASCIIControls(text []byte) []byte {
	if !bytes.ContainsFunc(text, acts) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 64)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case !acts(r) || (r == utf8.RuneError && size == 1):
			b.Write(text[:size])
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		text = text[size:]
	}
	return []byte(b.String())
}

func acts(r rune) bool { return r != '\n' && r >= 0x7f && !visible(r) }

// errNoSnapshot is what is wrong with a text of some other kind.
var errNoSnapshot = errors.New("it is not what docker netkit graph --format json writes")

// ReadJSON reads a snapshot that [JSON] wrote, or that was made by hand.
func ReadJSON(r io.Reader) (*topology.Snapshot, error) {
	text := bufio.NewReader(r)
	if start, err := text.Peek(len(byteOrderMark)); err == nil && string(start) == byteOrderMark {
		_, _ = text.Discard(len(byteOrderMark)) // Windows programs put it there
	}
	dec := json.NewDecoder(text)
	var s topology.Snapshot
	if err := dec.Decode(&s); err != nil {
		return nil, fmt.Errorf("%w: %w", errNoSnapshot, err)
	}
	switch {
	case s.Schema < 1:
		return nil, fmt.Errorf("%w: it has no schema", errNoSnapshot)
	case s.Schema > topology.Schema:
		return nil, fmt.Errorf("it has schema %d, and this version reads up to %d; a newer docker netkit wrote it", s.Schema, topology.Schema)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more follows after the snapshot; give one at a time")
	}
	if err := s.Check(); err != nil {
		return nil, fmt.Errorf("%w: %w", errNoSnapshot, err)
	}
	s.Sort()
	return &s, nil
}

const byteOrderMark = "\xef\xbb\xbf"
