package topology_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestSelect(t *testing.T) {
	for _, test := range []struct {
		name       string
		refs       []string
		filter     map[string][]string
		networks   []string
		containers []string // chosen by themselves
		shown      []string
		unknown    []string
	}{
		{
			name: "everything", networks: []string{bridge, host, overlay, lonely, web10, back, front, twinA, twinB},
			containers: []string{api, backup, db, drifter, task, orphan, proxy, vpn}, shown: []string{api, backup, db, drifter, task, orphan, proxy, vpn},
		},
		{name: "a network", refs: []string{"shop_back"}, networks: []string{back}, shown: []string{api, db}},
		{name: "networks of one name", refs: []string{"twin"}, networks: []string{twinA, twinB}},
		{name: "the beginning of IDs", refs: []string{"aaa"}, networks: []string{back, front}, shown: []string{api, db, proxy}},
		{name: "a container", refs: []string{"api"}, networks: []string{back, front}, containers: []string{api}, shown: []string{api, db, proxy}},
		{name: "one that shares", refs: []string{"vpn"}, networks: []string{back, front}, containers: []string{vpn}, shown: []string{api, db, proxy, vpn}},
		{name: "one on no network", refs: []string{"backup"}, containers: []string{backup}, shown: []string{backup}},
		{name: "a project", refs: []string{"shop"}, networks: []string{back, front}, containers: []string{api, db}, shown: []string{api, db, proxy}},
		{name: "a stack", refs: []string{"mesh"}, networks: []string{overlay}, containers: []string{task}, shown: []string{task}},
		{name: "nothing of that", refs: []string{"shop_back", "nothing", ""}, networks: []string{back}, shown: []string{api, db}, unknown: []string{"nothing", ""}},
		{name: "by filter", filter: map[string][]string{"driver": {"overlay"}}, networks: []string{overlay}, shown: []string{task}},
		{name: "by both", refs: []string{"shop"}, filter: map[string][]string{"label": {"tier"}}, networks: []string{back}, containers: []string{api, db}, shown: []string{api, db}},
		{name: "by filter to nothing", filter: map[string][]string{"name": {"nothing"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			ix := topology.NewIndex(sorted())
			filter, err := topology.ParseFilter(test.filter)
			if err != nil {
				t.Fatal(err)
			}
			sel, unknown := ix.Select(test.refs, &filter)
			var networks, containers, shown []string
			for i := range ix.Networks {
				if sel.HasNetwork(ix.Networks[i].ID) {
					networks = append(networks, ix.Networks[i].ID)
				}
			}
			for i := range ix.Containers {
				if sel.HasContainer(ix.Containers[i].ID) {
					containers = append(containers, ix.Containers[i].ID)
				}
			}
			for _, c := range ix.Shown(&sel) {
				shown = append(shown, c.ID)
			}
			equal(t, "networks", networks, test.networks)
			equal(t, "containers", containers, test.containers)
			equal(t, "shown", shown, test.shown)
			equal(t, "unknown", unknown, test.unknown)
			equal(t, "everything", sel.Everything(), len(test.refs)+len(test.filter) == 0)
		})
	}
}

func TestSubset(t *testing.T) {
	for _, test := range []struct {
		name                              string
		refs                              []string
		filter                            map[string][]string
		networks, containers, attachments []string
	}{
		{
			name: "a network, with who is on it and who shares", refs: []string{"shop_back"},
			networks: []string{back}, containers: []string{api, db, vpn}, attachments: []string{"shop_back " + api, "shop_back " + db},
		},
		{
			name: "a container, with what it wants in vain", refs: []string{"drifter"},
			networks: []string{}, containers: []string{drifter}, attachments: []string{"plan " + drifter, "twin " + drifter},
		},
		{
			name: "one that shares, with its owner even where the filter takes every network", refs: []string{"vpn"}, filter: map[string][]string{"driver": {"overlay"}},
			networks: []string{}, containers: []string{api, vpn}, attachments: []string{},
		},
		{
			name: "one whose owner is gone", refs: []string{"orphan"},
			networks: []string{}, containers: []string{orphan}, attachments: []string{},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			ix := topology.NewIndex(sorted())
			filter, err := topology.ParseFilter(test.filter)
			if err != nil {
				t.Fatal(err)
			}
			sel, _ := ix.Select(test.refs, &filter)
			sub := ix.Subset(&sel)
			networks, containers, attachments := []string{}, []string{}, []string{}
			for _, n := range sub.Networks {
				networks = append(networks, n.ID)
			}
			for _, c := range sub.Containers {
				containers = append(containers, c.ID)
			}
			for _, a := range sub.Attachments {
				attachments = append(attachments, a.NetworkName+" "+a.ContainerID)
			}
			equal(t, "networks", networks, test.networks)
			equal(t, "containers", containers, test.containers)
			equal(t, "attachments", attachments, test.attachments)
			equal(t, "schema", sub.Schema, topology.Schema)
			equal(t, "engine", sub.Engine, ix.Engine)
			equal(t, "gaps", sub.Unread, ix.Unread)
		})
	}
	ix := topology.NewIndex(sorted())
	sel, _ := ix.Select(nil, &topology.Filter{})
	if ix.Subset(&sel) != ix.Snapshot {
		t.Error("everything is not the snapshot itself")
	}
}

// A snapshot made by hand may name what it does not hold.
func TestSelectInDamagedSnapshot(t *testing.T) {
	s := &topology.Snapshot{
		Containers: []topology.Container{
			{ID: "1", Name: "one", Project: "p"}, {ID: "2", Name: "two", Mode: "container:3"}, {ID: "3", Name: "three", Mode: "container:2"}, {ID: "4", Name: "four", Mode: "container:4"},
		},
		Attachments: []topology.Attachment{{NetworkID: "gone", ContainerID: "1", State: topology.Live}, {NetworkID: "gone", ContainerID: "nobody", State: topology.Live}},
	}
	s.Sort()
	ix := topology.NewIndex(s)
	for _, ref := range []string{"one", "two", "four", "p"} {
		sel, unknown := ix.Select([]string{ref}, &topology.Filter{})
		if len(unknown) > 0 {
			t.Errorf("%s is not found", ref)
		}
		ix.Subset(&sel)
		ix.Shown(&sel)
	}
}
