package removal

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// What UseOf keeps and no obstacle explains has a reason, too.
func TestPruneReasons(t *testing.T) {
	left := docker("28.5.2")
	left.Swarm = topology.SwarmInactive
	twin := bridge("twin")
	twin.ID = "second-id"
	for _, test := range []struct {
		name string
		ix   *topology.Index
		want []string
		gap  string
	}{
		{"the gateway left over from a swarm", index(left, []topology.Network{bridge(topology.SwarmGateway)}, nil), []string{"swarm gateway"}, ""},
		{
			"wanted by a name that several have",
			index(left, []topology.Network{bridge("twin"), twin}, []topology.Container{ctr("job", topology.Created)}, topology.Attachment{ContainerID: "job", NetworkName: "twin", State: topology.Ambiguous}),
			[]string{"unknown"},
			"a container wants a network of this name, which several have",
		},
		{"in use", index(left, []topology.Network{bridge("front")}, []topology.Container{ctr("web", topology.Running)}, on("web", "front", topology.Live)), []string{"needed [web], lifted by accept-broken"}, ""},
	} {
		p := PlanPrune(test.ix, func(*topology.Network) bool { return true })
		if len(p.Kept) != len(test.ix.Networks) {
			t.Errorf("%s: kept are %+v", test.name, p.Kept)
			continue
		}
		equal(t, test.name, objectionTexts(p.Kept[0].Reasons), test.want)
		gap := ""
		if p.Kept[0].Reasons[0].Gap != nil {
			gap = p.Kept[0].Reasons[0].Gap.Reason
		}
		equal(t, test.name+": why", gap, test.gap)
	}
}
