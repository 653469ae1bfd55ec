package removal

import (
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func whole() Entry {
	return Entry{
		Schema: Schema, ID: "0123456789ab", Engine: EngineRef{Key: "e"}, Network: topology.Network{ID: "n", Name: "net"},
		Records: []Record{{Container: "c"}},
	}
}

func TestEntryCheck(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Entry)
		want   string
	}{
		{"whole", func(*Entry) {}, ""},
		{"without containers", func(e *Entry) { e.Records = nil }, ""},
		{"no schema", func(e *Entry) { e.Schema = 0 }, "it is no entry of a removal"},
		{"no ID", func(e *Entry) { e.ID = "" }, "it is no entry of a removal"},
		{"a newer schema", func(e *Entry) { e.Schema = 2 }, "it has schema 2, and this version reads up to 1; a newer docker netkit wrote it"},
		{"no network ID", func(e *Entry) { e.Network.ID = "" }, "it does not say which network of which engine it is of"},
		{"no network name", func(e *Entry) { e.Network.Name = "" }, "it does not say which network of which engine it is of"},
		{"no engine", func(e *Entry) { e.Engine.Key = "" }, "it does not say which network of which engine it is of"},
		{"no container", func(e *Entry) { e.Records[0].Container = "" }, "it has an attachment without a container"},
	} {
		e := whole()
		test.change(&e)
		got := ""
		if err := e.Check(); err != nil {
			got = err.Error()
		}
		equal(t, test.name, got, test.want)
	}
}

// What only an inspect tells is of that moment, and is not kept.
func TestEntryOf(t *testing.T) {
	n := bridge("front", "10.0.0.0/24")
	n.Inspected, n.Peers, n.Services, n.Endpoints = true, 1, []string{"web"}, []topology.Endpoint{{Kind: topology.OfEngine}}
	n.Opts = map[string]string{"mtu": "1400"}
	ix := index(docker("28.5.2"), []topology.Network{n}, []topology.Container{ctr("web", topology.Running), ctr("db", topology.Exited)},
		at(on("web", "front", topology.Live), "10.0.0.2"), on("db", "front", topology.Configured))
	p := Make(ix, pick(t, ix, "front-id"), Options{})
	now := time.Date(2026, 11, 21, 13, 0, 0, 999, time.FixedZone("", 3600))
	e, err := entryOf(&p.Targets[0], EngineRef{Key: "e", Name: "box"}, "safe-rm", now)
	if err != nil {
		t.Fatal(err)
	}
	want := bridge("front", "10.0.0.0/24")
	want.Opts = map[string]string{"mtu": "1400"}
	equal(t, "network", e.Network, want)
	equal(t, "time", e.Time, time.Date(2026, 11, 21, 12, 0, 0, 999, time.UTC))
	equal(t, "engine", e.Engine, EngineRef{Key: "e", Name: "box"})
	equal(t, "command", e.Command, "safe-rm")
	equal(t, "records", e.Records, []Record{
		{Container: "db", Name: "db", State: topology.Exited, Attachment: on("db", "front", topology.Configured)},
		{Container: "web", Name: "web", State: topology.Running, Attachment: at(on("web", "front", topology.Live), "10.0.0.2")},
	})
	if err := e.Check(); err != nil {
		t.Errorf("it is damaged: %v", err)
	}
	if len(e.ID) != 12 || strings.Trim(e.ID, "0123456789abcdef") != "" {
		t.Errorf("it has the ID %q", e.ID)
	}
	again, err := entryOf(&p.Targets[0], EngineRef{}, "", now)
	if err != nil || again.ID == e.ID {
		t.Errorf("another entry has the ID %q, too (%v)", again.ID, err)
	}
}

// A task that is finished is never started again, and one that runs is kept.
func TestRecordsOfTasks(t *testing.T) {
	task := func(name string, state topology.ContainerState) topology.Container {
		return topology.Container{ID: name, Name: name, State: state, Task: "x"}
	}
	ix := index(docker("28.5.2"), []topology.Network{bridge("front")}, []topology.Container{task("t1", topology.Running), task("t2", topology.Exited)},
		on("t1", "front", topology.Live), on("t2", "front", topology.Configured))
	got := records(ix, ix.Network("front-id"))
	if len(got) != 1 || got[0].Name != "t1" {
		t.Errorf("got %+v, want t1 only", got)
	}
}
