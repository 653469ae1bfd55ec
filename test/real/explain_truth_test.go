//go:build real

package real

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// explained is what explain says, as a program reads it.
type explained struct {
	Markdown string
	Network  *struct {
		Name  string
		Reach *struct {
			Names, Members, Host claim
			FromHost             claim  `json:"from_host"`
			IPv4                 *claim `json:"outside_ipv4"`
		}
	}
	Container *struct {
		Name       string
		Up         bool
		Place      string
		Names      []struct{ Name, Kind string }
		IPv4       *claim `json:"outside_ipv4"`
		Host       claim
		FromHost   claim `json:"from_host"`
		Networks   []struct{ IPv4 string }
		Ports      []saidPort
		Neighbours []struct {
			Name        string
			Networks    []string
			There, Back claim
			Call        string
		}
	}
	Pair *struct {
		There, Back struct {
			Name, ICMP, TCP string
		}
	}
}

type claim struct{ Forecast string }

// explainTruth holds that every network and container of the town is explained in
// both languages, that both say the same, and that nothing is said of reachability
// which ping did not foresee, or did not measure.
func (w *town) explainTruth(arrived map[journey]bool) {
	w.t.Helper()
	claims := 0
	// hold wants a claim to be what arrived, where that was tried.
	hold := func(what string, c claim, from, to, layer string) {
		w.t.Helper()
		works, tried := arrived[journey{from, to, layer}]
		if !tried || to == "walled" || to == "resting" || layer == "icmp" && (to == "deaf" || from == "deaf") {
			return // what no configuration tells keeps it from getting there
		}
		claims++
		if c.Forecast == "yes" && !works || c.Forecast == "no" && works || c.Forecast == "" {
			w.t.Errorf("%s: %s (%s → %s, %s) is said to be %q, and measured: %t", w.Engine.Name, what, from, to, layer, c.Forecast, works)
		}
	}
	members := w.plainMembers()
	for short := range w.networks {
		said := w.explain(w.Name(short))
		if said.Network == nil || said.Network.Reach == nil {
			w.t.Errorf("%s: nothing is said of what containers on %s reach", w.Engine.Name, short)
			continue
		}
		reach := said.Network.Reach
		for _, from := range members[short] {
			for _, to := range members[short] {
				if from != to {
					hold(short+" between its containers", reach.Members, from, to, "tcp")
					hold(short+" names", reach.Names, from, to, "name")
				}
			}
			hold(short+" to the host", reach.Host, from, "host", "icmp")
			if reach.IPv4 != nil {
				hold(short+" to the outside", *reach.IPv4, from, outside, "icmp")
			}
			hold(short+" from the host", reach.FromHost, "hosted", from, "icmp")
		}
	}
	for _, name := range []string{"bridge", "host", "none"} {
		w.explain("--network", name)
	}
	for short := range w.people {
		said := w.explain(w.Name(short))
		c := said.Container
		if c == nil {
			w.t.Errorf("%s: %s is not explained as a container: %s", w.Engine.Name, short, said.Markdown)
			continue
		}
		for _, n := range c.Neighbours {
			other := strings.TrimPrefix(n.Name, w.Prefix)
			hold("neighbour", n.There, short, other, "tcp")
			hold("neighbour", n.Back, other, short, "tcp")
			if slices.ContainsFunc(c.Names, func(name struct{ Name, Kind string }) bool { return name.Name == c.Name }) && len(n.Networks) > 0 {
				hold("its name", claim{"yes"}, other, short, "name")
			}
		}
		hold("to the host", c.Host, short, "host", "icmp")
		if c.IPv4 != nil {
			hold("to the outside", *c.IPv4, short, outside, "icmp")
		}
		if c.Place == "own" {
			hold("from the host", c.FromHost, "hosted", short, "icmp")
		}
	}
	for i, from := range w.order {
		to := w.order[(i+7)%len(w.order)]
		if from == to {
			continue
		}
		said := w.explain(w.Name(from), w.Name(to))
		hold("pair", claim{said.Pair.There.TCP}, from, to, "tcp")
		hold("pair", claim{said.Pair.There.ICMP}, from, to, "icmp")
		hold("pair", claim{said.Pair.There.Name}, from, to, "name")
		hold("pair", claim{said.Pair.Back.TCP}, to, from, "tcp")
	}
	claims += w.publishedTruth()
	const least = 150
	if w.t.Logf("%s: %d sentences were held to what was measured", w.Engine.Name, claims); claims < least {
		w.t.Errorf("%s: only %d sentences were held to what was measured", w.Engine.Name, claims)
	}
}

// plainMembers are those who are on one network only, and have nothing else about
// them, by the network.
func (w *town) plainMembers() map[string][]string {
	return map[string][]string{
		"front": {"web", "reader", "nobody"}, "back": {"db", "loop", "idle", "public"}, "inner": {"inside-1", "inside-2"},
		"quiet": {"quiet-1", "quiet-2"}, "six": {"six-1", "six-2"}, "mac": {"mac-1", "mac-2"}, "only-six": {"only-six-1", "only-six-2"},
	}
}

// explain asks for an explanation in both languages, and holds that it is whole and
// that both say the same.
func (w *town) explain(args ...string) *explained {
	w.t.Helper()
	var texts []string
	var first *explained
	for _, lang := range []string{"en", "pt-BR"} {
		var said explained
		out := netkit(w.t, w.Engine, append([]string{"explain", "--lang", lang, "--format", "json"}, args...)...)
		if err := json.Unmarshal([]byte(out), &said); err != nil {
			w.t.Fatalf("explain %q: %v\n%s", args, err, out)
		}
		for pattern, fault := range emptyPhrases {
			if found := pattern.FindString(said.Markdown); found != "" {
				w.t.Errorf("%s: explain %q, in %s: %s: %q", w.Engine.Name, args, lang, fault, found)
			}
		}
		texts = append(texts, said.Markdown)
		if first == nil {
			first = &said
		}
	}
	if one, other := blocksOf(texts[0]), blocksOf(texts[1]); !slices.Equal(one, other) {
		w.t.Errorf("%s: explain %q says one thing in English and another in Portuguese:\n%s\n%s", w.Engine.Name, args, texts[0], texts[1])
	}
	return first
}

var emptyPhrases = map[*regexp.Regexp]string{
	regexp.MustCompile(`(?m)\S  +\S`):                    "two blanks",
	regexp.MustCompile(`(?m)[a-z] [.,;:]`):               "a blank before a point",
	regexp.MustCompile(`(?m)^ *- *$`):                    "an item of nothing",
	regexp.MustCompile(`(?m)\b(has|of|at|em|de) \.`):     "a phrase without its end",
	regexp.MustCompile(`<no value>|%!`):                  "a template that was not filled",
	regexp.MustCompile("[^`]``[^`]"):                     "a name of nothing",
	regexp.MustCompile(`could not be read|pôde ser lid`): "something could not be read",
}

// blocksOf is of each line how it begins, and which names are in it.
func blocksOf(text string) []string {
	var blocks []string
	for line := range strings.Lines(text) {
		names := namesIn.FindAllString(line, -1)
		slices.Sort(names)
		blocks = append(blocks, fmt.Sprint(beginning.FindString(line), names))
	}
	return blocks
}

var (
	namesIn   = regexp.MustCompile("`[^`]+`")
	beginning = regexp.MustCompile("^( *(#+|-|\\||```.*)?)")
)
