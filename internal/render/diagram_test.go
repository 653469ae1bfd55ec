package render

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// nodesOf are all nodes of a diagram by key; a key that two have fails the test.
func nodesOf(t *testing.T, d *diagram) map[string]diagramNode {
	t.Helper()
	nodes := map[string]diagramNode{}
	add := func(all []diagramNode) {
		for _, n := range all {
			if _, twice := nodes[n.key]; twice {
				t.Errorf("two nodes have the key %s", n.key)
			}
			if !regexp.MustCompile(`^[a-z]+[A-Za-z0-9_]*$`).MatchString(n.key) {
				t.Errorf("%q is no key", n.key)
			}
			nodes[n.key] = n
		}
	}
	add(d.nodes)
	for _, g := range d.groups {
		add(g.nodes)
	}
	return nodes
}

func diagramOf(s *topology.Snapshot, look *Look) *diagram {
	ix := topology.NewIndex(s)
	return newDiagram(ix, everything(ix), look)
}

// lines are the edges of a diagram, each with the names of its ends.
func lines(t *testing.T, d *diagram) []string {
	t.Helper()
	nodes := nodesOf(t, d)
	var texts []string
	for _, e := range d.edges {
		from, ok := nodes[e.from]
		to, ok2 := nodes[e.to]
		if !ok || !ok2 {
			t.Errorf("a line leads from %s to %s, which are not both there", e.from, e.to)
		}
		texts = append(texts, fmt.Sprintf("%s > %s %v", from.name, to.name, e.lines))
	}
	slices.Sort(texts)
	return texts
}

func TestDiagramLeadsFromTheOutsideInwards(t *testing.T) {
	got := lines(t, diagramOf(shop(t), &Look{}))
	for _, want := range []string{
		"outside > web [*:8080 → 80/tcp *:8443 → 443/tcp]",
		"this host only > db [127.0.0.1:3306 → 3306/tcp]",
		"web > shop_front [172.20.0.2 fd00:20::2]",
		"shop_front > api [172.20.0.3 fd00:20::3]",
		"db > shop_db [172.22.0.10]",
		"shop_db > api [172.22.0.2]",
		"api > shop_back [172.21.0.2]",
		"shop_back > cache [172.21.0.3]",
		"shop_db > migrate [172.22.0.20 on start]",
		"shop_db > reports []",
		"api > vpn []",
		"warehouse > scanner [192.168.40.17]",
		"host > node-exporter []",
		"none > batch []",
		"legacy > legacy_net [will not start]",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no line %s in\n%s", want, strings.Join(got, "\n"))
		}
	}
}

// A container on many networks is drawn once, however many it is on.
func TestDiagramDrawsEachObjectOnce(t *testing.T) {
	for name, s := range map[string]*topology.Snapshot{"shop": shop(t), "town": town(), "odd": odd(), "hostile": hostile()} {
		nodes := nodesOf(t, diagramOf(s, &Look{All: true}))
		keys := diagramKeys{}
		for i := range s.Networks {
			if key := keys.network(s.Networks[i].ID); nodes[key].name != label(s.Networks[i].Name, false) {
				t.Errorf("%s: network %s is not drawn", name, s.Networks[i].ID)
			}
		}
		for i := range s.Containers {
			if key := keys.container(s.Containers[i].ID); nodes[key].name != label(s.Containers[i].Name, false) {
				t.Errorf("%s: container %s is not drawn", name, s.Containers[i].ID)
			}
		}
	}
}

