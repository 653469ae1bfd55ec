package engine_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func front() enginetest.Network { return enginetest.Bridge("front", "172.20.0.0/16", "172.20.0.1") }

func back() enginetest.Network { return enginetest.Bridge("back", "172.21.0.0/16", "172.21.0.1") }

// in is a container on the network front in some state.
func in(state string) enginetest.Container {
	return enginetest.Container{Name: state, State: state, On: []enginetest.Endpoint{enginetest.On("front", "172.20.0.2")}}
}

func TestEveryState(t *testing.T) {
	s := snapshot(t, enginetest.Docker28, front(),
		in("created"), in("running"), in("paused"), in("restarting"), in("removing"), in("exited"), in("dead"))
	expect(t, "attachments", attachments(s),
		"running on front: live 172.20.0.2", "paused on front: live 172.20.0.2",
		"created on front: configured", "restarting on front: configured", "removing on front: configured",
		"exited on front: configured", "dead on front: configured")
	expect(t, "gaps", gaps(s))
	for _, c := range s.Containers {
		if string(c.State) != c.Name {
			t.Errorf("container %s has state %s", c.Name, c.State)
		}
	}
}

func TestNeverRan(t *testing.T) {
	long, other := enginetest.ID("front"), enginetest.Network{Name: "twin", ID: enginetest.ID("front")[:8] + enginetest.ID("x")[8:]}
	for name, c := range map[string]struct {
		typed, want string
	}{
		"a name":                       {"front", "c on front: configured"},
		"a full ID":                    {long, "c on front: configured"},
		"the beginning of an ID":       {long[:12], "c on front: configured"},
		"a beginning that two have":    {long[:8], "c on ?" + long[:8] + ": ambiguous"},
		"a name that nothing has":      {"frnt", "c on ?frnt: dangling"},
		"a beginning that nothing has": {"ffff", "c on ?ffff: dangling"},
	} {
		t.Run(name, func(t *testing.T) {
			s := snapshot(t, enginetest.Docker20, front(), other, enginetest.NeverRan("c", enginetest.On(c.typed, "")))
			expect(t, "attachments", attachments(s), c.want)
		})
	}
}

func TestRanBeforeHoldsTheID(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, front(), back(),
		enginetest.Stopped("old", enginetest.On("front", "")), enginetest.NeverRan("new", enginetest.On("front", "")))
	fake.RemoveNetwork("front")
	fake.Create(enginetest.Network{Name: "front", ID: enginetest.ID("made anew")})
	s, err := open(t, fake).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// A new network of the same name is not the one that "old" holds.
	expect(t, "attachments", attachments(s), "old on ?front: dangling", "new on front: configured")
	if a := topology.NewIndex(s).Of(enginetest.ID("old"))[0]; a.NetworkID != enginetest.ID("front") {
		t.Errorf("the dangling attachment holds %q, want the ID of the network that is gone", a.NetworkID)
	}
}

func TestSharers(t *testing.T) {
	s := snapshot(t, enginetest.Docker28, front(), enginetest.Running("web", enginetest.On("front", "172.20.0.2")),
		enginetest.Sharing("vpn", "web"), enginetest.Sharing("orphan", "gone"))
	expect(t, "attachments", attachments(s), "web on front: live 172.20.0.2")
	ix := topology.NewIndex(s)
	if got := ix.Sharers(enginetest.ID("web")); len(got) != 1 || got[0].Name != "vpn" {
		t.Errorf("web's namespace is shared by %v, want vpn", got)
	}
	if got := ix.Sharers(enginetest.ID("gone")); len(got) != 1 || got[0].Name != "orphan" {
		t.Errorf("the namespace of one that is gone is shared by %v, want orphan", got)
	}
}

func TestHostAndNone(t *testing.T) {
	s := snapshot(t, enginetest.Docker28,
		enginetest.Running("exporter", enginetest.On("host", "")), enginetest.Stopped("hermit", enginetest.On("none", "")))
	expect(t, "attachments", attachments(s), "exporter on host: live", "hermit on none: configured")
}

