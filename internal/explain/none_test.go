package explain_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// One that was made for no network is on one all the same once it was taken off that by
// hand.
func TestPlaceOfNone(t *testing.T) {
	for network, want := range map[string]explain.PlaceKind{"none": explain.PlaceNone, "net": explain.PlaceOwn} {
		s := topology.Snapshot{
			Engine:     topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"},
			Networks:   []topology.Network{{ID: "none", Name: "none", Driver: "null", Scope: "local"}, {ID: "net", Name: "net", Driver: "bridge", Scope: "local"}},
			Containers: []topology.Container{{ID: "c", Name: "c", State: topology.Running, Mode: topology.NetworkNone}},
			Attachments: []topology.Attachment{
				{NetworkID: network, NetworkName: network, ContainerID: "c", State: topology.Live},
			},
		}
		s.Sort()
		ix := topology.NewIndex(&s)
		if got := explain.OfContainer(ix, ix.Container("c"), explain.Details{}).Place; got != want {
			t.Errorf("on %s, its place is %s, want %s", network, got, want)
		}
	}
}
