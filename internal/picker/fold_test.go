package picker

import (
	"slices"
	"testing"
)

func TestFold(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 5, []string{""}},
		{"short", 5, []string{"short"}},
		{"one two three", 7, []string{"one two", "three"}},
		{"one two three", 8, []string{"one two", "three"}},
		{"  one two three", 9, []string{"  one two", "  three"}},
		{"abcdefgh ij", 3, []string{"abc", "def", "gh", "ij"}},
		{"网络网络网", 5, []string{"网络", "网络", "网"}},
		{"网络", 1, []string{"网", "络"}},
		{"e\u0301e\u0301e\u0301", 2, []string{"e\u0301e\u0301", "e\u0301"}},
		{"        far", 4, []string{"  fa", "  r"}},
	} {
		if got := fold(c.text, c.width); !slices.Equal(got, c.want) {
			t.Errorf("%q in %d columns: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}
