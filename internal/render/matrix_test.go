package render

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/goldentest"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/probe/wiretest"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func containersOf(t testing.TB, ix *topology.Index, names ...string) []*topology.Container {
	t.Helper()
	var found []*topology.Container
	for _, name := range names {
		c := named1(ix, name)
		if c == nil {
			t.Fatalf("there is no %s", name)
		}
		found = append(found, c)
	}
	return found
}

func took(ms float64) wire.Echoes {
	d := time.Duration(ms * float64(time.Millisecond))
	return wire.Echoes{Outcome: wire.Reached, Sent: 3, Received: 3, Min: d, Avg: d, Max: d}
}

// mixed has a cell of every kind.
func mixed(t testing.TB) (*topology.Index, *reach.Matrix) {
	t.Helper()
	ix := street()
	on := func(name string) string { return v4(ix, name, "shop_front") }
	lab := &lab{ix: ix, places: map[string]*place{
		"web": {
			Echo: hits{on("api"): took(0.2), on("shop-worker-1"): took(14), on("frozen"): took(0.04)},
			TCP:  doors{},
		},
		"api": {
			Echo: hits{on("shop-worker-1"): took(1.5), v4(ix, "db", "shop_back"): {Outcome: wire.Reached, Sent: 3, Received: 2, Avg: 300 * time.Microsecond}, v4(ix, "one", "quiet"): took(0.3)},
			TCP:  doors{on("web") + ":80": wire.Reached},
		},
		"db":            {Echo: hits{v4(ix, "api", "shop_back"): took(0.25)}},
		"shop-worker-1": {Echo: hits{on("web"): took(120), on("api"): took(0.3)}},
		"one":           {Failures: map[string]string{"echo": "socket: no buffer space"}},
	}}
	m := reach.ForeseeMatrix(ix, containersOf(t, ix, "web", "api", "db", "shop-worker-1", "one", "frozen", "halted"), nil, 0)
	if err := reach.MeasureMatrix(t.Context(), lab, m, reach.Options{Count: 3}, nil); err != nil {
		t.Fatal(err)
	}
	return ix, m
}

// town30 has thirty containers that all answer each other, but for one.
func town30(t testing.TB) (*topology.Index, *reach.Matrix) {
	t.Helper()
	b := newComposer()
	b.Engine = topology.Engine{Product: topology.ProductDocker, Version: "28.5.2", OS: "linux"}
	net := b.network("", "net")
	for i := range 30 {
		b.container("", fmt.Sprintf("service-%d", i+1), []string{net})
	}
	ix := topology.NewIndex(b.snapshot())
	all := hits{}
	var members []*topology.Container
	for i := range 30 {
		name := fmt.Sprintf("service-%d", i+1)
		members = append(members, named1(ix, name))
		if i != 16 {
			all[v4(ix, name, "net")] = took(0.05 + float64(i)*0.1)
		}
	}
	places := map[string]*place{}
	for _, c := range members {
		places[c.Name] = &place{Echo: all}
	}
	m := reach.ForeseeMatrix(ix, members, nil, 0)
	if err := reach.MeasureMatrix(t.Context(), &lab{ix: ix, places: places}, m, reach.Options{Count: 3}, nil); err != nil {
		t.Fatal(err)
	}
	return ix, m
}

func two(t testing.TB) (*topology.Index, *reach.Matrix) {
	t.Helper()
	ix := street()
	m := reach.ForeseeMatrix(ix, containersOf(t, ix, "web", "api"), nil, 0)
	l := &lab{ix: ix, places: map[string]*place{
		"web": {Echo: answers(v4(ix, "api", "shop_front"))}, "api": {Echo: answers(v4(ix, "web", "shop_front"))},
	}}
	if err := reach.MeasureMatrix(t.Context(), l, m, reach.Options{Count: 3}, nil); err != nil {
		t.Fatal(err)
	}
	return ix, m
}

func foreseen(t testing.TB) (*topology.Index, *reach.Matrix) {
	t.Helper()
	ix := street()
	return ix, reach.ForeseeMatrix(ix, containersOf(t, ix, "web", "api", "db", "one", "two", "left", "vpn", "hosted", "halted"), nil, 0)
}

