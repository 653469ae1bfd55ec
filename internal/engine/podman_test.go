package engine_test

import (
	"reflect"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestPodman(t *testing.T) {
	sharer := enginetest.Sharing("vpn", "api")
	stoppedSharer := enginetest.Sharing("off", "api")
	stoppedSharer.State = "exited"
	backend := enginetest.On("back", "172.21.0.9")
	backend.Aliases = []string{"backend"}
	s := snapshot(t, enginetest.Podman, front(), back(),
		enginetest.Running("api", enginetest.On("front", "172.20.0.3"), backend), sharer, stoppedSharer,
		enginetest.Stopped("db", enginetest.On("back", "")), enginetest.NeverRan("new", enginetest.On("front", "")),
		enginetest.Running("exporter", enginetest.On("host", "")), enginetest.Stopped("hermit", enginetest.On("none", "")),
		enginetest.Container{Name: "plain", State: "paused", On: []enginetest.Endpoint{enginetest.On("bridge", "10.88.0.2")}},
		enginetest.Stopped("lost", enginetest.On("gone", "")))
	expect(t, "attachments", attachments(s),
		"api on front: live 172.20.0.3", "api on back: live 172.21.0.9", "db on back: configured", "new on front: configured",
		"exporter on host: live", "hermit on none: configured", "plain on bridge: live 10.88.0.2", "lost on ?gone: dangling")
	expect(t, "gaps", gaps(s))
	ix := topology.NewIndex(s)
	sharers := ix.Sharers(enginetest.ID("api"))
	if len(sharers) != 2 || sharers[0].Name != "off" || sharers[1].Name != "vpn" {
		t.Errorf("api's namespace is shared by %v, want off and vpn", sharers)
	}
	// Podman lists no network host or none.
	for _, mode := range []string{"host", "none"} {
		if n := ix.Network(mode); n == nil || !n.Implied {
			t.Errorf("the network %s is %+v, want it implied", mode, n)
		}
	}
	if e := s.Engine; e.Product != topology.ProductPodman || e.Version != "5.4.2" || e.OS != "linux" {
		t.Errorf("the engine is %+v", e)
	}
}

func TestAddressesOfTheLastRun(t *testing.T) {
	// An engine may still tell them of a container that is not up. They are
	// not its addresses any more; the one that the user asked for is kept.
	raw := `{"Id":"` + enginetest.ID("db") + `","Names":["/db"],"State":"exited","NetworkSettings":{"Networks":{"front":{
		"NetworkID":"` + enginetest.ID("front") + `","EndpointID":"e","IPAddress":"172.20.0.9","IPPrefixLen":16,"Gateway":"172.20.0.1",
		"GlobalIPv6Address":"fd00::9","GlobalIPv6PrefixLen":64,"IPv6Gateway":"fd00::1","MacAddress":"02:00:00:00:00:09",
		"IPAMConfig":{"IPv4Address":"172.20.0.9"},"Aliases":["` + enginetest.ID("db")[:12] + `"]}}}}`
	s := snapshot(t, enginetest.Podman, front(), enginetest.Container{Name: "db", Raw: raw})
	want := topology.Attachment{
		NetworkID: enginetest.ID("front"), NetworkName: "front", ContainerID: enginetest.ID("db"), State: topology.Configured,
		Static4: topology.ParseAddress("172.20.0.9"),
	}
	if len(s.Attachments) != 1 || !reflect.DeepEqual(s.Attachments[0], want) {
		t.Errorf("the attachments are\n%+v, want one,\n%+v", s.Attachments, want)
	}
}

func TestPodmanImpliesNothingUnused(t *testing.T) {
	s := snapshot(t, enginetest.Podman, front())
	for _, n := range s.Networks {
		if n.Implied {
			t.Errorf("%s is implied, and nobody names it", n.Name)
		}
	}
}

func TestShortIDAsAliasOnDocker(t *testing.T) {
	// What tells a sharer on Podman means nothing on Docker.
	fake := enginetest.Start(t, enginetest.Docker20, front(), enginetest.Running("web", enginetest.On("front", "172.20.0.2")),
		enginetest.Running("other", enginetest.Endpoint{Network: "front", IPv4: "172.20.0.3", Aliases: []string{enginetest.ID("web")[:12]}}))
	s, err := open(t, fake).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "attachments", attachments(s), "web on front: live 172.20.0.2", "other on front: live 172.20.0.3")
}
