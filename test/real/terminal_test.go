//go:build real

package real

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// terminal is a program that runs on a terminal of its own.
type terminal struct {
	t      *testing.T
	cmd    *exec.Cmd
	pty    *os.File
	tty    *os.File // the program's side, kept open to see how it is left
	before *unix.Termios
	ended  chan error

	mu      sync.Mutex
	written []byte
}

// onTerminal starts a program on a terminal.
func onTerminal(t *testing.T, env []string, columns, lines uint16, name string, args ...string) *terminal {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: lines, Cols: columns}); err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, pty: master, tty: tty, ended: make(chan error, 1)}
	x.before = x.termios()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	x.cmd = exec.CommandContext(ctx, name, args...)
	x.cmd.Env = env
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
	go func() { x.ended <- x.cmd.Wait() }()
	t.Cleanup(func() {
		cancel()
		_ = tty.Close()
		_ = master.Close()
		<-copied
	})
	return x
}

func (x *terminal) termios() *unix.Termios {
	x.t.Helper()
	state, err := unix.IoctlGetTermios(int(x.tty.Fd()), unix.TCGETS)
	if err != nil {
		x.t.Fatal(err)
	}
	return state
}

// output is everything that was written so far.
func (x *terminal) output() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return string(x.written)
}

// await waits until what was written from a place on holds what is wanted, and
// tells how long that took and how much is written now.
func (x *terminal) await(what string, from int, within time.Duration, wanted func(text string) bool) (time.Duration, int) {
	x.t.Helper()
	began := time.Now()
	for {
		text := x.output()
		if wanted(text[min(from, len(text)):]) {
			return time.Since(began), len(text)
		}
		if time.Since(began) > within {
			x.t.Fatalf("%s: not within %s; written since: %.3000q", what, within, text[min(from, len(text)):])
		}
		pause()
	}
}

func pause() { <-time.After(10 * time.Millisecond) }

// press types on the terminal.
func (x *terminal) press(keys string) {
	x.t.Helper()
	if _, err := io.WriteString(x.pty, keys); err != nil {
		x.t.Fatal(err)
	}
}

// end waits for the program's end, and gives its status and all it wrote.
func (x *terminal) end() (status int, text string) {
	x.t.Helper()
	select {
	case err := <-x.ended:
		var failed *exec.ExitError
		if err != nil && !errors.As(err, &failed) {
			x.t.Fatal(err)
		}
	case <-time.After(patience):
		x.t.Fatalf("still running; it wrote %.2000q", x.output())
	}
	// What was written last may still be on its way to our side. What we write on the
	// program's side comes after it.
	const mark = "\x00that was all\x00"
	if _, err := io.WriteString(x.tty, mark); err != nil {
		x.t.Fatal(err)
	}
	x.await("the end of what it wrote", 0, patience, func(text string) bool { return strings.Contains(text, mark) })
	text, _, _ = strings.Cut(x.output(), mark)
	return x.cmd.ProcessState.ExitCode(), text
}

// show runs a program on a terminal to its end, which must be a good one, and
// checks what reached the terminal.
func show(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	const columns, lines = 120, 50
	x := onTerminal(t, env, columns, lines, name, args...)
	status, text := x.end()
	if status != 0 {
		t.Fatalf("%s %.300q: status %d\n%.2000q", name, args, status, text)
	}
	harmless(t, fmt.Sprintf("%.200q on a terminal", args), text)
	return text
}

// own are the sequences that the plugin itself may send: colours and weights
// it uses, and what it takes to draw on a screen. Names in the tests hold
// sequences that are none of these.
var own = regexp.MustCompile(`\x1b\[(?:(?:[0-2]|22|3[1-7]|39|9[0-7])?(?:;(?:[0-2]|3[1-7]|9[0-7]))*m|\?(?:1049|25|7|2026)[hl]|(?:[0-9]{1,4}(?:;[0-9]{1,4})?)?H|[0-2]?[JK])`)

// harmless fails the test where something in the text acts on a terminal, or
// cannot be seen on it, and is not the plugin's own doing.
func harmless(t *testing.T, what, text string) {
	t.Helper()
	if harm := harmIn(text); harm != "" {
		t.Errorf("%s: %s", what, harm)
	}
}

// harmIn tells the first thing that acts on a terminal or cannot be seen.
func harmIn(text string) string {
	text = strings.ReplaceAll(own.ReplaceAllLiteralString(text, ""), "\r\n", "\n")
	if !utf8.ValidString(text) {
		return "not UTF-8"
	}
	for i, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)) {
			return fmt.Sprintf("%U reaches the terminal, in %q", r, text[max(0, i-40):min(len(text), i+40)])
		}
	}
	return ""
}

// TestHarm: the check finds harm in each name that has some, and none in what
// the plugin sends by itself.
func TestHarm(t *testing.T) {
	for _, name := range actingNames {
		if harmIn("a "+name+" b") == "" {
			t.Errorf("no harm in %.60q", name)
		}
	}
	for _, name := range oddNames {
		if got := harmIn("a " + name + " b"); got != "" {
			t.Errorf("%.60q: %s", name, got)
		}
	}
	if got := harmIn("\x1b[?1049h\x1b[?25l\x1b[H\x1b[1m\x1b[36mfront\x1b[0m\x1b[K\r\n\x1b[J"); got != "" {
		t.Error(got)
	}
}
