//go:build unix

package picker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/docker/cli/cli/streams"

	"github.com/docker-netkit/docker-netkit/internal/terminaltest"
)

// patience is how long a test waits for what takes milliseconds.
const patience = 20 * time.Second

// asProgram is set where the test binary is to be the program on a terminal.
// It tells what kind of program.
const asProgram = "NETKIT_TEST_PICKER"

func TestMain(m *testing.M) {
	if kind := os.Getenv(asProgram); kind != "" {
		pickOnTerminal(kind)
		return
	}
	os.Exit(m.Run())
}

// pickOnTerminal is a program that picks some of three networks.
func pickOnTerminal(kind string) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	stdin, stdout := os.NewFile(uintptr(syscall.Stdin), "stdin"), os.NewFile(uintptr(syscall.Stdout), "stdout")
	var in io.Reader = stdin
	var out io.Writer = stdout
	texts := words()
	switch kind {
	case "docker":
		in, out = streams.NewIn(stdin), streams.NewOut(stdout)
	case "heeds":
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGINT)
		go func() {
			<-signals
			fmt.Fprint(os.Stderr, "heeded")
		}()
	case "panic":
		texts.Action = func(int) string { panic("no such action") }
	}
	chosen, ok, err := Pick(ctx, in, out, Look{Colour: true}, texts, networks(3))
	fmt.Fprintf(os.Stderr, "chosen %v, ok %t, interrupted %t, error %v\n", chosen, ok, errors.Is(err, ErrInterrupted), err)
}

// terminal is the program on a terminal of its own.
type terminal struct {
	*terminaltest.Terminal
	t *testing.T
}

// start starts the program, and waits until the list is there.
func start(t *testing.T, kind string) *terminal {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), asProgram+"="+kind, "TERM=xterm-256color")
	x := &terminal{terminaltest.Start(t, 80, 24, cmd), t}
	x.await("the list", 0, "0 of 3 ticked")
	if !x.Changed() {
		t.Error("the list is shown, and the terminal still echoes and waits for whole lines")
	}
	return x
}

// await waits until what was written from a place on holds the text.
func (x *terminal) await(what string, from int, text string) {
	x.t.Helper()
	x.Await(what, from, patience, func(written string) bool { return strings.Contains(written, text) })
}

// end waits for the program's end, which must say so, and checks that the
// terminal is as it was. It gives the program's status.
func (x *terminal) end(says string) int {
	x.t.Helper()
	status, said := x.End(patience)
	if x.Changed() {
		x.t.Errorf("the terminal's settings are not what they were")
	}
	if !strings.Contains(said, says) {
		x.t.Errorf("it does not say %q, but %.3000q", says, said)
	}
	shown := strings.LastIndex(said, says)
	for on, off := range map[string]string{
		"\x1b[?1049h": "\x1b[?1049l", // the alternate screen
		"\x1b[?25l":   "\x1b[?25h",   // no cursor
		"\x1b[?2004h": "\x1b[?2004l", // pastes marked as such
	} {
		begun, ended := strings.LastIndex(said, on), strings.LastIndex(said, off)
		if begun < 0 || ended < begun || ended > shown {
			x.t.Errorf("%q at %d, %q at %d, and then %q at %d", on, begun, off, ended, says, shown)
		}
	}
	for _, mode := range []string{"\x1b[?1000h", "\x1b[?1002h", "\x1b[?1003h", "\x1b[?1006h"} {
		if strings.Contains(said, mode) {
			x.t.Errorf("%q takes the mouse", mode)
		}
	}
	return status
}

func TestTickResizeAccept(t *testing.T) {
	for _, kind := range []string{"files", "docker"} {
		t.Run(kind, func(t *testing.T) {
			x := start(t, kind)
			x.Press(" \x1b[B\x1b[B ")
			x.await("two ticks", 0, "2 networks")
			// Single keys change single characters on the screen. After a
			// resize, all of it is drawn again.
			from := len(x.Output())
			x.Resize(50, 12)
			x.await("a resize", from, "2 of 3 ticked")
			from = len(x.Output())
			x.Press("\x1b[A")
			x.await("a move", from, "legacy")
			x.Press("\r")
			if status := x.end("chosen [0 2], ok true, interrupted false, error <nil>\r\n"); status != 0 {
				t.Errorf("status %d", status)
			}
		})
	}
}

func TestLeave(t *testing.T) {
	for name, c := range map[string]struct{ keys, says string }{
		"q":      {" q", "chosen [], ok false, interrupted false, error <nil>\r\n"},
		"Esc":    {" \x1b", "chosen [], ok false, interrupted false, error <nil>\r\n"},
		"Ctrl-C": {" \x03", "chosen [], ok false, interrupted true, error interrupted: context canceled\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			x := start(t, "files")
			x.Press(c.keys)
			x.end(c.says)
		})
	}
}

// A signal is the program's affair: it ends the context, and that the list.
func TestSignal(t *testing.T) {
	x := start(t, "files")
	x.Signal(syscall.SIGTERM)
	x.end("chosen [], ok false, interrupted false, error context canceled\r\n")
}

// A signal that the program heeds, and does not end for, does not end the list.
func TestSignalIsNotCaught(t *testing.T) {
	x := start(t, "heeds")
	x.Signal(syscall.SIGINT)
	x.await("the signal", 0, "heeded")
	x.Press(" \r")
	x.end("chosen [0], ok true, interrupted false, error <nil>\r\n")
}

// A panic ends the program as any other does, on a terminal that shows it.
func TestPanic(t *testing.T) {
	x := start(t, "panic")
	x.Press(" ")
	const panicked = 2
	if status := x.end("panic: no such action"); status != panicked {
		t.Errorf("status %d", status)
	}
	if strings.Contains(x.Output(), "Caught panic") {
		t.Error("two traces of one panic")
	}
}

func TestContextThatHasEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out strings.Builder
	_, ok, err := Pick(ctx, strings.NewReader(""), &out, Look{}, words(), networks(3))
	if ok || !errors.Is(err, context.Canceled) || errors.Is(err, ErrInterrupted) || out.Len() > 0 {
		t.Errorf("ok %t, error %v, written %q", ok, err, out.String())
	}
	if !errors.Is(ErrInterrupted, context.Canceled) {
		t.Error("an interruption is to count as a context that was canceled")
	}
}
