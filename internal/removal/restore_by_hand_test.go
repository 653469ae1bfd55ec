package removal

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// What somebody put on the network by hand since is let alone, and what is
// lacking there is said.
func TestPlanRestoreByHand(t *testing.T) {
	again := bridge("front", "10.0.0.0/24")
	again.ID = "other-id"
	there := func(change func(*topology.Attachment)) topology.Attachment {
		a := at(on("web", "front", topology.Live), "10.0.0.50")
		a.NetworkID, a.AliasesRead = again.ID, true
		change(&a)
		return a
	}
	had := at(on("web", "front", topology.Live), "10.0.0.2")
	had.AliasesRead = true
	asked := static(had, "10.0.0.2")
	asked.Aliases = []string{"www", "shop"}
	for _, test := range []struct {
		name  string
		was   topology.Attachment
		now   topology.Attachment
		steps []string
		moves bool
		lacks []Lack
	}{
		{name: "another address, as after a restoration that was cut off", was: had, now: there(func(*topology.Attachment) {}), steps: []string{"connect web up"}, moves: true},
		{name: "an address that is asked for", was: had, now: there(func(a *topology.Attachment) { a.Static4 = a.IPv4 }), steps: []string{}},
		{
			name: "without what it asked for", was: asked, steps: []string{},
			now:   there(func(a *topology.Attachment) { a.Static4, a.Aliases = a.IPv4, []string{"www"} }),
			lacks: []Lack{{Kind: OnItWithout, Container: "web", Differs: []string{"the address 10.0.0.2", "the alias shop"}}},
		},
		{
			name: "with all that it asked for", was: asked, steps: []string{},
			now: there(func(a *topology.Attachment) {
				a.IPv4, a.Static4, a.Aliases = asked.IPv4, asked.Static4, []string{"shop", "www", "new"}
			}),
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			ix := index(docker("28.5.2"), []topology.Network{again}, []topology.Container{ctr("web", topology.Running)}, test.now)
			p := PlanRestore(ix, entry(bridge("front", "10.0.0.0/24"), record(test.was, topology.Running)))
			equal(t, "steps", restoreTexts(p.Steps), test.steps)
			equal(t, "moves", len(p.Steps) > 0 && p.Steps[0].Moves, test.moves)
			equal(t, "lacks", p.Lacks, append([]Lack{}, test.lacks...))
		})
	}
}

// A stopped container on one of two networks of a name cannot be put back so
// that it starts: that is said before it is taken off.
func TestNoWayBack(t *testing.T) {
	twin := bridge("twin")
	twin.ID = "twin-2-id"
	ix := index(docker("20.10.24"), []topology.Network{bridge("twin"), twin}, []topology.Container{ctr("down", topology.Exited), ctr("up", topology.Running)},
		on("down", "twin", topology.Configured), on("up", "twin", topology.Live))
	p := Make(ix, pick(t, ix, "twin-id"), Options{Disconnect: true})
	equal(t, "objections", objectionTexts(p.Targets[0].Objections), []string{
		"needed [up down], lifted by disconnect", "cannot be put back [down], lifted by accept-broken",
	})
	equal(t, "allowed", p.Allowed(), false)
	equal(t, "down", p.Targets[0].NoWayBack("down"), true)
	equal(t, "up", p.Targets[0].NoWayBack("up"), false)
}