func TestPredefinedWithANewID(t *testing.T) {
	// The engine makes bridge, host and none anew when it starts, and a
	// stopped container keeps the old ID. It starts all the same.
	stale := func(network string) enginetest.Endpoint {
		return enginetest.Endpoint{Network: network, NetworkID: enginetest.ID("before the restart " + network)}
	}
	s := snapshot(t, enginetest.Docker20, front(), enginetest.Stopped("a", stale("bridge")), enginetest.Stopped("b", stale("host")),
		enginetest.Stopped("c", stale("none")), enginetest.Stopped("d", stale("front")))
	expect(t, "attachments", attachments(s), "a on bridge: configured", "b on host: configured", "c on none: configured", "d on ?front: dangling")
}

func TestStoppedAndDisconnected(t *testing.T) {
	c := enginetest.Stopped("db")
	c.Mode = "back" // the mode stays when the network is taken away
	s := snapshot(t, enginetest.Docker28, back(), c)
	expect(t, "attachments", attachments(s))
	if s.Containers[0].Mode != "back" {
		t.Errorf("the mode is %q, want back", s.Containers[0].Mode)
	}
}

func TestSwarm(t *testing.T) {
	elsewhere := enginetest.Endpoint{Network: "mesh", NetworkID: enginetest.SwarmID("mesh")}
	gone := enginetest.Endpoint{Network: "local", NetworkID: enginetest.ID("local")}
	objects := []enginetest.Object{
		enginetest.Overlay("here", "10.0.1.0/24"), enginetest.Running("task", enginetest.On("here", "10.0.1.3")),
		enginetest.Stopped("a", elsewhere), enginetest.Stopped("b", gone), enginetest.NeverRan("c", enginetest.On("mesh", "")),
	}
	for role, c := range map[string]struct {
		role topology.SwarmRole
		want []string
	}{
		// A worker lists an overlay only while it has an endpoint on it.
		"active/worker":  {topology.SwarmWorker, []string{"a on ?mesh: unverified", "b on ?local: dangling", "c on ?mesh: unverified"}},
		"active/manager": {topology.SwarmManager, []string{"a on ?mesh: dangling", "b on ?local: dangling", "c on ?mesh: dangling"}},
		"inactive":       {topology.SwarmInactive, []string{"a on ?mesh: dangling", "b on ?local: dangling", "c on ?mesh: dangling"}},
		// 20.10 does not say it, and the ID is one of a swarm.
		"": {"", []string{"a on ?mesh: unverified", "b on ?local: dangling", "c on ?mesh: dangling"}},
	} {
		t.Run(role, func(t *testing.T) {
			s := snapshot(t, enginetest.Docker28.InSwarm(role), objects...)
			expect(t, "attachments", attachments(s), append(c.want, "task on here: live 10.0.1.3")...)
			if s.Engine.Swarm != c.role {
				t.Errorf("the role is %q, want %q", s.Engine.Swarm, c.role)
			}
		})
	}
}

func TestSwarmThatIsNotSaid(t *testing.T) {
	// An engine that does not say whether it is in a swarm shows it by the
	// ingress network, and is asked for its part.
	ingress := enginetest.Overlay("ingress", "10.0.0.0/24")
	ingress.Ingress = true
	for role, want := range map[string]string{"worker": "unverified", "manager": "dangling"} {
		s := snapshot(t, enginetest.Docker20.InSwarm("active/"+role), ingress, enginetest.NeverRan("c", enginetest.On("mesh", "")))
		expect(t, "attachments", attachments(s), "c on ?mesh: "+want)
		if string(s.Engine.Swarm) != role {
			t.Errorf("the role is %q, want %s", s.Engine.Swarm, role)
		}
	}
	// One that gives no answer is not known.
	fake := enginetest.Start(t, enginetest.Docker20.InSwarm("active/manager"), ingress, enginetest.NeverRan("c", enginetest.On("mesh", "")))
	fake.Fail("GET /info", enginetest.Status(500, "no"))
	s, err := open(t, fake).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "attachments", attachments(s), "c on ?mesh: unverified")
}

