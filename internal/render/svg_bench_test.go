//go:build diagrams

package render

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// city is a map of a size: projects of three networks and eleven containers each, one
// of which is on a network that all projects share.
func city(containers int) *topology.Snapshot {
	b := newComposer()
	edge := b.network("", "edge")
	b.container("", "proxy", []string{edge}, 80, 443)
	for project := 0; len(b.Containers) < containers; project++ {
		name := fmt.Sprintf("project%d", project)
		front, back, db := b.network(name, name+"_front"), b.network(name, name+"_back"), b.network(name, name+"_db", internal)
		for i, on := range [][]string{{edge, front}, {front}, {front}, {front, back}, {back}, {back}, {back}, {back, db}, {db}, {db}, {front, db}} {
			if len(b.Containers) < containers {
				b.container(name, fmt.Sprintf("%s-c%d", name, i), on)
			}
		}
	}
	return b.snapshot()
}

// The same map as our SVG, and as SVG that Graphviz makes of our DOT.
func BenchmarkSVG(b *testing.B) {
	for _, size := range []int{100, 300} {
		ix := topology.NewIndex(city(size))
		b.Run(fmt.Sprintf("netkit/%d", size), func(b *testing.B) {
			for b.Loop() {
				var out bytes.Buffer
				if err := SVG(&out, ix, everything(ix), &Look{}, SVGOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("graphviz/%d", size), func(b *testing.B) {
			for b.Loop() {
				var text strings.Builder
				if err := DOT(&text, ix, everything(ix), &Look{}); err != nil {
					b.Fatal(err)
				}
				cmd := exec.CommandContext(b.Context(), "dot", "-Tsvg")
				cmd.Stdin = strings.NewReader(text.String())
				if out, err := cmd.Output(); err != nil || len(out) == 0 {
					b.Fatal(err)
				}
			}
		})
	}
}
