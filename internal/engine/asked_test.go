package engine_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// An inspect tells of a container that is not up what it asks for on its next start,
// and why the last one failed. Without an inspect, that is not known.
func TestWhatAContainerAsksFor(t *testing.T) {
	for _, flavour := range []enginetest.Flavour{enginetest.Docker20, enginetest.Docker28, enginetest.Podman} {
		db := enginetest.Stopped("db", enginetest.On("front", ""))
		db.Ports = []enginetest.Port{{Container: 80, Host: 8080, IP: "127.0.0.1"}, {Container: 81, IP: "127.0.0.1"}, {Container: 53, Host: 5353, Protocol: "udp"}}
		db.Restart, db.StartError = "always", "port is already allocated"
		fake := enginetest.Start(t, flavour, front(), db)
		before, after, err := withAliases(t, fake, nothing)
		if err != nil {
			t.Fatal(err)
		}
		if c := before.Containers[0]; c.Inspected || c.Wanted != nil || c.Restart != "" || c.StartError != "" {
			t.Errorf("%s: without an inspect, it is told %+v", flavour.Version, c)
		}
		c := after.Containers[0]
		want := []topology.Ports{
			{First: 53, Protocol: "udp", HostPort: 5353},
			{First: 80, Protocol: "tcp", HostPort: 8080, HostIP: topology.ParseAddress("127.0.0.1")},
		}
		free := []topology.Ports{{First: 81, Protocol: "tcp", HostIP: topology.ParseAddress("127.0.0.1")}}
		if !c.Inspected || c.Restart != "always" || c.StartError != "port is already allocated" || !reflect.DeepEqual(c.Wanted, want) || !reflect.DeepEqual(c.WantedAny, free) {
			t.Errorf("%s: told %+v, want the ports %+v", flavour.Version, c, want)
		}
	}
}

func TestNetworkDrivers(t *testing.T) {
	for flavour, want := range map[*enginetest.Flavour][]string{
		&enginetest.Docker28: {"bridge", "host", "ipvlan", "macvlan", "null", "overlay"},
		&enginetest.Podman:   {"bridge", "ipvlan", "macvlan"},
	} {
		fake := enginetest.Start(t, *flavour)
		got, err := open(t, fake).Info(t.Context())
		if err != nil || !slices.Equal(got.Drivers, want) {
			t.Errorf("%s: %+v, %v; want %v", flavour.Version, got, err, want)
		}
	}
}
