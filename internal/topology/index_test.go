package topology_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestIndexLooksUp(t *testing.T) {
	ix := topology.NewIndex(sorted())
	if n := ix.Network(front); n == nil || n.Name != "shop_front" {
		t.Errorf("Network(%s) = %v", front, n)
	}
	if n := ix.Network("aaa"); n != nil {
		t.Errorf("the beginning of an ID finds network %s", n.ID)
	}
	if c := ix.Container(api); c == nil || c.Name != "api" {
		t.Errorf("Container(%s) = %v", api, c)
	}
	if c := ix.Container("api"); c != nil {
		t.Errorf("a name finds container %s", c.ID)
	}
	on := func(id string) (ids []string) {
		for _, a := range ix.On(id) {
			ids = append(ids, a.ContainerID)
		}
		return ids
	}
	equal(t, "on shop_back", on(back), []string{api, db})
	equal(t, "on shop_front", on(front), []string{api, proxy})
	equal(t, "on net2", on(lonely), nil)
	equal(t, "on one that is gone", on("0ff0"), nil)
	equal(t, "on one without an ID", on(""), nil)
	of := func(id string) (names []string) {
		for _, a := range ix.Of(id) {
			names = append(names, a.NetworkName)
		}
		return names
	}
	equal(t, "networks of api", of(api), []string{"shop_back", "shop_front"})
	equal(t, "networks of drifter", of(drifter), []string{"plan", "twin"})
	equal(t, "networks of vpn", of(vpn), nil)
	equal(t, "networks of nobody", of("nobody"), nil)
	sharers := func(id string) (names []string) {
		for _, c := range ix.Sharers(id) {
			names = append(names, c.Name)
		}
		return names
	}
	equal(t, "sharers of api", sharers(api), []string{"vpn"})
	equal(t, "sharers of one that is gone", sharers("gone"), []string{"orphan"})
	equal(t, "sharers of db", sharers(db), nil)
	equal(t, "twin is a duplicate", ix.Duplicate("twin"), true)
	equal(t, "net2 is a duplicate", ix.Duplicate("net2"), false)
	equal(t, "twin is ambiguous", ix.Ambiguous("twin"), true)
	equal(t, "plan is ambiguous", ix.Ambiguous("plan"), false)
	equal(t, "projects", ix.Projects(), []string{"mesh", "shop", "side"})
}

func TestFindNetworks(t *testing.T) {
	s := sorted()
	// One whose name is the ID of another, and one whose name begins IDs.
	s.Networks = append(s.Networks, topology.Network{ID: "9991", Name: front}, topology.Network{ID: "9992", Name: "aaa"})
	s.Sort()
	ix := topology.NewIndex(s)
	for ref, want := range map[string][]string{
		front:        {front},        // an ID comes before a name
		"aaa":        {"9992"},       // a name before the beginning of an ID
		"aa":         {back, front},  // which may be that of several
		"bbb":        {web10},        //
		"shop_back":  {back},         //
		"twin":       {twinA, twinB}, //
		"shop_":      {},             // not the beginning of a name
		"":           {},             //
		"nothing":    {},             //
		"Shop_Back":  {},             //
		"/shop_back": {},             //
	} {
		equal(t, "FindNetworks("+ref+")", networkIDs(ix.FindNetworks(ref)), want)
	}
}

func TestMistakable(t *testing.T) {
	s := sorted()
	s.Networks = append(s.Networks, topology.Network{ID: "9991", Name: front}, topology.Network{ID: "9992", Name: "aa"})
	s.Containers = append(s.Containers, topology.Container{ID: "9993", Name: "c0a"})
	s.Sort()
	ix := topology.NewIndex(s)
	for i := range ix.Networks {
		n := &ix.Networks[i]
		want := n.Name == "twin" || n.ID == "9991" || n.ID == "9992"
		equal(t, n.Name+" of "+n.ID, ix.MistakableNetwork(n.Name, n.ID), want)
	}
	for i := range ix.Containers {
		c := &ix.Containers[i]
		equal(t, c.Name+" of "+c.ID, ix.MistakableContainer(c.Name, c.ID), c.ID == "9993")
	}
	equal(t, "its own ID as its name", ix.MistakableNetwork(web10, web10), false)
}

func TestFindContainers(t *testing.T) {
	ix := topology.NewIndex(sorted())
	for ref, want := range map[string][]string{
		api: {api}, "api": {api}, "/api": {api}, "c0a": {api}, "c0f": {backup, drifter, task}, "ap": {}, "": {}, "/": {},
	} {
		ids := []string{}
		for _, c := range ix.FindContainers(ref) {
			ids = append(ids, c.ID)
		}
		equal(t, "FindContainers("+ref+")", ids, want)
	}
}
