package reach

import (
	"errors"
	"maps"
	"net/netip"
	"slices"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/probe/wiretest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestMeasureAsksAgain: a target that did not stay as it was is no reason to blame a
// firewall.
func TestMeasureAsksAgain(t *testing.T) {
	api := []netip.Addr{netip.MustParseAddr("10.1.0.3")}
	for _, test := range []struct {
		name, to string
		of       string // whose moment it is
		now      Moment
		verdict  Verdict
		change   Change
		findings []FindingKind
	}{
		{"as it was", "api:80", "api", Moment{State: topology.Running, Addresses: api}, NotReached, "", []FindingKind{FirewallDrops}},
		{"its addresses are not told", "api:80", "api", Moment{State: topology.Running}, NotReached, "", []FindingKind{FirewallDrops}},
		{"stopped", "api:80", "api", Moment{State: topology.Exited}, NotTested, Stopped, []FindingKind{ChangedMeanwhile}},
		{"removed", "api:80", "api", Moment{}, NotTested, Removed, []FindingKind{ChangedMeanwhile}},
		{"restarted", "api:80", "api", Moment{State: topology.Running, Restarted: true, Addresses: api}, NotTested, Restarted, []FindingKind{ChangedMeanwhile}},
		{"restarting", "api:80", "api", Moment{State: topology.Restarting}, NotTested, Restarted, []FindingKind{ChangedMeanwhile}},
		{"paused", "api:80", "api", Moment{State: topology.Paused, Addresses: api}, NotReached, Paused, []FindingKind{Frozen}},
		{"off its network", "api:80", "api", Moment{State: topology.Running, Addresses: []netip.Addr{}}, NotTested, Readdressed, []FindingKind{ChangedMeanwhile}},
		{"on another address", "api:80", "api", Moment{State: topology.Running, Addresses: []netip.Addr{netip.MustParseAddr("10.1.0.99")}}, NotTested, Readdressed, []FindingKind{ChangedMeanwhile}},
		{"its owner stopped", "side:80", "web", Moment{State: topology.Exited}, NotTested, Stopped, []FindingKind{ChangedMeanwhile}},
		{"another stopped", "api:80", "db", Moment{State: topology.Exited}, NotReached, "", []FindingKind{FirewallDrops}},
	} {
		t.Run(test.name, func(t *testing.T) {
			ix := world()
			sender := "web"
			if test.of == "web" {
				sender = "api"
			}
			from, target := aim(t, ix, sender, test.to)
			source := &place{Names: names{"api": wiretest.Named("10.1.0.3")}}
			if test.findings[0] == Frozen {
				source.Echo = answering("10.1.0.3")
			}
			lab := &scripted{places: map[string]*place{from.ID: source}, now: map[string]Moment{test.of + "-id": test.now}}
			l, err := Measure(t.Context(), lab, ix, from, target, quick)
			if err != nil {
				t.Fatal(err)
			}
			var kinds []FindingKind
			for i := range l.Findings {
				if !slices.Contains(kinds, l.Findings[i].Kind) {
					kinds = append(kinds, l.Findings[i].Kind)
				}
			}
			if l.Verdict != test.verdict || l.Changed != test.change || !slices.Equal(kinds, test.findings) {
				t.Errorf("the verdict is %s, the change %q, the findings %q; want %s, %q, %q", l.Verdict, l.Changed, kinds, test.verdict, test.change, test.findings)
			}
		})
	}
}

// TestMeasureKnocksAgain: a port that does not answer at first is tried once more,
// and then it is looked whether connections wait there.
func TestMeasureKnocksAgain(t *testing.T) {
	waits := listening("tcp 0.0.0.0:80")
	waits.Namespace.Listeners[0].Waiting = 2
	for _, test := range []struct {
		name     string
		opens    int // at which attempt
		target   *place
		verdict  Verdict
		findings []FindingKind
	}{
		{"it opens at once", 1, nil, Reached, nil},
		{"it opens at the second", 2, nil, Reached, nil},
		{"it never opens", 3, listening("tcp 0.0.0.0:80"), NotReached, []FindingKind{FirewallDrops}},
		{"connections wait there", 3, waits, NotReached, []FindingKind{Busy}},
	} {
		t.Run(test.name, func(t *testing.T) {
			ix := world()
			from, target := aim(t, ix, "web", "api:80")
			source := &place{Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), TCP: ports{}}
			knocks := 0
			lab := &scripted{places: map[string]*place{from.ID: source, target.Container.ID: test.target}}
			lab.during = func(of string, r *wire.Request) {
				if of == from.ID && r.Kind == wire.Connect {
					if knocks++; knocks == test.opens {
						source.TCP["10.1.0.3:80"] = wire.Reached
					}
				}
			}
			l, err := Measure(t.Context(), lab, ix, from, target, quick)
			if err != nil {
				t.Fatal(err)
			}
			var kinds []FindingKind
			for i := range l.Findings {
				kinds = append(kinds, l.Findings[i].Kind)
			}
			if l.Verdict != test.verdict || !slices.Equal(kinds, test.findings) || knocks > 2 {
				t.Errorf("the verdict is %s, the findings %q after %d attempts; want %s, %q", l.Verdict, kinds, knocks, test.verdict, test.findings)
			}
		})
	}
}

