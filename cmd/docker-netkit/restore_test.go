//go:build unix

package main

import (
	"slices"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// TestKilledAndGoneOn holds that what a removal that was killed took off is not
// forgotten by the next one, which does not find it there.
func TestKilledAndGoneOn(t *testing.T) {
	for flavour, f := range everyFlavour {
		t.Run(flavour, func(t *testing.T) {
			t.Parallel()
			u := newUser(t, f, ward()...)
			before := u.places()
			u.killAfter(disconnectRequest, 2, "safe-rm", "--disconnect", "--yes", "back")
			u.run(0, "safe-rm", "--disconnect", "--yes", "back")
			u.run(0, "restore", "back")
			u.asBefore(before)
			u.noEntry()
		})
	}
}

// TestTwinsRestored holds that two networks of one name come back as two, be it
// at once or one after the other.
func TestTwinsRestored(t *testing.T) {
	for name, how := range map[string]func(u *user, entries []string){
		"together":             func(u *user, entries []string) { u.run(0, append([]string{"restore"}, entries...)...) },
		"one after the other":  func(u *user, entries []string) { u.run(0, "restore", entries[0]); u.run(0, "restore", entries[1]) },
		"the second one first": func(u *user, entries []string) { u.run(0, "restore", entries[1]); u.run(0, "restore", entries[0]) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, two := enginetest.Bridge("twin", "172.24.0.0/16", ""), enginetest.Bridge("twin", "172.25.0.0/16", "")
			one.ID, two.ID = enginetest.ID("one"), enginetest.ID("two")
			u := newUser(t, enginetest.Docker20, one, two)
			u.run(0, "safe-rm", one.ID, two.ID)
			if u.hasNetwork("twin") {
				t.Fatal("a twin is there, so that nothing is tested")
			}
			how(u, u.entries())
			if got := u.subnetsOf("twin"); !slices.Equal(got, []string{"172.24.0.0/16", "172.25.0.0/16"}) {
				t.Errorf("the networks named twin have the subnets %q", got)
			}
			u.noEntry()
		})
	}
}

// TestRestoreIntoAnother holds that an entry is kept while not all is as it was,
// and that this is said.
func TestRestoreIntoAnother(t *testing.T) {
	t.Parallel()
	u := newUser(t, enginetest.Docker28, ward()...)
	u.run(0, "safe-rm", "old_net")
	another := enginetest.Bridge("old_net", "172.30.0.0/16", "")
	another.ID = enginetest.ID("another")
	u.fake.Create(another)
	entry := u.entry()
	got := u.run(2, "restore", entry)
	u.says(got, "the network named old_net that is there now is not what it was: the subnets")
	got = u.run(0, "restore", "--yes", entry)
	u.says(got, "Entry "+entry+" is kept, since not all is as it was")
	u.fake.RemoveNetwork("old_net")
	u.run(0, "restore", entry)
	if got := u.subnetsOf("old_net"); !slices.Equal(got, []string{"172.22.0.0/16"}) {
		t.Errorf("it has the subnets %q", got)
	}
	u.noEntry()
}

// subnetsOf are the subnets of all networks of a name, in order.
func (u *user) subnetsOf(name string) []string {
	var subnets []string
	for _, n := range u.fake.Networks() {
		for _, pool := range n.Pools {
			if n.Name == name {
				subnets = append(subnets, pool.Subnet)
			}
		}
	}
	slices.Sort(subnets)
	return subnets
}

// TestHealedEntry holds that an entry is dropped once healing has brought back
// all of it, and not before.
func TestHealedEntry(t *testing.T) {
	t.Parallel()
	u := newUser(t, enginetest.Docker28, ward()...)
	before := u.places()
	u.run(0, "safe-rm", "--disconnect", "--yes", "back")
	entry := u.entry()
	u.fake.Create(enginetest.Stopped("late", enginetest.On("front", ""), enginetest.Endpoint{Network: "back", NetworkID: enginetest.ID("back")}))
	u.run(0, "restore", "--heal", "--yes", "late")
	if got := u.entry(); got != entry {
		t.Errorf("the entry %s is there, want %s", got, entry)
	}
	u.run(0, "restore", "--yes", entry)
	u.fake.RemoveContainer("late")
	u.asBefore(before)
	u.noEntry()

	u = newUser(t, enginetest.Docker28, enginetest.Bridge("solo", "172.29.0.0/16", ""), enginetest.Stopped("job", enginetest.On("solo", "")))
	u.run(0, "prune", "--include-stopped", "--yes")
	u.entry()
	u.run(0, "restore", "--heal", "--yes", "job")
	u.startContainer("job")
	u.noEntry()
}
