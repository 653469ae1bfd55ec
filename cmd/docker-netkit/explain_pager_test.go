//go:build unix

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/terminaltest"
)

// standInPager does to a terminal what less does: it takes the text, lets no key be
// echoed, and waits for one; Ctrl-C does not end it. It says when it is ready, so that
// nobody types before it listens, and leaves the terminal as it has made it.
const standInPager = `#!/bin/sh
trap '' INT
echo "$*" > "$DIR/arguments"
cat > "$DIR/text"
stty -echo -icanon < /dev/tty
echo PAGER READY
dd bs=1 count=1 < /dev/tty > "$DIR/key" 2> /dev/null
`

// pagedBy runs explain on a terminal of this many lines, with a stand-in pager of this
// name on the path. Afterwards, the state of the terminal is shown.
func pagedBy(t *testing.T, pager string, lines uint16, settings []string, args ...string) (d *dialog, dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, pager), []byte(standInPager), 0o755); err != nil {
		t.Fatal(err)
	}
	inner := program(t, "unix:///nonexistent/docker.sock", args...)
	// The shell outlives Ctrl-C, to look at what is left.
	const shell = `trap : INT; "$@"; status=$?; echo; stty -a; echo SHELL ENDS; exit $status`
	inner.Args = append([]string{"sh", "-c", shell, "sh", inner.Path}, inner.Args[1:]...)
	inner.Path = "/bin/sh"
	inner.Env = slices.DeleteFunc(inner.Env, func(pair string) bool { return strings.HasPrefix(pair, "PAGER=") || strings.HasPrefix(pair, "LESS=") })
	inner.Env = append(inner.Env, "PATH="+dir+":"+os.Getenv("PATH"), "DIR="+dir, "NO_COLOR=1")
	inner.Env = append(inner.Env, settings...)
	return &dialog{terminaltest.Start(t, 80, lines, inner), t}, dir
}

func noted(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// echoes tells that the terminal shows what is typed, by what stty says of it.
func echoes(shown string) bool {
	for _, word := range strings.FieldsFunc(shown, func(r rune) bool { return strings.ContainsRune(" ;\r\n", r) }) {
		if word == "-echo" || word == "-icanon" {
			return false
		}
	}
	return true
}

const short, tall = 24, 500

func TestExplainIsPaged(t *testing.T) {
	for name, c := range map[string]struct {
		pager, arguments string
		settings         []string
		keys             string
		status           int
	}{
		"PAGER":             {"my-pager", "", []string{"PAGER=my-pager"}, "q", 0},
		"PAGER with flags":  {"my-pager", "-a b", []string{"PAGER=my-pager -a b"}, "q", 0},
		"PAGER in a shell":  {"my-pager", "x y", []string{`PAGER=my-pager "x y"`}, "q", 0},
		"less where no is":  {"less", "-FRX", nil, "q", 0},
		"Ctrl-C in a pager": {"my-pager", "", []string{"PAGER=my-pager"}, "\x03", 130},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, dir := pagedBy(t, c.pager, short, c.settings, "explain", "--topic", "between")
			d.await("PAGER READY")
			if got := strings.TrimSuffix(noted(t, dir, "arguments"), "\n"); got != c.arguments {
				t.Errorf("the pager got %q, want %q", got, c.arguments)
			}
			if text := noted(t, dir, "text"); !strings.Contains(text, "between: Between containers") || !strings.Contains(text, "--alias mysql --alias database") {
				t.Errorf("the pager got\n%s", text)
			}
			d.Press(c.keys)
			d.await("SHELL ENDS")
			shown := d.ends(c.status)
			if !echoes(shown) {
				t.Errorf("the terminal was left as the pager had made it:\n%s", shown)
			}
			if strings.Contains(shown, "--alias mysql --alias database") {
				t.Errorf("the text is on the terminal, too:\n%s", shown)
			}
		})
	}
}

func TestExplainIsNotPaged(t *testing.T) {
	for name, c := range map[string]struct {
		lines    uint16
		settings []string
		args     []string
	}{
		"a tall screen":             {tall, []string{"PAGER=my-pager"}, nil},
		"--no-pager":                {short, []string{"PAGER=my-pager"}, []string{"--no-pager"}},
		"a pager that is not there": {short, []string{"PAGER=no-such-pager -R"}, nil},
		"nor in a shell":            {short, []string{`PAGER=no-such-pager "-R"`}, nil},
		"an empty PAGER":            {short, []string{"PAGER="}, nil},
		"cat":                       {short, []string{"PAGER=cat"}, nil},
		"a dumb terminal":           {short, []string{"TERM=dumb"}, nil},
		"--format markdown":         {short, []string{"PAGER=my-pager"}, []string{"--format", "markdown"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pager := "my-pager"
			if name == "a dumb terminal" {
				pager = "less"
			}
			d, _ := pagedBy(t, pager, c.lines, c.settings, append([]string{"explain", "--topic", "between"}, c.args...)...)
			shown := d.ends(0)
			if strings.Contains(shown, "PAGER READY") {
				t.Errorf("a pager was run:\n%s", shown)
			}
			if !strings.Contains(shown, "between: Between containers") || !strings.Contains(shown, "--alias mysql --alias database") {
				t.Errorf("the text is not there in whole:\n%s", shown)
			}
		})
	}
}
