package diagnose_test

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// recording is what was measured on one engine from inside each container of a
// zoo, and the snapshot of that moment. What was asked and is not in it was not
// answered. Each container answers HTTP on port 80 with its name, the one on the
// host on 18090; so a connection counts only where it got to the right one. What
// answered as nobody is "?".
type recording struct {
	Host       []string            `json:"host"`
	AskedTCP   []string            `json:"asked_tcp"`
	AskedNames []string            `json:"asked_names"`
	Snapshot   topology.Snapshot   `json:"snapshot"`
	Measured   map[string]measured `json:"measured"`
}

type measured struct {
	ICMP  []string            `json:"icmp"`
	TCP   map[string]string   `json:"tcp"`
	Names map[string][]string `json:"names"`
}

// outside are addresses in a namespace of its own that the engine's host reaches,
// and that knows no way to the engine's networks.
var outside = []string{"203.0.113.2", "2001:db8:113::2"}

// tally counts forecasts against measurements.
type tally map[string]*[3][2]int

func (t tally) count(what string, f diagnose.Forecast, works bool) (agrees bool) {
	row := map[diagnose.Forecast]int{diagnose.ForecastYes: 0, diagnose.ForecastNo: 1, diagnose.ForecastUnknown: 2}[f]
	column := 0
	if !works {
		column = 1
	}
	if t[what] == nil {
		t[what] = new([3][2]int)
	}
	t[what][row][column]++
	return row == 2 || row == column
}

// TestReachAsMeasured holds every forecast to what was measured on real engines.
func TestReachAsMeasured(t *testing.T) {
	files, err := filepath.Glob("testdata/reach/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no recordings", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var r recording
			if err := json.Unmarshal(text, &r); err != nil {
				t.Fatal(err)
			}
			r.Snapshot.Sort()
			ix := topology.NewIndex(&r.Snapshot)
			counts := tally{}
			for i := range ix.Containers {
				from := &ix.Containers[i]
				m, up := r.Measured[from.Name]
				if !up {
					continue
				}
				for k := range ix.Containers {
					holdPair(t, counts, ix, &r, m, from, &ix.Containers[k])
				}
				holdHost(t, counts, ix, &r, m, from)
				holdOutside(t, counts, ix, m, from)
				holdNames(t, counts, ix, &r, m, from)
			}
			for _, what := range []string{"icmp", "tcp", "published", "host", "outside", "name", "overall"} {
				c := counts[what]
				if c == nil {
					t.Errorf("no %s was held to anything", what)
					continue
				}
				t.Logf("%-9s  yes: %4d work %3d not   no: %3d work %4d not   unknown: %3d work %3d not",
					what, c[0][0], c[0][1], c[1][0], c[1][1], c[2][0], c[2][1])
			}
		})
	}
}

func address(ip netip.Addr, port uint16) string { return netip.AddrPortFrom(ip, port).String() }

// listener is who answers in the namespace of a container, and where.
func listener(ix *topology.Index, c *topology.Container) (name string, port uint16) {
	if id, shares := ix.Owner(c); shares && ix.Container(id) != nil {
		c = ix.Container(id)
	}
	if c.Name == "h2h1" || c.Name == "h2k2" {
		return "h2h1", 18090
	}
	return c.Name, 80
}

// silent tells that nothing listens in the container: it has lost the namespace
// that it shared, or it is paused and others have filled its backlog.
func silent(c *topology.Container) bool { return c.Name == "h2q1" || c.State == topology.Paused }

func holdPair(t *testing.T, counts tally, ix *topology.Index, r *recording, m measured, from, to *topology.Container) {
	t.Helper()
	reach := diagnose.Predict(ix, from, to)
	name, port := listener(ix, to)
	pings, connects := false, false
	ports := map[string]bool{}
	for _, a := range reach.Addresses {
		if a.Port != 0 {
			ports[address(a.Address, a.Port)] = true
		}
	}
	for _, a := range reach.Addresses {
		what, at := "tcp", address(a.Address, port)
		switch {
		case a.Port != 0:
			what, at = "published", address(a.Address, a.Port)
		case ports[at]:
			at = "" // has its own forecast
		default:
			pong := slices.Contains(m.ICMP, a.Address.String())
			pings = pings || pong
			if !counts.count("icmp", a.ICMP, pong) {
				t.Errorf("%s → %s: ping %s was to be %s and is not: %v", from.Name, to.Name, a.Address, a.ICMP, kindsOf(a.Reasons))
			}
		}
		answer, open := m.TCP[at]
		works := open && (answer == name || answer == "refused" && reach.Path == diagnose.SameNamespace)
		if a.TCP == diagnose.ForecastYes && answer == "?" {
			works = true // opened, and the machine was too slow to see more
		}
		connects = connects || works
		if !slices.Contains(r.AskedTCP, at) || silent(to) {
			continue
		}
		if !counts.count(what, a.TCP, works) {
			t.Errorf("%s → %s: %s %s was to be %s and is not (%q): %v", from.Name, to.Name, what, at, a.TCP, answer, kindsOf(a.Reasons))
		}
	}
	if !silent(to) && !counts.count("overall", reach.TCP, connects) {
		t.Errorf("%s → %s: TCP was to be %s over all: %v", from.Name, to.Name, reach.TCP, kindsOf(reach.Reasons))
	}
	if len(reach.Reasons) == 0 {
		t.Errorf("%s → %s: no reason", from.Name, to.Name)
	}
	for _, n := range reach.Names {
		holdName(t, counts, m, from, n, to)
	}
}

