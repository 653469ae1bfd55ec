package render

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/goldentest"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/probe/wiretest"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// lab has namespaces that are tables, by the container's name.
type lab struct {
	ix     *topology.Index
	places map[string]*wiretest.Place
	err    error
}

func (l lab) Session(_ context.Context, id string) (reach.Session, error) {
	if l.err != nil {
		return nil, l.err
	}
	if p := l.places[l.ix.Container(id).Name]; p != nil {
		return p, nil
	}
	return &wiretest.Place{}, nil
}

func (l lab) RawSession(context.Context, string) (reach.Session, error) {
	return nil, errors.New("the engine refuses it: capabilities are forbidden")
}

func (l lab) Now(_ context.Context, c *topology.Container) (reach.Moment, error) {
	return reach.Moment{State: c.State}, nil
}

// street is a snapshot with containers on one network, on two, and on none.
func street() *topology.Index {
	b := newComposer()
	b.Engine = topology.Engine{Product: topology.ProductDocker, Version: "28.5.2", OS: "linux"}
	front := b.network("shop", "shop_front")
	back := b.network("shop", "shop_back", internal)
	quiet := b.network("", "quiet", func(n *topology.Network) {
		n.Opts = map[string]string{"com.docker.network.bridge.enable_icc": "false"}
	})
	dual := b.network("", "dual", func(n *topology.Network) {
		n.IPv6 = true
		n.IPAM.Pools = append(n.IPAM.Pools, topology.Pool{Subnet: topology.ParseSubnet("fd04::/64"), Gateway: topology.ParseAddress("fd04::1")})
	})
	b.container("shop", "web", []string{front}, 80)
	b.container("shop", "api", []string{front, back})
	b.container("shop", "db", []string{back}).Ports = []topology.Ports{{First: 5432, Protocol: "tcp"}}
	b.container("shop", "shop-worker-1", []string{front}).Service = "worker"
	b.container("shop", "shop-worker-2", []string{front}).Service = "worker"
	b.container("", "one", []string{quiet})
	b.container("", "two", []string{quiet})
	b.container("", "left", []string{dual})
	b.container("", "right", []string{dual})
	b.container("", "frozen", []string{front}).State = topology.Paused
	b.container("", "halted", []string{front})
	b.stop()
	b.container("", "a-container-with-a-rather-long-name-that-somebody-chose", []string{front})
	b.container("", "two-doors", []string{front}).Ports = []topology.Ports{{First: 80, Count: 2, Protocol: "tcp"}}
	lost := b.network("", "lost_net")
	b.container("", "lost", []string{lost})
	b.stop()
	b.Networks = slices.DeleteFunc(b.Networks, func(n topology.Network) bool { return n.ID == lost })
	for i := range b.Attachments {
		if a := &b.Attachments[i]; a.NetworkID == lost {
			a.State = topology.Dangling
		}
	}
	b.container("", "vpn", nil).Mode = topology.NetworkMode("container:" + b.Containers[1].ID)
	b.container("", "hosted", nil).Mode = "host"
	for i := range b.Attachments {
		a := &b.Attachments[i]
		a.AliasesRead = true
		if a.NetworkID == dual {
			a.IPv6 = topology.ParseAddress(map[string]string{"left": "fd04::2", "right": "fd04::3"}[nameOf(b, a.ContainerID)])
		}
	}
	return topology.NewIndex(b.snapshot())
}

func nameOf(b *composer, id string) string {
	for i := range b.Containers {
		if b.Containers[i].ID == id {
			return b.Containers[i].Name
		}
	}
	return ""
}

// v4 is the address of a container on a network.
func v4(ix *topology.Index, container, network string) string {
	for _, a := range ix.Of(named1(ix, container).ID) {
		if a.NetworkName == network {
			return a.IPv4.String()
		}
	}
	return ""
}

func named1(ix *topology.Index, name string) *topology.Container {
	for i := range ix.Containers {
		if ix.Containers[i].Name == name {
			return &ix.Containers[i]
		}
	}
	return nil
}

func internetWords() []reach.Words {
	return []reach.Words{
		{Text: "1.1.1.1", Address: netip.MustParseAddr("1.1.1.1")},
		{Text: "2606:4700:4700::1111", Address: netip.MustParseAddr("2606:4700:4700::1111")},
		{Text: "one.one.one.one", Host: "one.one.one.one"},
	}
}

