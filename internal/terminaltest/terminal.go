//go:build unix

package terminaltest

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/moby/term"
)

// Terminal is a program on a terminal of its own.
type Terminal struct {
	t      *testing.T
	cmd    *exec.Cmd
	pty    *os.File
	tty    *os.File // the program's side, kept open to see how it is left
	before *term.State
	ended  chan error

	mu      sync.Mutex
	written []byte
}

// Start starts a program on a terminal of this size. It ends with the test at the latest.
func Start(t *testing.T, columns, lines uint16, cmd *exec.Cmd) *Terminal {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	x := &Terminal{t: t, cmd: cmd, pty: master, tty: tty, ended: make(chan error, 1)}
	x.Resize(columns, lines)
	x.before = x.settings()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	copied, waited := make(chan struct{}), make(chan struct{})
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
		defer close(waited)
		x.ended <- cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-waited
		_ = tty.Close()
		_ = master.Close()
		<-copied
	})
	return x
}

func (x *Terminal) settings() *term.State {
	x.t.Helper()
	state, err := term.SaveState(x.tty.Fd())
	if err != nil {
		x.t.Fatal(err)
	}
	return state
}

// Changed tells that the terminal's mode is another one than before the program began.
func (x *Terminal) Changed() bool {
	x.t.Helper()
	return !reflect.DeepEqual(x.settings(), x.before)
}

// Resize changes the size of the terminal.
func (x *Terminal) Resize(columns, lines uint16) {
	x.t.Helper()
	if err := pty.Setsize(x.pty, &pty.Winsize{Rows: lines, Cols: columns}); err != nil {
		x.t.Fatal(err)
	}
}

// Output is everything that was written so far.
func (x *Terminal) Output() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return string(x.written)
}

// Await waits until what was written from a place on holds what is wanted, and tells how
// long that took and how much is written now.
func (x *Terminal) Await(what string, from int, within time.Duration, wanted func(text string) bool) (time.Duration, int) {
	x.t.Helper()
	const pause = 5 * time.Millisecond
	for began := time.Now(); ; <-time.After(pause) {
		text := x.Output()
		if wanted(text[min(from, len(text)):]) {
			return time.Since(began), len(text)
		}
		if time.Since(began) > within {
			x.t.Fatalf("%s: not within %s; written since: %.3000q", what, within, text[min(from, len(text)):])
		}
	}
}

// Press types on the terminal.
func (x *Terminal) Press(keys string) {
	x.t.Helper()
	if _, err := io.WriteString(x.pty, keys); err != nil {
		x.t.Fatal(err)
	}
}

// Signal sends the program a signal.
func (x *Terminal) Signal(signal os.Signal) {
	x.t.Helper()
	if err := x.cmd.Process.Signal(signal); err != nil {
		x.t.Fatal(err)
	}
}

// End waits for the program's end, and gives its status and all it wrote.
func (x *Terminal) End(within time.Duration) (status int, text string) {
	x.t.Helper()
	select {
	case err := <-x.ended:
		var failed *exec.ExitError
		if err != nil && !errors.As(err, &failed) {
			x.t.Fatal(err)
		}
	case <-time.After(within):
		x.t.Fatalf("still running; it wrote %.2000q", x.Output())
	}
	// What was written last may still be on its way to our side. What we write on the
	// program's side comes after it.
	const mark = "\x00that was all\x00"
	if _, err := io.WriteString(x.tty, mark); err != nil {
		x.t.Fatal(err)
	}
	x.Await("the end of what it wrote", 0, within, func(text string) bool { return strings.Contains(text, mark) })
	text, _, _ = strings.Cut(x.Output(), mark)
	return x.cmd.ProcessState.ExitCode(), text
}
