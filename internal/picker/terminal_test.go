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
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/docker/cli/cli/streams"
	"github.com/moby/term"
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

// terminal is a program on a terminal of its own.
type terminal struct {
	t      *testing.T
	cmd    *exec.Cmd
	pty    *os.File
	tty    *os.File // the program's side, kept open to see how it is left
	before *term.State
	ended  chan struct{}

	mu      sync.Mutex
	written []byte
}

// start starts the program, and waits until the list is there.
func start(t *testing.T, kind string) *terminal {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, pty: master, tty: tty, ended: make(chan struct{})}
	x.before = x.settings()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	x.cmd = exec.CommandContext(ctx, os.Args[0])
	x.cmd.Env = append(os.Environ(), asProgram+"="+kind, "TERM=xterm-256color")
	x.cmd.Stdin, x.cmd.Stdout, x.cmd.Stderr = tty, tty, tty
	x.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := x.cmd.Start(); err != nil {
		cancel()
		t.Fatal(err)
	}
	copied := make(chan struct{})
	go func() {
		defer close(copied)
		buffer := make([]byte, 1<<16)
		for {
			n, err := master.Read(buffer)
			x.mu.Lock()
			x.written = append(x.written, buffer[:n]...)
			x.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	go func() {
		_ = x.cmd.Wait() // the status tells
		close(x.ended)
	}()
	t.Cleanup(func() {
		cancel()
		_ = tty.Close()
		_ = master.Close()
		<-copied
	})
	x.await("the list", 0, "0 of 3 ticked")
	if reflect.DeepEqual(x.settings(), x.before) {
		t.Error("the list is shown, and the terminal still echoes and waits for whole lines")
	}
	return x
}

func (x *terminal) settings() *term.State {
	x.t.Helper()
	state, err := term.SaveState(x.tty.Fd())
	if err != nil {
		x.t.Fatal(err)
	}
	return state
}

func (x *terminal) output() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return string(x.written)
}

// await waits until what was written from a place on holds the text.
func (x *terminal) await(what string, from int, text string) {
	x.t.Helper()
	for began := time.Now(); !strings.Contains(x.output()[from:], text); <-time.After(5 * time.Millisecond) {
		if time.Since(began) > patience {
			x.t.Fatalf("%s: no %q in what was written since: %.3000q", what, text, x.output()[from:])
		}
	}
}

func (x *terminal) press(keys string) {
	x.t.Helper()
	if _, err := io.WriteString(x.pty, keys); err != nil {
		x.t.Fatal(err)
	}
}

// end waits for the program's end, which must say so, and checks that the
// terminal is as it was. It gives the program's status.
func (x *terminal) end(says string) int {
	x.t.Helper()
	x.await("the end", 0, says)
	select {
	case <-x.ended:
	case <-time.After(patience):
		x.t.Fatal("still running")
	}
	if !reflect.DeepEqual(x.settings(), x.before) {
		x.t.Errorf("the terminal's settings are not what they were")
	}
	said := x.output()
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
	return x.cmd.ProcessState.ExitCode()
}

func TestTickResizeAccept(t *testing.T) {
	for _, kind := range []string{"files", "docker"} {
		t.Run(kind, func(t *testing.T) {
			x := start(t, kind)
			x.press(" \x1b[B\x1b[B ")
			x.await("two ticks", 0, "2 networks")
			// Single keys change single characters on the screen. After a
			// resize, all of it is drawn again.
			from := len(x.output())
			if err := pty.Setsize(x.pty, &pty.Winsize{Rows: 12, Cols: 50}); err != nil {
				t.Fatal(err)
			}
			x.await("a resize", from, "2 of 3 ticked")
			from = len(x.output())
			x.press("\x1b[A")
			x.await("a move", from, "legacy")
			x.press("\r")
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
			x.press(c.keys)
			x.end(c.says)
		})
	}
}

// A signal is the program's affair: it ends the context, and that the list.
func TestSignal(t *testing.T) {
	x := start(t, "files")
	if err := x.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	x.end("chosen [], ok false, interrupted false, error context canceled\r\n")
}

// A signal that the program heeds, and does not end for, does not end the list.
func TestSignalIsNotCaught(t *testing.T) {
	x := start(t, "heeds")
	if err := x.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	x.await("the signal", 0, "heeded")
	x.press(" \r")
	x.end("chosen [0], ok true, interrupted false, error <nil>\r\n")
}

// A panic ends the program as any other does, on a terminal that shows it.
func TestPanic(t *testing.T) {
	x := start(t, "panic")
	x.press(" ")
	const panicked = 2
	if status := x.end("panic: no such action"); status != panicked {
		t.Errorf("status %d", status)
	}
	if strings.Contains(x.output(), "Caught panic") {
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