func TestAddressesThatTheSwarmChose(t *testing.T) {
	// The engine writes them where it writes what was asked for, until the
	// container stops.
	asked := func(ip, static string) enginetest.Endpoint {
		return enginetest.Endpoint{Network: "mesh", IPv4: ip, Static4: static}
	}
	s := snapshot(t, enginetest.Docker28.InSwarm("active/manager"), enginetest.Overlay("mesh", "10.0.1.0/24"), front(),
		enginetest.Running("up", asked("10.0.1.2", "10.0.1.2")), enginetest.Stopped("down", asked("", "10.0.1.9")),
		enginetest.Running("local", enginetest.Endpoint{Network: "front", IPv4: "172.20.0.9", Static4: "172.20.0.9"}))
	ix := topology.NewIndex(s)
	for name, want := range map[string]struct {
		static  string
		unknown bool
	}{"up": {"", true}, "down": {"10.0.1.9", false}, "local": {"172.20.0.9", false}} {
		a := ix.Of(enginetest.ID(name))[0]
		if a.Static4.String() != want.static || a.StaticUnknown != want.unknown {
			t.Errorf("%s asks for %q, unknown: %t; want %q and %t", name, a.Static4, a.StaticUnknown, want.static, want.unknown)
		}
	}
}

func TestDuplicateNames(t *testing.T) {
	second := enginetest.Network{Name: "front", ID: enginetest.ID("second")}
	s := snapshot(t, enginetest.Docker20, front(), second, enginetest.Running("web", enginetest.On("front", "172.20.0.2")),
		enginetest.NeverRan("new", enginetest.On("front", "")), enginetest.NeverRan("exact", enginetest.On(enginetest.ID("second"), "")))
	expect(t, "attachments", attachments(s), "web on front: live 172.20.0.2", "new on ?front: ambiguous", "exact on front: configured")
	ix := topology.NewIndex(s)
	if a := ix.Of(enginetest.ID("exact"))[0]; a.NetworkID != enginetest.ID("second") {
		t.Errorf("one made with a full ID is on %s", a.NetworkID)
	}
	if !ix.Duplicate("front") || ix.Duplicate("bridge") {
		t.Error("front is to be a duplicate name, and bridge none")
	}
}

func TestFacts(t *testing.T) {
	network := enginetest.Network{
		Name: "shop_front", Internal: true, IPv6: true, Created: time.Date(2025, 1, 2, 3, 4, 5, 6, time.UTC),
		Pools:   []enginetest.Pool{{Subnet: "172.20.0.0/16", Range: "172.20.5.0/24", Gateway: "172.20.0.1"}, {Subnet: "fd00::/64", Gateway: "fd00::1"}},
		Options: map[string]string{"com.docker.network.bridge.enable_icc": "false"},
		Labels:  map[string]string{topology.LabelComposeProject: "shop", topology.LabelComposeNetwork: "front"},
	}
	container := enginetest.Running("shop-web-1", enginetest.Endpoint{Network: "shop_front", IPv4: "172.20.5.2", IPv6: "fd00::2", Static4: "172.20.5.2"})
	container.Labels = map[string]string{"com.docker.compose.project": "shop", "com.docker.compose.service": "web"}
	container.Ports = []enginetest.Port{{Container: 80, Host: 8080}, {Container: 443}}
	task := enginetest.Running("mesh_web.1.abc")
	task.Labels = map[string]string{
		"com.docker.stack.namespace": "mesh", "com.docker.swarm.service.name": "mesh_web", "com.docker.swarm.task.id": "abc",
	}
	s := snapshot(t, enginetest.Docker28, network, container, task)
	ix := topology.NewIndex(s)
	n, c := ix.Network(enginetest.ID("shop_front")), ix.Container(enginetest.ID("shop-web-1"))
	wantNetwork := topology.Network{
		ID: enginetest.ID("shop_front"), Name: "shop_front", Driver: "bridge", Scope: "local", Created: network.Created,
		Internal: true, IPv4: topology.Yes, IPv6: true, Opts: network.Options, Labels: network.Labels,
		IPAM: topology.IPAM{Driver: "default", Pools: []topology.Pool{
			{Subnet: topology.ParseSubnet("172.20.0.0/16"), Range: topology.ParseSubnet("172.20.5.0/24"), Gateway: topology.ParseAddress("172.20.0.1")},
			{Subnet: topology.ParseSubnet("fd00::/64"), Gateway: topology.ParseAddress("fd00::1")},
		}},
	}
	if !reflect.DeepEqual(*n, wantNetwork) {
		t.Errorf("the network is\n%+v, want\n%+v", *n, wantNetwork)
	}
	wantContainer := topology.Container{
		ID: enginetest.ID("shop-web-1"), Name: "shop-web-1", Image: "fake", State: topology.Running, Created: time.Unix(1715000000, 0).UTC(),
		Mode: "shop_front", Project: "shop", Service: "web", Ports: []topology.Ports{
			{First: 443, Protocol: "tcp"},
			{First: 80, Protocol: "tcp", HostPort: 8080, HostIP: topology.ParseAddress("0.0.0.0")},
			{First: 80, Protocol: "tcp", HostPort: 8080, HostIP: topology.ParseAddress("::")},
		},
	}
	if !reflect.DeepEqual(*c, wantContainer) {
		t.Errorf("the container is\n%+v, want\n%+v", *c, wantContainer)
	}
	a := ix.Of(c.ID)[0]
	if a.PrefixLen4 != 16 || a.PrefixLen6 != 64 || a.Gateway4.String() != "172.20.0.1" || a.Gateway6.String() != "fd00::1" ||
		a.Static4.String() != "172.20.5.2" || a.EndpointID == "" || a.MAC == "" || a.AliasesRead {
		t.Errorf("the attachment is %+v", *a)
	}
	if got := ix.Container(enginetest.ID("mesh_web.1.abc")); !got.IsTask() || got.Group() != "mesh" || got.SwarmService != "mesh_web" {
		t.Errorf("the task is %+v", *got)
	}
	e := s.Engine
	if e.Product != topology.ProductDocker || e.Version != "28.5.2" || e.API != "1.51" || e.OS != "linux" || e.Swarm != topology.SwarmInactive {
		t.Errorf("the engine is %+v", e)
	}
}

