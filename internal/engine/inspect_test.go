package engine_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestContainerThatNoListHas: an endpoint under a container's ID is that container's, also
// where a proxy keeps the container from the list: it is not to be cleared.
func TestContainerThatNoListHas(t *testing.T) {
	net := front()
	net.Stale = []enginetest.StaleEndpoint{{Name: "ghost"}}
	fake := enginetest.Start(t, enginetest.Docker28, net, enginetest.Running("web", enginetest.On("front", "172.20.0.2")))
	e := open(t, fake)
	s, err := e.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	hidden := *s
	hidden.Containers, hidden.Attachments = nil, nil
	got, err := e.WithEndpoints(t.Context(), &hidden, topology.NewIndex(&hidden).FindNetworks("front"))
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]topology.EndpointKind{}
	for _, endpoint := range topology.NewIndex(got).FindNetworks("front")[0].Endpoints {
		kinds[endpoint.Name] = endpoint.Kind
	}
	if kinds["web"] != topology.OfContainer || kinds["ghost"] != topology.Stale {
		t.Errorf("the endpoints are %v", kinds)
	}
}
