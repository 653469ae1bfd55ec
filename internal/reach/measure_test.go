package reach

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/probe/wiretest"
)

type (
	place  = wiretest.Place
	echoes = map[string]wire.Echoes
	ports  = map[string]wire.Outcome
	names  = map[string]wire.Resolution
)

// answering are echo requests that these addresses answer.
func answering(addresses ...string) echoes {
	e := echoes{}
	for _, a := range addresses {
		e[a] = wiretest.Answers(3)
	}
	return e
}

func listening(sockets ...string) *place {
	p := &place{}
	for _, s := range sockets {
		protocol, on, _ := strings.Cut(s, " ")
		p.Namespace.Listeners = append(p.Namespace.Listeners, wiretest.Listens(protocol, on))
	}
	return p
}

func tcp(n uint16) Port { return Port{n, "tcp"} }

// outside stands for the internet: two addresses and a name.
var outside = []Words{
	{Text: "192.0.2.1", Address: netip.MustParseAddr("192.0.2.1")},
	{Text: "2001:db8::1", Address: netip.MustParseAddr("2001:db8::1")},
	{Text: "example.com", Host: "example.com"},
}

var quick = Options{Count: 3, Interval: QuickInterval, Wait: time.Second, Internet: outside}

// TestMeasure holds what is made of what a probe says: the verdict, the layer that
// fails, and the findings.
func TestMeasure(t *testing.T) {
	notPermitted := map[string]string{"echo": "socket: " + wire.NotPermitted}
	for _, test := range []struct {
		name     string
		from, to string
		change   func(*Options)
		source   *place
		target   *place
		raw      *place
		verdict  Verdict
		failed   Layer // at which it fails
		findings []FindingKind
		failure  string // a part of why it was not tested
	}{
		{
			name: "neighbours", from: "web", to: "api",
			source:  &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3")},
			verdict: Reached,
		},
		{
			name: "a port that is asked for", from: "web", to: "api:80",
			source:  &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), TCP: ports{"10.1.0.3:80": wire.Reached}},
			verdict: Reached,
		},
		{
			name: "a port by --port", from: "web", to: "api", change: func(o *Options) { o.Ports = []Port{tcp(80)} },
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), TCP: ports{"10.1.0.3:80": wire.Refused}},
			target: listening(), verdict: NotReached, failed: TCP, findings: []FindingKind{NotListening},
		},
		{
			name: "two ports of which one is refused", from: "web", to: "api:81", change: func(o *Options) { o.Ports = []Port{tcp(80)} },
			source: &place{
				Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"),
				TCP: ports{"10.1.0.3:80": wire.Reached, "10.1.0.3:81": wire.Refused},
			},
			target: listening("tcp 0.0.0.0:80"), verdict: NotReached, failed: TCP, findings: []FindingKind{NotListening},
		},
		{
			name: "a listener on loopback", from: "web", to: "db:5432",
			source: &place{Names: names{"db": wiretest.Named("10.1.0.4")}, Echo: answering("10.1.0.4"), TCP: ports{"10.1.0.4:5432": wire.Refused}},
			target: listening("tcp 127.0.0.1:5432"), verdict: NotReached, failed: TCP, findings: []FindingKind{LoopbackOnly},
		},
		{
			name: "an exposed port that refuses", from: "web", to: "db",
			source: &place{Names: names{"db": wiretest.Named("10.1.0.4")}, Echo: answering("10.1.0.4"), TCP: ports{"10.1.0.4:5432": wire.Refused}},
			target: listening("tcp 127.0.0.1:5432"), verdict: NotReached, failed: TCP, findings: []FindingKind{LoopbackOnly},
		},
		{
			name: "two ports that are listened on, of which one answers", from: "web", to: "api",
			source: &place{
				Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"),
				TCP: ports{"10.1.0.3:80": wire.Reached, "10.1.0.3:81": wire.Prohibited},
			},
			target: listening("tcp 0.0.0.0:81", "tcp 0.0.0.0:80"), verdict: Reached, findings: []FindingKind{FirewallRejects},
		},
		{
			name: "a port that is listened on, and is silent", from: "web", to: "api",
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3")},
			target: listening("tcp 0.0.0.0:81"), verdict: NotReached, failed: TCP, findings: []FindingKind{FirewallDrops},
		},
		{
			name: "a port that is exposed, and cannot be tested", from: "web", to: "db",
			source: &place{
				Names: names{"db": wiretest.Named("10.1.0.4")}, Echo: answering("10.1.0.4"),
				Failures: map[string]string{"connect": "too many open files"},
			},
			target: listening("tcp 0.0.0.0:5432"), verdict: NotTested, failure: "too many open files",
		},
		{
			name: "one that listens on loopback only", from: "web", to: "api",
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3")},
			target: listening("tcp 127.0.0.11:40001", "tcp 127.0.0.1:81"), verdict: Reached, findings: []FindingKind{LoopbackOnly},
		},
		{
			name: "one whose sockets cannot be read", from: "web", to: "api",
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3")},
			target: &place{Failures: map[string]string{"describe": "no proc"}}, verdict: Reached, findings: []FindingKind{SocketsUnread},
		},
		{
			name: "many ports, of which one that is left out answers", from: "web", to: "many",
			source: &place{Names: names{"many": wiretest.Named("10.1.0.8")}, Echo: answering("10.1.0.8"), TCP: ports{
				"10.1.0.8:80": wire.Refused, "10.1.0.8:8080": wire.Reached,
			}},
			target: listening("tcp 0.0.0.0:8080", "tcp 0.0.0.0:22"), verdict: Reached, findings: []FindingKind{NotListening},
		},
		{
			name: "a listener on another address", from: "web", to: "api:80",
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), TCP: ports{"10.1.0.3:80": wire.Refused}},
			target: listening("tcp 10.2.0.9:80", "tcp 127.0.0.1:80"), verdict: NotReached, failed: TCP, findings: []FindingKind{ElsewhereOnly},
		},
		{
			name: "a refusal although something listens", from: "web", to: "api:80",
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), TCP: ports{"10.1.0.3:80": wire.Refused}},
			target: listening("tcp 0.0.0.0:80"), verdict: NotReached, failed: TCP, findings: []FindingKind{FirewallRejects},
		},
		{
			name: "a port that is silent although something listens", from: "web", to: "api:80",
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3")},
			target: listening("tcp 0.0.0.0:80"), verdict: NotReached, failed: TCP, findings: []FindingKind{FirewallDrops},
		},
		{
			name: "a port that is prohibited", from: "web", to: "api:80",
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), TCP: ports{"10.1.0.3:80": wire.Prohibited}},
			target: listening(), verdict: NotReached, failed: TCP, findings: []FindingKind{FirewallRejects},
		},
		{
			name: "a port that closes at once", from: "web", to: "api:80",
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), TCP: ports{"10.1.0.3:80": wire.Closed}},
			target: listening(), verdict: NotReached, failed: TCP, findings: []FindingKind{ClosedAtOnce},
		},
		{
			name: "who listens cannot be read", from: "web", to: "api:80",
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), TCP: ports{"10.1.0.3:80": wire.Refused}},
			target: &place{Failures: map[string]string{"describe": "no proc"}}, verdict: NotReached, failed: TCP,
		},
		{
			name: "ICMP is dropped and TCP is not", from: "web", to: "db",
			source: &place{Names: names{"db": wiretest.Named("10.1.0.4")}, TCP: ports{"10.1.0.4:5432": wire.Reached}},
			target: listening("tcp 0.0.0.0:5432"), verdict: Reached, findings: []FindingKind{ICMPBlocked},
		},
		{
			name: "everything is dropped", from: "web", to: "api",
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}}, verdict: NotReached, failed: ICMP, findings: []FindingKind{FirewallDrops},
		},
		{
			name: "ICMP is rejected", from: "web", to: "api",
			source:  &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: echoes{"10.1.0.3": {Outcome: wire.Prohibited}}},
			verdict: NotReached, failed: ICMP, findings: []FindingKind{FirewallRejects},
		},
		{
			name: "some answers are missing", from: "web", to: "api",
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: echoes{
				"10.1.0.3": {Outcome: wire.Reached, Sent: 4, Received: 3, Min: time.Millisecond, Avg: time.Millisecond, Max: time.Millisecond},
			}},
			verdict: Reached, findings: []FindingKind{Lossy},
		},
		{
			name: "large packets are dropped", from: "web", to: "api",
			source: &place{
				Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"),
				MTU: map[string]wire.MTU{"10.1.0.3": {Outcome: wire.Silent, Path: 1400, Interface: 1500}},
			},
			verdict: Reached, findings: []FindingKind{LargeDropped},
		},
		{
			name: "no ICMP is asked for", from: "web", to: "api:80", change: func(o *Options) { o.NoICMP = true },
			source:  &place{Names: names{"api": wiretest.Named("10.1.0.3")}, TCP: ports{"10.1.0.3:80": wire.Reached}},
			verdict: Reached,
		},
		{
			name: "no ICMP is asked for, and no port is known", from: "web", to: "api", change: func(o *Options) { o.NoICMP = true },
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}}, verdict: NotTested,
		},
		{
			name: "UDP that answers", from: "web", to: "api:53/udp",
			source:  &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), UDP: ports{"10.1.0.3:53": wire.Reached}},
			verdict: Reached,
		},
		{
			name: "UDP that is silent", from: "web", to: "api:9/udp",
			source:  &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3")},
			verdict: NotTested, findings: []FindingKind{UDPSilent},
		},
		{
			name: "UDP that is refused", from: "web", to: "api:9/udp",
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), UDP: ports{"10.1.0.3:9": wire.Refused}},
			target: listening("tcp 0.0.0.0:9"), verdict: NotReached, failed: UDP, findings: []FindingKind{NotListening},
		},
		{
			name: "both families", from: "left", to: "right",
			source:  &place{Names: names{"right": wiretest.Named("10.4.0.3", "fd04::3")}, Echo: answering("10.4.0.3", "fd04::3")},
			verdict: Reached,
		},
		{
			name: "one family of two", from: "left", to: "right",
			source:  &place{Names: names{"right": wiretest.Named("10.4.0.3", "fd04::3")}, Echo: answering("10.4.0.3")},
			verdict: Reached, findings: []FindingKind{FirewallDrops, OneFamily},
		},
		{
			name: "only IPv6 is asked for, and fails", from: "left", to: "right", change: func(o *Options) { o.Family = 6 },
			source:  &place{Names: names{"right": wiretest.Named("10.4.0.3", "fd04::3")}, Echo: answering("10.4.0.3")},
			verdict: NotReached, failed: ICMP, findings: []FindingKind{FirewallDrops},
		},
		{
			name: "only IPv4 is asked for", from: "left", to: "right", change: func(o *Options) { o.Family = 4 },
			source:  &place{Names: names{"right": wiretest.Named("10.4.0.3", "fd04::3")}, Echo: answering("10.4.0.3")},
			verdict: Reached,
		},
		{
			name: "IPv6 where there is none", from: "web", to: "api", change: func(o *Options) { o.Family = 6 },
			source:  &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3")},
			verdict: NotReached, failed: Name,
		},
		{
			name: "no shared network", from: "web", to: "far",
			source: &place{}, verdict: NotReached, failed: Path,
		},
		{
			name: "no shared network, and yet it answers", from: "web", to: "far",
			source: &place{Echo: answering("10.2.0.3")}, verdict: NotReached, failed: Name, findings: []FindingKind{ByAddressOnly, Unforeseen},
		},
		{
			name: "only through the host", from: "web", to: "pub",
			source: &place{TCP: ports{"10.1.0.1:8080": wire.Reached}}, verdict: NotReached, failed: Name, findings: []FindingKind{ByHostOnly},
		},
		{
			name: "icc is off", from: "one", to: "two",
			source: &place{Names: names{"two": wiretest.Named("10.3.0.3")}}, verdict: NotReached, failed: Path,
		},
		{
			name: "icc is off, and yet it answers", from: "one", to: "two",
			source:  &place{Names: names{"two": wiretest.Named("10.3.0.3")}, Echo: answering("10.3.0.3")},
			verdict: Reached, findings: []FindingKind{Unforeseen},
		},
		{
			name: "the name is of another", from: "web", to: "api",
			source:  &place{Names: names{"api": wiretest.Named("10.1.0.4")}, Echo: answering("10.1.0.4")},
			verdict: Reached, findings: []FindingKind{WrongAnswer},
		},
		{
			name: "the resolver is silent", from: "web", to: "api",
			source:  &place{Names: names{"api": wiretest.Unnamed(wire.Silent)}, Echo: answering("10.1.0.3")},
			verdict: NotReached, failed: Name, findings: []FindingKind{NoAnswer},
		},
		{
			name: "the name is not found, and the address answers", from: "web", to: "api",
			source: &place{Echo: answering("10.1.0.3")}, verdict: NotReached, failed: Name, findings: []FindingKind{ByAddressOnly},
		},
		{
			name: "a name that nobody has", from: "web", to: "nobody",
			source: &place{}, verdict: NotReached, failed: Name, findings: []FindingKind{NoSuchContainer},
		},
		{
			name: "a name that no server can tell", from: "web", to: "nobody",
			source:  &place{Names: names{"nobody": wiretest.Unnamed(wire.ServerFailed)}},
			verdict: NotReached, failed: Name, findings: []FindingKind{NoSuchContainer},
		},
		{
			name: "a name outside", from: "web", to: "example.com:443",
			source:  &place{Names: names{"example.com": wiretest.Named("192.0.2.7")}, TCP: ports{"192.0.2.7:443": wire.Reached}},
			verdict: Reached, findings: []FindingKind{ICMPBlocked},
		},
		{
			name: "an address outside", from: "web", to: "192.0.2.7",
			source: &place{Echo: answering("192.0.2.7")}, verdict: Reached,
		},
		{
			name: "an alias", from: "web", to: "backend",
			source:  &place{Names: names{"backend": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3")},
			verdict: Reached,
		},
		{
			name: "a service of two", from: "web", to: "worker",
			source:  &place{Names: names{"worker": wiretest.Named("10.1.0.6", "10.1.0.5")}, Echo: answering("10.1.0.6")},
			verdict: Reached, findings: []FindingKind{Several},
		},
		{
			name: "itself", from: "web", to: "web",
			source: &place{
				Namespace: listening("tcp 0.0.0.0:80").Namespace, Names: names{"web": wiretest.Named("10.1.0.2")}, Echo: answering("10.1.0.2"),
				TCP: ports{"10.1.0.2:80": wire.Reached},
			},
			verdict: Reached,
		},
		{
			name: "itself, where only the engine's name server listens", from: "web", to: "web",
			source: &place{
				Namespace: listening("tcp 127.0.0.11:40001").Namespace, Names: names{"web": wiretest.Named("10.1.0.2")}, Echo: answering("10.1.0.2"),
			},
			verdict: Reached,
		},
		{
			name: "who shares its namespace", from: "web", to: "side:80",
			source: &place{
				Namespace: listening("tcp 127.0.0.1:80").Namespace, Echo: answering("127.0.0.1", "::1"),
				TCP: ports{"127.0.0.1:80": wire.Reached, "[::1]:80": wire.Refused},
			},
			verdict: NotReached, failed: Name, findings: []FindingKind{ByAddressOnly},
		},
		{
			name: "its own port on another address", from: "web", to: "web:80",
			source: &place{
				Namespace: listening("tcp 127.0.0.1:80").Namespace, Names: names{"web": wiretest.Named("10.1.0.2")}, Echo: answering("10.1.0.2"),
				TCP: ports{"10.1.0.2:80": wire.Refused},
			},
			verdict: NotReached, failed: TCP, findings: []FindingKind{ElsewhereOnly},
		},
		{
			name: "the host", from: "web", to: "host:22",
			source: &place{Echo: answering("10.1.0.1"), TCP: ports{"10.1.0.1:22": wire.Reached}}, verdict: Reached,
		},
		{
			name: "a port of the host that refuses", from: "web", to: "host:22",
			source: &place{Echo: answering("10.1.0.1"), TCP: ports{"10.1.0.1:22": wire.Refused}}, verdict: NotReached, failed: TCP,
			findings: []FindingKind{NotListening},
		},
		{
			name: "the host from its own network", from: "hosted", to: "host",
			source: &place{Echo: answering("127.0.0.1", "::1")}, verdict: Reached,
		},
		{
			name: "the internet, of which one address answers", from: "web", to: "internet",
			source: &place{
				Names: names{"example.com": wiretest.Named("192.0.2.1")}, Echo: answering("192.0.2.1"), TCP: ports{"192.0.2.1:443": wire.Reached},
			},
			verdict: Reached,
		},
		{
			name: "the internet, without names", from: "web", to: "internet",
			source:  &place{Names: names{"example.com": wiretest.Unnamed(wire.Silent)}, Echo: answering("192.0.2.1"), TCP: ports{"192.0.2.1:443": wire.Reached}},
			verdict: NotReached, failed: Name, findings: []FindingKind{NoAnswer},
		},
		{
			name: "the internet, of which nothing answers", from: "web", to: "internet",
			source:  &place{Names: names{"example.com": wiretest.Named("192.0.2.1")}},
			verdict: NotReached, failed: TCP, findings: []FindingKind{FirewallDrops, FirewallDrops},
		},
		{
			name: "the internet, of which only ICMP answers", from: "web", to: "internet",
			source: &place{
				Names: names{"example.com": wiretest.Named("192.0.2.1")}, Echo: answering("192.0.2.1"),
			},
			verdict: NotReached, failed: TCP, findings: []FindingKind{FirewallDrops},
		},
		{
			name: "one that is paused", from: "web", to: "frozen",
			source:  &place{Names: names{"frozen": wiretest.Named("10.1.0.7")}, Echo: answering("10.1.0.7")},
			verdict: Reached, findings: []FindingKind{Frozen},
		},
		{name: "one that is stopped", from: "web", to: "halted", verdict: NotReached, failed: Running},
		{name: "from one that is stopped", from: "halted", to: "web", verdict: NotReached, failed: Running},
		{name: "from one that is paused", from: "frozen", to: "web", verdict: NotReached, failed: Running},
		{
			name: "ICMP takes NET_RAW", from: "web", to: "api",
			source:  &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Failures: notPermitted},
			raw:     &place{Echo: answering("10.1.0.3")},
			verdict: Reached,
		},
		{
			name: "ICMP takes NET_RAW, which is refused", from: "web", to: "api",
			source:  &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Failures: notPermitted},
			verdict: NotTested, failure: wire.NotPermitted + ", and a probe that may was refused: capabilities are forbidden",
		},
		{
			name: "names cannot be tested", from: "web", to: "api",
			source:  &place{Failures: map[string]string{"resolve": "no resolv.conf"}, Echo: answering("10.1.0.3")},
			verdict: NotTested, failure: "no resolv.conf",
		},
		{
			name: "a page, where the port is closed", from: "web", to: "http://api/",
			source: &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), TCP: ports{"10.1.0.3:80": wire.Refused}},
			target: listening(), verdict: NotReached, failed: TCP, findings: []FindingKind{NotListening},
		},
		{
			name: "a page that does not come", from: "web", to: "http://api/",
			source:  &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), TCP: ports{"10.1.0.3:80": wire.Reached}},
			verdict: NotReached, failed: HTTP,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			ix := world()
			from, target := aim(t, ix, test.from, test.to)
			o := quick
			if test.change != nil {
				test.change(&o)
			}
			lab := &scripted{places: map[string]*place{from.ID: test.source}, raw: map[string]*place{from.ID: test.raw}}
			if target.Container != nil && test.target != nil {
				lab.places[target.Container.ID] = test.target
			}
			if test.raw == nil {
				lab.raw = nil
			}
			l, err := Measure(t.Context(), lab, ix, from, target, o)
			if err != nil {
				t.Fatal(err)
			}
			failed := Layer("")
			if rung := l.FailedAt(); rung != nil {
				failed = rung.Layer
			}
			var kinds []FindingKind
			for i := range l.Findings {
				kinds = append(kinds, l.Findings[i].Kind)
			}
			if l.Verdict != test.verdict || failed != test.failed || !slices.Equal(kinds, test.findings) {
				t.Errorf("%s at %q, with %q; want %s at %q, with %q\n%s", l.Verdict, failed, kinds, test.verdict, test.failed, test.findings, rungsOf(l))
			}
			if !l.Measured {
				t.Error("it does not count as measured")
			}
			var why []string
			for i := range l.Rungs {
				why = append(why, l.Rungs[i].Failure)
			}
			if all := strings.Join(why, "\n"); test.failure == "" && strings.TrimSpace(all) != "" || !strings.Contains(all, test.failure) {
				t.Errorf("the reasons for which it could not be tested are %q, want %q", all, test.failure)
			}
		})
	}
}

