package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// DOT writes the selection in the language of Graphviz.
func DOT(w io.Writer, ix *topology.Index, sel *topology.Selection, look *Look) error {
	d := newDiagram(ix, sel, look)
	out := bufio.NewWriter(w)
	fmt.Fprint(out, `graph netkit {
  rankdir=LR
  ranksep=1.2
  fontname="Helvetica"
  node [fontname="Helvetica", fontsize=11, style=filled, shape=box, margin="0.15,0.06"]
  edge [fontname="Helvetica", fontsize=9, color="#64748b"]
`)
	for _, g := range d.groups {
		fmt.Fprintf(out, "  subgraph cluster_%s {\n    label=%s\n    style=rounded\n    color=\"#94a3b8\"\n    fontsize=13\n", g.key, dotString([]string{g.title}))
		for _, n := range g.nodes {
			fmt.Fprintf(out, "    %s\n", dotNode(n))
		}
		fmt.Fprint(out, "  }\n")
	}
	for _, n := range d.nodes {
		fmt.Fprintf(out, "  %s\n", dotNode(n))
	}
	for _, e := range d.edges {
		fmt.Fprintf(out, "  %s\n", dotEdge(e))
	}
	fmt.Fprint(out, "}\n")
	return out.Flush()
}

var dotNodes = map[nodeKind]string{
	nodeNetwork: `shape=box, style="filled,rounded,bold", fillcolor="#dbeafe", color="#2563eb"`,
	nodeClosed:  `shape=box, style="filled,rounded,bold", fillcolor="#ede9fe", color="#7c3aed", peripheries=2`,
	nodeUp:      `shape=component, fillcolor="#dcfce7", color="#16a34a"`,
	nodeHalted:  `shape=component, style="filled,dashed", fillcolor="#f1f5f9", color="#64748b"`,
	nodeGone:    `shape=box, style="filled,dashed", fillcolor="#fee2e2", color="#dc2626"`,
	nodeOutside: `shape=ellipse, style="filled", fillcolor="#fef3c7", color="#d97706"`,
}

var dotEdges = map[edgeKind]string{
	edgeLive:       ``,
	edgeConfigured: `style=dashed`,
	edgeDangling:   `style=dashed, color="#dc2626", fontcolor="#dc2626"`,
	edgeShares:     `style=dotted`,
	edgePort:       `dir=forward, color="#d97706", fontcolor="#92400e"`,
}

func dotNode(n diagramNode) string {
	return fmt.Sprintf("%s [label=%s, %s]", n.key, dotString(n.lines), dotNodes[n.kind])
}

func dotEdge(e diagramEdge) string {
	// The order of the two ends puts networks to the right of containers.
	attributes := []string{}
	if e.label != "" {
		attributes = append(attributes, "label="+dotString([]string{e.label}))
	}
	if style := dotEdges[e.kind]; style != "" {
		attributes = append(attributes, style)
	}
	if len(attributes) == 0 {
		return e.from + " -- " + e.to
	}
	return fmt.Sprintf("%s -- %s [%s]", e.from, e.to, strings.Join(attributes, ", "))
}

// dotString is a quoted string of DOT with the lines below each other. In it a
// backslash begins an escape (\N is the node's name), and & an HTML entity;
// both are taken away their meaning. The lines are printable already.
func dotString(lines []string) string {
	escaped := make([]string, len(lines))
	for i, line := range lines {
		escaped[i] = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "\n", " ").Replace(line)
	}
	return `"` + strings.Join(escaped, `\n`) + `"`
}
