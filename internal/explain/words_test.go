package explain_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/sample"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// said is a text of facts.
type said interface {
	Markdown(lang explain.Language) string
}

// everything is all that there is to say of a snapshot, under what it is of.
func everything(ix *topology.Index) map[string]said {
	more := explain.Details{Docker: "docker"}
	all := map[string]said{
		"engine":     explain.OfEngine(ix, explain.Drivers{Known: true, Names: []string{"bridge", "host", "null", "some/plugin:latest"}}),
		"the engine": explain.OfEngine(ix, explain.Drivers{}),
	}
	for i := range ix.Networks {
		all[fmt.Sprintf("network %d %s", i, ix.Networks[i].Name)] = explain.OfNetwork(ix, &ix.Networks[i])
	}
	for i := range ix.Containers {
		c := &ix.Containers[i]
		all[fmt.Sprintf("container %d %s", i, c.Name)] = explain.OfContainer(ix, c, more)
		for step := range 3 { // some of the pairs, of each kind
			other := &ix.Containers[(i+1+step*step*4)%len(ix.Containers)]
			all[fmt.Sprintf("pair %d %s %s", i, c.Name, other.Name)] = explain.OfPair(ix, c, other, more)
		}
	}
	return all
}

// snapshots are those of the recordings and the sample.
func snapshots(t *testing.T) map[string]*topology.Index {
	t.Helper()
	shop, err := sample.Shop()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*topology.Index{"sample": topology.NewIndex(shop)}
	for _, r := range recordings(t) {
		all[r.name] = r.ix
	}
	return all
}

// Both languages say the same: block for block, of the same things. Neither has an
// empty phrase.
func TestLanguagesSayTheSame(t *testing.T) {
	for name, ix := range snapshots(t) {
		t.Run(name, func(t *testing.T) {
			for what, facts := range everything(ix) {
				sameInBoth(t, what, facts)
			}
		})
	}
}

func sameInBoth(t *testing.T, what string, facts said) {
	t.Helper()
	english, portuguese := facts.Markdown(explain.English), facts.Markdown(explain.Portuguese)
	for _, text := range []string{english, portuguese} {
		for _, fault := range faults(text) {
			t.Errorf("%s: %s", what, fault)
		}
	}
	one, other := shapeOf(english), shapeOf(portuguese)
	if !slices.Equal(one, other) {
		for i := range min(len(one), len(other)) {
			if one[i] != other[i] {
				t.Errorf("%s: the languages differ:\n%s\n%s", what, one[i], other[i])
				return
			}
		}
		t.Errorf("%s: %d and %d lines", what, len(one), len(other))
	}
	if english == portuguese {
		t.Errorf("%s is said in one language:\n%s", what, english)
	}
}

// shapeOf is what does not depend on the language: of each line, which kind of
// block it is, how many sentences it has, and what it names.
func shapeOf(text string) []string {
	var shape []string
	code := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if fenceLine.MatchString(line) {
			code = !code
		}
		if code {
			shape = append(shape, line)
			continue
		}
		words, spans := split(line)
		slices.Sort(spans)
		kind := kindOf.FindString(line)
		sentences := len(endOfSentence.FindAllString(words+" ", -1))
		shape = append(shape, fmt.Sprintf("%s %d sentences of %q", kind, sentences, spans))
	}
	return shape
}

var (
	fenceLine     = regexp.MustCompile("^```+[^`]*$")
	kindOf        = regexp.MustCompile(`^ *(#+|-|\|)?`)
	endOfSentence = regexp.MustCompile(`[.:] `)
)

// split takes the spans of code out of a line.
func split(line string) (words string, spans []string) {
	for line != "" {
		at := strings.IndexByte(line, '`')
		if at < 0 {
			return words + line, spans
		}
		words, line = words+line[:at], line[at:]
		ticks := len(line) - len(strings.TrimLeft(line, "`"))
		fence := line[:ticks]
		end := strings.Index(line[ticks:]+" ", fence)
		for end >= 0 && strings.HasPrefix(line[ticks+end+ticks:], "`") { // a longer run is none
			run := len(line[ticks+end:]) - len(strings.TrimLeft(line[ticks+end:], "`"))
			next := strings.Index(line[ticks+end+run:], fence)
			if next < 0 {
				end = -1
				break
			}
			end += run + next
		}
		if end < 0 {
			return words + "<open span>" + line, spans
		}
		spans = append(spans, line[ticks:ticks+end])
		words, line = words+"X", line[ticks+end+ticks:]
	}
	return words, spans
}

// faults are what no text may have.
func faults(text string) []string {
	var found []string
	code := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if fenceLine.MatchString(line) {
			code = !code
			continue
		}
		words, spans := split(line)
		for _, r := range line {
			if r < ' ' || r == 0x7f || r == 0x9b {
				found = append(found, fmt.Sprintf("a control character in %q", line))
			}
		}
		if code {
			continue
		}
		words = strings.TrimLeft(words, " ")
		for pattern, fault := range faultPatterns {
			if pattern.MatchString(words) {
				found = append(found, fmt.Sprintf("%s in %q", fault, line))
			}
		}
		for _, span := range spans {
			if strings.TrimSpace(span) == "" || span == `""` {
				found = append(found, fmt.Sprintf("a name of nothing in %q", line))
			}
		}
	}
	if code {
		found = append(found, "code that does not end")
	}
	return found
}