func TestIPv4NotSaid(t *testing.T) {
	// Below API 1.48 the field is absent, which is not "off".
	s := snapshot(t, enginetest.Docker20, front())
	if got := topology.NewIndex(s).Network(enginetest.ID("front")).IPv4; got != topology.Unknown {
		t.Errorf("IPv4 is %v, want not known", got)
	}
}

func TestExposedRange(t *testing.T) {
	c := enginetest.Running("web")
	for port := 10000; port < 40000; port++ {
		c.Ports = append(c.Ports, enginetest.Port{Container: uint16(port)})
	}
	c.Ports = append(c.Ports, enginetest.Port{Container: 50000, Host: 50000, IP: "127.0.0.1"}, enginetest.Port{Container: 50001, Host: 50001, IP: "127.0.0.1"},
		enginetest.Port{Container: 50002, Host: 50009, IP: "127.0.0.1"})
	rand.Shuffle(len(c.Ports), func(i, j int) { c.Ports[i], c.Ports[j] = c.Ports[j], c.Ports[i] })
	s := snapshot(t, enginetest.Docker28, c)
	loopback := topology.ParseAddress("127.0.0.1")
	want := []topology.Ports{
		{First: 10000, Count: 30000, Protocol: "tcp"},
		{First: 50000, Count: 2, Protocol: "tcp", HostPort: 50000, HostIP: loopback},
		{First: 50002, Protocol: "tcp", HostPort: 50009, HostIP: loopback},
	}
	if got := s.Containers[0].Ports; !reflect.DeepEqual(got, want) {
		t.Errorf("the ports are %+v, want %+v", got, want)
	}
}

func TestOddAddresses(t *testing.T) {
	pool := func(name, subnet, gateway string) enginetest.Network { return enginetest.Bridge(name, subnet, gateway) }
	vip := `{"Name":"vip","Id":"` + enginetest.ID("vip") + `","Driver":"overlay","Scope":"swarm","IPAM":{"Config":null},
		"Services":{"web":{"VIP":"<nil>","Ports":[],"LocalLBIndex":0,"Tasks":null}},"Peers":[{"Name":"x","IP":"nowhere"}]}`
	s := snapshot(t, enginetest.Docker26, front(),
		pool("auto6", "fd05::/112", "fd05::1/112"), // moby#52991
		enginetest.Network{Name: "vip", Raw: vip},
		pool("rubbish", "300.1.2.3/99", "up the hill"),
		enginetest.Running("web", enginetest.On("front", "172.20.0.2")),
		enginetest.Running("odd", enginetest.On("front", "<nil>")))
	expect(t, "attachments", attachments(s), "web on front: live 172.20.0.2", "odd on front: live <nil>")
	expect(t, "gaps", gaps(s),
		`attachment odd, IPv4 address on front "<nil>": not an address`,
		`network rubbish, gateway "up the hill": not an address`,
		`network rubbish, subnet "300.1.2.3/99": not a subnet`)
	ix := topology.NewIndex(s)
	if got := ix.Network(enginetest.ID("auto6")).IPAM.Pools[0].Gateway; got.Odd() || got.String() != "fd05::1" {
		t.Errorf("the gateway is %q", got)
	}
	if ix.Network(enginetest.ID("vip")) == nil {
		t.Error("the network with VIP <nil> is missing")
	}
	if got := ix.Network(enginetest.ID("rubbish")).IPAM.Pools[0].Gateway.String(); got != "up the hill" {
		t.Errorf("the text of the address became %q", got)
	}
}

