package diagnose_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// pair is a snapshot of two containers, a and b, each live on the networks named
// after its letter, with addresses that say where.
func pair(aOn, bOn []string, networks ...topology.Network) *topology.Snapshot {
	s := &topology.Snapshot{
		Engine:     topology.Engine{Product: topology.ProductDocker, Version: "28.5.2", OS: "linux"},
		Networks:   networks,
		Containers: []topology.Container{{ID: "a", Name: "a", State: topology.Running}, {ID: "b", Name: "b", State: topology.Running}},
	}
	for host, names := range [][]string{aOn, bOn} {
		for _, name := range names {
			s.Attachments = append(s.Attachments, topology.Attachment{
				NetworkID: name, NetworkName: name, ContainerID: s.Containers[host].ID, State: topology.Live, AliasesRead: true,
				IPv4: topology.ParseAddress(map[int]string{0: "10.0.0.2", 1: "10.0.0.3"}[host]),
			})
		}
	}
	return s
}

func network(id, driver string) topology.Network {
	return topology.Network{ID: id, Name: id, Driver: driver, Scope: "local"}
}

func predict(s *topology.Snapshot) *diagnose.Reach {
	s.Sort()
	ix := topology.NewIndex(s)
	return diagnose.Predict(ix, ix.Container("a"), ix.Container("b"))
}