func TestDiagramKeysAreUnique(t *testing.T) {
	ids := []string{
		"", "_", "a", "a_", "_61", "0123456789ab", "0123456789abc", "0123456789abcd", "0123456789ab_", "0123456789a", "é", "_c3a9", "\x00", "a b", "a-b",
		strings.Repeat("x", 64), strings.Repeat("x", 63) + "y", strings.Repeat("-", 64), strings.Repeat("-", 64) + "_",
	}
	keys, taken := diagramKeys{}, map[string]string{}
	for range 2 { // and an ID keeps its key
		for _, id := range ids {
			key := keys.network(id)
			if other, ok := taken[key]; ok && other != id {
				t.Errorf("%q and %q have the key %s", id, other, key)
			}
			taken[key] = id
		}
	}
	if len(taken) != len(ids) {
		t.Errorf("%d keys for %d IDs", len(taken), len(ids))
	}
}

func TestMermaidSaysWhenThereAreTooManyLines(t *testing.T) {
	text := func(containers int) string {
		b := newComposer()
		id := b.network("", "big")
		for i := range containers {
			b.container("", fmt.Sprintf("c%d", i), []string{id})
		}
		ix := topology.NewIndex(b.snapshot())
		return draw(t, func(w *strings.Builder) error { return Mermaid(w, ix, everything(ix), &Look{}) })
	}
	if got := text(mermaidMaxEdges); strings.Contains(got, "%%") {
		t.Error("a diagram that Mermaid draws has a warning")
	}
	if got := text(mermaidMaxEdges + 1); !strings.Contains(got, "%% 501 lines: Mermaid draws up to 500") {
		t.Errorf("a diagram that Mermaid does not draw has no warning:\n%.200s", got)
	}
}

func FuzzDOTString(f *testing.F) {
	for _, name := range hostileNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		line := Printable(name)
		quoted := dotString([]string{line, line})
		inside := strings.TrimSuffix(strings.TrimPrefix(quoted, `"`), `"`)
		if len(inside) != len(quoted)-2 || strings.Contains(quoted, "\n") {
			t.Fatalf("%q is quoted as %s", line, quoted)
		}
		// First DOT reads the string, then Graphviz the escapes in it.
		var shown strings.Builder
		for i := 0; i < len(inside); i++ {
			switch {
			case inside[i] == '"':
				t.Fatalf("%q is quoted as %s, which ends early", line, quoted)
			case inside[i] == '\\' && i+1 == len(inside):
				t.Fatalf("%q is quoted as %s, which does not end", line, quoted)
			case inside[i] == '\\' && inside[i+1] == 'n':
				shown.WriteByte('\n')
				i++
			case inside[i] == '\\':
				shown.WriteByte(inside[i+1])
				i++
			default:
				shown.WriteByte(inside[i])
			}
		}
		if got := html.UnescapeString(shown.String()); got != line+"\n"+line {
			t.Errorf("%q is shown as %q", line, got)
		}
		markup := dotText(line)
		if strings.ContainsAny(markup, "<>\n") {
			t.Errorf("%q is marked up as %s", line, markup)
		}
		if got := strings.ReplaceAll(html.UnescapeString(markup), `\\`, `\`); got != line {
			t.Errorf("%q is shown as %q", line, got)
		}
	})
}

var mermaidCode = regexp.MustCompile(`#(\d+);`)

func FuzzMermaidString(f *testing.F) {
	for _, name := range hostileNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		line := Printable(name)
		text := mermaidText(line)
		bare := strings.ReplaceAll(text, "<wbr>", "")
		if strings.ContainsAny(bare, "\"`<>[]{}()|\\&%*$\n") || strings.ContainsAny(mermaidCode.ReplaceAllString(bare, ""), "#;") {
			t.Errorf("%q is written as %s", line, text)
		}
		for _, word := range mermaidWords {
			if strings.Contains(text, word) {
				t.Errorf("%q is written as %s, with the word %s", line, text, word)
			}
		}
		got := mermaidCode.ReplaceAllStringFunc(bare, func(code string) string {
			number, err := strconv.Atoi(code[1 : len(code)-1])
			if err != nil {
				t.Error(err)
			}
			return string(rune(number))
		})
		if got != line {
			t.Errorf("%q is shown as %q", line, got)
		}
	})
}
