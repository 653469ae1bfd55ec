package render

import (
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/goldentest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

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
			goldentest.Compare(t, name+"-"+look+".tree", draw(t, func(w *strings.Builder) error { return Tree(w, ix, everything(ix), l) }))
		}
		goldentest.Compare(t, name+".dot", draw(t, func(w *strings.Builder) error { return DOT(w, ix, everything(ix), &Look{}) }))
		goldentest.Compare(t, name+".mmd", draw(t, func(w *strings.Builder) error { return Mermaid(w, ix, everything(ix), &Look{}) }))
		if name != "shop" { // whose JSON is the sample
			goldentest.Compare(t, name+".json", draw(t, func(w *strings.Builder) error { return JSON(w, s) }))
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
		goldentest.Compare(t, "shop-only-"+name+".tree", draw(t, func(w *strings.Builder) error { return Tree(w, ix, &sel, &Look{Docker: "docker"}) }))
		goldentest.Compare(t, "shop-only-"+name+".dot", draw(t, func(w *strings.Builder) error { return DOT(w, ix, &sel, &Look{}) }))
	}
}

func TestGoldenNothing(t *testing.T) {
	ix := topology.NewIndex(newComposer().snapshot())
	goldentest.Compare(t, "nothing.tree", draw(t, func(w *strings.Builder) error { return Tree(w, ix, everything(ix), &Look{Docker: "docker"}) }))
	goldentest.Compare(t, "nothing.dot", draw(t, func(w *strings.Builder) error { return DOT(w, ix, everything(ix), &Look{}) }))
	goldentest.Compare(t, "nothing.mmd", draw(t, func(w *strings.Builder) error { return Mermaid(w, ix, everything(ix), &Look{}) }))
	goldentest.Compare(t, "nothing.json", draw(t, func(w *strings.Builder) error { return JSON(w, ix.Snapshot) }))
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
