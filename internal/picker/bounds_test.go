package picker

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/docker-netkit/docker-netkit/internal/render"
)

var colours = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// misdrawn says what is wrong with a screen, or nothing.
func misdrawn(m model) string {
	lines := m.screen()
	if len(lines) > m.height {
		return "more lines than the terminal has"
	}
	cursors := 0
	for i, text := range lines {
		bare := colours.ReplaceAllString(text, "")
		switch {
		case render.Width(bare) > m.width:
			return "a line is too wide: " + bare
		case strings.ContainsAny(bare, "\x1b\n"):
			return "a line is not one: " + bare
		case strings.TrimRight(bare, " ") != bare:
			return "a line ends with blanks: " + bare
		case !m.look.Colour && bare != text:
			return "colours: " + text
		}
		if strings.HasPrefix(bare, m.look.strokes().cursor) {
			cursors++
			row := i - m.layout().title - m.layout().filter - m.layout().header
			if row != m.at-m.top {
				return "the cursor is not where it should be: " + bare
			}
		}
	}
	if m.width > 0 && m.height > 0 && len(m.shown) > 0 && cursors != 1 {
		return "the cursor is not to be seen"
	}
	if len(m.shown) > 0 && m.shown[m.at] != m.last {
		return "the cursor is on another item"
	}
	return ""
}

// step is a random thing that a user does, given as a number.
func step(m model, n byte) (next model, what string) {
	keys := []string{
		"up", "down", "k", "j", "pgup", "pgdown", "home", "end", "g", "G", "space", "space", "space", "a", "/", "/", "enter", "esc", "backspace",
		"n", "e", "1", "网", "x", "é", "tab", "?",
	}
	if int(n) < 8*len(keys) {
		key := keys[int(n)%len(keys)]
		return press(m, key), key
	}
	sizes := [][2]int{{80, 24}, {120, 40}, {40, 10}, {20, 5}, {1, 1}, {2, 2}, {7, 3}, {300, 4}, {9, 60}, {0, 0}}
	size := sizes[int(n)%len(sizes)]
	return sized(m, size[0], size[1]), "a resize"
}

// play does what the numbers say, and checks the bounds after each.
func play(t *testing.T, look Look, count int, steps []byte) {
	t.Helper()
	m := sized(newModel(look, words(), networks(count)), 80, 24)
	var done []string
	for _, n := range steps {
		before := m
		var what string
		m, what = step(m, n)
		done = append(done, what)
		if wrong := misdrawn(m); wrong != "" {
			t.Fatalf("%d items, %dx%d, after %q: %s\n%s", count, m.width, m.height, done, wrong, strings.Join(m.screen(), "\n"))
		}
		var changed []int
		for i := range m.ticked {
			if m.ticked[i] != before.ticked[i] {
				changed = append(changed, i)
			}
		}
		var allowed []int
		switch {
		case before.typing || before.current() == nil:
		case what == "space":
			allowed = []int{before.last}
		case what == "a":
			allowed = before.shown
		}
		for _, i := range changed {
			if !slices.Contains(allowed, i) {
				t.Fatalf("%d items, after %q: item %d changed", count, done, i)
			}
		}
		if what == "space" && len(changed) != len(allowed) {
			t.Fatalf("%d items, after %q: space changed %v", count, done, changed)
		}
		if m.outcome != undecided {
			m.outcome = undecided // whatever was decided, the drawing goes on
		}
	}
}

func TestBounds(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 60 {
		steps := make([]byte, 120)
		for i := range steps {
			steps[i] = byte(random.UintN(256))
		}
		play(t, Look{ASCII: round%2 == 0, Colour: round%3 == 0}, []int{0, 1, 3, 4, 30, 300}[round%6], steps)
	}
}

// Every size, at the beginning, at the end and with a filter.
func TestEverySize(t *testing.T) {
	for _, count := range []int{1, 3, 20} {
		for _, keys := range []string{"", "G space", "space / x y", "a / l e g enter"} {
			m := press(newModel(Look{}, words(), networks(count)), keys)
			for width := 0; width < 125; width += 1 + width/20 {
				for height := 0; height < 42; height += 1 + height/20 {
					if m := sized(m, width, height); misdrawn(m) != "" {
						t.Fatalf("%d items, %dx%d, %q: %s\n%s", count, width, height, keys, misdrawn(m), strings.Join(m.screen(), "\n"))
					}
				}
			}
		}
	}
}

// The list uses the lines there are: the screen is full, and no row is missing
// that there is room for.
func TestScreenIsFull(t *testing.T) {
	for _, count := range []int{1, 3, 300} {
		for height := 1; height < 60; height++ {
			m := sized(list(count), 80, height)
			if got := len(m.screen()); got != height {
				t.Errorf("%d items: %d lines of %d", count, got, height)
			}
			if l := m.layout(); l.rows < count && (l.gap > 0 || l.blank > 1) {
				t.Errorf("%d items in %d lines: %+v", count, height, l)
			}
		}
	}
}

func FuzzPicker(f *testing.F) {
	f.Add(true, false, uint16(3), []byte{10, 14, 19, 255})
	f.Add(false, true, uint16(300), []byte{9, 10, 220, 230, 13})
	f.Fuzz(func(t *testing.T, ascii, colour bool, count uint16, steps []byte) {
		play(t, Look{ASCII: ascii, Colour: colour}, int(count)%301, steps[:min(len(steps), 300)])
	})
}

// Whatever a name and the rest hold that can be printed, the bounds hold.
func FuzzTexts(f *testing.F) {
	f.Add("web", "172.20.0.0/16", "  removed, and gone", 80, 24)
	f.Add(strings.Repeat("数", 100), "e\u0301", strings.Repeat("word ", 50), 21, 6)
	f.Fuzz(func(t *testing.T, name, fact, detail string, width, height int) {
		if width < 0 || height < 0 || width > 1000 || height > 1000 {
			t.Skip("no terminal")
		}
		items := []Item{
			{Name: typed(name), Facts: []string{typed(fact), "", typed(name)}, Detail: []string{typed(detail)}, Warning: true},
			{Name: typed(fact), Detail: []string{typed(name)}},
		}
		m := told(press(sized(newModel(Look{}, words(), items), width, height), "/"), tea.PasteMsg{Content: fact})
		for _, keys := range []string{"", "enter", "esc", "a", "j"} {
			m = press(m, keys)
			if wrong := misdrawn(m); wrong != "" {
				t.Fatalf("%dx%d: %s", width, height, wrong)
			}
		}
	})
}
