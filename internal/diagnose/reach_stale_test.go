package diagnose

import (
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestStaleSharer: who shares the network of a container that was restarted since
// has loopback only, and restarting it mends that.
func TestStaleSharer(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, c := range map[string]struct {
		sharer, owner time.Time
		want          Forecast
	}{
		"in order":          {now.Add(time.Second), now, ForecastYes},
		"owner restarted":   {now, now.Add(time.Second), ForecastNo},
		"the sharer's time": {time.Time{}, now, ForecastYes}, // is not known
	} {
		s := &topology.Snapshot{
			Engine:   topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"},
			Networks: []topology.Network{{ID: "n", Name: "net", Driver: "bridge", Scope: "local"}},
			Containers: []topology.Container{
				{ID: "o", Name: "owner", State: topology.Running, Mode: "net", Started: c.owner},
				{ID: "s", Name: "sharer", State: topology.Running, Mode: "container:o", Started: c.sharer},
				{ID: "d", Name: "db", State: topology.Running, Mode: "net", Started: now},
			},
			Attachments: []topology.Attachment{
				{NetworkID: "n", NetworkName: "net", ContainerID: "o", State: topology.Live, IPv4: topology.ParseAddress("10.0.0.2"), PrefixLen4: 24, AliasesRead: true},
				{NetworkID: "n", NetworkName: "net", ContainerID: "d", State: topology.Live, IPv4: topology.ParseAddress("10.0.0.3"), PrefixLen4: 24, AliasesRead: true},
			},
		}
		s.Sort()
		ix := topology.NewIndex(s)
		r := Predict(ix, ix.Container("s"), ix.Container("d"))
		if r.ICMP != c.want || r.TCP != c.want {
			t.Errorf("%s: ICMP %s, TCP %s, want %s", name, r.ICMP, r.TCP, c.want)
		}
		if stale := c.want == ForecastNo; stale != (r.Fix != nil && r.Fix.Kind == FixRestart && r.Fix.Container.Name == "sharer") {
			t.Errorf("%s: the fix is %+v", name, r.Fix)
		}
		if r := Predict(ix, ix.Container("s"), ix.Container("o")); (r.Path == SameNamespace) != (c.want == ForecastYes) {
			t.Errorf("%s: the path to the owner is %s", name, r.Path)
		}
	}
}