// TestReachOf holds forecasts for what no recording has.
func TestReachOf(t *testing.T) {
	one := []string{"net"}
	for _, test := range []struct {
		name   string
		s      *topology.Snapshot
		change func(*topology.Snapshot)
		path   diagnose.PathKind
		tcp    diagnose.Forecast
		dns    diagnose.Forecast
		reason diagnose.ReasonKind
		fix    diagnose.FixKind
	}{
		{name: "an overlay", s: pair(one, one, network("net", "overlay")), path: diagnose.SharedNetwork, tcp: "yes", dns: "yes", reason: diagnose.ReasonSharedNetwork},
		{
			name: "an overlay that the source is not on", s: pair([]string{"front"}, one, network("front", "bridge"), network("net", "overlay")),
			path: diagnose.NoPath, tcp: "no", dns: "no", reason: diagnose.ReasonNoSharedNetwork, fix: diagnose.FixConnect,
		},
		{name: "a plugin's network", s: pair(one, one, network("net", "weave")), path: diagnose.SharedNetwork, tcp: "unknown", dns: "yes", reason: diagnose.ReasonUnknownDriver},
		{
			name: "a source on a plugin's network", s: pair(one, []string{"back"}, network("net", "weave"), network("back", "bridge")),
			path: diagnose.NoPath, tcp: "unknown", dns: "no", reason: diagnose.ReasonUnknownDriver,
		},
		{
			name: "another product", s: pair(one, one, network("net", "bridge")), change: func(s *topology.Snapshot) { s.Engine.Product = "" },
			path: diagnose.SharedNetwork, tcp: "unknown", dns: "yes", reason: diagnose.ReasonUnknownEngine,
		},
		{
			name: "an attachment that could not be read", s: pair(one, nil, network("net", "bridge")), change: func(s *topology.Snapshot) {
				s.Unread = []topology.Gap{{What: "attachment", ID: "b", Name: "b", Reason: "odd"}}
			},
			path: diagnose.NoPath, tcp: "unknown", dns: "unknown", reason: diagnose.ReasonNoNetwork,
		},
		{
			name: "a network that could not be read", s: pair([]string{"front"}, one, network("front", "bridge"), network("net", "bridge")),
			change: func(s *topology.Snapshot) {
				s.Unread = []topology.Gap{{What: "network", Reason: "not JSON"}}
			},
			path: diagnose.NoPath, tcp: "unknown", dns: "unknown", reason: diagnose.ReasonNotRead,
		},
		{
			name: "a selection", s: pair([]string{"front"}, one, network("front", "bridge"), network("net", "bridge")),
			change: func(s *topology.Snapshot) { s.Partial = true },
			path:   diagnose.NoPath, tcp: "unknown", dns: "unknown", reason: diagnose.ReasonNotRead,
		},
		{
			name: "two bridges", s: pair([]string{"front"}, one, network("front", "bridge"), network("net", "bridge")),
			path: diagnose.NoPath, tcp: "no", dns: "no", reason: diagnose.ReasonNoSharedNetwork, fix: diagnose.FixConnect,
		},
		{
			name: "made for none, and taken off that", s: pair(one, one, network("net", "bridge")),
			change: func(s *topology.Snapshot) { s.Containers[0].Mode = topology.NetworkNone },
			path:   diagnose.SharedNetwork, tcp: "yes", dns: "yes", reason: diagnose.ReasonSharedNetwork,
		},
		{
			name: "the default bridge", s: pair([]string{"bridge"}, []string{"bridge"}, network("bridge", "bridge")),
			path: diagnose.SharedNetwork, tcp: "yes", dns: "no", reason: diagnose.ReasonSharedNetwork, fix: diagnose.FixConnectNew,
		},
		{
			name: "one that is stopped", s: pair(one, nil, network("net", "bridge")), change: func(s *topology.Snapshot) { s.Containers[1].State = topology.Exited },
			path: diagnose.NoPath, tcp: "no", dns: "no", reason: diagnose.ReasonNotRunning, fix: diagnose.FixStart,
		},
		{
			name: "one that is paused", s: pair(one, one, network("net", "bridge")), change: func(s *topology.Snapshot) { s.Containers[1].State = topology.Paused },
			path: diagnose.SharedNetwork, tcp: "yes", dns: "yes", reason: diagnose.ReasonPaused, fix: diagnose.FixUnpause,
		},
		{
			name: "one between two starts", s: pair(one, nil, network("net", "bridge")), change: func(s *topology.Snapshot) { s.Containers[1].State = topology.Restarting },
			path: diagnose.NoPath, tcp: "unknown", dns: "unknown", reason: diagnose.ReasonRestarting,
		},
		{
			name: "who shares with one that does not run", s: pair(one, nil, network("net", "bridge")), change: func(s *topology.Snapshot) {
				s.Containers[1].Mode = "container:c"
				s.Containers = append(s.Containers, topology.Container{ID: "c", Name: "c", State: topology.Exited})
			},
			path: diagnose.NoPath, tcp: "no", dns: "no", reason: diagnose.ReasonOwnerDown, fix: diagnose.FixStart,
		},
		{
			name: "who shares the host's with one that does not run", s: pair(one, nil, network("net", "bridge")), change: func(s *topology.Snapshot) {
				s.Containers[1].Mode = "container:c"
				s.Containers = append(s.Containers, topology.Container{ID: "c", Name: "c", State: topology.Exited, Mode: "host"})
			},
			path: diagnose.NoPath, tcp: "no", dns: "no", reason: diagnose.ReasonHostMode, // the network here has no gateway
		},
		{
			name: "Podman, with what only its own API tells unread", s: pair([]string{"front"}, one, network("front", "bridge"), network("net", "bridge")),
			change: func(s *topology.Snapshot) {
				s.Engine = topology.Engine{Product: topology.ProductPodman, Version: "5.4.2"}
			},
			path: diagnose.NoPath, tcp: "unknown", dns: "no", reason: diagnose.ReasonIsolationUnknown,
		},
		{
			name: "a macvlan in private mode", s: pair(one, one, topology.Network{ID: "net", Name: "net", Driver: "macvlan", Opts: map[string]string{"macvlan_mode": "private"}}),
			path: diagnose.NoPath, tcp: "no", dns: "yes", reason: diagnose.ReasonMacvlanMode, fix: diagnose.FixConnectNew,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.change != nil {
				test.change(test.s)
			}
			r := predict(test.s)
			if r.TCP != test.tcp || r.Name != test.dns || r.Path != test.path {
				t.Errorf("TCP %s, name %s by %s; want %s, %s by %s", r.TCP, r.Name, r.Path, test.tcp, test.dns, test.path)
			}
			if len(r.Reasons) == 0 || r.Reasons[0].Kind != test.reason {
				t.Errorf("reasons are %v, want %s first", kindsOf(r.Reasons), test.reason)
			}
			var fix diagnose.FixKind
			if r.Fix != nil {
				fix = r.Fix.Kind
			}
			if fix != test.fix {
				t.Errorf("fix is %q, want %q", fix, test.fix)
			}
		})
	}
}

