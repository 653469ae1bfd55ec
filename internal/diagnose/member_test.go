package diagnose_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Whoever is put on a network in thought changes nothing of the snapshot, and is on
// the network as any other would be.
func TestMemberOf(t *testing.T) {
	v4, v6 := topology.Pool{Subnet: topology.ParseSubnet("10.0.0.0/29")}, topology.Pool{Subnet: topology.ParseSubnet("fd00::/64")}
	odd := topology.Pool{Subnet: topology.ParseSubnet("odd")}
	s := topology.Snapshot{
		Engine: topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"},
		Networks: []topology.Network{
			{ID: "v4", Name: "v4", Driver: "bridge", Scope: "local", IPAM: topology.IPAM{Pools: []topology.Pool{v4}}},
			{ID: "v46", Name: "v46", Driver: "bridge", Scope: "local", IPAM: topology.IPAM{Pools: []topology.Pool{v6, v4, v4}}},
			{ID: "v6", Name: "v6", Driver: "bridge", Scope: "local", IPv4: topology.No, IPAM: topology.IPAM{Pools: []topology.Pool{v4, v6}}},
			{ID: "odd", Name: "odd", Driver: "bridge", Scope: "local", IPAM: topology.IPAM{Pools: []topology.Pool{odd}}},
			{ID: "none", Name: "none", Driver: "null", Scope: "local"},
			{ID: "host", Name: "host", Driver: "host", Scope: "local"},
			{ID: "settings", Name: "settings", Driver: "bridge", ConfigOnly: true, IPAM: topology.IPAM{Pools: []topology.Pool{v4}}},
		},
		Containers: []topology.Container{{ID: "c", Name: "c", State: topology.Running}},
	}
	s.Sort()
	ix := topology.NewIndex(&s)
	for id, want := range map[string]struct {
		four, six, nobody bool
		path              diagnose.PathKind
	}{
		"v4": {four: true, path: diagnose.SharedNetwork}, "v46": {four: true, six: true, path: diagnose.SharedNetwork},
		"v6": {six: true, path: diagnose.SharedNetwork}, "odd": {nobody: true}, "settings": {nobody: true},
		"none": {path: diagnose.NoPath}, "host": {path: diagnose.SameNamespace},
	} {
		thought := diagnose.MemberOf(ix, ix.Network(id))
		if (thought.First == nil) != want.nobody {
			t.Errorf("%s: a member %v", id, thought.First)
		}
		if thought.First == nil {
			continue
		}
		if !diagnose.Thinks(thought.First) || !diagnose.Thinks(thought.OnHost) || diagnose.Thinks(ix.Container("c")) {
			t.Errorf("%s: it is not told who does not exist", id)
		}
		if of := thought.Of(thought.First.ID); len(of) > 0 {
			if of[0].IPv4.IP().IsValid() != want.four || of[0].IPv6.IP().IsValid() != want.six || of[0].IPv4 == thought.Of(thought.Second.ID)[0].IPv4 && want.four {
				t.Errorf("%s: addresses %v and %v", id, of[0].IPv4, of[0].IPv6)
			}
		}
		if got := diagnose.Predict(thought.Index, thought.First, thought.Second).Path; got != want.path {
			t.Errorf("%s: path %s, want %s", id, got, want.path)
		}
	}
	if len(ix.Containers) != 1 || len(ix.Attachments) != 0 || len(s.Containers) != 1 {
		t.Errorf("the snapshot was changed: %+v", s.Containers)
	}
}

// An isolated or internal network is reached from none, and an open one of Podman's
// from those that are not isolated.
func TestReaching(t *testing.T) {
	net := func(id, subnet, native string, internal bool) topology.Network {
		return topology.Network{ID: id, Name: id, Driver: "bridge", Scope: "local", Internal: internal, Native: native, IPAM: topology.IPAM{Pools: []topology.Pool{{Subnet: topology.ParseSubnet(subnet)}}}}
	}
	isolated, open := `{"options":{"isolate":"true"}}`, `{"options":{}}`
	s := topology.Snapshot{
		Engine: topology.Engine{Product: topology.ProductPodman, Version: "5.4.2"},
		Networks: []topology.Network{
			net("a", "10.0.1.0/24", isolated, false), net("b", "10.0.2.0/24", isolated, false), net("c", "10.0.3.0/24", open, false),
			net("d", "10.0.4.0/24", "", false), net("i", "10.0.5.0/24", open, true),
		},
	}
	s.Sort()
	ix := topology.NewIndex(&s)
	yes, no, unknown := diagnose.ForecastYes, diagnose.ForecastNo, diagnose.ForecastUnknown
	for to, want := range map[string]map[string]diagnose.Forecast{
		"a": {"b": no, "c": yes, "d": unknown, "i": no},
		"c": {"a": yes, "b": yes, "d": unknown, "i": no},
		"i": {"a": no, "b": no, "c": no, "d": no},
	} {
		got := diagnose.Reaching(ix, ix.Network(to))
		if len(got) != len(want) {
			t.Errorf("to %s: %d networks, want %d", to, len(got), len(want))
		}
		for _, r := range got {
			if r.Forecast != want[r.From.ID] || len(r.Reasons) == 0 {
				t.Errorf("%s → %s: %s (%v), want %s", r.From.ID, to, r.Forecast, r.Reasons, want[r.From.ID])
			}
		}
	}
}

// The gateway that an engine does not tell is the first of the range, if one was
// chosen [measured on Docker 20.10 and 28.5].
func TestGatewayOfARange(t *testing.T) {
	for chosen, want := range map[string]string{"": "10.99.2.1", "10.99.2.64/30": "10.99.2.64", "10.99.2.0/30": "10.99.2.1"} {
		n := topology.Network{ID: "n", Name: "n", Driver: "bridge", Scope: "local", IPAM: topology.IPAM{Pools: []topology.Pool{{Subnet: topology.ParseSubnet("10.99.2.0/24"), Range: topology.ParseSubnet(chosen)}}}}
		s := topology.Snapshot{Engine: topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"}, Networks: []topology.Network{n}}
		ix := topology.NewIndex(&s)
		thought := diagnose.MemberOf(ix, ix.Network("n"))
		reach := diagnose.PredictHost(thought.Index, thought.First)
		if len(reach.Addresses) != 1 || reach.Addresses[0].Address.String() != want {
			t.Errorf("range %q: the host is at %v, want %s", chosen, reach.Addresses, want)
		}
	}
}
