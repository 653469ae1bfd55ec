package wire

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// longest is the greatest length of a line: a namespace with thousands of
// sockets fits.
const longest = 8 << 20

// Writer writes lines, also from several goroutines.
type Writer struct {
	mu sync.Mutex
	to io.Writer
}

// NewWriter makes a writer of lines.
func NewWriter(to io.Writer) *Writer { return &Writer{to: to} }

// Write writes a value as one line, in one piece.
func (w *Writer) Write(value any) error {
	line, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("cannot write a line for the probe: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err = w.to.Write(append(line, '\n'))
	return err
}

// Reader reads lines.
type Reader struct {
	lines *bufio.Scanner
}

// NewReader makes a reader of lines.
func NewReader(from io.Reader) *Reader {
	const usual = 64 << 10
	lines := bufio.NewScanner(from)
	lines.Buffer(make([]byte, 0, usual), longest)
	return &Reader{lines: lines}
}

// Read reads the next line into a value. The end is io.EOF.
func (r *Reader) Read(into any) error {
	if !r.lines.Scan() {
		if err := r.lines.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	if err := json.Unmarshal(r.lines.Bytes(), into); err != nil {
		return fmt.Errorf("not a line of the probe: %w", err)
	}
	return nil
}

// ErrVersion is why a probe cannot be spoken with.
var ErrVersion = errors.New("the probe speaks another version of the protocol")

// Greet reads the probe's first line.
func (r *Reader) Greet() error {
	var hello Hello
	if err := r.Read(&hello); err != nil {
		return err
	}
	if hello.Version != Version {
		return fmt.Errorf("%w: %d, and this plugin %d", ErrVersion, hello.Version, Version)
	}
	return nil
}
