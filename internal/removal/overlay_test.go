package removal

import (
	"slices"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// mesh is an attachable overlay; its ID has the form of those of the swarm.
func mesh(name, tunnel string) topology.Network {
	id := (name + "-id0000000000000000000000000")[:25]
	return topology.Network{ID: id, Name: name, Driver: "overlay", Scope: "swarm", Attachable: true, Opts: map[string]string{tunnels: tunnel, "encrypted": "true"}}
}

func manager(version string, nodes int) topology.Engine {
	e := docker(version)
	e.Swarm, e.SwarmNodes = topology.SwarmManager, nodes
	return e
}

func TestStoppedOnOtherNodes(t *testing.T) {
	n := mesh("mesh", "4097")
	n.Inspected = true
	closed := n
	closed.Attachable = false
	for name, c := range map[string]struct {
		nodes int
		n     topology.Network
		want  []string
	}{
		"two nodes":      {2, n, []string{"stopped on other nodes, lifted by accept-broken"}},
		"one node":       {1, n, []string{}},
		"not attachable": {2, closed, []string{}},
		"local":          {2, bridge("front"), []string{}},
	} {
		ix := index(manager("28.5.2", c.nodes), []topology.Network{c.n}, nil)
		p := Make(ix, pick(t, ix, c.n.ID), Options{})
		equal(t, name, objectionTexts(p.Targets[0].Objections), c.want)
		if pruned := PlanPrune(ix, func(*topology.Network) bool { return true }); (len(pruned.Unneeded) == 1) != (len(c.want) == 0) {
			t.Errorf("%s: prune offers %d networks", name, len(pruned.Unneeded))
		}
	}
}

func TestTunnelsThatAreTaken(t *testing.T) {
	lost := mesh("mesh", "4097,4098")
	for other, kept := range map[string]bool{"4099": true, "4098": false, "4096,4097": false, "": true} {
		ix := index(manager("28.5.2", 1), []topology.Network{mesh("other", other)}, nil)
		p := PlanRestore(ix, &Entry{Network: lost})
		if _, has := p.definition.Opts[tunnels]; has != kept || p.definition.Opts["encrypted"] != "true" {
			t.Errorf("with %q taken, the options are %v", other, p.definition.Opts)
		}
	}
	if lost.Opts[tunnels] != "4097,4098" {
		t.Error("the entry was changed")
	}
}

func TestContainersMadeWithALostIDOfTheSwarm(t *testing.T) {
	lost := mesh("mesh", "4097")
	records := []Record{{Container: "byid", Name: "byid"}, {Container: "byname", Name: "byname"}}
	containers := []topology.Container{made(ctr("byid", topology.Running), topology.NetworkMode(lost.ID)), made(ctr("byname", topology.Running), "mesh")}
	for version, want := range map[string][]string{"28.5.2": {"make", "connect byname up"}, "20.10.24": {"make", "connect byid up", "connect byname up"}} {
		p := PlanRestore(index(manager(version, 1), nil, containers), &Entry{Network: lost, Records: records})
		equal(t, version, restoreTexts(p.Steps), want)
		if lacks := slices.ContainsFunc(p.Lacks, func(l Lack) bool { return l.Kind == MadeByID && l.Container == "byid" }); lacks != (len(want) == 2) {
			t.Errorf("%s: what cannot be is %+v", version, p.Lacks)
		}
	}
}

func TestHealAnOverlay(t *testing.T) {
	id := mesh("mesh", "").ID
	gone := topology.Attachment{ContainerID: "b", NetworkID: id, NetworkName: "mesh", State: topology.Dangling}
	containers := []topology.Container{ctr("a", topology.Created), ctr("b", topology.Exited)}
	for _, manages := range []bool{true, false} {
		e, want := docker("28.5.2"), "bridge"
		if manages {
			e, want = manager("28.5.2", 1), "overlay"
		}
		ix := index(e, nil, containers, named("a", "mesh"), gone)
		plans := PlanHeal(ix, Healable(ix), nil)
		if len(plans) != 1 || plans[0].definition.Driver != want || plans[0].definition.Attachable != (want == "overlay") {
			t.Errorf("on a manager, %t: %+v", manages, plans)
		}
	}
}

func TestConfigurationGoesLastAndComesFirst(t *testing.T) {
	config := bridge("cfg", "10.1.0.0/24")
	config.ConfigOnly = true
	user := bridge("user", "10.1.0.0/24")
	user.ConfigFrom = "cfg"
	ix := index(docker("28.5.2"), []topology.Network{config, user}, nil)
	alone := Make(ix, pick(t, ix, "cfg-id"), Options{})
	equal(t, "alone", objectionTexts(alone.Targets[0].Objections), []string{string(diagnose.Configures) + " [user]"})
	for _, order := range [][]string{{"cfg-id", "user-id"}, {"user-id", "cfg-id"}} {
		p := Make(ix, pick(t, ix, order...), Options{})
		if !p.Free() || p.Targets[0].Network.Name != "user" {
			t.Errorf("%v: %s goes first, free: %t", order, p.Targets[0].Network.Name, p.Free())
		}
	}
	none := index(docker("28.5.2"), nil, nil)
	if p := PlanRestore(none, &Entry{Network: user}); len(p.Lacks) != 1 || p.Lacks[0].Kind != SourceGone {
		t.Errorf("the user alone: %+v", p.Lacks)
	}
	for _, entries := range [][]*Entry{{{Network: user}, {Network: config}}, {{Network: config}, {Network: user}}} {
		order := InOrder(entries)
		plans := PlanRestores(none, order)
		if order[0].Network.Name != "cfg" || len(plans[1].Lacks) > 0 || len(plans[1].Steps) != 1 {
			t.Errorf("%s comes first, and then %+v", order[0].Network.Name, plans[1])
		}
		// With the configuration made, the plan is the same.
		again := PlanRestore(index(docker("28.5.2"), []topology.Network{config}, nil), &Entry{Network: user})
		equal(t, "again", again.Steps, plans[1].Steps)
	}
}
