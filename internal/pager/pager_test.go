package pager

import (
	"slices"
	"strings"
	"testing"
)

func settings(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for _, pair := range pairs {
			if key, value, _ := strings.Cut(pair, "="); key == name {
				return value, true
			}
		}
		return "", false
	}
}

func TestWords(t *testing.T) {
	for name, c := range map[string]struct {
		settings []string
		want     []string
	}{
		"nothing set":          {[]string{"TERM=xterm"}, []string{"less", "-FRX"}},
		"no TERM":              {nil, nil},
		"a dumb terminal":      {[]string{"TERM=dumb"}, nil},
		"PAGER":                {[]string{"TERM=xterm", "PAGER=most"}, []string{"most"}},
		"PAGER, though dumb":   {[]string{"TERM=dumb", "PAGER=most"}, []string{"most"}},
		"with arguments":       {[]string{"PAGER=less  -R -S"}, []string{"less", "-R", "-S"}},
		"a line of shell":      {[]string{"PAGER=sed s/a/b/ | less"}, []string{"sh", "-c", "sed s/a/b/ | less"}},
		"with a quoted word":   {[]string{"PAGER=less '-P a b'"}, []string{"sh", "-c", "less '-P a b'"}},
		"empty":                {[]string{"TERM=xterm", "PAGER="}, nil},
		"blank":                {[]string{"TERM=xterm", "PAGER=  "}, nil},
		"cat, which is no one": {[]string{"TERM=xterm", "PAGER=cat"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			terminal := &Terminal{LookupEnv: settings(c.settings...)}
			if got := terminal.words(); !slices.Equal(got, c.want) {
				t.Errorf("the pager is %q, want %q", got, c.want)
			}
		})
	}
}

func TestLonger(t *testing.T) {
	for name, c := range map[string]struct {
		columns, lines int
		text           string
		want           bool
	}{
		"fits, with a line for the prompt": {10, 4, "a\nb\nc\n", false},
		"takes the line for the prompt":    {10, 3, "a\nb\nc\n", true},
		"a line that wraps":                {10, 4, "a\n" + strings.Repeat("b", 21) + "\n", true},
		"a line that just fits":            {10, 4, "a\n" + strings.Repeat("b", 10) + "\nc\n", false},
		"empty lines count":                {10, 3, "\n\n\n", true},
		"nothing":                          {10, 3, "", false},
		"no size is known":                 {0, 0, strings.Repeat("a\n", 1000), false},
	} {
		t.Run(name, func(t *testing.T) {
			terminal := &Terminal{Columns: c.columns, Lines: c.lines, Width: func(line string) int { return len(line) }}
			if got := terminal.longer(c.text); got != c.want {
				t.Errorf("longer: %t, want %t", got, c.want)
			}
		})
	}
}
