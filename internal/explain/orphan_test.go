package explain_test

import (
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Of one that shares the interfaces of another, it is said that it has loopback only
// where that is sure: the host's interfaces stay when who used them stops or is gone.
func TestLoopbackOnly(t *testing.T) {
	for name, test := range map[string]struct {
		owner *topology.Container
		says  string
		host  string // what is foreseen of the way to the host
	}{
		"stopped":          {&topology.Container{State: topology.Exited, Mode: "net"}, "So it has nothing but loopback.", "no"},
		"stopped, of host": {&topology.Container{State: topology.Exited, Mode: topology.NetworkHost}, "It shares the interfaces of `owner`", "yes"},
		"gone":             {nil, "loopback, or the interfaces of the host", "unknown"},
	} {
		s := topology.Snapshot{
			Engine:     topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"},
			Networks:   []topology.Network{{ID: "n", Name: "net", Driver: "bridge", Scope: "local"}},
			Containers: []topology.Container{{ID: "s", Name: "sharer", State: topology.Running, Mode: "container:o"}},
		}
		if test.owner != nil {
			test.owner.ID, test.owner.Name = "o", "owner"
			s.Containers = append(s.Containers, *test.owner)
		}
		s.Sort()
		ix := topology.NewIndex(&s)
		f := explain.OfContainer(ix, ix.Container("s"), explain.Details{})
		if text := f.Markdown(explain.English); !strings.Contains(text, test.says) || string(f.Host.Forecast) != test.host {
			t.Errorf("%s: the host is reached: %s, and it says\n%s", name, f.Host.Forecast, text)
		}
		sameInBoth(t, name, f)
	}
}
