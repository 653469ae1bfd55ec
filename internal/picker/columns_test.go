package picker

import (
	"slices"
	"strings"
	"testing"
)

func TestColumns(t *testing.T) {
	wide := func(n int) string { return strings.Repeat("x", n) }
	for name, c := range map[string]struct {
		facts []string
		named int // width of the name
		width int // of the terminal, without the marks
		want  []int
	}{
		"all fit":                {[]string{wide(7), wide(18)}, 30, 59, []int{30, 7, 18}},
		"the name is cut":        {[]string{wide(7), wide(18)}, 30, 58, []int{29, 7, 18}},
		"least":                  {[]string{wide(7), wide(40)}, 30, 45, []int{16, 7, 18}},
		"the last is left out":   {[]string{wide(7), wide(40)}, 30, 44, []int{30, 7}},
		"only a name":            {[]string{wide(7), wide(40)}, 30, 20, []int{20}},
		"room for nothing":       {[]string{wide(7)}, 30, 0, []int{1}},
		"the name grows faster":  {[]string{wide(40)}, 60, 16 + 2 + 18 + 9, []int{22, 21}},
		"none has the first one": {[]string{"", wide(5)}, 10, 40, []int{10, 0, 7}},
		"no facts":               {nil, 10, 40, []int{10}},
	} {
		texts := words()
		texts.Columns = []string{"NAME", "A", "PROJECT"}
		m := newModel(Look{}, texts, []Item{{Name: wide(c.named), Facts: c.facts}})
		m = sized(m, c.width+m.markWidth(), 24)
		if !slices.Equal(m.columns, c.want) {
			t.Errorf("%s: %v, want %v", name, m.columns, c.want)
		}
	}
}
