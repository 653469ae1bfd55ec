package hints_test

import (
	"slices"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/hints"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

const (
	frontID = "f000000000000000000000000000000000000000000000000000000000000001"
	goneID  = "90e0000000000000000000000000000000000000000000000000000000000001"
	otherID = "07e0000000000000000000000000000000000000000000000000000000000001"
)

// town has a network in use, one that stopped containers need, one of each kind
// that is gone, and one that nothing refers to.
func town() *topology.Snapshot {
	on := func(container, id, name string, state topology.AttachmentState) topology.Attachment {
		return topology.Attachment{ContainerID: container, NetworkID: id, NetworkName: name, State: state}
	}
	s := &topology.Snapshot{
		Engine: topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"},
		Networks: []topology.Network{
			{ID: frontID, Name: "front", Driver: "bridge", Scope: "local"},
			{ID: "b1", Name: "bridge", Driver: "bridge", Scope: "local"},
			{ID: "s1", Name: "silent", Driver: "bridge", Scope: "local"},
			{ID: "t1", Name: "twin", Driver: "bridge", Scope: "local"},
			{ID: "t2", Name: "twin", Driver: "bridge", Scope: "local"},
		},
		Containers: []topology.Container{
			{ID: "web", Name: "web", State: topology.Running},
			{ID: "vpn", Name: "vpn", State: topology.Running, Mode: "container:web"},
			{ID: "rest", Name: "rest", State: topology.Exited},
			{ID: "task", Name: "task", State: topology.Exited, Task: "t"},
			{ID: "db", Name: "db", State: topology.Exited},
			{ID: "never", Name: "never", State: topology.Created},
			{ID: "doomed", Name: "doomed", State: topology.Exited, Mode: goneID},
			{ID: "job", Name: "job", State: topology.Exited},
			{ID: "side", Name: "side", State: topology.Exited, Mode: "container:job"},
			{ID: "still", Name: "still", State: topology.Running},
		},
		Attachments: []topology.Attachment{
			on("web", frontID, "front", topology.Live), on("rest", frontID, "front", topology.Configured), on("task", frontID, "front", topology.Configured),
			on("db", goneID, "gone", topology.Dangling), on("never", "", "gone", topology.Dangling), on("doomed", goneID, "gone", topology.Dangling),
			on("job", otherID, "other", topology.Dangling), on("still", otherID, "other", topology.Dangling),
		},
	}
	s.Sort()
	return s
}

func names(containers []*topology.Container) []string {
	var names []string
	for _, c := range containers {
		names = append(names, c.Name)
	}
	return names
}

// said is a hint with names in place of pointers.
type said struct {
	use                    []string
	up, waiting            []string
	lost, networks, doomed []string
}

func TestAfter(t *testing.T) {
	remove := func(failed bool, names ...string) hints.Command {
		return hints.Command{Act: hints.RemoveNetworks, Names: names, NamesKnown: true, Failed: failed}
	}
	start := func(failed bool, names ...string) hints.Command {
		return hints.Command{Act: hints.StartContainers, Names: names, NamesKnown: true, Failed: failed}
	}
	all := said{lost: []string{"db", "job", "never", "still"}, networks: []string{"gone", "other"}, doomed: []string{"doomed"}}
	gone := said{lost: []string{"db", "never"}, networks: []string{"gone"}, doomed: []string{"doomed"}}
	other := said{lost: []string{"job", "still"}, networks: []string{"other"}}
	front := said{use: []string{"front"}, up: []string{"web", "vpn"}, waiting: []string{"rest"}}
	for _, test := range []struct {
		name    string
		command hints.Command
		want    said
	}{
		{"in use", remove(true, "front"), front},
		{"by the beginning of its ID", remove(true, frontID[:12]), front},
		{"named twice", remove(true, "front", frontID), front},
		{"in use, and it says that it was removed", remove(false, "front"), said{}},
		{"nobody is on it", remove(true, "silent"), said{use: []string{"silent"}}},
		{"nothing removes it", remove(true, "bridge"), said{}},
		{"several are meant", remove(true, "twin"), said{}},
		{"none is meant", remove(true, "nowhere"), said{}},
		{"no name", remove(true), said{}},
		{"names are not known", hints.Command{Act: hints.RemoveNetworks, Failed: true}, said{}},
		{"removed, and nobody wants it", remove(false, "nowhere"), said{}},
		{"removed", remove(false, "gone"), gone},
		{"removed by its ID", remove(false, goneID), gone},
		{"removed by the beginning of its ID", remove(false, goneID[:4]), gone},
		{"removed, and some run on", remove(false, "other"), other},
		{"one removed, one not", remove(true, "other", "front"), said{use: front.use, up: front.up, waiting: front.waiting, lost: other.lost, networks: other.networks}},
		{"help", hints.Command{Act: hints.RemoveNetworks, Names: []string{"gone"}, NamesKnown: true, Flags: map[string]string{"help": "true"}}, said{}},
		{"pruned", hints.Command{Act: hints.PruneNetworks}, all},
		{"not pruned", hints.Command{Act: hints.PruneNetworks, Failed: true}, said{}},
		{"not started", start(true, "db", "web"), said{lost: []string{"db"}, networks: []string{"gone"}}},
		{"not started, since the owner does not", start(true, "side"), said{lost: []string{"job"}, networks: []string{"other"}}},
		{"not started for another reason", start(true, "rest"), said{}},
		{"started", start(false, "db"), said{}},
		{"not started, and it runs", start(true, "still"), said{}},
		{"never to start", start(true, "doomed"), said{doomed: []string{"doomed"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := hints.After(topology.NewIndex(town()), &test.command)
			got := said{lost: names(h.Lost), networks: h.Networks, doomed: names(h.Doomed)}
			for _, use := range h.InUse {
				got.use = append(got.use, use.Network.Name)
				got.up, got.waiting = append(got.up, names(use.Up)...), append(got.waiting, names(use.Waiting)...)
			}
			for _, pair := range []struct {
				what      string
				got, want []string
			}{
				{"in use", got.use, test.want.use},
				{"up", got.up, test.want.up},
				{"waiting", got.waiting, test.want.waiting},
				{"lost", got.lost, test.want.lost},
				{"networks", got.networks, test.want.networks},
				{"doomed", got.doomed, test.want.doomed},
			} {
				if !slices.Equal(pair.got, pair.want) {
					t.Errorf("%s: %q, want %q", pair.what, pair.got, pair.want)
				}
			}
			if empty := len(test.want.use)+len(test.want.lost)+len(test.want.doomed) == 0; h.Empty() != empty {
				t.Errorf("empty: %t", h.Empty())
			}
		})
	}
}

// TestPodmanTellsNoID: who wants what was removed by its ID is found all the same.
func TestPodmanTellsNoID(t *testing.T) {
	s := &topology.Snapshot{
		Engine:      topology.Engine{Product: topology.ProductPodman, Version: "5.4.2"},
		Containers:  []topology.Container{{ID: "db", Name: "db", State: topology.Exited}},
		Attachments: []topology.Attachment{{ContainerID: "db", NetworkID: "back", NetworkName: "back", State: topology.Dangling}},
	}
	s.Sort()
	for word, want := range map[string]bool{goneID: true, goneID[:12]: true, "back": true, "front": false, "cafe": false} {
		c := hints.Command{Act: hints.RemoveNetworks, Names: []string{word}, NamesKnown: true}
		if h := hints.After(topology.NewIndex(s), &c); h.Empty() == want {
			t.Errorf("%s: %+v", word, h)
		}
	}
}

// TestUnsure: what is not known to be gone is nothing to mourn.
func TestUnsure(t *testing.T) {
	s := town()
	for i := range s.Attachments {
		if s.Attachments[i].State == topology.Dangling {
			s.Attachments[i].State = topology.Unverified
		}
	}
	s.Containers = slices.DeleteFunc(s.Containers, func(c topology.Container) bool { return c.Mode.LooksLikeID() })
	if h := hints.After(topology.NewIndex(s), &hints.Command{Act: hints.PruneNetworks}); !h.Empty() {
		t.Errorf("%+v", h)
	}
}

// TestBlind: without an engine, only a removal that failed is worth a word.
func TestBlind(t *testing.T) {
	for _, act := range []hints.Act{hints.RemoveNetworks, hints.PruneNetworks, hints.StartContainers} {
		for _, failed := range []bool{true, false} {
			want := act == hints.RemoveNetworks && failed
			if h := hints.Blind(&hints.Command{Act: act, Failed: failed}); h.Empty() == want {
				t.Errorf("%s, failed %t: %+v", act, failed, h)
			}
		}
	}
	if h := hints.Blind(&hints.Command{Act: hints.RemoveNetworks, Failed: true, Flags: map[string]string{"help": "true"}}); !h.Empty() {
		t.Errorf("%+v", h)
	}
}
