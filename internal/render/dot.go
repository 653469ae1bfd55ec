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
  newrank=true
  ranksep=0.35
  nodesep=0.22
  charset="UTF-8"
  fontname="Helvetica,Arial,sans-serif"
  tooltip=" "
  node [fontname="Helvetica,Arial,sans-serif", fontsize=12, fontcolor="#0f172a", shape=box, style=filled, margin="0.16,0.08", height=0.4]
  edge [fontname="Helvetica,Arial,sans-serif", fontsize=10, fontcolor="#334155", color="#64748b", tooltip=" "]
`)
	for _, g := range d.groups {
		fmt.Fprintf(out, "  subgraph cluster_%s {\n    label=<<b>%s</b>>\n", g.key, dotText(g.title))
		fmt.Fprint(out, "    style=\"rounded,filled\"\n    color=\"#94a3b8\"\n    fillcolor=\"#f8fafc\"\n    fontcolor=\"#334155\"\n    fontsize=14\n    labeljust=l\n    margin=14\n    tooltip=\" \"\n")
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

// dotNodes are the looks of the kinds. No two differ in colour alone.
var dotNodes = map[nodeKind]string{
	nodeNetwork: `style="filled,rounded", penwidth=2, fillcolor="#dbeafe", color="#2563eb"`,
	nodeClosed:  `style="filled,rounded", penwidth=2, fillcolor="#ede9fe", color="#7c3aed", peripheries=2`,
	nodeMode:    `style="filled,rounded", fillcolor="#ffffff", color="#2563eb"`,
	nodeUp:      `fillcolor="#dcfce7", color="#16a34a"`,
	nodeHalted:  `style="filled,dashed", fillcolor="#f1f5f9", color="#64748b"`,
	nodeGone:    `shape=octagon, style="filled,dashed", margin="0.05,0.03", fillcolor="#fee2e2", color="#dc2626"`,
	nodeOutside: `shape=ellipse, margin="0.05,0.03", fillcolor="#fef3c7", color="#d97706"`,
}

var dotEdges = map[edgeKind]string{
	edgeLive:       ``,
	edgeConfigured: `style=dashed`,
	edgeDangling:   `style=dashed, color="#dc2626", fontcolor="#b91c1c"`,
	edgeShares:     `style=dotted, penwidth=2`,
	edgePort:       `dir=forward, color="#d97706", fontcolor="#92400e"`,
}

func dotNode(n diagramNode) string {
	text := "<b>" + dotText(n.name) + "</b>"
	if len(n.details) > 0 {
		details := make([]string, len(n.details))
		for i, detail := range n.details {
			details[i] = dotText(detail)
		}
		text += `<br/><font point-size="10" color="#334155">` + strings.Join(details, "<br/>") + "</font>"
	}
	tip := n.tip
	if len(tip) == 0 {
		tip = append([]string{n.name}, n.details...)
	}
	return fmt.Sprintf("%s [label=<%s>, tooltip=%s, %s]", n.key, text, dotTip(tip), dotNodes[n.kind])
}

func dotEdge(e diagramEdge) string {
	attributes := []string{}
	if len(e.lines) > 0 {
		attributes = append(attributes, "label="+dotString(e.lines))
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
		escaped[i] = dotQuoting.Replace(line)
	}
	return `"` + strings.Join(escaped, `\n`) + `"`
}

var dotQuoting = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "\n", " ")

// dotTip is a [dotString] for a tooltip, where Graphviz takes escapes twice.
func dotTip(lines []string) string {
	escaped := make([]string, len(lines))
	for i, line := range lines {
		escaped[i] = strings.ReplaceAll(line, `\`, `\\`)
	}
	return dotString(escaped)
}

// dotText is a printable text inside an HTML-like label of DOT. Escapes have
// their meaning there too, beside markup; and Graphviz 2.43 cannot read a
// label whose text ends with a bracket.
func dotText(text string) string { return dotMarkup.Replace(text) }

var dotMarkup = strings.NewReplacer(`\`, `\\`, "&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "]", "&#93;", "\n", " ")
