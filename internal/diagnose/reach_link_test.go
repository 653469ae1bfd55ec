package diagnose

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestLegacyLink: on the default bridge, a name resolves through a legacy link, one way.
func TestLegacyLink(t *testing.T) {
	on := func(id, address string) topology.Attachment {
		return topology.Attachment{NetworkID: "b", NetworkName: "bridge", ContainerID: id, State: topology.Live, IPv4: topology.ParseAddress(address), PrefixLen4: 16, AliasesRead: true}
	}
	s := &topology.Snapshot{
		Engine:   topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"},
		Networks: []topology.Network{{ID: "b", Name: "bridge", Driver: "bridge", Scope: "local"}},
		Containers: []topology.Container{
			{ID: "0123456789abcdef", Name: "db", State: topology.Running, Mode: "bridge", Inspected: true},
			{ID: "a", Name: "app", State: topology.Running, Mode: "bridge", Links: []string{"db:mysql"}, Inspected: true},
			{ID: "s", Name: "sharer", State: topology.Running, Mode: "container:a", Inspected: true},
			{ID: "o", Name: "other", State: topology.Running, Mode: "bridge", Links: []string{"gone:mysql"}, Inspected: true},
		},
		Attachments: []topology.Attachment{on("0123456789abcdef", "172.17.0.2"), on("a", "172.17.0.3"), on("o", "172.17.0.4")},
	}
	s.Sort()
	ix := topology.NewIndex(s)
	for from, names := range map[string]map[string]Forecast{
		"a": {"db": ForecastYes, "MySQL": ForecastYes, "0123456789ab": ForecastYes, "other": ForecastNo},
		"s": {"db": ForecastYes, "mysql": ForecastYes},
		"o": {"db": ForecastNo},
	} {
		for name, want := range names {
			if got := Resolvable(ix, ix.Container(from), name).Forecast; got != want {
				t.Errorf("%s in %s: %s, want %s", name, from, got, want)
			}
		}
	}
	if r := Predict(ix, ix.Container("a"), ix.Container("0123456789abcdef")); r.Name != ForecastYes || r.Names[0].Name != "db" || r.Names[1].Name != "mysql" || r.Fix != nil {
		t.Errorf("app to db: %s %+v, mended by %+v", r.Name, r.Names, r.Fix)
	}
	if r := Predict(ix, ix.Container("0123456789abcdef"), ix.Container("a")); r.Name != ForecastNo {
		t.Errorf("db to app: %s", r.Name)
	}
}
