package drawing

import (
	"math/rand/v2"
	"testing"
)

// What a step costs is told without looking at all sets; it has to be what a look at all
// of them tells.
func TestSwapTellsItsCost(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	g := group(town{containers: 120, networks: 20, mostNetworks: 5}.content())
	tried := 0
	for _, b := range g.blocks {
		if b.kind == modeBlock {
			continue
		}
		o := newOrdering(b)
		all := func() (sum int) {
			for set := range o.sets {
				sum += o.cost(set)
			}
			for which, at := range o.place {
				sum += abs(at - which)
			}
			return sum
		}
		for range 200 * min(len(o.sets), 1) {
			before := all()
			if cost := o.swap(r.IntN(len(o.order) - 1)); cost != all()-before {
				t.Fatalf("a swap is said to cost %d, and costs %d", cost, all()-before)
			}
			tried++
		}
	}
	if tried == 0 {
		t.Error("no block has containers on several networks")
	}
}
