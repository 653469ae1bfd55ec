package reach

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func chosen(t *testing.T, ix *topology.Index, names ...string) []*topology.Container {
	t.Helper()
	var found []*topology.Container
	for _, name := range names {
		c := ix.Container(name + "-id")
		if c == nil {
			t.Fatalf("there is no %s", name)
		}
		found = append(found, c)
	}
	return found
}

// cells writes a matrix in a line a row.
func cells(m *Matrix) string {
	marks := map[CellState]string{Self: ".", Answers: "A", AnswersTCP: "T", Nothing: "x", NotUp: "-", AnswersPort: "P", PortFails: "p", CellUntested: "?"}
	var rows []string
	for i := range m.Cells {
		row := ""
		for j := range m.Cells[i] {
			row += marks[m.Cells[i][j].State]
		}
		rows = append(rows, row)
	}
	return strings.Join(rows, " ")
}

func TestMeasureMatrix(t *testing.T) {
	notPermitted := map[string]string{"echo": "socket: " + wire.NotPermitted}
	for _, test := range []struct {
		name       string
		members    []string
		on         string
		change     func(*Options)
		places     map[string]*place
		raw        map[string]*place
		refuses    map[string]error
		want       string
		surprising []string // FROM-TO
		asymmetric [][2]int
		failure    string // of the first cell that was not tested
		advanced   int
	}{
		{
			name: "all answer", members: []string{"web", "api"}, places: map[string]*place{"web": {Echo: answering("10.1.0.3")}, "api": {Echo: answering("10.1.0.2")}},
			want: ".A A.", advanced: 2,
		},
		{
			name: "one way only", members: []string{"web", "api"}, places: map[string]*place{"api": {Echo: answering("10.1.0.2")}},
			want: ".x A.", surprising: []string{"web-api"}, asymmetric: [][2]int{{0, 1}}, advanced: 2,
		},
		{
			name: "ICMP is dropped, and a port answers", members: []string{"web", "db"},
			places: map[string]*place{"web": {TCP: ports{"10.1.0.4:5432": wire.Reached}}, "db": {Echo: answering("10.1.0.2")}},
			want:   ".T A.", surprising: []string{"web-db"}, advanced: 2,
		},
		{
			name: "ICMP is dropped, and a port refuses", members: []string{"web", "db"},
			places: map[string]*place{"web": {TCP: ports{"10.1.0.4:5432": wire.Refused}}, "db": {Echo: answering("10.1.0.2")}},
			want:   ".p A.", surprising: []string{"web-db"}, asymmetric: [][2]int{{0, 1}}, advanced: 2,
		},
		{
			name: "a port by --port, which answers one way", members: []string{"web", "api"}, change: func(o *Options) { o.Ports = []Port{tcp(80)} },
			places: map[string]*place{
				"web": {Echo: answering("10.1.0.3"), TCP: ports{"10.1.0.3:80": wire.Reached}},
				"api": {Echo: answering("10.1.0.2"), TCP: ports{"10.1.0.2:80": wire.Refused}},
			},
			want: ".A p.", advanced: 2,
		},
		{
			name: "a port by --port, which answers, and no ICMP", members: []string{"web", "api"}, change: func(o *Options) { o.Ports = []Port{tcp(80)} },
			places: map[string]*place{"web": {TCP: ports{"10.1.0.3:80": wire.Reached}}, "api": {Echo: answering("10.1.0.2")}},
			want:   ".T p.", surprising: []string{"web-api", "api-web"}, advanced: 2,
		},
		{
			name: "two ports by --port, of which one answers", members: []string{"web", "api"}, change: func(o *Options) { o.Ports = []Port{tcp(80), tcp(81)} },
			places: map[string]*place{
				"web": {Echo: answering("10.1.0.3"), TCP: ports{"10.1.0.3:80": wire.Reached, "10.1.0.3:81": wire.Refused}},
				"api": {Echo: answering("10.1.0.2"), TCP: ports{"10.1.0.2:80": wire.Reached, "10.1.0.2:81": wire.Reached}},
			},
			want: ".p A.", advanced: 2,
		},
		{
			name: "no shared network", members: []string{"web", "far"}, want: ".x x.", advanced: 2,
		},
		{
			name: "no shared network, and yet it answers", members: []string{"web", "far"}, places: map[string]*place{"web": {Echo: answering("10.2.0.3")}},
			want: ".A x.", surprising: []string{"web-far"}, asymmetric: [][2]int{{1, 0}}, advanced: 2,
		},
		{
			name: "stopped and paused ones", members: []string{"web", "halted", "frozen"}, places: map[string]*place{"web": {Echo: answering("10.1.0.7")}},
			want: ".-A -.- --.", advanced: 1,
		},
		{
			name: "a sender that fails", members: []string{"web", "api"}, places: map[string]*place{"api": {Echo: answering("10.1.0.2")}},
			refuses: map[string]error{"web-id": errors.New("refused")}, want: ".? A.", failure: "refused", advanced: 2,
		},
		{
			name: "NET_RAW", members: []string{"web", "api"},
			places: map[string]*place{"web": {Failures: notPermitted}, "api": {Failures: notPermitted}},
			raw:    map[string]*place{"web": {Echo: answering("10.1.0.3")}},
			want:   ".A ?.", failure: "capabilities are forbidden", advanced: 2,
		},
		{
			name: "the network that is meant", members: []string{"left", "right"}, on: "dual",
			places: map[string]*place{"left": {Echo: answering("10.4.0.3")}, "right": {Echo: answering("10.4.0.2")}}, want: ".A A.", advanced: 2,
		},
		{
			name: "another network than the one they share", members: []string{"left", "right"}, on: "front", want: ".x x.", advanced: 2,
		},
		{
			name: "IPv6 only", members: []string{"left", "right"}, change: func(o *Options) { o.Family = 6 },
			places: map[string]*place{"left": {Echo: answering("10.4.0.3")}, "right": {Echo: answering("fd04::2")}},
			want:   ".x A.", surprising: []string{"left-right"}, asymmetric: [][2]int{{0, 1}}, advanced: 2,
		},
		{
			name: "IPv6 where there is none", members: []string{"web", "api"}, change: func(o *Options) { o.Family = 6 }, want: ".x x.", advanced: 2,
		},
		{
			name: "no ICMP", members: []string{"web", "db"}, change: func(o *Options) { o.NoICMP = true },
			places: map[string]*place{"web": {TCP: ports{"10.1.0.4:5432": wire.Reached}}},
			want:   ".P ?.", failure: "no TCP port of it is known; name one with --port", advanced: 2,
		},
		{
			name: "no ICMP, and a port that is silent", members: []string{"web", "db"}, change: func(o *Options) { o.NoICMP, o.Ports = true, []Port{tcp(80)} },
			want: ".p p.", surprising: []string{"web-db", "db-web"}, advanced: 2,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			ix := world()
			o := quick
			if test.change != nil {
				test.change(&o)
			}
			lab := &scripted{places: map[string]*place{}, raw: map[string]*place{}, refuses: test.refuses}
			for name, p := range test.places {
				lab.places[name+"-id"] = p
			}
			for name, p := range test.raw {
				lab.raw[name+"-id"] = p
			}
			m := ForeseeMatrix(ix, chosen(t, ix, test.members...), ix.Network(test.on), o.Family)
			var told []Progress
			if err := MeasureMatrix(t.Context(), lab, m, o, func(p Progress) { told = append(told, p) }); err != nil {
				t.Fatal(err)
			}
			var surprising []string
			failure := ""
			for i := range m.Cells {
				for j := range m.Cells[i] {
					c := &m.Cells[i][j]
					if c.Surprising() {
						surprising = append(surprising, test.members[i]+"-"+test.members[j])
					}
					if c.State == CellUntested && failure == "" {
						failure = c.Failure
					}
				}
			}
			last, refused := told[len(told)-1], len(test.refuses)
			advanced := last.Done
			if told[0] != (Progress{Senders: test.advanced}) || last != (Progress{test.advanced, test.advanced - refused, test.advanced}) || len(told) != 1+2*test.advanced-refused {
				t.Errorf("it tells of %+v", told)
			}
			if got := cells(m); got != test.want || failure != test.failure || advanced != test.advanced {
				t.Errorf("it is %s, %q, told %d times; want %s, %q, %d", got, failure, advanced, test.want, test.failure, test.advanced)
			}
			if !slices.Equal(surprising, test.surprising) || !slices.Equal(m.Asymmetric(), test.asymmetric) {
				t.Errorf("%q surprise and %v differ by direction; want %q and %v", surprising, m.Asymmetric(), test.surprising, test.asymmetric)
			}
		})
	}
}

