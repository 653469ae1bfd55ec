//go:build unix

package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// onTerminal runs the program on a terminal of this width, and gives what the
// terminal got. Settings are added to the environment.
func onTerminal(t *testing.T, width uint16, host string, settings []string, args ...string) string {
	t.Helper()
	shown, err := shownOn(t, width, host, settings, args...)
	if err != nil {
		t.Fatalf("%v:\n%s", err, shown)
	}
	return shown
}

// shownOn is onTerminal for a program that may end with any status.
func shownOn(t *testing.T, width uint16, host string, settings []string, args ...string) (string, error) {
	t.Helper()
	cmd := program(t, host, args...)
	cmd.Env = append(cmd.Env, settings...)
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 50, Cols: width})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = terminal.Close() }()
	var shown bytes.Buffer
	_, _ = io.Copy(&shown, terminal) // ends with an error on Linux when the program does
	return shown.String(), cmd.Wait()
}

func TestTerminal(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, shop()...)
	for name, c := range map[string]struct {
		settings        []string
		colours, glyphs bool
	}{
		"as it is":             {nil, true, true},
		"NO_COLOR":             {[]string{"NO_COLOR=1"}, false, true},
		"NO_COLOR but empty":   {[]string{"NO_COLOR="}, true, true},
		"a dumb terminal":      {[]string{"TERM=dumb"}, false, true},
		"a locale of old":      {[]string{"LANG=C"}, true, false},
		"LC_ALL before LANG":   {[]string{"LC_ALL=POSIX"}, true, false},
		"LC_CTYPE before LANG": {[]string{"LC_CTYPE=en_US.ISO-8859-1"}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			shown := onTerminal(t, 120, fake.Host(), c.settings, "graph")
			if got := strings.Contains(shown, "\x1b["); got != c.colours {
				t.Errorf("colours: %t, want %t, in\n%q", got, c.colours, shown)
			}
			if got := strings.Contains(shown, "├─ "); got != c.glyphs {
				t.Errorf("glyphs: %t, want %t, in\n%s", got, c.glyphs, shown)
			}
			if got := strings.Contains(shown, "|- "); got == c.glyphs {
				t.Errorf("ASCII: %t, want %t, in\n%s", got, !c.glyphs, shown)
			}
			if !strings.Contains(shown, "172.20.0.3") {
				t.Errorf("web's address is missing in\n%s", shown)
			}
		})
	}
}

func TestTerminalGetsNoControlCodes(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker20, odd()...)
	for _, args := range [][]string{
		{"graph"},
		{"graph", "--no-trunc", "--all"},
		{"graph", "--format", "json"},
		{"graph", "--format", "dot"},
		{"graph", "--format", "mermaid"},
		{"graph", "--format", "{{.Network}} {{.Container}}"},
		{"ls"},
		{"ls", "--no-trunc"},
		{"ls", "--format", "json"},
		{"ls", "--format", "{{.Name}}"},
		{"explain", "--no-pager"},
		{"explain", "--no-pager", "bridge"},
		{"explain", "--no-pager", "--lang", "pt-BR", "bridge"},
		{"explain", "--format", "markdown", "bridge"},
		{"explain", "--format", "json"},
	} {
		shown := onTerminal(t, 200, fake.Host(), []string{"NO_COLOR=1"}, args...)
		if at := strings.IndexFunc(shown, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 }); at >= 0 {
			t.Errorf("%q sends %q to the terminal", args, shown[at:min(at+20, len(shown))])
		}
		if !strings.Contains(shown, "red") {
			t.Errorf("%q does not show the network at all:\n%s", args, shown)
		}
	}
}
