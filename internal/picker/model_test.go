package picker

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestKeys(t *testing.T) {
	const bottom = 299
	for keys, want := range map[string]struct {
		cursor  int // index of the item
		chosen  []int
		outcome outcome
	}{
		"":                            {0, nil, undecided},
		"up":                          {0, nil, undecided},
		"down j":                      {2, nil, undecided},
		"down j up k":                 {0, nil, undecided},
		"pgdown":                      {12, nil, undecided},
		"pgdown pgup":                 {0, nil, undecided},
		"end":                         {bottom, nil, undecided},
		"G j":                         {bottom, nil, undecided},
		"end home":                    {0, nil, undecided},
		"G g":                         {0, nil, undecided},
		"space":                       {0, []int{0}, undecided},
		"space space":                 {0, nil, undecided},
		"G space g j space":           {1, []int{1, bottom}, undecided},
		"a a":                         {0, nil, undecided},
		"/ l e g a c y enter a":       {1, []int{1}, undecided},
		"/ l e g a c y enter a a":     {1, nil, undecided},
		"/ l e g enter a esc space":   {1, nil, undecided},
		"/ l e g enter a esc g space": {0, []int{0, 1}, undecided},
		"/ L E G enter space":         {1, []int{1}, undecided},
		"/ f d 0 0 enter space":       {2, []int{2}, undecided},
		"/ 网 enter a":                 {2, []int{2}, undecided},
		"/ z z enter space a":         {0, nil, undecided},
		"/ z z enter enter":           {0, nil, undecided},
		"/ z backspace backspace":     {0, nil, undecided},
		"/ l e x backspace g enter":   {1, nil, undecided},
		"/ a space":                   {0, nil, undecided},
		"/ q j g":                     {0, nil, undecided},
		"/ n e t _ down down enter":   {6, nil, undecided},
		"G / n e t enter":             {bottom, nil, undecided},
		"G / l e g esc":               {1, nil, undecided},
		"G / z z esc":                 {bottom, nil, undecided},
		"/ esc":                       {0, nil, undecided},
		"/ l e g enter esc":           {1, nil, undecided},
		"/ l e g enter esc esc":       {1, nil, left},
		"enter":                       {0, nil, undecided},
		"space enter":                 {0, []int{0}, accepted},
		"space kpenter":               {0, []int{0}, accepted},
		"space / z z enter enter":     {0, []int{0}, accepted},
		"space q":                     {0, []int{0}, left},
		"Q":                           {0, nil, left},
		"esc":                         {0, nil, left},
		"space ctrl+c":                {0, []int{0}, interrupted},
		"/ a ctrl+c":                  {0, nil, interrupted},
		"ctrl+a tab x":                {0, nil, undecided},
	} {
		m := press(list(bottom+1), keys)
		if m.last != want.cursor || !slices.Equal(m.chosen(), want.chosen) || m.outcome != want.outcome {
			t.Errorf("%q: cursor %d, chosen %v, outcome %d; want %d, %v, %d", keys, m.last, m.chosen(), m.outcome, want.cursor, want.chosen, want.outcome)
		}
	}
}

// What the screen says after some keys.
func TestWords(t *testing.T) {
	for keys, want := range map[string][]string{
		"":                            {"0 of 12 ticked\n", "\n  nothing is ticked\n", "space tick", "a all", "/ filter", "q leave"},
		"enter":                       {"\n  nothing is ticked: space ticks, a ticks all, q leaves\n"},
		"enter down":                  {"\n  nothing is ticked\n"},
		"space":                       {"1 of 12 ticked\n", "\n❯ [x]   shop_back", "\n  enter remove 1 network\n"},
		"down space":                  {"\n❯ [x] ! legacy", "\n  enter remove 1 network   ! it breaks something\n", "── ! legacy ──"},
		"a":                           {"12 of 12 ticked\n", "remove 12 networks   ! 1 of them breaks something\n"},
		"a / n e t enter":             {"12 of 12 ticked, 4 of them hidden by the filter\n", "8 of 12 shown\n", "esc clear it"},
		"/ l e g":                     {"\n  /leg ", "1 of 12 shown\n", "enter keep the filter", "esc clear it"},
		"/ z z":                       {"0 of 12 shown\n", "\n  No network matches.\n"},
		"space down space space down": {"1 of 12 ticked\n"},
		"G":                           {"── net_011 ──"},
	} {
		shown := strings.Join(press(list(12), keys).screen(), "\n") + "\n"
		for _, text := range want {
			if !strings.Contains(shown, text) {
				t.Errorf("%q: no %q in\n%s", keys, text, shown)
			}
		}
	}
	if shown := strings.Join(press(list(12), "space / l e g").screen(), "\n"); strings.Contains(shown, "enter remove") {
		t.Errorf("enter keeps the filter now, and the screen says that it removes:\n%s", shown)
	}
}

func TestSeveralThatBreak(t *testing.T) {
	items := networks(4)
	items[0].Warning = true
	shown := strings.Join(press(sized(newModel(Look{}, words(), items), 80, 24), "a").screen(), "\n")
	if want := "   ! 2 of them break something"; !strings.Contains(shown, want) {
		t.Errorf("no %q in\n%s", want, shown)
	}
}

// A message makes another model, and leaves the one it came to as it was.
func TestUpdateIsPure(t *testing.T) {
	before := press(list(12), "space down / n enter")
	ticked, shown := slices.Clone(before.ticked), slices.Clone(before.shown)
	screen := before.screen()
	for _, keys := range []string{"space", "a", "/ x", "esc", "G space"} {
		press(before, keys)
		if !slices.Equal(before.ticked, ticked) || !slices.Equal(before.shown, shown) || !slices.Equal(before.screen(), screen) {
			t.Fatalf("%q changed the model it was pressed on", keys)
		}
	}
}

func TestPaste(t *testing.T) {
	m := told(list(12), tea.PasteMsg{Content: "a q"})
	if m.filter != "" || len(m.chosen()) > 0 || m.outcome != undecided {
		t.Error("a paste into the list is taken for keys")
	}
	m = told(press(m, "/"), tea.PasteMsg{Content: "le\x1b\u202eg\n"})
	if m.filter != "leg" || !reflect.DeepEqual(m.shown, []int{1}) {
		t.Errorf("filter %q shows %v", m.filter, m.shown)
	}
	if m = told(m, tea.PasteMsg{Content: strings.Repeat("x", 1<<20)}); m.filter != "leg" {
		t.Errorf("a filter of %d bytes", len(m.filter))
	}
}

// The place where a filter is typed is where the terminal's cursor is.
func TestTypingCursor(t *testing.T) {
	if c := list(3).View().Cursor; c != nil {
		t.Errorf("a cursor at %v with nothing to type", c.Position)
	}
	m := press(list(3), "/ 网 x")
	if c := m.View().Cursor; c == nil || c.Position != (tea.Position{X: 6, Y: 1}) || c.Blink {
		t.Errorf("cursor %+v", c)
	}
	if m.screen()[1][:len("  /网x")] != "  /网x" {
		t.Errorf("filter line %q", m.screen()[1])
	}
}

func TestNoItems(t *testing.T) {
	m := press(list(0), "space a j G enter")
	if m.outcome != undecided || !strings.Contains(strings.Join(m.screen(), "\n"), "No network matches.") {
		t.Errorf("outcome %d:\n%s", m.outcome, strings.Join(m.screen(), "\n"))
	}
}
