package topology_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestPredefined(t *testing.T) {
	for _, test := range []struct {
		network topology.Network
		want    bool
	}{
		{topology.Network{Name: "bridge", Driver: "bridge", Scope: "local"}, true},
		{topology.Network{Name: "host", Driver: "host", Scope: "local"}, true},
		{topology.Network{Name: "none", Driver: "null", Scope: "local"}, true},
		{topology.Network{Name: "host", Driver: "host", Implied: true}, true}, // Podman's
		{topology.Network{Name: "nat", Driver: "nat", Scope: "local"}, true},
		{topology.Network{Name: "nat", Driver: "bridge", Scope: "local"}, false},
		{topology.Network{Name: "bridge", Driver: "overlay", Scope: "swarm"}, false},
		{topology.Network{Name: "host", Driver: "host", Scope: "swarm"}, false},
		{topology.Network{Name: "bridge2", Driver: "bridge", Scope: "local"}, false},
		{topology.Network{Name: "docker_gwbridge", Driver: "bridge", Scope: "local"}, false},
	} {
		if got := test.network.Predefined(); got != test.want {
			t.Errorf("%s, driver %s, scope %s: predefined %v, want %v", test.network.Name, test.network.Driver, test.network.Scope, got, test.want)
		}
	}
}

func TestNetworkProject(t *testing.T) {
	compose, stack := topology.LabelComposeProject, topology.LabelStackNamespace
	for _, test := range []struct {
		labels map[string]string
		want   string
	}{
		{nil, ""},
		{map[string]string{compose: "shop"}, "shop"},
		{map[string]string{stack: "mesh"}, "mesh"},
		{map[string]string{compose: "shop", stack: "mesh"}, "shop"},
		{map[string]string{compose: "", stack: "mesh"}, "mesh"},
	} {
		if got := (&topology.Network{Labels: test.labels}).Project(); got != test.want {
			t.Errorf("labels %v: project %q, want %q", test.labels, got, test.want)
		}
	}
}

func TestShortID(t *testing.T) {
	for id, want := range map[string]string{
		"": "", "abc": "abc", "123456789012": "123456789012", "1234567890123": "123456789012",
		"sha256:1234567890123": "123456789012", "z8xq0pl3m5n7b9v1c3x5z7l9k": "z8xq0pl3m5n7",
	} {
		if got := topology.ShortID(id); got != want {
			t.Errorf("ShortID(%q) = %q, want %q", id, got, want)
		}
	}
}