// TestAliasElsewhere: a name on a network that the source is not on is told, with
// the network, and services by their name.
func TestAliasElsewhere(t *testing.T) {
	s := pair([]string{"front", "mesh"}, []string{"front", "back"}, network("front", "bridge"), network("back", "bridge"),
		topology.Network{ID: "mesh", Name: "mesh", Driver: "overlay", Scope: "swarm", Services: []string{"web"}})
	for i := range s.Attachments {
		if s.Attachments[i].NetworkID == "back" {
			s.Attachments[i].Aliases = []string{"db"}
		}
	}
	s.Sort()
	ix := topology.NewIndex(s)
	a := ix.Container("a")
	res := diagnose.Resolvable(ix, a, "db")
	if res.Forecast != diagnose.ForecastNo || res.Reason.Kind != diagnose.ReasonAliasElsewhere || res.Network.ID != "back" {
		t.Errorf("db: %s on %v: %v", res.Forecast, res.Network, res.Reason)
	}
	for _, name := range []string{"b.front", "B", "b"} {
		if res := diagnose.Resolvable(ix, a, name); res.Forecast != diagnose.ForecastYes {
			t.Errorf("%s: %s: %v", name, res.Forecast, res.Reason)
		}
	}
	for name, want := range map[string]diagnose.ReasonKind{"web": diagnose.ReasonServiceAddress, "tasks.web": diagnose.ReasonServiceAddress, "example.com": diagnose.ReasonNoSuchName} {
		if res := diagnose.Resolvable(ix, a, name); res.Reason == nil || res.Reason.Kind != want {
			t.Errorf("%s: %s: %v", name, res.Forecast, res.Reason)
		}
	}
}

// TestPredictAddress: an address is taken for the container that has it, for the
// host's, or else for one outside.
func TestPredictAddress(t *testing.T) {
	s := pair([]string{"net"}, []string{"net"}, topology.Network{ID: "net", Name: "net", Driver: "bridge", IPAM: topology.IPAM{
		Pools: []topology.Pool{{Subnet: topology.ParseSubnet("10.0.0.0/24"), Gateway: topology.ParseAddress("10.0.0.1")}},
	}})
	s.Sort()
	ix := topology.NewIndex(s)
	for address, want := range map[string]struct {
		kind   diagnose.TargetKind
		tcp    diagnose.Forecast
		reason diagnose.ReasonKind
	}{
		"10.0.0.3":     {diagnose.TargetContainer, "yes", diagnose.ReasonSharedNetwork},
		"10.0.0.2":     {diagnose.TargetContainer, "yes", diagnose.ReasonSameNamespace},
		"127.0.0.1":    {diagnose.TargetContainer, "yes", diagnose.ReasonSameNamespace},
		"10.0.0.1":     {diagnose.TargetHost, "yes", diagnose.ReasonHostGateway},
		"10.0.0.77":    {diagnose.TargetAddress, "unknown", diagnose.ReasonAsHost},
		"203.0.113.80": {diagnose.TargetAddress, "yes", diagnose.ReasonAsHost},
		"2001:db8::1":  {diagnose.TargetAddress, "no", diagnose.ReasonFamily}, // and nothing of IPv4
	} {
		r := diagnose.PredictAddress(ix, ix.Container("a"), netip.MustParseAddr(address))
		if r.Kind != want.kind || r.TCP != want.tcp || len(r.Addresses) != 1 {
			t.Errorf("%s: %s %s with %d addresses, want %s %s", address, r.Kind, r.TCP, len(r.Addresses), want.kind, want.tcp)
		}
		if got := kindsOf(r.Reasons); !slices.Equal(got, []diagnose.ReasonKind{want.reason}) {
			t.Errorf("%s: since %q, want %s", address, got, want.reason)
		}
	}
}
