package engine_test

import (
	"slices"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/enginetest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestPodmanDefinition: what Podman tells in its own API only is asked for, and
// made again; subnets that are given up are not.
func TestPodmanDefinition(t *testing.T) {
	own := enginetest.Bridge("own", "10.5.0.0/24", "10.5.0.1")
	own.NameServers = []string{"192.0.2.53"}
	fake := enginetest.Start(t, enginetest.Podman, own)
	e := open(t, fake)
	s := withDefinitions(t, e)
	expect(t, "gaps", gaps(s))
	n := *topology.NewIndex(s).FindNetworks("own")[0]
	fake.RemoveNetwork("own")
	for _, pools := range [][]topology.Pool{n.IPAM.Pools, nil} {
		n.IPAM.Pools = pools
		if _, err := e.CreateNetwork(t.Context(), &n, false); err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(fake.Networks(), func(n enginetest.Network) bool { return n.Name == "own" })
		made := fake.Networks()[at]
		expect(t, "name servers", made.NameServers, "192.0.2.53")
		if same := made.Pools[0].Subnet == "10.5.0.0/24"; same != (pools != nil) {
			t.Errorf("with the subnets %v, it has %s", pools, made.Pools[0].Subnet)
		}
		fake.RemoveNetwork("own")
	}
}

func TestPodmanDefinitionUnread(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Podman, enginetest.Bridge("own", "10.5.0.0/24", "10.5.0.1"))
	fake.Fail("GET /libpod/networks/json", enginetest.Status(500, "not today"))
	e := open(t, fake)
	s := withDefinitions(t, e)
	if !slices.ContainsFunc(s.Unread, func(g topology.Gap) bool { return g.Name == "own" && g.Field == "definition" }) {
		t.Errorf("the gaps are %v", s.Unread)
	}
}

// withDefinitions reads a snapshot and the definitions of its networks.
func withDefinitions(t *testing.T, e *engine.Engine) *topology.Snapshot {
	t.Helper()
	s, err := e.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s, err = e.WithDefinitions(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return s
}