// Each sender has one session, and one request a pair.
func TestMeasureMatrixAsks(t *testing.T) {
	ix := world()
	members := chosen(t, ix, "web", "api", "w1", "w2")
	lab := &scripted{places: map[string]*place{}}
	for _, c := range members {
		lab.places[c.ID] = &place{Echo: answering("10.1.0.2", "10.1.0.3", "10.1.0.5", "10.1.0.6")}
	}
	m := ForeseeMatrix(ix, members, nil, 0)
	if err := MeasureMatrix(t.Context(), lab, m, quick, nil); err != nil {
		t.Fatal(err)
	}
	if got := cells(m); got != ".AAA A.AA AA.A AAA." || len(lab.sent) != 12 {
		t.Errorf("it is %s, with %d requests", got, len(lab.sent))
	}
}

func TestMeasureMatrixInterrupted(t *testing.T) {
	ix := world()
	ctx, cancel := context.WithCancel(t.Context())
	lab := &scripted{during: func(string, *wire.Request) { cancel() }}
	m := ForeseeMatrix(ix, chosen(t, ix, "web", "api", "db"), nil, 0)
	if err := MeasureMatrix(ctx, lab, m, quick, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted, it gives %v", err)
	}
}

// A sender that reaches nobody, where others do, is what is amiss.
func TestCut(t *testing.T) {
	for want, sees := range map[string]map[string]echoes{
		"":    {"web": answering("10.1.0.3", "10.1.0.5"), "api": answering("10.1.0.2", "10.1.0.5"), "w1": answering("10.1.0.2", "10.1.0.3")},
		"web": {"web": nil, "api": answering("10.1.0.2", "10.1.0.5"), "w1": answering("10.1.0.2", "10.1.0.3")},
		// Of w1 it is not known that it would answer.
		"none does": {"web": nil, "api": nil, "w1": nil},
		"one does":  {"web": answering("10.1.0.3"), "api": answering("10.1.0.2"), "w1": answering("10.1.0.2", "10.1.0.3")},
	} {
		ix := world()
		lab := &scripted{places: map[string]*place{}}
		for name, e := range sees {
			lab.places[name+"-id"] = &place{Echo: e}
		}
		m := ForeseeMatrix(ix, chosen(t, ix, "web", "api", "w1", "far"), nil, 0)
		if err := MeasureMatrix(t.Context(), lab, m, quick, nil); err != nil {
			t.Fatal(err)
		}
		for i, c := range m.Containers {
			if got := m.Cut(i); got != (c.Name == want) {
				t.Errorf("%q: %s is cut off: %v", want, c.Name, got)
			}
		}
	}
}

