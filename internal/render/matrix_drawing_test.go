//go:build diagrams

package render

import (
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// matrices have pairs of every kind, and names of every kind.
func matrices(t *testing.T) map[string]*reach.Matrix {
	t.Helper()
	all := map[string]*reach.Matrix{}
	for name, make := range map[string]func(testing.TB) (*topology.Index, *reach.Matrix){"two": two, "mixed": mixed, "town": town30, "foreseen": foreseen} {
		_, all[name] = make(t)
	}
	ix := topology.NewIndex(nasty())
	var members []*topology.Container
	for i := range ix.Containers {
		members = append(members, &ix.Containers[i])
	}
	const some = 20
	all["hostile"] = reach.ForeseeMatrix(ix, members[:some], nil, 0)
	return all
}

// Mermaid must read a matrix, and show each name and each line once.
func TestMermaidDrawsMatrices(t *testing.T) {
	all := matrices(t)
	var diagrams []mermaidDiagram
	for name, m := range all {
		diagrams = append(diagrams, mermaidDiagram{name, draw(t, func(w *strings.Builder) error { return MatrixMermaid(w, m) })})
	}
	for _, drawing := range drawMermaid(t, diagrams) {
		if drawing.Error != "" {
			t.Errorf("%s: %s", drawing.Name, drawing.Error)
			continue
		}
		m := all[drawing.Name]
		var want []string
		for _, c := range m.Containers {
			want = append(want, label(c.Name, true))
		}
		for _, e := range measuredEdges(m) {
			if e.text != "" {
				want = append(want, e.text)
			}
		}
		compareLabels(t, drawing, want)
	}
}

// Graphviz must read it too.
func TestGraphvizDrawsMatrices(t *testing.T) {
	for name, m := range matrices(t) {
		nodes := 0
		drawDOT(t, draw(t, func(w *strings.Builder) error { return MatrixDOT(w, m) })).walk(func(e *svgElement) {
			if e.Class == "node" {
				nodes++
			}
		})
		if nodes != len(m.Containers) {
			t.Errorf("%s: %d of %d containers are drawn", name, nodes, len(m.Containers))
		}
	}
}
