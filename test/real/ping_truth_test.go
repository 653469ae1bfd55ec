//go:build real

package real

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"os/exec"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// pinged is what ping says, as a program reads it.
type pinged struct {
	Results []struct {
		From struct{ Name string }
		To   struct {
			Asked     string
			Container *struct{ Name string }
		}
		Verdict  string
		FailedAt string `json:"failed_at"`
		Failure  string
		Rungs    []struct {
			Layer, State, Foreseen string
			Address                netip.Addr
			Port                   *struct{ Port int }
			Failure                string
			Connection             *struct{ Outcome string }
		}
		Findings []struct{ Kind, Layer, Text string }
		Commands []string
	}
}

// confusion counts what was foreseen against what was measured.
type confusion struct {
	sync.Mutex
	cells map[string]int
	wrong []string
	right int
	// planted are the mismatches that have a cause which the test made, and which
	// was found.
	planted int
	// unknown is what cannot be foreseen.
	unknown int
	// arrived is what got there, at any address, of all that was tried.
	arrived map[journey]bool
}

// journey is a test at one layer.
type journey struct{ from, to, layer string }

func (c *confusion) String() string {
	var lines []string
	for cell, count := range c.cells {
		lines = append(lines, fmt.Sprintf("  %-42s %d", cell, count))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// planted are the targets with something that no configuration tells, the layers
// at which that shows, and the finding that must name it.
var planted = map[string]map[string]string{
	"loop":     {"tcp": "listens on loopback only"},
	"bare":     {"tcp": "nothing listens"},
	"late":     {"tcp": "listens on another address only"},
	"idle":     {"tcp": "nothing listens"},
	"inside-2": {"tcp": "nothing listens"},
	"sharer":   {},
	"told":     {"tcp": "nothing listens"},
	"nobody":   {"tcp": "nothing listens"},
	"hosted":   {"tcp": "nothing listens"},
	"deaf":     {"icmp": "icmp blocked"},
	"walled":   {"tcp": "dropped on the way"},
}

// plantedFrom are sources of which the same is true, at these layers, towards
// whatever they should reach.
var plantedFrom = map[string]map[string][]string{
	"deaf": {"icmp": {"icmp blocked", "dropped on the way"}},
}

// unknowable is what no snapshot tells: whether the host has a name, what is behind the
// device of a macvlan, and who is on another node of a swarm.
func unknowable(from, to, layer string) bool {
	return to == "host" && layer == "name" || strings.HasPrefix(from, "mac-") && to == outside || from == "far" || to == "far"
}

// TestPingTruth: of every ordered pair, what is foreseen is what is measured, or the
// difference has a cause that was planted and is named. And of every pair, what is
// measured is what busybox measures.
func TestPingTruth(t *testing.T) {
	eachEngineInTurn(t, func(t *testing.T, e *zoo.Engine) {
		buildTown(t, e).holdTruth()
	})
}

// TestPingTruthSwarm: the same where a swarm's overlay is among the networks, with
// somebody on another node.
func TestPingTruthSwarm(t *testing.T) {
	t.Parallel()
	setUp(t)
	manager, worker := swarm(t)
	w := beginTown(t, manager)
	w.spanNodes(worker)
	w.openOutside()
	w.holdTruth()
}

func (w *town) holdTruth() {
	t, e := w.t, w.Engine
	for kind, why := range w.refused {
		t.Logf("%s: NOT TESTED: %s: %s", e.Name, kind, why)
	}
	counts := &confusion{cells: map[string]int{}, arrived: map[journey]bool{}}
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(2)
	senders := append(slices.Clone(w.order), "gone")
	if w.worker != nil {
		senders = append(senders, "far")
	}
	for _, from := range senders {
		group.Go(func() error { return w.pingAll(ctx, from, counts) })
	}
	ok(t, group.Wait())
	t.Logf("%s: %d claims, %d as foreseen, %d with a planted cause that was found, %d that nothing tells\n%s",
		e.Name, counts.right+counts.planted+counts.unknown+len(counts.wrong), counts.right, counts.planted, counts.unknown, counts)
	for _, wrong := range counts.wrong {
		t.Errorf("%s: %s", e.Name, wrong)
	}
	if len(counts.wrong) == 0 && counts.right < 300 {
		t.Errorf("%s: only %d claims were checked", e.Name, counts.right)
	}
	w.explainTruth(counts.arrived)
	w.nothingLeft()
}

// pingAll pings every other one from one, and the host and the outside.
func (w *town) pingAll(ctx context.Context, from string, counts *confusion) error {
	endpoint, source := w.Endpoint, w.Name(from)
	targets := map[string]string{} // their short names
	args := []string{"ping", "--format", "json", "-W", "2", "-p", "80"}
	var named []string
	name := func(to, asked string) {
		if to != from {
			targets[asked] = to
			named = append(named, asked)
		}
	}
	for _, to := range w.order {
		name(to, w.Name(to))
	}
	name("gone", w.Name("gone"))
	if w.worker != nil {
		name("far", w.worker.Name("far"))
	}
	if from == "far" { // has another host, and another outside
		endpoint, source = w.worker.Endpoint, w.worker.Name(from)
	} else {
		name("host", "host")
		name(outside, outside)
	}
	args = append(append(args, source), named...)
	const patience = 3 * time.Minute
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, bench.plugin, args...)
	cmd.Env = environment("DOCKER_HOST=" + endpoint)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	ended := cmd.Run()
	var said pinged
	if err := json.Unmarshal(stdout.Bytes(), &said); err != nil {
		return fmt.Errorf("ping from %s: %w: %w\n%s%s", from, ended, err, &stdout, &stderr)
	}
	if len(said.Results) != len(targets) {
		return fmt.Errorf("ping from %s: %d results for %d targets", from, len(said.Results), len(targets))
	}
	for _, result := range said.Results {
		to := targets[result.To.Asked]
		if down(from) || to == "gone" && from != "far" { // who is on another node has none such in its snapshot
			counts.gone(from, to, result.Verdict, result.FailedAt)
			continue
		}
		if from == "far" || to == "far" {
			counts.farther(from, to, w.meshed(from) && w.meshed(to), result.Verdict)
		}
		if result.Failure != "" || result.Verdict == "not tested" {
			counts.miss("%s → %s could not be tested: %s", from, to, result.Failure)
			continue
		}
		var kinds []string
		for _, f := range result.Findings {
			kinds = append(kinds, f.Layer+" "+f.Kind)
		}
		for _, r := range result.Rungs {
			refused := r.Connection != nil && r.Connection.Outcome == "refused"
			arrived := r.State == "passed" || refused
			if cause := planted[to]["tcp"]; refused && cause != "" && !slices.Contains(kinds, "tcp "+cause) {
				counts.miss("%s → %s %s: refused, and not said: %s; found %q", from, to, r.Address, cause, kinds)
			}
			switch r.Layer {
			case "icmp", "tcp":
			case "name":
				arrived = r.State == "passed"
			default:
				continue
			}
			counts.take(from, to, r.Layer, r.Foreseen, arrived, r.State, r.Address.String(), r.Failure, kinds)
		}
	}
	return nil
}

func (c *confusion) miss(format string, args ...any) {
	c.Lock()
	defer c.Unlock()
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

// down tells that one sends nothing: it is stopped, or paused.
func down(who string) bool { return who == "gone" || who == "resting" }

// gone is of a pair of which one is down.
func (c *confusion) gone(from, to, verdict, at string) {
	if verdict != "not reached" || at != "running" {
		c.miss("%s → %s, of which one is down: %s at %s", from, to, verdict, at)
		return
	}
	c.Lock()
	defer c.Unlock()
	c.right++
}

// farther is of a pair on two nodes, of which no snapshot tells much: an overlay that
// both are on is all that there is between them.
func (c *confusion) farther(from, to string, together bool, verdict string) {
	if want := map[bool]string{true: "reached", false: "not reached"}[together]; verdict != want {
		c.miss("%s → %s, on two nodes: %s, want %s", from, to, verdict, want)
	}
}

func (c *confusion) take(from, to, layer, foreseen string, arrived bool, state, address, failure string, findings []string) {
	c.Lock()
	defer c.Unlock()
	measured := map[bool]string{true: "arrives", false: "does not"}[arrived]
	if state != "untested" {
		c.arrived[journey{from, to, layer}] = c.arrived[journey{from, to, layer}] || arrived
	}
	c.cells[fmt.Sprintf("%-5s foreseen %-8s measured %s", layer, foreseen, measured)]++
	if state == "untested" {
		c.wrong = append(c.wrong, fmt.Sprintf("%s → %s %s %s: not tested: %s", from, to, layer, address, failure))
		return
	}
	agree := foreseen == "yes" && arrived || foreseen == "no" && !arrived
	causes := plantedFrom[from][layer]
	if cause := planted[to][layer]; cause != "" {
		causes = append(causes[:len(causes):len(causes)], cause)
	}
	found := slices.ContainsFunc(causes, func(cause string) bool { return slices.Contains(findings, layer+" "+cause) }) ||
		to == "resting" && layer == "tcp" && slices.Contains(findings, " paused") // once its backlog is full
	switch {
	case agree:
		c.right++
	case foreseen == "yes" && found:
		c.planted++
	case foreseen == "unknown" && unknowable(from, to, layer):
		c.unknown++
	default:
		c.wrong = append(c.wrong, fmt.Sprintf("%s → %s %s %s: foreseen %q, measured %s (%s); found %q", from, to, layer, address, foreseen, measured, state, findings))
	}
}

// nothingLeft holds that no helper is left, and of images only the probe's.
func (w *town) nothingLeft() {
	w.t.Helper()
	nothingLeft(w.t, w.Engine, slices.Collect(maps.Values(w.people))...)
}
