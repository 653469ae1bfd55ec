//go:build unix

package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// Help texts are broken anew for a narrow terminal, and lose no word by that.
func TestHelpFolds(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28)
	words := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	text := func(shown string) string {
		begin, _, _ := strings.Cut(shown, "Options:")
		return begin
	}
	for _, command := range [][]string{{"ping"}, {"safe-rm"}, {"graph"}, nil} {
		args := append(command, "--help")
		wide := text(onTerminal(t, 80, fake.Host(), nil, args...))
		narrow := text(onTerminal(t, 60, fake.Host(), nil, args...))
		if words(wide) != words(narrow) || wide == narrow {
			t.Errorf("%q at 80 columns and at 60:\n%s\n%s", args, wide, narrow)
		}
		folded := 0
		for line := range strings.Lines(narrow) {
			line = strings.TrimRight(line, " \r\n")
			if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "Usage:") { // tables, and what is to be pasted
				continue
			}
			if width := utf8.RuneCountInString(line); width > 60 {
				t.Errorf("%q: %d columns: %s", args, width, line)
			} else if width > 45 {
				folded++
			}
		}
		if folded < 3 {
			t.Errorf("%q: the lines are not filled:\n%s", args, narrow)
		}
	}
	for line := range strings.Lines(onTerminal(t, 60, fake.Host(), nil, "ping", "--help")) {
		// Of the options, docker's own folding keeps to the width by and large.
		if width := utf8.RuneCountInString(strings.TrimRight(line, " \r\n")); width > 62 {
			t.Errorf("%d columns: %s", width, line)
		}
	}
}
