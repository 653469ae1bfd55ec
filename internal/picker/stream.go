package picker

import (
	"io"
	"os"
)

// Docker's streams are wrapped around the files of the terminal. What draws
// and reads keys must have the files themselves: it would take a wrapper for a
// pipe, and leave the terminal as it is.

type wrapper interface {
	File() (*os.File, bool)
}

func input(in io.Reader) io.Reader {
	if w, ok := in.(wrapper); ok {
		if f, ok := w.File(); ok {
			return f
		}
	}
	return in
}

func output(out io.Writer) io.Writer {
	if w, ok := out.(wrapper); ok {
		if f, ok := w.File(); ok {
			return f
		}
	}
	return out
}
