package diagnose

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestOrphan: what is left to a container whose network was that of one which is gone
// depends on whether that one used the host's network, and nothing tells [measured on
// 20.10 and 28.5]. One that is not up reaches nobody for sure.
func TestOrphan(t *testing.T) {
	for _, test := range []struct {
		state topology.ContainerState
		want  Forecast
	}{{topology.Running, ForecastUnknown}, {topology.Exited, ForecastNo}} {
		state, want := test.state, test.want
		s := &topology.Snapshot{
			Engine:   topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"},
			Networks: []topology.Network{{ID: "n", Name: "net", Driver: "bridge", Scope: "local"}},
			Containers: []topology.Container{
				{ID: "s", Name: "orphan", State: state, Mode: "container:gone"},
				{ID: "d", Name: "db", State: topology.Running, Mode: "net"},
			},
			Attachments: []topology.Attachment{
				{NetworkID: "n", NetworkName: "net", ContainerID: "d", State: topology.Live, IPv4: topology.ParseAddress("10.0.0.3"), PrefixLen4: 24, AliasesRead: true},
			},
		}
		s.Sort()
		ix := topology.NewIndex(s)
		orphan, db := ix.Container("s"), ix.Container("d")
		for way, r := range map[string]*Reach{"to db": Predict(ix, orphan, db), "from db": Predict(ix, db, orphan), "to the host": PredictHost(ix, orphan)} {
			if r.ICMP != want || r.TCP != want {
				t.Errorf("%s %s: ICMP %s, TCP %s, want %s", state, way, r.ICMP, r.TCP, want)
			}
			if want == ForecastUnknown && !hasReason(r.Reasons, Reason{Kind: ReasonOwnerGone, Container: orphan}) {
				t.Errorf("%s %s: the reasons are %v", state, way, r.Reasons)
			}
		}
		if r := PredictOutside(ix, orphan); r.IPv4 != want || r.IPv6 != want {
			t.Errorf("%s to the outside: IPv4 %s, IPv6 %s, want %s", state, r.IPv4, r.IPv6, want)
		}
	}
}
