package engine_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// inspected is a snapshot with what only an inspect of a network tells.
func inspected(t *testing.T, fake *enginetest.Engine, name string) (*topology.Snapshot, *topology.Network) {
	t.Helper()
	e := open(t, fake)
	s, err := e.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, err = e.WithEndpoints(t.Context(), s, topology.NewIndex(s).FindNetworks(name))
	if err != nil {
		t.Fatal(err)
	}
	return s, topology.NewIndex(s).FindNetworks(name)[0]
}

func TestWaysOutAreNoContainers(t *testing.T) {
	gateway := enginetest.Bridge(topology.SwarmGateway, "172.18.0.0/16", "")
	gateway.Stale = []enginetest.StaleEndpoint{{Name: "ghost"}}
	fake := enginetest.Start(t, enginetest.Docker28.InSwarm("active/manager"), gateway, enginetest.Overlay("mesh", "10.0.1.0/24"),
		enginetest.Running("web", enginetest.On("mesh", "10.0.1.2")), enginetest.Running("put", enginetest.On(topology.SwarmGateway, "172.18.0.9")))
	_, n := inspected(t, fake, topology.SwarmGateway)
	var kinds []string
	for _, e := range n.Endpoints {
		kinds = append(kinds, string(e.Kind))
	}
	if slices.Sort(kinds); !slices.Equal(kinds, []string{"container", "engine", "stale"}) {
		t.Errorf("the endpoints are %+v", n.Endpoints)
	}
	// A container that only has such a name is one.
	named := enginetest.Start(t, enginetest.Docker28, front(), enginetest.Running("gateway_me", enginetest.On("front", "172.20.0.2")))
	if _, n := inspected(t, named, "front"); n.Endpoints[0].Kind != topology.OfContainer {
		t.Errorf("a container with the name of a gateway is taken for %s", n.Endpoints[0].Kind)
	}
}

func TestWhatASwarmTellsOfItself(t *testing.T) {
	mesh := enginetest.Overlay("mesh", "10.0.1.0/24")
	mesh.Services = []string{"web"}
	ingress := enginetest.Overlay("ingress", "10.0.0.0/24")
	ingress.Ingress = true
	two := func(f enginetest.Flavour) enginetest.Flavour { f.Nodes = 2; return f }
	for name, c := range map[string]struct {
		flavour         enginetest.Flavour
		role            topology.SwarmRole
		nodes, services int
		asked           map[string]int
	}{
		"a manager":            {two(enginetest.Docker28.InSwarm("active/manager")), topology.SwarmManager, 2, 1, map[string]int{"GET /services": 1, "GET /info": 1}},
		"alone":                {enginetest.Docker28.InSwarm("active/manager"), topology.SwarmManager, 1, 1, map[string]int{"GET /services": 1, "GET /info": 1}},
		"a worker":             {two(enginetest.Docker28.InSwarm("active/worker")), topology.SwarmWorker, 0, 0, map[string]int{}},
		"a manager of 20":      {two(enginetest.Docker20.InSwarm("active/manager")), topology.SwarmManager, 2, 1, map[string]int{"GET /services": 1, "GET /info": 2}},
		"a worker of 20":       {two(enginetest.Docker20.InSwarm("active/worker")), topology.SwarmWorker, 0, 0, map[string]int{"GET /info": 1}},
		"one that is demoted":  {two(enginetest.Docker28.InSwarm("active/manager")), topology.SwarmWorker, 2, 0, map[string]int{"GET /services": 1, "GET /info": 1}},
		"one without a leader": {two(enginetest.Docker28.InSwarm("active/manager")), topology.SwarmManager, 2, 0, map[string]int{"GET /services": 1, "GET /info": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			fake := enginetest.Start(t, c.flavour, mesh, ingress)
			gaps := 0
			switch name {
			case "one that is demoted":
				fake.Fail("GET /services", enginetest.Status(503, "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state."))
			case "one without a leader":
				fake.Fail("GET /services", enginetest.Status(503, "rpc error: code = Unavailable desc = there is none"))
				gaps = 1
			}
			s, n := inspected(t, fake, "mesh")
			if s.Engine.Swarm != c.role || s.Engine.SwarmNodes != c.nodes || len(n.Services) != c.services || len(s.Unread) != gaps {
				t.Errorf("it is a %s of %d nodes; services: %q, unread: %+v", s.Engine.Swarm, s.Engine.SwarmNodes, n.Services, s.Unread)
			}
			for _, request := range []string{"GET /services", "GET /info"} {
				if got := fake.Count()[request]; got != c.asked[request] {
					t.Errorf("%s was sent %d times, want %d", request, got, c.asked[request])
				}
			}
		})
	}
}