var faultPatterns = map[*regexp.Regexp]string{
	regexp.MustCompile(`  `):                         "two blanks",
	regexp.MustCompile(` [.,;:)]`):                   "a blank before a point",
	regexp.MustCompile(`[,;:(] *[.,;:)]`):            "a phrase of nothing",
	regexp.MustCompile(`(?i)\b(has|of|at|em|de) \.`): "a phrase without its end",
	regexp.MustCompile(`\.\.`):                       "two points",
	regexp.MustCompile(`<no value>|%!|\{\{|\x00`):    "a template that was not filled",
	regexp.MustCompile(`<open span>`):                "a span of code that does not end",
	regexp.MustCompile(`^- $`):                       "an item of nothing",
}

// hostile are names that try to be something else.
var hostile = []string{
	"`", "a`b", "``x``", "# no heading", "- no item", "a\nb\n# c", "\x1b[31mred\x1b[0m", "<script>alert(1)</script>", "a|b", "*bold*", "[x](http://x)",
	"  blanks  ", "\u202egnp", "```\nx", "x. y", "{{.Name}}", "\"quoted\" \\", strings.Repeat("long", 60),
}

// Whatever the names, the text is built as with plain ones.
func TestHostileNames(t *testing.T) {
	for _, r := range recordings(t) {
		plain := r.Snapshot
		for shift := range 3 {
			named := rename(&plain, shift)
			ix, before := topology.NewIndex(named), topology.NewIndex(&plain)
			for i := range ix.Networks {
				hold(t, before.Network(ix.Networks[i].ID), explain.OfNetwork(ix, &ix.Networks[i]), ix.Networks[i].Name)
			}
			for i := range ix.Containers {
				c := &ix.Containers[i]
				hold(t, c, explain.OfContainer(ix, c, explain.Details{Docker: "docker"}), c.Name)
				hold(t, c, explain.OfPair(ix, c, &ix.Containers[(i+5)%len(ix.Containers)], explain.Details{Docker: "docker"}), c.Name)
			}
			hold(t, nil, explain.OfEngine(ix, explain.Drivers{Known: true, Names: hostile}), "engine")
		}
	}
}

func hold(t *testing.T, _ any, facts said, what string) {
	t.Helper()
	sameInBoth(t, fmt.Sprintf("%q", what), facts)
	text := facts.Markdown(explain.English)
	for line := range strings.Lines(text) {
		words, _ := split(strings.TrimRight(line, "\n"))
		for _, name := range []string{"script", "alert", "gnp", "bold", "no heading", "no item"} {
			if strings.Contains(words, name) && !strings.HasPrefix(line, "docker ") {
				t.Errorf("%q stands outside of code: %q", name, line)
			}
		}
	}
}

// rename gives networks and containers hostile names, also those by which they
// refer to each other.
func rename(s *topology.Snapshot, shift int) *topology.Snapshot {
	out := *s
	out.Networks, out.Containers, out.Attachments = slices.Clone(s.Networks), slices.Clone(s.Containers), slices.Clone(s.Attachments)
	names := map[string]string{}
	for i := range out.Networks {
		n := &out.Networks[i]
		if !n.Predefined() {
			n.Name = hostile[(i+shift)%len(hostile)] + fmt.Sprint(i/len(hostile))
			n.Opts = map[string]string{hostile[(i+shift+1)%len(hostile)]: hostile[(i+shift+2)%len(hostile)], "parent": hostile[(i+shift+3)%len(hostile)]}
		}
		names[n.ID] = n.Name
	}
	for i := range out.Containers {
		c := &out.Containers[i]
		c.Name = hostile[(i*5+shift)%len(hostile)] + fmt.Sprint(i)
		c.Project, c.StartError, c.Image = hostile[(i+shift)%len(hostile)], hostile[(i+2)%len(hostile)]+"\n"+c.Name, hostile[(i+3)%len(hostile)]
	}
	for i := range out.Attachments {
		a := &out.Attachments[i]
		if name, known := names[a.NetworkID]; known {
			a.NetworkName = name
		} else if a.NetworkName != "" {
			a.NetworkName = hostile[i%len(hostile)]
		}
		a.Aliases = append(slices.Clone(a.Aliases), hostile[(i+shift)%len(hostile)])
	}
	out.Sort()
	return &out
}

// An option says the same in each spelling of on and off.
func TestSpellingsOfOptions(t *testing.T) {
	said := func(value string) string {
		n := topology.Network{ID: "n", Name: "n", Driver: "bridge", Opts: map[string]string{"com.docker.network.bridge.enable_icc": value}}
		ix := topology.NewIndex(&topology.Snapshot{Engine: topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"}, Networks: []topology.Network{n}})
		return strings.ReplaceAll(explain.OfNetwork(ix, ix.Network("n")).Markdown(explain.English), "= `"+value+"`", "=")
	}
	if said("0") != said("false") || said("T") != said("true") || said("0") == said("1") {
		t.Errorf("%s\n%s\n%s", said("0"), said("false"), said("1"))
	}
}
