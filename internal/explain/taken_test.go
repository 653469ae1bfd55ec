package explain_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// A port that another container has keeps one from starting, if both want it at one
// address.
func TestPortsTaken(t *testing.T) {
	port := func(ip, protocol string, host, count uint16) topology.Ports {
		return topology.Ports{First: 80, Count: count, Protocol: protocol, HostPort: host, HostIP: topology.ParseAddress(ip)}
	}
	for name, test := range map[string]struct {
		wants, has topology.Ports
		state      topology.ContainerState
		taken      bool
	}{
		"the same":                 {port("", "tcp", 8080, 0), port("0.0.0.0", "tcp", 8080, 0), topology.Running, true},
		"paused":                   {port("", "tcp", 8080, 0), port("0.0.0.0", "tcp", 8080, 0), topology.Paused, true},
		"stopped":                  {port("", "tcp", 8080, 0), port("0.0.0.0", "tcp", 8080, 0), topology.Exited, false},
		"another protocol":         {port("", "udp", 8080, 0), port("0.0.0.0", "tcp", 8080, 0), topology.Running, false},
		"another port":             {port("", "tcp", 8081, 0), port("0.0.0.0", "tcp", 8080, 0), topology.Running, false},
		"within a run":             {port("", "tcp", 8081, 0), port("0.0.0.0", "tcp", 8080, 2), topology.Running, true},
		"behind a run":             {port("", "tcp", 8082, 0), port("0.0.0.0", "tcp", 8080, 2), topology.Running, false},
		"a run over it":            {port("", "tcp", 8079, 2), port("0.0.0.0", "tcp", 8080, 0), topology.Running, true},
		"one address of all":       {port("127.0.0.1", "tcp", 8080, 0), port("0.0.0.0", "tcp", 8080, 0), topology.Running, true},
		"two addresses":            {port("127.0.0.1", "tcp", 8080, 0), port("10.0.0.1", "tcp", 8080, 0), topology.Running, false},
		"two families":             {port("127.0.0.1", "tcp", 8080, 0), port("::1", "tcp", 8080, 0), topology.Running, false},
		"one that is chosen later": {port("", "tcp", 0, 0), port("0.0.0.0", "tcp", 8080, 0), topology.Running, false},
	} {
		s := topology.Snapshot{
			Engine:   topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"},
			Networks: []topology.Network{{ID: "n", Name: "n", Driver: "bridge", Scope: "local"}},
			Containers: []topology.Container{
				{ID: "a", Name: "a", State: topology.Created, Mode: "n", Inspected: true, Wanted: []topology.Ports{test.wants}},
				{ID: "b", Name: "b", State: test.state, Mode: "n", Ports: []topology.Ports{test.has}},
			},
		}
		s.Sort()
		ix := topology.NewIndex(&s)
		f := explain.OfContainer(ix, ix.Container("a"), explain.Details{})
		if taken := len(f.Taken) == 1 && f.Taken[0].By == "b"; taken != test.taken {
			t.Errorf("%s: %v", name, f.Taken)
		}
		if len(f.Asked) != 1 {
			t.Errorf("%s: asked %v", name, f.Asked)
		}
		sameInBoth(t, name, f)
	}
}

// What Docker publishes nowhere, as no network of the container takes what comes from
// outside, is in none of its lists; it was asked for all the same.
func TestPortsThatLeadNowhere(t *testing.T) {
	for product, want := range map[string]int{topology.ProductDocker: 2, topology.ProductPodman: 0} { // Podman lists them
		s := topology.Snapshot{
			Engine:   topology.Engine{Product: product, Version: "28.5.2"},
			Networks: []topology.Network{{ID: "n", Name: "n", Driver: "bridge", Scope: "local", Internal: true}},
			Containers: []topology.Container{{
				ID: "a", Name: "a", State: topology.Running, Mode: "n", Inspected: true,
				Wanted:    []topology.Ports{{First: 90, HostPort: 9090, Protocol: "tcp"}},
				WantedAny: []topology.Ports{{First: 80, Protocol: "tcp"}},
			}},
			Attachments: []topology.Attachment{{NetworkID: "n", NetworkName: "n", ContainerID: "a", State: topology.Live, IPv4: topology.ParseAddress("10.0.0.2"), PrefixLen4: 24}},
		}
		s.Sort()
		ix := topology.NewIndex(&s)
		f := explain.OfContainer(ix, ix.Container("a"), explain.Details{})
		if len(f.Ports) != want {
			t.Errorf("%s: %+v", product, f.Ports)
		}
		for _, port := range f.Ports {
			if port.Leads != diagnose.ForecastNo {
				t.Errorf("%s: %+v leads: %s", product, port, port.Leads)
			}
		}
		sameInBoth(t, product, f)
	}
}
