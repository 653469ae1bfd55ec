// Package pager shows long text on a terminal through the program that the user
// reads with. It gives the terminal back as it was, however that program ends,
// and changes nothing of the text.
package pager

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/moby/term"
)

// Terminal is where the text is to be shown.
type Terminal struct {
	// File is the terminal itself: a pager inherits it.
	File *os.File
	// Columns and Lines are its size.
	Columns, Lines int
	// Width is how many columns a line of text takes.
	Width func(line string) int
	// LookupEnv gives the user's settings: $PAGER, $LESS, $TERM.
	LookupEnv func(name string) (value string, set bool)
}

// Show writes the text to the terminal: through the pager where it is longer than
// the screen, and directly where it is not, or where there is no pager. It ends
// when the user leaves the pager, or with the context, which ends the pager, too.
func Show(ctx context.Context, t *Terminal, text string) error {
	if t.longer(text) {
		if cmd := t.command(ctx); cmd != nil {
			shown, err := t.page(ctx, cmd, text)
			if shown || err != nil {
				return err
			}
		}
	}
	_, err := io.WriteString(t.File, text)
	return err
}

// longer tells that the text does not fit above the prompt that comes after it.
func (t *Terminal) longer(text string) bool {
	if t.Lines <= 0 || t.Columns <= 0 {
		return false
	}
	lines := 0
	for line := range strings.Lines(text) {
		width := t.Width(strings.TrimRight(line, "\n"))
		lines += max(1, (width+t.Columns-1)/t.Columns)
		if lines >= t.Lines {
			return true
		}
	}
	return false
}

// patience is how long a pager may take to end once it is told to.
const patience = 2 * time.Second

// command is the pager that the user chose, or less; nil where there is none, or
// none is wanted.
func (t *Terminal) command(ctx context.Context) *exec.Cmd {
	words := t.words()
	if len(words) == 0 {
		return nil
	}
	found, err := exec.LookPath(words[0])
	if err != nil {
		return nil
	}
	cmd := exec.CommandContext(ctx, found, words[1:]...)
	cmd.Stdout, cmd.Stderr = t.File, t.File
	cmd.Cancel = func() error { return end(cmd.Process) }
	cmd.WaitDelay = patience
	cmd.Env = os.Environ()
	// What a pager called less takes where the user has not said: it ends by itself
	// with a short text, shows colours, and leaves the text on the screen.
	for name, value := range map[string]string{"LESS": "FRX", "LV": "-c"} {
		if _, set := t.LookupEnv(name); !set {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	return cmd
}

// words are the pager and its arguments. $PAGER may be a line of shell. Empty, it
// means that none is wanted, as does cat.
func (t *Terminal) words() []string {
	line, set := t.LookupEnv("PAGER")
	if !set {
		if term, _ := t.LookupEnv("TERM"); term == "" || term == "dumb" {
			return nil // less would complain of it, and wait
		}
		return []string{"less", "-FRX"}
	}
	words := strings.Fields(line)
	if len(words) == 0 || line == "cat" {
		return nil
	}
	if strings.ContainsAny(line, "|&;<>()$`\\\"'*?[#~=%") {
		return []string{"sh", "-c", line}
	}
	return words
}

// page runs the pager. The text was not shown where it could not be run.
func (t *Terminal) page(ctx context.Context, cmd *exec.Cmd, text string) (shown bool, err error) {
	cmd.Stdin = strings.NewReader(text)
	saved, unsaved := term.SaveState(t.File.Fd())
	if err := cmd.Start(); err != nil {
		return false, nil //nolint:nilerr // there is no such pager, which the text does without
	}
	err = cmd.Wait()
	if unsaved == nil {
		// One that was ended may have left it without echo.
		_ = term.RestoreTerminal(t.File.Fd(), saved)
	}
	if ctx.Err() != nil {
		return true, ctx.Err()
	}
	// With which status a pager ends is its own affair, but for the shell's word
	// that there is no such program.
	const noSuchProgram = 127
	exit, ok := errors.AsType[*exec.ExitError](err)
	return !ok || exit.ExitCode() != noSuchProgram, nil
}