func ladderOf(t testing.TB, ix *topology.Index, from, to string, l *lab, change func(*reach.Options)) *reach.Ladder {
	t.Helper()
	source, err := reach.FindSource(ix, from)
	if err != nil || source == nil {
		t.Fatalf("the source %q: %v", from, err)
	}
	words, err := reach.ParseWords(to)
	if err != nil {
		t.Fatal(err)
	}
	target, err := reach.FindTarget(ix, source, words)
	if err != nil {
		t.Fatal(err)
	}
	o := reach.Options{Count: 3, Wait: 2 * time.Second, Internet: internetWords()}
	if change != nil {
		change(&o)
	}
	if l == nil {
		return reach.Foresee(ix, source, target, o)
	}
	l.ix = ix
	found, err := reach.Measure(t.Context(), l, ix, source, target, o)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

type ladderCase struct {
	name, from, to string
	lab            *lab
	change         func(*reach.Options)
}

type (
	place = wiretest.Place
	hits  = map[string]wire.Echoes
	doors = map[string]wire.Outcome
	names = map[string]wire.Resolution
)

func answers(addresses ...string) hits {
	e := hits{}
	for _, a := range addresses {
		e[a] = wiretest.Answers(3)
	}
	return e
}

func sees(from string, p *place) *lab { return &lab{places: map[string]*place{from: p}} }

func (l *lab) and(target string, sockets ...string) *lab {
	p := &place{}
	for _, s := range sockets {
		protocol, on, _ := strings.Cut(s, " ")
		p.Namespace.Listeners = append(p.Namespace.Listeners, wiretest.Listens(protocol, on))
	}
	l.places[target] = p
	return l
}

func ladderCases(ix *topology.Index) []ladderCase {
	api, db, web := v4(ix, "api", "shop_front"), v4(ix, "db", "shop_back"), v4(ix, "web", "shop_front")
	right := v4(ix, "right", "dual")
	long := "a-container-with-a-rather-long-name-that-somebody-chose"
	gateway := "10.0.1.1"
	doors2 := v4(ix, "two-doors", "shop_front")
	named := func(name string, addresses ...string) names { return names{name: wiretest.Named(addresses...)} }
	lookup := func(name string, why wire.Outcome) names { return names{name: wiretest.Unnamed(why)} }
	mtu := func(path int) map[string]wire.MTU {
		return map[string]wire.MTU{api: {Outcome: wire.Silent, Path: path, Interface: 1500}}
	}
	withMTU := func(o *reach.Options) { o.MTU = true }
	return []ladderCase{
		{"it answers", "web", "api", sees("web", &place{Names: named("api", api), Echo: answers(api)}), nil},
		{"it answers on a port", "web", "api:8080", sees("web", &place{Names: named("api", api), Echo: answers(api), TCP: doors{api + ":8080": wire.Reached}}), nil},
		{"the MTU is asked for", "web", "api", sees("web", &place{Names: named("api", api), Echo: answers(api)}), withMTU},
		{"it listens on loopback only", "api", "db:5432", sees("api", &place{Names: named("db", db), Echo: answers(db), TCP: doors{db + ":5432": wire.Refused}}).and("db", "tcp 127.0.0.1:5432"), nil},
		{"nothing listens", "web", "api:81", sees("web", &place{Names: named("api", api), Echo: answers(api), TCP: doors{api + ":81": wire.Refused}}).and("api", "tcp 0.0.0.0:80", "tcp 0.0.0.0:8080", "tcp 127.0.0.1:9000"), nil},
		{"a firewall drops TCP", "web", "api:80", sees("web", &place{Names: named("api", api), Echo: answers(api)}).and("api", "tcp 0.0.0.0:80"), nil},
		{"a firewall rejects TCP", "web", "api:80", sees("web", &place{Names: named("api", api), Echo: answers(api), TCP: doors{api + ":80": wire.Prohibited}}).and("api", "tcp 0.0.0.0:80"), nil},
		{"ICMP is dropped", "api", "db", sees("api", &place{Names: named("db", db), TCP: doors{db + ":5432": wire.Reached}}), nil},
		{"nothing answers", "web", "api", sees("web", &place{Names: named("api", api)}), nil},
		{"some answers are missing", "web", "api", sees("web", &place{Names: named("api", api), Echo: hits{api: {Outcome: wire.Reached, Sent: 10, Received: 8, Avg: 12 * time.Millisecond}}}), nil},
		{"large packets are dropped", "web", "api", sees("web", &place{Names: named("api", api), Echo: answers(api), MTU: mtu(1400)}), nil},
		{"no shared network", "web", "db", sees("web", &place{}), nil},
		{"only through the host", "db", "web", sees("db", &place{}), nil},
		{"only through the host, which works", "left", "web", sees("left", &place{TCP: doors{"10.0.4.1:8080": wire.Reached}}), nil},
		{"icc is off", "one", "two", sees("one", &place{Names: named("two", v4(ix, "two", "quiet"))}), nil},
		{"it answers and should not", "one", "two", sees("one", &place{Names: named("two", v4(ix, "two", "quiet")), Echo: answers(v4(ix, "two", "quiet"))}), nil},
		{"the resolver is silent", "web", "api", sees("web", &place{Names: lookup("api", wire.Silent), Echo: answers(api)}), nil},
		{"the name is of another", "web", "api", sees("web", &place{Names: named("api", web), Echo: answers(web)}), nil},
		{"the name is not found", "web", "api", sees("web", &place{Echo: answers(api)}), nil},
		{"nobody has the name", "web", "nobody", sees("web", &place{}), nil},
		{"two families", "left", "right", sees("left", &place{Names: named("right", right, "fd04::3"), Echo: answers(right, "fd04::3")}), nil},
		{"one family of two", "left", "right", sees("left", &place{Names: named("right", right, "fd04::3"), Echo: answers(right)}), nil},
		{"a service of two", "web", "worker", sees("web", &place{Names: named("worker", v4(ix, "shop-worker-1", "shop_front"), v4(ix, "shop-worker-2", "shop_front")), Echo: answers(v4(ix, "shop-worker-1", "shop_front"))}), nil},
		{"UDP that is silent", "web", "api:514/udp", sees("web", &place{Names: named("api", api), Echo: answers(api)}).and("api", "udp 0.0.0.0:514"), nil},
		{"UDP that answers", "web", "api:53/udp", sees("web", &place{Names: named("api", api), Echo: answers(api), UDP: doors{api + ":53": wire.Reached}}), nil},
		{"the host", "web", "host:22", sees("web", &place{Echo: answers(gateway), TCP: doors{gateway + ":22": wire.Reached}}), nil},
		{"a port of the host that refuses", "web", "host:22", sees("web", &place{Echo: answers(gateway), TCP: doors{gateway + ":22": wire.Refused}}), nil},
		{"the internet", "web", "internet", sees("web", &place{Names: named("one.one.one.one", "1.1.1.1"), Echo: answers("1.1.1.1"), TCP: doors{"1.1.1.1:443": wire.Reached}}), nil},
		{"the internet without names", "web", "internet", sees("web", &place{Names: lookup("one.one.one.one", wire.ServerFailed), Echo: answers("1.1.1.1"), TCP: doors{"1.1.1.1:443": wire.Reached}}), nil},
		{"no internet", "web", "internet", sees("web", &place{Names: lookup("one.one.one.one", wire.Silent)}), nil},
		{"the internet from an internal network", "db", "internet", sees("db", &place{Names: lookup("one.one.one.one", wire.ServerFailed)}), nil},
		{"an address", "web", "192.0.2.7:443", sees("web", &place{TCP: doors{"192.0.2.7:443": wire.Unreachable}, Echo: hits{"192.0.2.7": {Outcome: wire.Unreachable}}}), nil},
		{"an address of a family that it does not have", "web", "[2001:db8::7]:443", sees("web", &place{TCP: doors{"[2001:db8::7]:443": wire.NoRoute}, Echo: hits{"2001:db8::7": {Outcome: wire.NoRoute}}}), nil},
		{"a stopped one", "web", "halted", &lab{}, nil},
		{"a paused one", "web", "frozen", sees("web", &place{Names: named("frozen", v4(ix, "frozen", "shop_front")), Echo: answers(v4(ix, "frozen", "shop_front"))}), nil},
		{"a shared namespace", "vpn", "api", sees("vpn", &place{Names: named("api", "127.0.0.1"), Echo: answers("127.0.0.1", "::1")}), nil},
		{"no helper", "web", "api", &lab{err: errors.New(`cannot make the helper container: the authorization plugin "opa" denies it; --predict needs no helper`)}, nil},
		{"ICMP is forbidden", "web", "api", sees("web", &place{Names: named("api", api), Failures: map[string]string{"echo": wire.NotPermitted}}), nil},
		{"ICMP is forbidden, and a port answers", "web", "api:80", sees("web", &place{Names: named("api", api), TCP: doors{api + ":80": wire.Reached}, Failures: map[string]string{"echo": wire.NotPermitted}}), nil},
		{"long names", long, "api", sees(long, &place{Names: named("api", api), Echo: answers(api)}), nil},
		{"foreseen", "web", "api", nil, nil},
		{"foreseen on a port", "api", "db:5432", nil, nil},
		{"foreseen, no shared network", "web", "db", nil, nil},
		{"foreseen, icc is off", "one", "two", nil, nil},
		{"foreseen, a stopped one", "web", "halted", nil, nil},
		{"foreseen, a published port", "left", "web", nil, nil},
		{"foreseen, the host", "web", "host", nil, nil},
		{"foreseen, the internet from an internal network", "db", "internet", nil, nil},
		{"foreseen, a name outside", "web", "example.com", nil, nil},
		{"a stopped one on another network", "left", "halted", &lab{}, nil},
		{"one whose network is gone", "left", "lost", &lab{}, nil},
		{"none of two ports answers", "web", "two-doors", sees("web", &place{Names: named("two-doors", doors2), Echo: answers(doors2), TCP: doors{doors2 + ":80": wire.Refused}}).and("two-doors", "tcp 127.0.0.1:80"), nil},
		{"one of two ports answers", "web", "two-doors", sees("web", &place{Names: named("two-doors", doors2), Echo: answers(doors2), TCP: doors{doors2 + ":80": wire.Refused, doors2 + ":81": wire.Reached}}).and("two-doors", "tcp 0.0.0.0:81"), nil},
		{"no port, and loopback only", "web", "api", sees("web", &place{Names: named("api", api), Echo: answers(api)}).and("api", "tcp 127.0.0.1:9000", "tcp 127.0.0.11:40000"), nil},
		{"the host by name", "web", "host", sees("web", &place{Names: named("host.docker.internal", "172.17.0.1"), Echo: answers("172.17.0.1")}), nil},
		{"the host from its own network", "hosted", "host", sees("hosted", &place{Echo: answers("127.0.0.1")}), nil},
	}
}

func TestLadderGolden(t *testing.T) {
	looks := map[string]*Look{
		"unicode-60": {Docker: "docker", Width: 60}, "unicode-80": {Docker: "docker", Width: 80}, "unicode-120": {Docker: "docker", Width: 120},
		"ascii-80": {Docker: "docker", ASCII: true, Width: 80}, "colour-80": {Docker: "docker", Colour: true, Width: 80},
	}
	for name, look := range looks {
		var b strings.Builder
		ix := street()
		for _, c := range ladderCases(ix) {
			b.WriteString("# " + c.name + "\n")
			if err := Ladder(&b, ladderOf(t, ix, c.from, c.to, c.lab, c.change), look); err != nil {
				t.Fatal(err)
			}
			b.WriteByte('\n')
		}
		goldentest.Compare(t, "ladder-"+name+".txt", b.String())
		for line := range strings.Lines(b.String()) {
			if line = strings.TrimSuffix(line, "\n"); !look.Colour && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "  docker ") && Width(line) > look.Width {
				t.Errorf("%s: the line %q is %d wide", name, line, Width(line))
			}
		}
	}
}

