package render

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

var update = flag.Bool("update", false, "write the golden files in testdata anew")

// golden compares with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./internal/render -update writes it", err)
	}
	if got == string(want) {
		return
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		g, w := at(gotLines, i), at(wantLines, i)
		if g != w {
			t.Fatalf("%s differs in line %d:\ngot  %q\nwant %q\ngo test ./internal/render -update writes it anew", path, i+1, g, w)
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(no such line)"
}

func TestGolden(t *testing.T) {
	snapshots := map[string]*topology.Snapshot{"shop": shop(t), "hostile": nasty(), "odd": odd(), "unsure": unsure()}
	looks := map[string]*Look{
		"unicode":     {Docker: "docker"},
		"unicode-60":  {Docker: "docker", Width: 60},
		"unicode-80":  {Docker: "docker", Width: 80},
		"unicode-120": {Docker: "docker", Width: 120},
		"ascii":       {Docker: "docker", ASCII: true},
		"ascii-60":    {Docker: "docker", ASCII: true, Width: 60},
		"ascii-80":    {Docker: "docker", ASCII: true, Width: 80},
		"ascii-120":   {Docker: "docker", ASCII: true, Width: 120},
		"colour":      {Docker: "docker", Colour: true},
		"colour-60":   {Docker: "docker", Colour: true, Width: 60},
		"colour-80":   {Docker: "docker", Colour: true, Width: 80},
		"colour-120":  {Docker: "docker", Colour: true, Width: 120},
		"all":         {Docker: "docker --context far", All: true, NoTrunc: true},
	}
	for name, s := range snapshots {
		ix := topology.NewIndex(s)
		for look, l := range looks {
			if (name == "hostile" || name == "unsure") && look != "unicode-80" && look != "ascii-80" {
				continue // two will do
			}
			golden(t, name+"-"+look+".tree", draw(t, func(w *strings.Builder) error { return Tree(w, ix, everything(ix), l) }))
		}
		golden(t, name+".dot", draw(t, func(w *strings.Builder) error { return DOT(w, ix, everything(ix), &Look{}) }))
		golden(t, name+".mmd", draw(t, func(w *strings.Builder) error { return Mermaid(w, ix, everything(ix), &Look{}) }))
		if name != "shop" { // whose JSON is the sample
			golden(t, name+".json", draw(t, func(w *strings.Builder) error { return JSON(w, s) }))
		}
	}
}

// Parts of a snapshot, chosen by reference.
func TestGoldenSelections(t *testing.T) {
	ix := topology.NewIndex(shop(t))
	for name, ref := range map[string]string{"network": "shop_back", "container": "api", "project": "shop", "sharer": "vpn", "unused": "old_net", "dangling": "legacy"} {
		sel, unknown := ix.Select([]string{ref}, &topology.Filter{})
		if len(unknown) > 0 {
			t.Errorf("the sample has no %s", ref)
		}
		golden(t, "shop-only-"+name+".tree", draw(t, func(w *strings.Builder) error { return Tree(w, ix, &sel, &Look{Docker: "docker"}) }))
		golden(t, "shop-only-"+name+".dot", draw(t, func(w *strings.Builder) error { return DOT(w, ix, &sel, &Look{}) }))
	}
}

func TestGoldenNothing(t *testing.T) {
	ix := topology.NewIndex(newComposer().snapshot())
	golden(t, "nothing.tree", draw(t, func(w *strings.Builder) error { return Tree(w, ix, everything(ix), &Look{Docker: "docker"}) }))
	golden(t, "nothing.dot", draw(t, func(w *strings.Builder) error { return DOT(w, ix, everything(ix), &Look{}) }))
	golden(t, "nothing.mmd", draw(t, func(w *strings.Builder) error { return Mermaid(w, ix, everything(ix), &Look{}) }))
	golden(t, "nothing.json", draw(t, func(w *strings.Builder) error { return JSON(w, ix.Snapshot) }))
}

// Drawing twice gives the same text: nothing hangs on the order of a map.
func TestDrawingsAreDeterministic(t *testing.T) {
	for name, write := range formats() {
		first := draw(t, func(w *strings.Builder) error { return write(w, topology.NewIndex(town())) })
		for range 20 {
			if again := draw(t, func(w *strings.Builder) error { return write(w, topology.NewIndex(town())) }); again != first {
				t.Fatalf("%s: another drawing of the same snapshot differs", name)
			}
		}
	}
}

func formats() map[string]func(*strings.Builder, *topology.Index) error {
	look := &Look{Docker: "docker", Width: 80}
	return map[string]func(*strings.Builder, *topology.Index) error{
		"tree":    func(w *strings.Builder, ix *topology.Index) error { return Tree(w, ix, everything(ix), look) },
		"dot":     func(w *strings.Builder, ix *topology.Index) error { return DOT(w, ix, everything(ix), look) },
		"mermaid": func(w *strings.Builder, ix *topology.Index) error { return Mermaid(w, ix, everything(ix), look) },
		"svg": func(w *strings.Builder, ix *topology.Index) error {
			return SVG(w, ix, everything(ix), look, SVGOptions{})
		},
		"json": func(w *strings.Builder, ix *topology.Index) error { return JSON(w, ix.Snapshot) },
	}
}