// TestMatrixAsksAgain: so it is with many: with who was to answer, with who asked in
// vain, and with those whose networks they share.
func TestMatrixAsksAgain(t *testing.T) {
	const whileTested = " while it was tested"
	stopped := Moment{State: topology.Exited}
	loses := wire.Echoes{Outcome: wire.Reached, Sent: 3, Received: 1}
	for _, test := range []struct {
		name     string
		members  []string
		sees     map[string]echoes
		now      map[string]Moment
		ends     map[string]error
		want     string
		failures map[string]string // by sender and receiver
	}{
		{name: "as it was", want: ".x A."},
		{name: "stopped", now: map[string]Moment{"api": stopped}, want: ".? A.", failures: map[string]string{"web-api": "it was stopped" + whileTested}},
		{name: "removed", now: map[string]Moment{"api": {}}, want: ".? A.", failures: map[string]string{"web-api": "it was removed" + whileTested}},
		{name: "paused", now: map[string]Moment{"api": {State: topology.Paused}}, want: ".x A."},
		{
			name: "whose network it shares", members: []string{"api", "side"}, sees: map[string]echoes{"side": answering("10.1.0.3")},
			now: map[string]Moment{"web": stopped}, want: ".? A.", failures: map[string]string{"api-side": "the container whose network it shares was stopped" + whileTested},
		},
		{name: "the sender", now: map[string]Moment{"web": stopped}, want: ".? A.", failures: map[string]string{"web-api": "the sender was stopped" + whileTested}},
		{
			name: "the sender, which is on another address", now: map[string]Moment{"web": {State: topology.Running, Addresses: []netip.Addr{netip.MustParseAddr("10.1.0.99")}}},
			want: ".? A.", failures: map[string]string{"web-api": "the sender was given other addresses" + whileTested},
		},
		{
			name: "whose network the sender shares", members: []string{"side", "api"},
			now: map[string]Moment{"web": stopped}, want: ".? A.", failures: map[string]string{"side-api": "the container whose network the sender shares was stopped" + whileTested},
		},
		{
			name: "a sender to whom another answers", members: []string{"web", "api", "w1"},
			sees: map[string]echoes{"web": answering("10.1.0.5"), "api": answering("10.1.0.2", "10.1.0.5"), "w1": answering("10.1.0.2", "10.1.0.3")},
			now:  map[string]Moment{"web": stopped}, want: ".xA A.A AA.",
		},
		{
			name: "after some answers", sees: map[string]echoes{"web": {"10.1.0.3": loses}, "api": answering("10.1.0.2")},
			now: map[string]Moment{"api": stopped}, want: ".A A.", failures: map[string]string{"web-api": "it was stopped" + whileTested},
		},
		{
			name: "a sender whose namespace ends", ends: map[string]error{"web": errors.New("not running any more")},
			want: ".? A.", failures: map[string]string{"web-api": "not running any more"},
		},
		{
			name: "a sender whose namespace ends after an answer", sees: map[string]echoes{"web": answering("10.1.0.3"), "api": answering("10.1.0.2")},
			ends: map[string]error{"web": errors.New("not running any more")}, want: ".A A.",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.members == nil {
				test.members = []string{"web", "api"}
			}
			if test.sees == nil {
				test.sees = map[string]echoes{"api": answering("10.1.0.2")}
			}
			lab := &scripted{places: map[string]*place{}, now: map[string]Moment{}, ends: map[string]error{}}
			for name, e := range test.sees {
				lab.places[name+"-id"] = &place{Echo: e}
			}
			for name, now := range test.now {
				lab.now[name+"-id"] = now
			}
			for name, err := range test.ends {
				lab.ends[name+"-id"] = err
			}
			ix := world()
			m := ForeseeMatrix(ix, chosen(t, ix, test.members...), nil, 0)
			if err := MeasureMatrix(t.Context(), lab, m, quick, nil); err != nil {
				t.Fatal(err)
			}
			failures := map[string]string{}
			for i := range m.Cells {
				for j := range m.Cells[i] {
					if c := &m.Cells[i][j]; c.Failure != "" {
						failures[test.members[i]+"-"+test.members[j]] = c.Failure
					}
				}
			}
			if got := cells(m); got != test.want || !maps.Equal(failures, test.failures) {
				t.Errorf("it is %s, %q; want %s, %q", got, failures, test.want, test.failures)
			}
		})
	}
}

// TestMatrixKnocksAgain: a port that was asked for is tried twice before it counts
// as silent.
func TestMatrixKnocksAgain(t *testing.T) {
	ix := world()
	web, api := ix.FindContainers("web")[0], ix.FindContainers("api")[0]
	source := &place{Echo: answering("10.1.0.3"), TCP: ports{}}
	knocks := 0
	lab := &scripted{places: map[string]*place{"web-id": source, "api-id": {Echo: answering("10.1.0.2")}}}
	lab.during = func(of string, r *wire.Request) {
		if of == "web-id" && r.Kind == wire.Connect {
			if knocks++; knocks == 2 {
				source.TCP["10.1.0.3:80"] = wire.Reached
			}
		}
	}
	options := quick
	options.Ports = []Port{tcp(80)}
	m := ForeseeMatrix(ix, []*topology.Container{web, api}, nil, 0)
	if err := MeasureMatrix(t.Context(), lab, m, options, nil); err != nil {
		t.Fatal(err)
	}
	if m.Cells[0][1].State != Answers || m.Cells[1][0].State != PortFails {
		t.Errorf("web to api %s, api to web %s", m.Cells[0][1].State, m.Cells[1][0].State)
	}
}
