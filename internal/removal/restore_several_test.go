package removal

import (
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestPlanRestores: of networks that are brought back together, each plan counts
// on those before it, and who starts is told of the end.
func TestPlanRestores(t *testing.T) {
	front, back := bridge("front", "10.0.0.0/24"), bridge("back", "10.1.0.0/24")
	db := []topology.Container{ctr("db", topology.Exited)}
	ix := index(docker("28.5.2"), nil, db, on("db", "front", topology.Dangling), on("db", "back", topology.Dangling))
	of := func(n topology.Network) *Entry {
		return entry(n, record(on("db", n.Name, topology.Configured), topology.Exited))
	}
	plans := PlanRestores(ix, []*Entry{of(front), of(back)})
	for _, p := range plans {
		equal(t, p.Network.Name, restoreTexts(p.Steps), []string{"make", "connect db"})
		equal(t, p.Network.Name+": starts", startTexts(p.Starts), []string{"db starts"})
	}
	equal(t, "one alone", startTexts(PlanRestore(ix, of(front)).Starts), []string{"db does not: network gone"})

	// Removed, made anew, and removed again: one network is made for both.
	again := front
	again.ID = "again-id"
	plans = PlanRestores(index(docker("28.5.2"), nil, nil), []*Entry{entry(front), entry(again)})
	equal(t, "the first", restoreTexts(plans[0].Steps), []string{"make"})
	equal(t, "the second", restoreTexts(plans[1].Steps), []string{})

	// Two that had the name side by side come back side by side.
	twin := entry(again)
	twin.Namesakes = []string{front.ID}
	plans = PlanRestores(index(docker("20.10.24"), nil, nil), []*Entry{entry(front), twin})
	equal(t, "the twin", restoreTexts(plans[1].Steps), []string{"make"})
}

// TestPlanRestoreOnePool: of two subnets, the one that is taken is given up.
func TestPlanRestoreOnePool(t *testing.T) {
	p := PlanRestore(index(docker("28.5.2"), []topology.Network{bridge("wide", "10.0.0.0/16")}, nil), entry(bridge("front", "10.0.0.0/24", "fd00::/64")))
	equal(t, "lacks", p.Lacks, []Lack{{Kind: SubnetTaken, Address: "10.0.0.0/24", Other: "wide"}})
	equal(t, "subnets", refOf(p.definition).Subnets, []string{"fd00::/64"})
}

// TestPlanRestoreUnread: a container that could not be read is not called gone.
func TestPlanRestoreUnread(t *testing.T) {
	s := topology.Snapshot{Engine: docker("28.5.2"), Unread: []topology.Gap{{What: "container", ID: "db", Reason: "odd"}}}
	e := entry(bridge("front"), record(on("db", "front", topology.Configured), topology.Exited), record(on("web", "front", topology.Configured), topology.Exited))
	equal(t, "lacks", PlanRestore(topology.NewIndex(&s), e).Lacks, []Lack{{Kind: NotRead, Container: "db"}, {Kind: ContainerGone, Container: "web"}})
}

// TestWithOlder: what a removal that was cut off had taken off is not forgotten
// by the next one.
func TestWithOlder(t *testing.T) {
	front := bridge("front")
	of := func(id string, hour int, container string) Entry {
		e := *entry(front, record(on(container, "front", topology.Configured), topology.Exited))
		e.ID, e.Time = id, time.Date(2026, 11, 21, hour, 0, 0, 0, time.UTC)
		return e
	}
	other := of("bbbb", 1, "stranger")
	other.Network.ID = "other-id"
	entries := []Entry{of("aaaa", 1, "db"), other, of("cccc", 2, "web"), of("dddd", 3, "db")}
	whole := WithOlder(&entries[2], entries)
	equal(t, "also", whole.also, []string{"aaaa"})
	equal(t, "records", []string{whole.Records[0].Name, whole.Records[1].Name}, []string{"web", "db"})
	equal(t, "the entry itself", len(entries[2].Records), 1)
}

func TestSpent(t *testing.T) {
	for _, test := range []struct {
		name     string
		restored Restored
		want     bool
	}{
		{"all is as it was", Restored{ID: "x"}, true},
		{"no network", Restored{}, false},
		{"something failed", Restored{ID: "x", Error: "x"}, false},
		{"a container does not exist any more", Restored{ID: "x", Lacks: []Lack{{Kind: ContainerGone}}}, true},
		{"a container could not be read", Restored{ID: "x", Lacks: []Lack{{Kind: NotRead}}}, false},
		{"a subnet is taken", Restored{ID: "x", Lacks: []Lack{{Kind: SubnetTaken}}}, false},
		{"a MAC is lost", Restored{ID: "x", Connected: []Attached{{Lacks: []string{"x"}}}}, true},
		{"an address is lost", Restored{ID: "x", Connected: []Attached{{Lacks: []string{"x"}, addressLost: true}}}, false},
	} {
		equal(t, test.name, test.restored.spent(), test.want)
	}
}
