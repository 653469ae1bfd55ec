package render

import "testing"

// What is a table and what is not, and where its cells end.
func TestProseTables(t *testing.T) {
	for name, c := range map[string]struct{ markdown, want string }{
		"plain":                      {"| a | b |\n|---|---|\n| c | d |\n", "  a  b\n  ─  ─\n  c  d\n"},
		"without bars at the sides":  {"a | b\n--- | ---\nc | d\n", "  a  b\n  ─  ─\n  c  d\n"},
		"aligned":                    {"| a | b |\n|:-:|--:|\n| c | d |\n", "  a  b\n  ─  ─\n  c  d\n"},
		"a bar in a cell":            {"| a | b |\n|---|---|\n| c\\|d | e |\n", "  a    b\n  ───  ─\n  c|d  e\n"},
		"a bar in code":              {"| a | b |\n|---|---|\n| `c\\|d` | e |\n", "  a    b\n  ───  ─\n  c|d  e\n"},
		"a backslash before a bar":   {"| a | b |\n|---|---|\n| c\\\\| d |\n", "  a   b\n  ──  ─\n  c\\  d\n"},
		"cells too few and too many": {"| a | b |\n|---|---|\n| c |\n| d | e | f |\n", "  a  b\n  ─  ─\n  c\n  d  e\n"},
		"no head":                    {"| | |\n|---|---|\n| c | d |\n", "  c  d\n"},
		"words in bold":              {"| a |\n|---|\n| **b** |\n", "  a\n  ─\n  b\n"},
		"no rule":                    {"| a | b |\n| c | d |\n", "  | a | b | | c | d |\n"},
		"a rule of another width":    {"| a | b |\n|---|\n", "  | a | b | |---|\n"},
		"a rule with something else": {"| a | b |\n|--x|---|\n", "  | a | b | |--x|---|\n"},
		"a heading of dashes":        {"a\n---\n", "a\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := proseOf(t, c.markdown, Look{Width: 80}); got != c.want {
				t.Errorf("it is drawn as\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
