package topology_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestOwner(t *testing.T) {
	ctr := func(id string, mode topology.NetworkMode) topology.Container {
		return topology.Container{ID: id, Name: id, State: topology.Running, Mode: mode}
	}
	ix := topology.NewIndex(&topology.Snapshot{Containers: []topology.Container{
		ctr("a", "bridge"), ctr("b", "container:a"), ctr("c", "container:b"), ctr("d", "container:c"),
		ctr("orphan", "container:gone"), ctr("orphan's", "container:orphan"),
		ctr("self", "container:self"), ctr("x", "container:y"), ctr("y", "container:x"),
	}})
	for id, want := range map[string]string{
		"b": "a", "c": "a", "d": "a", "orphan": "gone", "orphan's": "gone", "self": "", "x": "", "y": "",
	} {
		if got, shares := ix.Owner(ix.Container(id)); got != want || !shares {
			t.Errorf("the owner of %s: got %q, %t, want %q", id, got, shares, want)
		}
	}
	if _, shares := ix.Owner(ix.Container("a")); shares {
		t.Error("a shares nobody's network")
	}
	if got := len(ix.Sharers("a")); got != 3 {
		t.Errorf("%d containers share the network of a, want 3", got)
	}
}
