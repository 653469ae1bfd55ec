package commands

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// mayAsk tells that there is somebody to ask: what is asked can be seen, and an
// answer typed.
func (s *session) mayAsk() bool { return s.In().IsTerminal() && s.Err().IsTerminal() }

// confirm asks a question whose answer is no unless it is yes.
func (s *session) confirm(ctx context.Context, question string) (bool, error) {
	_, _ = fmt.Fprintf(s.Err(), "%s [y/N] ", question)
	type answer struct {
		line string
		err  error
	}
	// A read from a terminal ends with no context.
	read := make(chan answer, 1)
	go func() {
		line, err := bufio.NewReader(s.In()).ReadString('\n')
		read <- answer{line, err}
	}()
	select {
	case <-ctx.Done():
		_, _ = fmt.Fprintln(s.Err())
		return false, ctx.Err()
	case a := <-read:
		if a.err != nil && !errors.Is(a.err, io.EOF) {
			return false, fmt.Errorf("cannot read the answer: %w", a.err)
		}
		if a.err != nil {
			_, _ = fmt.Fprintln(s.Err())
		}
		word := strings.ToLower(strings.TrimSpace(a.line))
		return word == "y" || word == "yes", nil
	}
}
