package diagnose_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestHostName: neighbours find a container by the name of its host, where the engine
// answers for it.
func TestHostName(t *testing.T) {
	s := pair([]string{"net"}, []string{"net"}, network("net", "bridge"))
	s.Attachments[1].HostName = "box"
	r := predict(s)
	if len(r.Names) < 2 || r.Names[1].Name != "box" || r.Names[1].Forecast != diagnose.ForecastYes {
		t.Errorf("names %+v", r.Names)
	}
	ix := topology.NewIndex(s)
	if res := diagnose.Resolvable(ix, ix.Container("b"), "box"); res.Forecast != diagnose.ForecastYes {
		t.Errorf("itself: %s", res.Forecast)
	}
	s.Attachments[1].NetworkID = "other"
	s.Networks = append(s.Networks, network("other", "bridge"))
	s.Sort()
	ix = topology.NewIndex(s)
	if res := diagnose.Resolvable(ix, ix.Container("a"), "box"); res.Forecast != diagnose.ForecastNo || len(res.Elsewhere) != 1 {
		t.Errorf("from elsewhere: %+v", res)
	}
}