func TestLadderJSON(t *testing.T) {
	ix := street()
	report := PingJSON{Schema: PingSchema, TakenAt: ix.TakenAt, Engine: ix.Engine}
	for _, c := range ladderCases(ix) {
		report.Results = append(report.Results, NewLadderJSON(ladderOf(t, ix, c.from, c.to, c.lab, c.change), &Look{Docker: "docker", Width: 40}))
	}
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	goldentest.Compare(t, "ladder.json", string(text)+"\n")
}

// What a hostile engine says does not act on a terminal, nor breaks a line.
func TestLadderOfHostileNames(t *testing.T) {
	s := nasty()
	ix := topology.NewIndex(s)
	hostile := "\x1b[31mred\x1b[0m\n\u202egnp"
	for i := range ix.Containers {
		c := &ix.Containers[i]
		for _, to := range []string{ix.Containers[(i+2)%len(ix.Containers)].ID, hostile, "host", "internet"} {
			p := &place{
				Names:    names{to: wiretest.Unnamed(wire.Outcome(hostile))},
				Failures: map[string]string{"connect": hostile, "mtu": hostile},
			}
			for _, l := range []*lab{nil, {places: map[string]*place{c.Name: p}}, {err: errors.New(hostile)}} {
				for _, look := range []*Look{{Docker: "docker", Width: 80}, {Docker: "docker", ASCII: true, NoTrunc: true}} {
					var b strings.Builder
					if err := Ladder(&b, ladderOf(t, ix, c.ID, to, l, nil), look); err != nil {
						t.Fatal(err)
					}
					tame(t, b.String())
				}
			}
		}
	}
}

// tame holds that a text has nothing that acts on a terminal.
func tame(t *testing.T, text string) {
	t.Helper()
	if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x202e) }); i >= 0 {
		t.Errorf("a control character in %q", text[max(0, i-20):min(len(text), i+20)])
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "\u202e") {
			t.Errorf("the line %q", line)
		}
	}
}

// Every command can be pasted: it names what a shell and Docker take.
func TestLadderCommands(t *testing.T) {
	ix := topology.NewIndex(nasty())
	for i := range ix.Containers {
		for j := range ix.Containers {
			if i == j {
				continue
			}
			l := ladderOf(t, ix, ix.Containers[i].ID, ix.Containers[j].ID, nil, nil)
			for _, command := range fixCommands(l, &Look{Docker: "docker"}) {
				if !strings.HasPrefix(command, "docker ") || strings.ContainsAny(command, "\n\x1b\u202e") || strings.Contains(command, " -rf") {
					t.Errorf("the command %q", command)
				}
			}
		}
	}
}