func TestANodeWithoutAPlaceIsNoPeer(t *testing.T) {
	for _, c := range []struct {
		peers []string
		here  bool
		want  int
	}{{[]string{"self"}, false, 0}, {[]string{"self"}, true, 1}, {[]string{"self", "other"}, false, 1}, {nil, false, 0}} {
		mesh := enginetest.Overlay("mesh", "10.0.1.0/24")
		mesh.Peers = c.peers
		objects := []enginetest.Object{mesh}
		if c.here {
			objects = append(objects, enginetest.Running("web", enginetest.On("mesh", "10.0.1.2")))
		}
		if _, n := inspected(t, enginetest.Start(t, enginetest.Docker28.InSwarm("active/manager"), objects...), "mesh"); n.Peers != c.want {
			t.Errorf("of %q, here: %t, it reaches %d, want %d", c.peers, c.here, n.Peers, c.want)
		}
	}
}

func TestNodesThatAreNotTold(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28.InSwarm("active/manager"), enginetest.Overlay("mesh", "10.0.1.0/24"))
	fake.Fail("GET /info", enginetest.Status(500, "no"))
	if s, _ := inspected(t, fake, "mesh"); len(s.Unread) != 1 || s.Unread[0].What != "nodes" {
		t.Errorf("unread is %+v", s.Unread)
	}
}

func TestLocalNetworksAskNothingOfASwarm(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28.InSwarm("active/manager"), front(), enginetest.Overlay("mesh", "10.0.1.0/24"))
	inspected(t, fake, "front")
	if got := fake.Count(); got["GET /info"]+got["GET /services"] > 0 {
		t.Errorf("the requests are %v", got)
	}
}

func TestConfigurationsAreMadeAgain(t *testing.T) {
	for _, flavour := range []enginetest.Flavour{enginetest.Docker20, enginetest.Docker26, enginetest.Docker28} {
		config := enginetest.Bridge("cfg", "10.1.0.0/24", "10.1.0.1")
		config.ConfigOnly, config.Driver, config.Labels, config.Options = true, "null", map[string]string{"a": "b"}, map[string]string{"mtu": "1400"}
		user := enginetest.Bridge("user", "10.1.0.0/24", "10.1.0.1")
		user.ConfigFrom, user.Internal, user.Attachable, user.Labels, user.Options = "cfg", true, true, config.Labels, config.Options
		e := open(t, enginetest.Start(t, flavour, config, user))
		s, err := e.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ix := topology.NewIndex(s)
		for _, name := range []string{"user", "cfg"} {
			if err := e.RemoveNetwork(t.Context(), ix.FindNetworks(name)[0]); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := e.CreateNetwork(t.Context(), ix.FindNetworks("user")[0], false); err == nil {
			t.Errorf("%s: a network is made from a configuration that is gone", flavour.Version)
		}
		for _, name := range []string{"cfg", "user"} {
			if _, err := e.CreateNetwork(t.Context(), ix.FindNetworks(name)[0], false); err != nil {
				t.Fatalf("%s: %s: %v", flavour.Version, name, err)
			}
		}
		again, err := e.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n := topology.NewIndex(again).FindNetworks("user")[0]
		if !n.Internal || !n.Attachable || n.Labels["a"] != "b" || n.Opts["mtu"] != "1400" || n.IPAM.Pools[0].Subnet.String() != "10.1.0.0/24" {
			t.Errorf("%s: it came back as %+v", flavour.Version, n)
		}
	}
}

// TestDetachFromAnOverlayThatIsNotHere holds the fake to what engines do: the ID
// of such a network means nothing to a node, its name does.
func TestDetachFromAnOverlayThatIsNotHere(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28.InSwarm("active/manager"), enginetest.Overlay("mesh", "10.0.1.0/24"),
		enginetest.Stopped("db", enginetest.On("mesh", "")))
	e := open(t, fake)
	err := e.Disconnect(t.Context(), enginetest.SwarmID("mesh"), enginetest.ID("db"))
	if _, refused := errors.AsType[interface {
		error
		NotFound() bool
	}](err); !refused {
		t.Errorf("by ID: %v", err)
	}
	if err := e.Disconnect(t.Context(), "mesh", enginetest.ID("db")); err != nil {
		t.Errorf("by name: %v", err)
	}
}