func TestMatrixGolden(t *testing.T) {
	looks := map[string]*Look{
		"40": {Width: 40}, "80": {Width: 80}, "wide": {}, "ascii-80": {ASCII: true, Width: 80}, "colour-80": {Colour: true, Width: 80},
	}
	for name, make := range map[string]func(testing.TB) (*topology.Index, *reach.Matrix){"two": two, "mixed": mixed, "town": town30, "foreseen": foreseen} {
		ix, m := make(t)
		for look, l := range looks {
			text := draw(t, func(w *strings.Builder) error { return Matrix(w, m, l) })
			goldentest.Compare(t, "matrix-"+name+"-"+look+".txt", text)
			for line := range strings.Lines(text) {
				if line = strings.TrimSuffix(line, "\n"); l.Width > 0 && !l.Colour && Width(line) > l.Width {
					t.Errorf("%s, %s: the line %q is %d wide", name, look, line, Width(line))
				}
			}
		}
		goldentest.Compare(t, "matrix-"+name+".dot", draw(t, func(w *strings.Builder) error { return MatrixDOT(w, m) }))
		goldentest.Compare(t, "matrix-"+name+".mmd", draw(t, func(w *strings.Builder) error { return MatrixMermaid(w, m) }))
		if name == "town" {
			continue // a long text that says nothing new
		}
		text, err := json.MarshalIndent(NewMatrixJSON(ix, m, &Look{Width: 40}), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		goldentest.Compare(t, "matrix-"+name+".json", string(text)+"\n")
	}
}

// A port that refuses has a command to look closer; all round trips are written alike,
// and what is slow has a mark that takes no colour.
func TestMatrixRefused(t *testing.T) {
	ix := street()
	on := func(name string) string { return v4(ix, name, "shop_front") }
	m := reach.ForeseeMatrix(ix, containersOf(t, ix, "api", "web"), nil, 0)
	l := &lab{ix: ix, places: map[string]*place{
		"web": {Echo: hits{on("api"): took(0.0996)}, TCP: doors{on("api") + ":80": wire.Reached, on("api") + ":81": wire.Reached}},
		"api": {TCP: doors{on("web") + ":80": wire.Refused, on("web") + ":81": wire.Refused}},
	}}
	o := reach.Options{Count: 3, Ports: []reach.Port{{Number: 81, Protocol: "tcp"}, {Number: 80, Protocol: "tcp"}}}
	if err := reach.MeasureMatrix(t.Context(), l, m, o, nil); err != nil {
		t.Fatal(err)
	}
	look := &Look{Width: 80, Docker: "docker -H tcp://lab:1"}
	text := draw(t, func(w *strings.Builder) error { return Matrix(w, m, look) })
	for _, want := range []string{
		"\n2 web  0.10     ·\n",
		"\n  a  web does not answer ICMP; TCP: 80/tcp refused, 81/tcp refused\n",
		"\n  why a port is refused, a test of that pair tells:\n  docker -H tcp://lab:1 netkit ping api web:80\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "slow") {
		t.Errorf("nothing is slow in\n%s", text)
	}
	for micros, want := range map[int]string{99: "0.10", 100: "0.10", 101: "0.10", 9996: "9.99", 10000: "10!", 120400: "120!"} {
		if got := tripText(time.Duration(micros) * time.Microsecond); got != want {
			t.Errorf("%d µs are %q, want %q", micros, got, want)
		}
	}
}

// What a hostile engine says does not act on a terminal, nor breaks a line.
func TestMatrixOfHostileNames(t *testing.T) {
	ix := topology.NewIndex(nasty())
	var members []*topology.Container
	for i := range ix.Containers {
		members = append(members, &ix.Containers[i])
	}
	m := reach.ForeseeMatrix(ix, members, nil, 0)
	l := &lab{ix: ix, err: errors.New("\x1b[31mred\x1b[0m\n\u202egnp")}
	if err := reach.MeasureMatrix(t.Context(), l, m, reach.Options{Count: 3}, nil); err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(*strings.Builder) error{
		func(w *strings.Builder) error { return Matrix(w, m, &Look{Width: 80}) },
		func(w *strings.Builder) error { return Matrix(w, m, &Look{ASCII: true, NoTrunc: true}) },
		func(w *strings.Builder) error { return MatrixDOT(w, m) },
		func(w *strings.Builder) error { return MatrixMermaid(w, m) },
	} {
		tame(t, draw(t, write))
	}
}

// Mermaid does not draw more lines than it allows for, which is told.
func TestMatrixMermaidLimit(t *testing.T) {
	b := newComposer()
	b.Engine = topology.Engine{Product: topology.ProductDocker, Version: "28.5.2", OS: "linux"}
	net := b.network("", "net")
	for i := range 33 {
		b.container("", fmt.Sprintf("service-%d", i), []string{net})
	}
	ix := topology.NewIndex(b.snapshot())
	for n, limited := range map[int]bool{32: false, 33: true} { // 496 lines and 528
		var members []*topology.Container
		for i := range n {
			members = append(members, &ix.Containers[i])
		}
		m := reach.ForeseeMatrix(ix, members, nil, 0)
		text := draw(t, func(w *strings.Builder) error { return MatrixMermaid(w, m) })
		if strings.Contains(text, "%% 528 lines: Mermaid draws up to 500") != limited || strings.Contains(text, "%%") != limited {
			t.Errorf("of %d containers it begins with %q", n, text[:100])
		}
	}
}

func TestEchoLines(t *testing.T) {
	to := wiretest.Named("10.1.0.3").IPv4.Addresses[0]
	router := wiretest.Named("10.1.0.1").IPv4.Addresses[0]
	for want, r := range map[string]wire.Reply{
		"64 bytes from 10.1.0.3: seq=1 ttl=64 time=0.250 ms":       {Sequence: 1, Outcome: wire.Reached, From: to, Took: wiretest.Took, TTL: 64, Size: 56},
		"64 bytes from 10.1.0.3: seq=2 time=12.345 ms":             {Sequence: 2, Outcome: wire.Reached, From: to, Took: 12345 * time.Microsecond, Size: 56},
		"64 bytes from 10.1.0.3: seq=2 ttl=1 time=0.000 ms (DUP!)": {Sequence: 2, Outcome: wire.Reached, From: to, TTL: 1, Size: 56, Duplicate: true},
		"seq=3 no answer":                     {Sequence: 3, Outcome: wire.Silent},
		"from 10.1.0.1: seq=4 unreachable":    {Sequence: 4, Outcome: wire.Unreachable, From: router},
		"seq=5 no route":                      {Sequence: 5, Outcome: wire.NoRoute},
		"from 10.1.0.1: seq=6 packet too big": {Sequence: 6, Outcome: wire.TooBig, From: router},
	} {
		if got := EchoLine(to, &r); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for want, e := range map[string]wire.Echoes{
		"--- api ping statistics ---\n3 packets transmitted, 3 received, 0% packet loss\nround-trip min/avg/max/jitter = 0.100/0.200/0.300/0.050 ms": {
			Sent: 3, Received: 3, Min: 100 * time.Microsecond, Avg: 200 * time.Microsecond, Max: 300 * time.Microsecond, Jitter: 50 * time.Microsecond,
		},
		"--- api ping statistics ---\n3 packets transmitted, 0 received, 100% packet loss": {Sent: 3},
		"--- api ping statistics ---\n0 packets transmitted, 0 received, 0% packet loss":   {},
		"--- api ping statistics ---\n3 packets transmitted, 2 received, +1 duplicates, 33.33% packet loss\nround-trip min/avg/max/jitter = 0.000/0.000/0.000/0.000 ms": {
			Sent: 3, Received: 2, Duplicates: 1,
		},
	} {
		if got := strings.Join(EchoSummary("api", &e), "\n"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := EchoHead("api\x1b[31m", "web\n", to, 56); got != "PING "+Printable("api\x1b[31m")+" (10.1.0.3) from "+Printable("web\n")+": 56 data bytes" {
		t.Errorf("%q", got)
	}
}