// untold are names that resolve for a reason of which the snapshot does not tell:
// a legacy link on the default bridge.
var untold = []string{"h2d2 h2d1", "h2d2 lnk"}

func holdName(t *testing.T, counts tally, m measured, from *topology.Container, n diagnose.NameForecast, to *topology.Container) {
	t.Helper()
	addresses, resolves := m.Names[n.Name]
	if slices.Contains(untold, from.Name+" "+n.Name) || n.Name == topology.ShortID(to.ID) && to.Name == "h2d1" && from.Name == "h2d2" {
		return
	}
	if !counts.count("name", n.Forecast, resolves) {
		t.Errorf("%s: name %s of %s was to be %s, and gives %v: %v", from.Name, n.Name, to.Name, n.Forecast, addresses, n.Reason)
	}
}

func holdNames(t *testing.T, counts tally, ix *topology.Index, r *recording, m measured, from *topology.Container) {
	t.Helper()
	for _, name := range r.AskedNames {
		res := diagnose.Resolvable(ix, from, name)
		if slices.Contains(untold, from.Name+" "+name) {
			continue
		}
		if len(name) == 12 && strings.Trim(name, "0123456789abcdef") == "" {
			continue // IDs are held with their containers
		}
		addresses, resolves := m.Names[name]
		if !counts.count("name", res.Forecast, resolves) {
			t.Errorf("%s: %s was to be %s, and gives %v: %v", from.Name, name, res.Forecast, addresses, res.Reason)
		}
		var want []string
		for _, a := range res.Addresses {
			want = append(want, a.String())
		}
		slices.Sort(want)
		for _, a := range addresses {
			if res.Forecast == diagnose.ForecastYes && len(want) > 0 && !slices.Contains(want, a) {
				t.Errorf("%s: %s gives %v, not %v", from.Name, name, addresses, want)
			}
		}
	}
}

func holdHost(t *testing.T, counts tally, ix *topology.Index, r *recording, m measured, from *topology.Container) {
	t.Helper()
	reach := diagnose.PredictHost(ix, from)
	for _, a := range reach.Addresses {
		if !slices.Contains(r.Host, a.Address.String()) && !a.Address.IsLoopback() {
			t.Errorf("%s is no address of the host", a.Address)
		}
	}
	check := func(a diagnose.AddressForecast) {
		if !counts.count("host", a.ICMP, slices.Contains(m.ICMP, a.Address.String())) {
			t.Errorf("%s → host: ping %s was to be %s and is not: %v", from.Name, a.Address, a.ICMP, kindsOf(a.Reasons))
		}
		answer := m.TCP[address(a.Address, 18090)]
		if !counts.count("host", a.TCP, answer == "h2h1" || answer == "?") {
			t.Errorf("%s → host: TCP %s was to be %s and is not: %v", from.Name, a.Address, a.TCP, kindsOf(a.Reasons))
		}
	}
	for _, a := range reach.Addresses {
		check(a)
	}
	for _, host := range r.Host {
		for _, a := range diagnose.PredictAddress(ix, from, netip.MustParseAddr(host)).Addresses {
			if !strings.HasPrefix(host, "203.0.113") && !strings.HasPrefix(host, "2001:db8") {
				check(a)
			}
		}
	}
}

func holdOutside(t *testing.T, counts tally, ix *topology.Index, m measured, from *topology.Container) {
	t.Helper()
	reach := diagnose.PredictOutside(ix, from)
	for i, f := range []diagnose.Forecast{reach.IPv4, reach.IPv6} {
		if !counts.count("outside", f, slices.Contains(m.ICMP, outside[i])) {
			t.Errorf("%s → outside: %s was to be %s and is not: %v", from.Name, outside[i], f, kindsOf(reach.Reasons))
		}
	}
}

func kindsOf(reasons []diagnose.Reason) []diagnose.ReasonKind {
	var kinds []diagnose.ReasonKind
	for _, r := range reasons {
		kinds = append(kinds, r.Kind)
	}
	return kinds
}