func rungsOf(l *Ladder) string {
	var b strings.Builder
	for i := range l.Rungs {
		r := &l.Rungs[i]
		b.WriteString(strings.Join([]string{string(r.Layer), r.Address.String(), r.Port.String(), string(r.State), "foreseen", string(r.Foreseen), map[bool]string{true: "decides"}[r.Decides]}, " ") + "\n")
	}
	return b.String()
}

// What cannot be tested is no verdict on the target, and says why.
func TestMeasureWithoutSession(t *testing.T) {
	ix := world()
	from, target := aim(t, ix, "web", "api")
	lab := &scripted{refuses: map[string]error{from.ID: errors.New("the engine refuses a helper")}}
	l, err := Measure(t.Context(), lab, ix, from, target, quick)
	if err != nil || l.Verdict != NotTested || l.Failure != "the engine refuses a helper" || len(l.Findings) > 0 {
		t.Errorf("%v, %+v", err, l)
	}
	// The target's namespace only explains.
	lab = &scripted{
		places:  map[string]*place{from.ID: {Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3")}},
		refuses: map[string]error{target.Container.ID: errors.New("no")},
	}
	if l, err = Measure(t.Context(), lab, ix, from, target, quick); err != nil || l.Verdict != Reached || l.Failure != "" {
		t.Errorf("%v, %s, %s", err, l.Verdict, l.Failure)
	}
}

func TestMeasureInterrupted(t *testing.T) {
	for _, at := range []wire.Kind{wire.Describe, wire.Resolve, wire.Echo, wire.Connect, wire.PathMTU} {
		ix := world()
		from, target := aim(t, ix, "web", "api:80")
		ctx, cancel := context.WithCancel(t.Context())
		lab := &scripted{
			places: map[string]*place{from.ID: {Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3")}},
			during: func(_ string, r *wire.Request) {
				if r.Kind == at {
					cancel()
				}
			},
		}
		if l, err := Measure(ctx, lab, ix, from, target, quick); l != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("interrupted at %s: %v, %v", at, l, err)
		}
		cancel()
	}
}

// Echo requests without a number go on until a context ends, and are summed up
// then; also where it has ended before they begin.
func TestMeasureUntil(t *testing.T) {
	ix := world()
	from, target := aim(t, ix, "web", "api")
	for _, early := range []bool{false, true} {
		until, stop := context.WithCancel(t.Context())
		o := quick
		o.Count, o.Until = 0, until
		var begun []netip.Addr
		var replies []int
		o.Begun = func(to netip.Addr) { begun = append(begun, to) }
		o.Reply = func(r wire.Reply) {
			replies = append(replies, r.Sequence)
			stop()
		}
		if early {
			stop()
		}
		lab := &scripted{places: map[string]*place{from.ID: {
			Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: echoes{"10.1.0.3": {Outcome: wire.Reached, Received: 1, Avg: time.Millisecond}},
		}}}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		l, err := Measure(ctx, lab, ix, from, target, o)
		if err != nil {
			t.Fatalf("ended early %v: %v", early, err)
		}
		cancel()
		if icmp := l.Rung(ICMP); l.Verdict != Reached || icmp == nil || icmp.Echoes == nil || icmp.Echoes.Received != 1 {
			t.Errorf("ended early %v: %s\n%s", early, l.Verdict, rungsOf(l))
		}
		if !slices.Equal(begun, []netip.Addr{netip.MustParseAddr("10.1.0.3")}) || !slices.Equal(replies, []int{1}) {
			t.Errorf("ended early %v: it tells of %v and %v", early, begun, replies)
		}
	}
}

// The name of a container on a swarm's network may appear a second later.
func TestMeasureNameThatAppears(t *testing.T) {
	for _, test := range []struct {
		from, to string
		after    int // look-ups that do not find it
		verdict  Verdict
		lookups  int
	}{
		{"m1", "m2", 0, Reached, 1},
		{"m1", "m2", 2, Reached, 3},
		{"m1", "m2", 1000, NotReached, 6}, // for a second, every 200 ms
		{"web", "api", 2, NotReached, 1},  // no other node has a say
	} {
		synctest.Test(t, func(t *testing.T) {
			ix := world()
			from, target := aim(t, ix, test.from, test.to)
			address := map[string]string{"m2": "10.5.0.3", "api": "10.1.0.3"}[test.to]
			source := &place{Names: names{}, Echo: answering(address)}
			lab := &scripted{places: map[string]*place{from.ID: source}}
			lookups := 0
			lab.during = func(_ string, r *wire.Request) {
				if r.Kind == wire.Resolve {
					if lookups++; lookups > test.after {
						source.Names[test.to] = wiretest.Named(address)
					}
				}
			}
			l, err := Measure(t.Context(), lab, ix, from, target, quick)
			if err != nil || l.Verdict != test.verdict || lookups != test.lookups {
				t.Errorf("%s to %s, found after %d: %v, %s with %d look-ups, want %s with %d", test.from, test.to, test.after, err, l.Verdict, lookups, test.verdict, test.lookups)
			}
		})
	}
}

// The MTU is measured where echo requests are answered, and nowhere else.
func TestMeasureAsks(t *testing.T) {
	for _, test := range []struct {
		name, from, to string
		source         *place
		echo, mtu, tcp int
	}{
		{"a neighbour", "web", "api", &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3")}, 1, 1, 0},
		{"one that is silent", "web", "api", &place{Names: names{"api": wiretest.Named("10.1.0.3")}}, 1, 0, 0},
		{"itself", "web", "web", &place{Names: names{"web": wiretest.Named("10.1.0.2")}, Echo: answering("10.1.0.2")}, 1, 0, 0},
		{"two families", "left", "right:80", &place{Names: names{"right": wiretest.Named("10.4.0.3", "fd04::3")}, Echo: answering("10.4.0.3", "fd04::3")}, 2, 2, 4}, // silent ports are tried twice
		{"a service has one address tried", "web", "worker", &place{Names: names{"worker": wiretest.Named("10.1.0.5", "10.1.0.6")}, Echo: answering("10.1.0.5")}, 1, 1, 0},
	} {
		ix := world()
		from, target := aim(t, ix, test.from, test.to)
		lab := &scripted{places: map[string]*place{from.ID: test.source}}
		if _, err := Measure(t.Context(), lab, ix, from, target, quick); err != nil {
			t.Fatal(err)
		}
		if echo, mtu, tcp := lab.count(wire.Echo), lab.count(wire.PathMTU), lab.count(wire.Connect); echo != test.echo || mtu != test.mtu || tcp != test.tcp {
			t.Errorf("%s: %d echo requests, %d of the MTU, %d connections; want %d, %d, %d", test.name, echo, mtu, tcp, test.echo, test.mtu, test.tcp)
		}
	}
}

// Without a port, those are tested that the target listens on for others.
func TestMeasureListeners(t *testing.T) {
	ix := world()
	from, target := aim(t, ix, "web", "api")
	lab := &scripted{places: map[string]*place{
		from.ID:             {Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), TCP: ports{"10.1.0.3:80": wire.Reached}},
		target.Container.ID: listening("tcp 0.0.0.0:80", "tcp [::]:80", "tcp 127.0.0.1:81", "udp 0.0.0.0:53", "tcp 10.1.0.3:82"),
	}}
	l, err := Measure(t.Context(), lab, ix, from, target, quick)
	if err != nil {
		t.Fatal(err)
	}
	var tried []uint16
	for i := range l.Rungs {
		if l.Rungs[i].Layer == TCP {
			tried = append(tried, l.Rungs[i].Port.Number)
		}
	}
	if !slices.Equal(tried, []uint16{80, 82}) || l.Verdict != Reached {
		t.Errorf("the ports %d are tried, and it is %s", tried, l.Verdict)
	}
}

// The host is tested where the programs of the source would look for it.
func TestMeasureHost(t *testing.T) {
	routes := func(gateways ...string) wire.Namespace {
		var n wire.Namespace
		for i, g := range gateways {
			gateway := netip.MustParseAddr(g)
			n.Routes = append(n.Routes, wire.Route{Destination: netip.PrefixFrom(netip.IPv4Unspecified(), 0), Gateway: gateway, Metric: 10 - i})
		}
		return n
	}
	all := answering("10.1.0.1", "10.2.0.1", "10.4.0.1", "172.17.0.1", "192.0.2.9", "127.0.0.1")
	for _, test := range []struct {
		name, from string
		source     place
		options    Options
		address    string
		by         HostBy
		network    string
	}{
		{"the name", "web", place{Names: names{hostName: wiretest.Named("172.17.0.1")}, Namespace: routes("10.1.0.1")}, quick, "172.17.0.1", HostByName, ""},
		{"the name that means another", "web", place{Names: names{hostName: wiretest.Named("192.0.2.9")}}, quick, "192.0.2.9", HostByName, ""},
		{"the default route", "web", place{Namespace: routes("10.2.0.1")}, quick, "10.2.0.1", HostByRoute, ""},
		{"the best of two", "web", place{Namespace: routes("10.1.0.1", "10.2.0.1")}, quick, "10.2.0.1", HostByRoute, ""},
		{"a router that is not the host", "web", place{Namespace: routes("192.0.2.1")}, quick, "10.1.0.1", HostByNetwork, "front"},
		{"a better one that is not the host", "web", place{Namespace: routes("10.1.0.1", "192.0.2.1")}, quick, "10.1.0.1", HostByNetwork, "front"},
		{"no route", "web", place{}, quick, "10.1.0.1", HostByNetwork, "front"},
		{"the network of the host", "hosted", place{Names: names{hostName: wiretest.Named("172.17.0.1")}, Namespace: routes("192.0.2.1")}, quick, "127.0.0.1", HostByLoopback, ""},
		{"IPv6", "left", place{Namespace: routes("10.4.0.1")}, Options{Family: 6, Count: 1, Wait: time.Second}, "fd04::1", HostByNetwork, "dual"},
	} {
		ix := world()
		from, target := aim(t, ix, test.from, "host")
		test.source.Echo = all
		l, err := Measure(t.Context(), &scripted{places: map[string]*place{from.ID: &test.source}}, ix, from, target, test.options)
		if err != nil {
			t.Fatal(err)
		}
		network := ""
		if l.Host != nil && l.Host.Network != nil {
			network = l.Host.Network.Name
		}
		if l.Host == nil || l.Host.Address.String() != test.address || l.Host.By != test.by || network != test.network {
			t.Errorf("%s: it is tested at %+v", test.name, l.Host)
		}
		if rung := l.Rung(ICMP); rung == nil || rung.Address != l.Host.Address {
			t.Errorf("%s: it is tested elsewhere:\n%s", test.name, rungsOf(l))
		}
	}
}

// Foreseen, it is where the user had the name put, or else the gateway.
func TestForeseeHost(t *testing.T) {
	for line, want := range map[string]HostAddress{
		"host.docker.internal:host-gateway": {Address: netip.MustParseAddr("172.17.0.1"), By: HostByName},
		"host.docker.internal=192.0.2.9":    {Address: netip.MustParseAddr("192.0.2.9"), By: HostByName},
		"other:192.0.2.9":                   {Address: netip.MustParseAddr("10.1.0.1"), By: HostByNetwork},
	} {
		ix := world()
		from, target := aim(t, ix, "web", "host")
		from.ExtraHosts = []string{line}
		l := Foresee(ix, from, target, quick)
		if l.Host == nil || l.Host.Address != want.Address || l.Host.By != want.By {
			t.Errorf("%s: %+v", line, l.Host)
		}
	}
}

func TestForesee(t *testing.T) {
	for _, test := range []struct {
		from, to string
		change   func(*Options)
		verdict  Verdict
		layers   []Layer
	}{
		{"web", "api", nil, Reached, []Layer{Running, Path, Name, ICMP}},
		{"web", "db", nil, Reached, []Layer{Running, Path, Name, ICMP, TCP}},
		{"web", "db:53/udp", nil, Reached, []Layer{Running, Path, Name, ICMP, UDP}},
		{"web", "far", nil, NotReached, []Layer{Running, Path, Name, ICMP}},
		{"web", "pub", nil, NotReached, []Layer{Running, Path, Name, ICMP, TCP}},
		{"web", "10.2.0.2", nil, NotReached, []Layer{Running, Path, ICMP, TCP}},
		{"web", "internet", nil, NotTested, []Layer{Running, Path, Name, ICMP, TCP}},
		{"web", "halted", nil, NotReached, []Layer{Running}},
		{"one", "two", func(o *Options) { o.NoICMP = true }, NotReached, []Layer{Running, Path, Name}},
		{"web", "nobody", nil, NotTested, []Layer{Running, Path, Name, ICMP}},
		{"web", "192.0.2.7", nil, Reached, []Layer{Running, Path, ICMP}},
	} {
		ix := world()
		from, target := aim(t, ix, test.from, test.to)
		o := quick
		if test.change != nil {
			test.change(&o)
		}
		l := Foresee(ix, from, target, o)
		var layers []Layer
		for i := range l.Rungs {
			layers = append(layers, l.Rungs[i].Layer)
		}
		if l.Verdict != test.verdict || l.Measured || len(l.Findings) > 0 || !slices.Equal(layers, test.layers) {
			t.Errorf("%s to %s: %s by %q, want %s by %q", test.from, test.to, l.Verdict, layers, test.verdict, test.layers)
		}
	}
}

func TestSurprising(t *testing.T) {
	for _, test := range []struct {
		rung Rung
		want bool
	}{
		{Rung{State: Passed, Foreseen: diagnose.ForecastNo}, true},
		{Rung{State: Passed, Foreseen: diagnose.ForecastYes}, false},
		{Rung{State: Failed, Foreseen: diagnose.ForecastYes}, true},
		{Rung{State: Failed, Foreseen: diagnose.ForecastUnknown}, false},
		{Rung{State: Failed, Foreseen: diagnose.ForecastYes, Connection: &wire.Connection{Outcome: wire.Refused}}, false},
		{Rung{State: Failed, Foreseen: diagnose.ForecastNo, Connection: &wire.Connection{Outcome: wire.Refused}}, true},
		{Rung{State: Untested, Foreseen: diagnose.ForecastYes}, false},
		{Rung{State: Skipped, Foreseen: diagnose.ForecastNo}, false},
	} {
		if got := test.rung.Surprising(); got != test.want {
			t.Errorf("%s where %s is foreseen: %v", test.rung.State, test.rung.Foreseen, got)
		}
	}
}
