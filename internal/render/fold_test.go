package render

import (
	"slices"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	for _, test := range []struct {
		line  string
		width int
		want  []string
	}{
		{"one two three", 0, []string{"one two three"}},
		{"one two three", 13, []string{"one two three"}},
		{"one two three", 12, []string{"one two", "  three"}},
		{"  one two three", 9, []string{"  one two", "    three"}},
		{"one two three", 1, []string{"one", "  two", "  three"}},
		{"one extraordinary two", 8, []string{"one", "  extraordinary", "  two"}},
		{"数据 数据 数据", 9, []string{"数据 数据", "  数据"}},
		{`say "docker compose up" twice (or "docker ps --all").`, 10, []string{"say", `  "docker compose up"`, "  twice", `  (or`, `  "docker ps --all").`}},
		{`say ("docker compose up" or not)`, 12, []string{"say", `  ("docker compose up"`, "  or not)"}},
		{`say "docker compose up`, 12, []string{`say "docker`, "  compose up"}},
		{"", 5, []string{""}},
		{"       ", 5, []string{""}},
	} {
		look := &Look{Width: test.width}
		if got := look.Fold(test.line); !slices.Equal(got, test.want) {
			t.Errorf("%q in %d columns: got %q, want %q", test.line, test.width, got, test.want)
		}
	}
}

// A line of words keeps all its words, each whole, and fits unless a word alone
// does not.
func FuzzFold(f *testing.F) {
	f.Add("  one two three", 8)
	f.Fuzz(func(t *testing.T, line string, width int) {
		look := &Look{Width: width}
		lines := look.Fold(line)
		if got, want := strings.Fields(strings.Join(lines, " ")), strings.Fields(line); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		for _, l := range lines {
			if width > 0 && Width(l) > width && len(unbroken(l)) > 1 {
				t.Errorf("%q is wider than %d", l, width)
			}
		}
	})
}
