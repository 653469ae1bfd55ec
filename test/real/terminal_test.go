//go:build real

package real

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/docker-netkit/docker-netkit/internal/terminaltest"
)

// onTerminal starts a program on a terminal.
func onTerminal(t *testing.T, env []string, columns, lines uint16, name string, args ...string) *terminaltest.Terminal {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = env
	return terminaltest.Start(t, columns, lines, cmd)
}

// show runs a program on a terminal to its end, which must be a good one, and
// checks what reached the terminal.
func show(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	const columns, lines = 120, 50
	x := onTerminal(t, env, columns, lines, name, args...)
	status, text := x.End(patience)
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
