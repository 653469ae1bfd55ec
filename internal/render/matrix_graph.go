package render

import (
	"bufio"
	"fmt"
	"io"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/reach"
)

// measuredEdge is a pair of a matrix, or two that are alike both ways.
type measuredEdge struct {
	from, to int
	both     bool
	text     string
	good     bool
	known    bool
}

// measuredEdges are the lines of a picture of a matrix. Of two containers that
// answer each other there is one.
func measuredEdges(m *reach.Matrix) []measuredEdge {
	var edges []measuredEdge
	for i := range m.Cells {
		for j := range m.Cells[i] {
			e, ok := edgeOf(m, i, j)
			back, okBack := edgeOf(m, j, i)
			switch {
			case !ok, i > j && okBack && back.good == e.good && back.known == e.known:
				continue
			case i < j && okBack && back.good == e.good && back.known == e.known:
				e.both = true
				if back.text != e.text {
					e.text += " / " + back.text
				}
			}
			edges = append(edges, e)
		}
	}
	return edges
}

func edgeOf(m *reach.Matrix, i, j int) (measuredEdge, bool) {
	c := &m.Cells[i][j]
	e := measuredEdge{from: i, to: j, known: true}
	switch c.State {
	case reach.Self, reach.NotUp:
		return e, false
	case reach.Answers:
		e.text, e.good = Milliseconds(c.Echoes.Avg), true
	case reach.AnswersPort:
		e.text, e.good = "TCP "+Milliseconds(quickest(c)), true
	case reach.PortFails:
		e.text = portsFailing(c)
	case reach.AnswersTCP:
		e.text, e.good = "TCP only", true
	case reach.Nothing:
		e.text = "no answer"
	case reach.CellUntested:
		if c.Failure == "" {
			e.good, e.known = c.Foreseen == diagnose.ForecastYes, c.Foreseen != diagnose.ForecastUnknown
			return e, true
		}
		e.text, e.known = "not tested", false
	}
	return e, true
}

// MatrixDOT writes a matrix in the language of Graphviz.
func MatrixDOT(w io.Writer, m *reach.Matrix) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, `digraph netkit {
  layout=neato
  overlap=false
  splines=true
  charset="UTF-8"
  node [fontname="Helvetica,Arial,sans-serif", fontsize=12, fontcolor="#0f172a", shape=box, style=filled, margin="0.16,0.08"]
  edge [fontname="Helvetica,Arial,sans-serif", fontsize=10, fontcolor="#334155", len=2.6]
`)
	for i, c := range m.Containers {
		kind := nodeHalted
		if c.State.Up() {
			kind = nodeUp
		}
		fmt.Fprintf(out, "  c%d [label=<<b>%s</b>>, tooltip=%s, %s]\n", i, dotText(label(c.Name, true)), dotTip([]string{Printable(c.ID)}), dotNodes[kind])
	}
	for _, e := range measuredEdges(m) {
		style := `color="#16a34a"`
		switch {
		case !e.known:
			style = `style=dotted, color="#64748b"`
		case !e.good:
			style = `style=dashed, color="#dc2626", fontcolor="#b91c1c"`
		}
		if e.both {
			style += ", dir=both"
		}
		fmt.Fprintf(out, "  c%d -> c%d [label=%s, %s]\n", e.from, e.to, dotString([]string{e.text}), style)
	}
	fmt.Fprint(out, "}\n")
	return out.Flush()
}

// MatrixMermaid writes a matrix in the language of Mermaid.
func MatrixMermaid(w io.Writer, m *reach.Matrix) error {
	out := bufio.NewWriter(w)
	edges := measuredEdges(m)
	fmt.Fprintln(out, "flowchart LR")
	mermaidLimit(out, len(edges))
	for i, c := range m.Containers {
		fmt.Fprintf(out, "  c%d[%s]\n", i, mermaidString([]string{label(c.Name, true)}))
	}
	for _, e := range edges {
		arrow := "-->"
		if !e.good || !e.known {
			arrow = "-.->"
		}
		if e.both {
			arrow = "<" + arrow
		}
		text := ""
		if e.text != "" {
			text = "|" + mermaidString([]string{e.text}) + "|"
		}
		fmt.Fprintf(out, "  c%d %s%s c%d\n", e.from, arrow, text, e.to)
	}
	return out.Flush()
}