func TestOddElements(t *testing.T) {
	raw := func(text string) enginetest.Container { return enginetest.Container{Name: "x", Raw: text} }
	s := snapshot(t, enginetest.Docker28, front(),
		enginetest.Network{Name: "n", Raw: `{"Id":"` + enginetest.ID("n") + `","Name":"n","Driver":7,"Scope":"local","Created":"once"}`},
		enginetest.Network{Name: "x", Raw: `"a string"`},
		enginetest.Running("first", enginetest.On("front", "172.20.0.2")),
		raw(`{"Id":"`+enginetest.ID("half")+`","Names":["/half"],"State":["running"],"NetworkSettings":{"Networks":{"front":{"NetworkID":"`+enginetest.ID("front")+`"}}}}`),
		raw(`[1]`), raw(`null`),
		enginetest.Running("last", enginetest.On("front", "172.20.0.3")))
	expect(t, "attachments", attachments(s), "first on front: live 172.20.0.2", "last on front: live 172.20.0.3", "half on front: configured")
	form := "not of the form the API promises: "
	want := []string{
		`container half, State "array": ` + form,
		`container number 3 of the list,  "array": ` + form,
		`container number 4 of the list,  "": ` + form + "it has no ID",
		`network n, Driver "number": ` + form,
		`network n, created "\"once\"": not a time`,
		`network number 6 of the list,  "string": ` + form,
	}
	got := gaps(s)
	if len(got) != len(want) {
		t.Fatalf("gaps: %q, want %q", got, want)
	}
	for i := range want {
		if len(got[i]) < len(want[i]) || got[i][:len(want[i])] != want[i] {
			t.Errorf("gap %q, want it to begin with %q", got[i], want[i])
		}
	}
}

func TestNamesMayHoldAnything(t *testing.T) {
	names := []string{"two words", "-dash", "../../etc", `qu"ote`, "\x1b[31mred", "<script>", "שלום", "new\nline", fmt.Sprintf("%05000d", 1)}
	var objects []enginetest.Object
	for _, name := range names {
		objects = append(objects, enginetest.Network{Name: name})
	}
	objects = append(objects, enginetest.Running("web", enginetest.On("\x1b[31mred", "172.20.0.2")))
	ix := topology.NewIndex(snapshot(t, enginetest.Docker20, objects...))
	for _, name := range names {
		if n := ix.Network(enginetest.ID(name)); n == nil || n.Name != name {
			t.Errorf("the network %q became %v", name, n)
		}
	}
	if len(ix.On(enginetest.ID("\x1b[31mred"))) != 1 {
		t.Error("nobody is on the network whose name has an escape sequence")
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	objects := []enginetest.Object{
		front(), back(), enginetest.Bridge("net10", "10.0.10.0/24", ""), enginetest.Bridge("net2", "10.0.2.0/24", ""),
		enginetest.Running("web", enginetest.On("front", "172.20.0.2"), enginetest.On("back", "172.21.0.2")),
		enginetest.Stopped("db", enginetest.On("back", "")), enginetest.Stopped("s1", enginetest.On("gone", "")),
	}
	want := snapshot(t, enginetest.Docker28, objects...)
	for range 3 {
		networks, containers := objects[:4:4], objects[4:]
		rand.Shuffle(len(networks), func(i, j int) { networks[i], networks[j] = networks[j], networks[i] })
		rand.Shuffle(len(containers), func(i, j int) { containers[i], containers[j] = containers[j], containers[i] })
		got := snapshot(t, enginetest.Docker28, objects...)
		got.TakenAt, got.Engine.Endpoint = want.TakenAt, want.Engine.Endpoint
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("the snapshot depends on the order of the reply:\n%+v\n%+v", got, want)
		}
	}
}
