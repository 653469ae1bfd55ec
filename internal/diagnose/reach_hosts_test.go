package diagnose

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestHostsFile holds that what was added to the hosts file resolves, whatever the
// name servers know, and for who shares the file, too.
func TestHostsFile(t *testing.T) {
	s := &topology.Snapshot{
		Engine: topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"},
		Containers: []topology.Container{
			{ID: "a", Name: "told", State: topology.Running, Mode: "none", ExtraHosts: []string{"host.docker.internal:host-gateway", "v6:fd00::1", "new=10.0.0.1"}},
			{ID: "b", Name: "sharer", State: topology.Running, Mode: "container:a"},
			{ID: "c", Name: "untold", State: topology.Running, Mode: "none"},
		},
	}
	s.Sort()
	ix := topology.NewIndex(s)
	for _, c := range []struct {
		from, name string
		want       Forecast
	}{
		{"a", "host.docker.internal", ForecastYes},
		{"a", "Host.Docker.Internal", ForecastYes},
		{"a", "v6", ForecastYes},
		{"a", "new", ForecastYes},
		{"b", "v6", ForecastYes},
		{"c", "host.docker.internal", ForecastUnknown},
	} {
		if got := Resolvable(ix, ix.Container(c.from), c.name).Forecast; got != c.want {
			t.Errorf("%s in %s: %s, want %s", c.name, c.from, got, c.want)
		}
	}
	if names := PredictHost(ix, ix.Container("a")).Names; len(names) == 0 || names[0].Forecast != ForecastYes || names[0].Reason != nil {
		t.Errorf("the host's names are %+v", names)
	}
}
