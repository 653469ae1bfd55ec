package drawing

import (
	"slices"
	"testing"
)

// What an engine tells of an owner and of who shares its network is said once.
func TestWaysOfSharersAreThoseOfTheCard(t *testing.T) {
	d := Make(&Content{
		Networks:    []Network{{Key: "n", Name: "front"}},
		Containers:  []Container{{Key: "c", Name: "web", Up: true}, {Key: "s", Name: "side", Up: true, Owner: "c"}},
		Attachments: []Attachment{{Key: "n_c", Network: "n", Container: "c"}, {Key: "n_s", Network: "n", Container: "s"}},
		Ways: []Way{
			{Key: "w_c", Container: "c", Lines: []string{"*:80 → 80/tcp"}},
			{Key: "w_s", Container: "s", Lines: []string{"*:80 → 80/tcp", "*:81 → 81/tcp"}},
		},
	})
	var words []string
	joins := 0
	for i := range d.Lines {
		switch l := &d.Lines[i]; l.Kind {
		case WayLine:
			for _, text := range l.Texts {
				words = append(words, text.Text)
			}
		case AttachmentLine:
			joins++
		case RailLine, TrunkLine, RuleLine:
		}
	}
	if want := []string{"*:80 → 80/tcp", "*:81 → 81/tcp"}; !slices.Equal(words, want) {
		t.Errorf("the ways are %q, want %q", words, want)
	}
	if joins != 1 {
		t.Errorf("the card joins the rail %d times", joins)
	}
}

// What comes from the outside passes below the bar of the host also where the cards are
// as low as they can be.
func TestBarOfTheHostIsPassedBelow(t *testing.T) {
	content := &Content{
		Outside: "outside world", Loopback: "this engine's host",
		Networks:    []Network{{Key: "n", Name: "n"}},
		Containers:  []Container{{Key: "c", Name: "c"}, {Key: "d", Name: "d"}},
		Attachments: []Attachment{{Key: "n_c", Network: "n", Container: "c"}, {Key: "n_d", Network: "n", Container: "d"}},
		Ways: []Way{
			{Key: "w_c", Container: "c", Lines: []string{"*:80"}},
			{Key: "w_d", Container: "d", Lines: []string{"127.0.0.1:80"}, Loopback: true},
		},
	}
	checker{t, content, Make(content)}.all()
}

func TestWrap(t *testing.T) {
	const width = 100
	for text, want := range map[string][]string{
		"web":                        {"web"},
		"127.0.0.1:13432 → 5432/tcp": {"127.0.0.1:13432", "→ 5432/tcp"},
		"shop-frontend-web-1":        {"shop-frontend-", "web-1"},
		"xxxxxxxxxxxxxxxxxxxxxxxx":   {"xxxxxxxxxxxxxxx", "xxxxxxxxx"},
		"two words that are long":    {"two words that", "are long"},
	} {
		if got := wrap(text, Mono, 11, width); !slices.Equal(got, want) {
			t.Errorf("%q is wrapped as %q, want %q", text, got, want)
		}
	}
}

// A network keeps its colour when others come and go.
func TestColoursStay(t *testing.T) {
	var networks []Network
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		networks = append(networks, Network{Key: name, Identity: name})
	}
	all, fewer := colours(networks), colours(networks[1:])
	for key, colour := range fewer {
		if all[key] != colour {
			t.Errorf("the colour of %s changed", key)
		}
	}
	seen := map[Colour]bool{}
	for i := range Hues * Patterns {
		networks = append(networks[:i:i], Network{Key: string(rune('A' + i)), Identity: string(rune('A' + i))})
	}
	for _, colour := range colours(networks) {
		seen[colour] = true
	}
	if len(seen) != Hues*Patterns {
		t.Errorf("%d networks have %d colours", Hues*Patterns, len(seen))
	}
}