// Foreseen alone, nothing is measured: the forecast is what there is.
func TestForeseeMatrix(t *testing.T) {
	ix := world()
	m := ForeseeMatrix(ix, chosen(t, ix, "web", "api", "far", "halted", "one", "two"), nil, 0)
	var rows []string
	for i := range m.Cells {
		row := ""
		for j := range m.Cells[i] {
			row += fmt.Sprintf(" %.1s", m.Cells[i][j].Foreseen)
		}
		rows = append(rows, row)
	}
	want := []string{"  y n n n n", " y  n n n n", " n n  n n n", " n n n  n n", " n n n n  n", " n n n n n "}
	for i := range rows {
		if strings.TrimRight(rows[i], " ") != strings.TrimRight(want[i], " ") {
			t.Errorf("row %d is %q, want %q", i, rows[i], want[i])
		}
	}
	if got := cells(m); got != ".??-?? ?.?-?? ??.-?? ---.-- ???-.? ???-?." {
		t.Errorf("the states are %s", got)
	}
}

func TestPortsOf(t *testing.T) {
	c := &topology.Container{Ports: []topology.Ports{
		{First: 80, Protocol: "tcp"},
		{First: 80, Protocol: "tcp", HostPort: 8080},
		{First: 53, Protocol: "udp"},
		{First: 8000, Count: 3, Protocol: "tcp"},
		{First: 30000, Count: 1000, Protocol: "tcp"},
	}}
	if got := exposed(c); !slices.Equal(got, []Port{tcp(80), tcp(8000), tcp(8001), tcp(8002)}) {
		t.Errorf("the ports %v", got)
	}
	if got := outsidePorts(outside); !slices.Equal(got, []Port{tcp(443)}) {
		t.Errorf("outside, the ports %v", got)
	}
	if got := outsidePorts([]Words{{Ports: []Port{{53, "udp"}}}, {Ports: []Port{{53, "udp"}}}}); !slices.Equal(got, []Port{{53, "udp"}}) {
		t.Errorf("of what is named, the ports %v", got)
	}
}
