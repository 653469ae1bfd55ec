//go:build diagrams

package render

import (
	"bytes"
	"encoding/xml"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// svgElement is any element of a drawing.
type svgElement struct {
	XMLName  xml.Name
	Class    string       `xml:"class,attr"`
	Tip      string       `xml:"http://www.w3.org/1999/xlink title,attr"`
	Text     string       `xml:",chardata"`
	Children []svgElement `xml:",any"`
}

func (e *svgElement) walk(visit func(*svgElement)) {
	visit(e)
	for i := range e.Children {
		e.Children[i].walk(visit)
	}
}

// drawDOT has Graphviz itself parse and draw a text.
func drawDOT(t *testing.T, text string) *svgElement {
	t.Helper()
	path, err := exec.LookPath("dot")
	if err != nil {
		t.Fatal("Graphviz is not there: install the package graphviz, which has the command dot")
	}
	cmd := exec.CommandContext(t.Context(), path, "-Tsvg")
	var complaints bytes.Buffer
	cmd.Stdin, cmd.Stderr = strings.NewReader(text), &complaints
	drawing, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("dot: %v\n%s", err, complaints.String())
	}
	var svg svgElement
	decoder := xml.NewDecoder(bytes.NewReader(drawing))
	if err := decoder.Decode(&svg); err != nil {
		t.Fatalf("dot wrote no XML: %v", err)
	}
	return &svg
}

// Graphviz must read every name, and show it as it is.
func TestDOTDrawsSnapshots(t *testing.T) {
	for name, s := range map[string]*topology.Snapshot{"shop": shop(t), "town": town(), "hostile": hostile()} {
		for _, look := range []*Look{{}, {NoTrunc: true, All: true}} {
			ix := topology.NewIndex(s)
			svg := drawDOT(t, draw(t, func(w *strings.Builder) error { return DOT(w, ix, everything(ix), look) }))
			got := map[string][]string{} // by class: the lines of each, and its tip
			svg.walk(func(e *svgElement) {
				switch e.XMLName.Local {
				case "script", "image", "foreignObject":
					t.Errorf("%s: the drawing holds a %s", name, e.XMLName.Local)
				case "g":
					if e.Class == "" || e.Class == "graph" {
						return
					}
					var lines []string
					tip := ""
					e.walk(func(inner *svgElement) {
						if inner.XMLName.Local == "text" {
							lines = append(lines, inner.Text)
						}
						if inner.Tip != "" {
							tip = inner.Tip
						}
					})
					got[e.Class] = append(got[e.Class], seen(strings.Join(lines, "\n")+"\nTIP "+tip))
				}
			})
			want := map[string][]string{}
			d := newDiagram(ix, everything(ix), look)
			nodes := d.nodes
			for _, g := range d.groups {
				want["cluster"] = append(want["cluster"], g.title+"\nTIP  ")
				nodes = append(nodes, g.nodes...)
			}
			for _, n := range nodes {
				tip := n.tip
				if tip == nil {
					tip = append([]string{n.name}, n.details...)
				}
				want["node"] = append(want["node"], strings.Join(append([]string{n.name}, n.details...), "\n")+"\nTIP "+strings.Join(tip, "\n"))
			}
			for _, e := range d.edges {
				want["edge"] = append(want["edge"], strings.Join(e.lines, "\n")+"\nTIP  ")
			}
			for _, class := range []string{"cluster", "node", "edge"} {
				slices.Sort(got[class])
				slices.Sort(want[class])
				if len(got[class]) != len(want[class]) {
					t.Errorf("%s: %d of class %s drawn, want %d", name, len(got[class]), class, len(want[class]))
					continue
				}
				for i := range want[class] {
					if got[class][i] != want[class][i] {
						t.Errorf("%s: %s shows\n%q, want\n%q", name, class, got[class][i], want[class][i])
					}
				}
			}
		}
	}
}
