package render

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Mermaid writes the selection as a Mermaid flowchart, as Markdown pages draw it.
func Mermaid(w io.Writer, ix *topology.Index, sel *topology.Selection, look *Look) error {
	d := newDiagram(ix, sel, look)
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "flowchart LR\n")
	mermaidLimit(out, len(d.edges))
	fmt.Fprint(out, `  classDef network fill:#dbeafe,stroke:#2563eb,color:#0f172a,stroke-width:2px
  classDef closed fill:#ede9fe,stroke:#7c3aed,color:#0f172a,stroke-width:2px
  classDef mode fill:#ffffff,stroke:#2563eb,color:#0f172a
  classDef up fill:#dcfce7,stroke:#16a34a,color:#0f172a
  classDef halted fill:#f1f5f9,stroke:#64748b,color:#0f172a,stroke-dasharray:5 4
  classDef gone fill:#fee2e2,stroke:#dc2626,color:#7f1d1d,stroke-dasharray:5 4
  classDef outside fill:#fef3c7,stroke:#d97706,color:#78350f
  classDef project fill:#94a3b81f,stroke:#94a3b8
`)
	for _, g := range d.groups {
		fmt.Fprintf(out, "  subgraph %s[\"<b>%s</b>\"]\n", g.key, mermaidText(g.title))
		for _, n := range g.nodes {
			fmt.Fprintf(out, "    %s\n", mermaidNode(n))
		}
		fmt.Fprintf(out, "  end\n  class %s project\n", g.key)
	}
	for _, n := range d.nodes {
		fmt.Fprintf(out, "  %s\n", mermaidNode(n))
	}
	for _, e := range d.edges {
		fmt.Fprintf(out, "  %s\n", mermaidEdge(e))
	}
	for _, painted := range []struct {
		kind  edgeKind
		style string
	}{{edgeDangling, "stroke:#dc2626,color:#dc2626"}, {edgePort, "stroke:#d97706,color:#b45309"}} {
		var numbers []string
		for i, e := range d.edges {
			if e.kind == painted.kind {
				numbers = append(numbers, strconv.Itoa(i))
			}
		}
		if len(numbers) > 0 {
			fmt.Fprintf(out, "  linkStyle %s %s\n", strings.Join(numbers, ","), painted.style)
		}
	}
	return out.Flush()
}

// mermaidLimit says so where there are more lines than Mermaid draws by itself.
func mermaidLimit(out *bufio.Writer, edges int) {
	if edges > mermaidMaxEdges {
		fmt.Fprintf(out, "  %%%% %d lines: Mermaid draws up to %d, unless maxEdges (and maxTextSize) is raised where it is set up\n", edges, mermaidMaxEdges)
	}
}

// mermaidMaxEdges is Mermaid's own limit, which a diagram cannot raise.
const mermaidMaxEdges = 500

// mermaidNodes are the looks of the kinds. No two differ in colour alone.
var mermaidNodes = map[nodeKind]struct{ open, end, class string }{
	nodeNetwork: {"([", "])", "network"},
	nodeClosed:  {"[[", "]]", "closed"},
	nodeMode:    {"([", "])", "mode"},
	nodeUp:      {"[", "]", "up"},
	nodeHalted:  {"[", "]", "halted"},
	nodeGone:    {"[/", "/]", "gone"},
	nodeOutside: {"{{", "}}", "outside"},
}

var mermaidEdges = map[edgeKind]string{
	edgeLive: "---", edgeConfigured: "-.-", edgeDangling: "-.-x", edgeShares: "-.-", edgePort: "-->",
}

func mermaidNode(n diagramNode) string {
	shape := mermaidNodes[n.kind]
	text := `"<b>` + mermaidText(n.name) + `</b>`
	for _, detail := range n.details {
		text += "<br>" + mermaidText(detail)
	}
	return n.key + shape.open + text + `"` + shape.end + ":::" + shape.class
}

func mermaidEdge(e diagramEdge) string {
	if len(e.lines) == 0 {
		return e.from + " " + mermaidEdges[e.kind] + " " + e.to
	}
	return fmt.Sprintf("%s %s|%s| %s", e.from, mermaidEdges[e.kind], mermaidString(e.lines), e.to)
}

// mermaidString is a quoted label with the lines, which are printable already,
// below each other.
func mermaidString(lines []string) string {
	escaped := make([]string, len(lines))
	for i, line := range lines {
		escaped[i] = mermaidText(line)
	}
	return `"` + strings.Join(escaped, "<br>") + `"`
}

// mermaidText is a printable text inside a quoted label. Letters, digits and a
// few harmless marks stand for themselves; all else is written as Mermaid's
// code for its number, so that nothing in a name can end the label or begin
// Markdown or HTML. The words that Mermaid looks for in whole lines, quoted or
// not, get a code for their first letter. Signs with a meaning that outlives
// the code are parted by a place where the line may break. Mermaid up to 11.12
// reads Markdown after the codes too, whatever is written: **x** is bold there.
func mermaidText(text string) string {
	var b strings.Builder
	for at, r := range text {
		switch {
		case startsAny(text[at:], mermaidWords):
			fmt.Fprintf(&b, "#%d;", r)
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune(" ,.:/-_+", r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
		if startsAny(text[at:], mermaidSigns) {
			b.WriteString("<wbr>")
		}
	}
	return b.String()
}

var (
	// The parser takes a line with "direction TB" in it for that statement,
	// and a pass before it takes the last ; from a line with "style" or
	// "classDef", a colon and a colour.
	mermaidWords = []string{"direction", "style", "classDef"}
	// \n is a new line, fa:fa-car a picture of a car, $$x$$ a formula, and
	// ﬂ°35¶ß what Mermaid makes of a code before it reads the text.
	mermaidSigns = []string{`\n`, ":fa-", "$$", "ﬂ°", "¶ß"}
)

func startsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(text, word) })
}
