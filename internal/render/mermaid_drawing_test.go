//go:build diagrams

package render

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// seen is a text as a browser shows it, where no-break spaces look like others.
func seen(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }

// Mermaid must read every name, and show it as it is.
func TestMermaidShowsNamesAsTheyAre(t *testing.T) {
	names := append([]string{}, hostileNames...)
	random := rand.New(rand.NewPCG(1, 2))
	alphabet := []rune("ab1 .:/-_+*`~#&;<>[](){}|\"'\\$%@!=,^?\n\x1bé数ش🐳")
	for range 400 {
		name := make([]rune, 1+random.IntN(9))
		for i := range name {
			name[i] = alphabet[random.IntN(len(alphabet))]
		}
		names = append(names, string(name))
	}
	var diagrams []mermaidDiagram
	var want [][]string
	const together = 20 // names in one diagram
	for start := 0; start < len(names); start += together {
		var text strings.Builder
		text.WriteString("flowchart LR\n")
		var labels []string
		for i, name := range names[start:min(start+together, len(names))] {
			printable := label(name, false)
			group := fmt.Sprintf("project%d", i)
			fmt.Fprintf(&text, "subgraph %s[\"<b>%s</b>\"]\n%s\nend\n", group, mermaidText(printable),
				mermaidNode(diagramNode{key: fmt.Sprintf("a%d", i), kind: nodeNetwork, name: printable, details: []string{printable, printable}}))
			fmt.Fprintln(&text, mermaidNode(diagramNode{key: fmt.Sprintf("b%d", i), kind: nodeGone, name: printable}))
			fmt.Fprintln(&text, mermaidEdge(diagramEdge{from: fmt.Sprintf("a%d", i), to: fmt.Sprintf("b%d", i), lines: []string{printable, printable}}))
			labels = append(labels, printable, strings.Join([]string{printable, printable, printable}, "\n"), printable, printable+"\n"+printable)
		}
		diagrams = append(diagrams, mermaidDiagram{fmt.Sprintf("names %d to %d", start, start+together-1), text.String()})
		want = append(want, labels)
	}
	for i, drawing := range drawMermaid(t, diagrams) {
		if drawing.Error != "" {
			t.Errorf("%s: %s", drawing.Name, drawing.Error)
			continue
		}
		compareLabels(t, drawing, want[i])
	}
}

// compareLabels wants each label as often as it is given, in any order.
func compareLabels(t *testing.T, drawing mermaidDrawing, want []string) {
	t.Helper()
	left := map[string]int{}
	for _, got := range drawing.Labels {
		left[seen(got)]++
	}
	for _, text := range want {
		if left[text]--; left[text] < 0 {
			t.Errorf("%s: the drawing does not show %q", drawing.Name, text)
		}
	}
	for text, times := range left {
		if times > 0 && text != "" { // lines without a label have an empty one
			t.Errorf("%s: the drawing shows %q %d times too often", drawing.Name, text, times)
		}
	}
	for _, element := range drawing.Foreign {
		t.Errorf("%s: the drawing holds %s", drawing.Name, element)
	}
}

// Whole diagrams must be read too, and every object be drawn once.
func TestMermaidDrawsSnapshots(t *testing.T) {
	snapshots := map[string]*topology.Snapshot{"shop": shop(t), "town": town(), "hostile": hostile()}
	var diagrams []mermaidDiagram
	for _, name := range []string{"shop", "town", "hostile"} {
		ix := topology.NewIndex(snapshots[name])
		diagrams = append(diagrams, mermaidDiagram{name, draw(t, func(w *strings.Builder) error { return Mermaid(w, ix, everything(ix), &Look{}) })})
	}
	for _, drawing := range drawMermaid(t, diagrams) {
		if drawing.Error != "" {
			t.Errorf("%s: %s", drawing.Name, drawing.Error)
			continue
		}
		ix := topology.NewIndex(snapshots[drawing.Name])
		d := newDiagram(ix, everything(ix), &Look{})
		var want []string
		nodes := d.nodes
		for _, g := range d.groups {
			want = append(want, g.title)
			nodes = append(nodes, g.nodes...)
		}
		for _, n := range nodes {
			want = append(want, strings.Join(append([]string{n.name}, n.details...), "\n"))
		}
		for _, e := range d.edges {
			if len(e.lines) > 0 {
				want = append(want, strings.Join(e.lines, "\n"))
			}
		}
		compareLabels(t, drawing, want)
	}
}
