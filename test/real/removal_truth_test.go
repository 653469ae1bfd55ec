//go:build real

package real

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// removalPlan is what is used of "safe-rm --format json".
type removalPlan struct {
	Plan struct {
		Networks []struct {
			Objections []struct {
				Kind   string
				Names  []string
				Lifted string `json:"lifted_by"`
			}
			Effects []effect
		}
	}
	Refused bool
	Result  *struct {
		Networks []struct {
			State, Error string
			Entry        string
		}
	}
}

// effect is what is said that a container suffers.
type effect struct {
	ID          string `json:"container_id"`
	Container   string
	Fate        string
	Keeps       []string
	StartsNow   bool   `json:"starts_now"`
	StartsAfter bool   `json:"starts_after"`
	Shares      string `json:"shares_network_of"`
	ForGood     bool   `json:"for_good"`
	Loses       struct {
		IPv4, MAC string
		Aliases   []string
		Ports     []hostPort
		Moved     []hostPort `json:"moved_ports"`
	}
}

type hostPort struct {
	HostPort int `json:"host_port"`
}

// TestRemovalTruth: for each network in turn, what safe-rm says would happen is
// what happens, to every container; and restore brings all of it back.
func TestRemovalTruth(t *testing.T) {
	eachEngineInTurn(t, func(t *testing.T, e *zoo.Engine) {
		m := buildMenagerie(t, e)
		for kind, reason := range m.refused {
			t.Logf("%s does not make: %s (%s)", e.Name, kind, reason)
		}
		if len(m.networks) < 12 || len(m.animals) < 30 {
			t.Errorf("there are only %d networks and %d containers", len(m.networks), len(m.animals))
		}
		env := ownConfig(t)
		env = append(env, "DOCKER_HOST="+e.Endpoint)
		s := &removalTruth{menagerie: m, env: env}
		for _, short := range sortedKeys(m.networks) {
			s.network(short)
		}
		t.Logf("%s: %d claims checked, %d of them on starts, %d on ports, %d on what is left; %d facts restored, %d addresses asked for",
			e.Name, s.claims, s.starts, s.ports, s.keeps, s.restored, s.pinned)
		if s.starts < 60 || s.ports < 8 || s.keeps < 25 || s.restored < 60 {
			t.Error("that is too few to be the truth about all of it")
		}
	})
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

type removalTruth struct {
	*menagerie
	env []string
	mu  sync.Mutex
	// how many claims were held against what happened
	claims, starts, ports, keeps, restored, pinned int
}

// plan asks for the plan of a forced removal.
func (s *removalTruth) plan(short string, args ...string) *removalPlan {
	s.t.Helper()
	out := run(s.t, s.env, bench.plugin, append([]string{"safe-rm", "--format", "json", s.networks[short]}, args...)...)
	var p removalPlan
	if err := json.Unmarshal([]byte(out.stdout), &p); err != nil || len(p.Plan.Networks) != 1 {
		s.t.Fatalf("safe-rm %s %v: status %d: %v\n%s%s", short, args, out.status, err, out.stdout, out.stderr)
	}
	return &p
}

// network removes a network twice and brings it back twice: once to see what is
// left, and that all comes back; once to see who starts without it, and with it.
func (s *removalTruth) network(short string) {
	s.t.Helper()
	before := s.look()
	effects, entry := s.remove(short)
	if effects == nil {
		return
	}
	s.checkLeft(short, effects, before.facts)
	s.checkPorts(short, effects, before.answers)
	s.restore(short, entry)
	s.checkRestored(short, effects, before)

	if len(effects) == 0 {
		return // nobody starts otherwise than before
	}
	if effects, entry = s.remove(short); effects == nil {
		return
	}
	s.checkStarts(short, effects)
	s.restore(short, entry)
	s.checkStartsAgain(short, effects, before)
	for _, owners := range []bool{true, false} {
		s.sideBySide(func(a *animal) {
			if (a.owner == "") == owners && (effects[a.short] != nil || a.state == "exited") {
				s.rest(a)
				s.unpin(a)
			}
		})
	}
}

// sight is what containers have, and which ports answer, by short name.
type sight struct {
	facts   map[string][]string
	answers map[string]map[string]bool
}

func (s *removalTruth) look() sight {
	s.t.Helper()
	seen := sight{facts: map[string][]string{}, answers: map[string]map[string]bool{}}
	s.sideBySide(func(a *animal) {
		facts := s.facts(a)
		var answers map[string]bool
		if a.state == "running" && len(a.made.Publish) > 0 && a.short != "web-closed" { // which never answers
			answers = s.answers(a)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		seen.facts[a.short] = facts
		if answers != nil {
			seen.answers[a.short] = answers
		}
	})
	return seen
}

// remove removes a network by force, and gives what was said that containers
// suffer; nothing, where it was refused.
func (s *removalTruth) remove(short string) (effects map[string]*effect, entry string) {
	s.t.Helper()
	var p *removalPlan
	for range 30 { // what restarts by itself may change in between
		p = s.plan(short, "--disconnect", "--accept-broken", "--yes")
		if s.resumed(p) {
			continue
		}
		if p.Refused || p.Result != nil && p.Result.Networks[0].State == "removed" {
			break
		}
		if p.Result != nil && strings.Contains(p.Result.Networks[0].Error, "stop it first") {
			s.stopLoop()
		}
	}
	if p.Refused {
		s.checkRefused(short, p)
		return nil, ""
	}
	if p.Result == nil || p.Result.Networks[0].State != "removed" {
		s.t.Errorf("%s is not removed: %+v", short, p.Result)
		return nil, ""
	}
	effects = map[string]*effect{}
	for i := range p.Plan.Networks[0].Effects {
		e := &p.Plan.Networks[0].Effects[i]
		effects[s.byID(e.ID).short] = e
	}
	return effects, p.Result.Networks[0].Entry
}

// resumed lets paused containers go on where the plan says that they must, as the
// user is told to. That they cannot be taken off is a claim, too.
func (s *removalTruth) resumed(p *removalPlan) bool {
	s.t.Helper()
	for _, o := range p.Plan.Networks[0].Objections {
		if o.Kind != "paused containers" {
			continue
		}
		for _, name := range o.Names {
			a := s.animal(strings.TrimPrefix(name, s.Prefix))
			s.ok(s.Resume(s.t.Context(), a.id))
			a.state = "running"
		}
		return true
	}
	return false
}

// stopLoop stops the container that restarts by itself, as the user is told to.
func (s *removalTruth) stopLoop() {
	s.t.Helper()
	loop := s.animal("restarting")
	s.ok(s.Stop(s.t.Context(), loop.id))
	loop.state = "exited"
}

// checkRefused: what cannot be removed with any option, the engine does not
// remove either.
func (s *removalTruth) checkRefused(short string, p *removalPlan) {
	s.t.Helper()
	s.claims++
	network := s.networks[short]
	if s.Podman { // removes by ID whatever is on it
		network = s.Name(short)
	}
	if err := s.RemoveNetwork(s.t.Context(), network); err == nil {
		s.t.Errorf("safe-rm says that %s cannot be removed (%+v), and the engine removed it", short, p.Plan.Networks[0].Objections)
	}
}

// checkLeft: each container is on the networks that it was said to keep, and no
// other container lost one.
func (s *removalTruth) checkLeft(short string, effects map[string]*effect, before map[string][]string) {
	s.t.Helper()
	for _, a := range s.animals {
		if a.owner != "" || a.state == "restarting" {
			continue
		}
		left := s.facts(a)
		e := effects[a.short]
		if e == nil {
			if !slices.Equal(left, before[a.short]) {
				s.t.Errorf("without %s: nothing was said of %s, and it has %q, had %q", short, a.short, left, before[a.short])
			}
			continue
		}
		s.claims++
		s.keeps++
		var networks []string
		for name := range s.inspect(a).NetworkSettings.Networks {
			networks = append(networks, name)
		}
		slices.Sort(networks)
		if s.Podman && len(e.Keeps) == 0 {
			networks = nil // says "bridge" of what is on no network
		}
		keeps := slices.Clone(e.Keeps)
		for i := range keeps {
			if s.Podman && keeps[i] == "bridge" {
				keeps[i] = "podman"
			}
		}
		slices.Sort(keeps)
		if !slices.Equal(networks, keeps) {
			s.t.Errorf("without %s: %s was said to keep %q, and has %q", short, a.short, e.Keeps, networks)
		}
		lost := strings.Join(before[a.short], "\n")
		if e.Loses.IPv4 != "" && !strings.Contains(lost, e.Loses.IPv4) {
			s.t.Errorf("without %s: %s was said to lose %s, and had %q", short, a.short, e.Loses.IPv4, before[a.short])
		}
		for _, alias := range e.Loses.Aliases {
			if !strings.Contains(lost, fmt.Sprintf("%q", alias)) {
				s.t.Errorf("without %s: %s was said to lose the alias %s, and had %q", short, a.short, alias, before[a.short])
			}
		}
	}
}

// checkPorts: just those published ports stop answering of which it was said.
func (s *removalTruth) checkPorts(short string, effects map[string]*effect, before map[string]map[string]bool) {
	s.t.Helper()
	s.sideBySide(func(a *animal) {
		for port, answered := range before[a.short] {
			if answered {
				s.checkPort(short, a, port, effects[a.short])
			}
		}
	})
}

func (s *removalTruth) checkPort(short string, a *animal, port string, e *effect) {
	s.t.Helper()
	s.mu.Lock()
	s.claims++
	s.ports++
	s.mu.Unlock()
	said, moved := false, false
	if e != nil {
		said, moved = hasPort(e.Loses.Ports, port), hasPort(e.Loses.Moved, port)
	}
	switch answers := s.answersAt(port); {
	case moved && answers:
	case moved: // then on another
		if now := s.answers(a); len(now) != 1 || !slices.Contains(slices.Collect(maps.Values(now)), true) {
			s.t.Errorf("without %s: port %s of %s was said to move, and it answers nowhere: %v", short, port, a.short, now)
		}
	case answers == said:
		s.t.Errorf("without %s: port %s of %s was said to stop: %t; it answers: %t", short, port, a.short, said, answers)
	}
}

func hasPort(ports []hostPort, port string) bool {
	return slices.ContainsFunc(ports, func(p hostPort) bool { return strconv.Itoa(p.HostPort) == port })
}

// checkStarts starts every container that is affected, and for some networks
// every one that was stopped; those first whose network others share.
func (s *removalTruth) checkStarts(short string, effects map[string]*effect) {
	s.t.Helper()
	for _, owners := range []bool{true, false} {
		s.sideBySide(func(a *animal) {
			e := effects[a.short]
			all := short == "lonely" || short == "back"
			untouched := e == nil && (a.state != "exited" || !all) // so that nothing can be different
			if (a.owner == "") != owners || untouched || a.owner != "" && s.stateOf(s.animal(a.owner)) != "running" {
				return
			}
			started := s.menagerie.starts(a)
			s.mu.Lock()
			defer s.mu.Unlock()
			s.claims++
			s.starts++
			if will := e == nil || e.StartsAfter; (started == nil) != will {
				s.t.Errorf("without %s: %s was said to start: %t; %v", short, a.short, will, started)
			}
		})
	}
}

// sideBySide does something with every container, a few at a time.
func (s *removalTruth) sideBySide(do func(*animal)) {
	var group errgroup.Group
	group.SetLimit(6)
	for _, a := range s.animals {
		group.Go(func() error { do(a); return nil })
	}
	_ = group.Wait()
}

func (s *removalTruth) restore(short, entry string) {
	s.t.Helper()
	out := run(s.t, s.env, bench.plugin, "restore", "--yes", entry)
	if strings.Contains(out.stderr, "stop it first") {
		s.stopLoop()
		out = run(s.t, s.env, bench.plugin, "restore", "--yes", entry)
	}
	if opts := s.animal("opts-1"); short == "options" && !s.keepsStaticMACs() && opts.made.MAC != "" {
		if !strings.Contains(out.stderr, "without "+opts.made.MAC) {
			s.t.Errorf("restore does not say that a MAC is lost: %s", out.stderr)
		}
		opts.made.MAC = "" // it is lost now
	}
	if out.status != 0 {
		s.t.Errorf("restore of %s: status %d\n%s%s", short, out.status, out.stdout, out.stderr)
	}
	s.networks[short] = s.idOf(short, s.networks[short])
}

// checkRestored holds what containers have against what they had, and the
// ports that answer against those that did.
func (s *removalTruth) checkRestored(short string, effects map[string]*effect, before sight) {
	s.t.Helper()
	s.sideBySide(func(a *animal) {
		if a.state == "restarting" {
			return
		}
		was, now := before.facts[a.short], s.facts(a)
		s.mu.Lock()
		s.restored += len(was)
		for i := range now {
			if asks(now[i]) && i < len(was) && !asks(was[i]) {
				s.pinned++
			}
		}
		s.mu.Unlock()
		if !slices.Equal(unasked(now), unasked(was)) {
			s.t.Errorf("%s restored: %s has\n%q, had\n%q", short, a.short, now, was)
		}
		if effects[a.short] == nil {
			return
		}
		answered := slices.Contains(slices.Collect(maps.Values(before.answers[a.short])), true)
		if answers := slices.Contains(slices.Collect(maps.Values(s.answers(a))), true); answered != answers && a.state == "running" {
			s.t.Errorf("%s restored: a port of %s answers: %t, did before: %t", short, a.short, answers, answered)
		}
	})
}

func asks(fact string) bool { return strings.Contains(fact, " asks for ") }

// unasked are facts of what containers that are up have, however they came by
// it, and of what others ask for.
func unasked(facts []string) []string {
	var out []string
	for _, fact := range facts {
		if start, rest, ok := strings.Cut(fact, " asks for "); ok {
			if _, has, up := strings.Cut(rest, " has "); up {
				fact = start + " has " + has
			}
		}
		out = append(out, fact)
	}
	return out
}

// checkStartsAgain: with the network back, every container starts that was on
// it, with the addresses and aliases that it asks for.
func (s *removalTruth) checkStartsAgain(short string, effects map[string]*effect, before sight) {
	s.t.Helper()
	for _, owners := range []bool{true, false} {
		for _, a := range s.animals {
			// One after the other: an address that is asked for is free only
			// while no other container takes the next one.
			if effects[a.short] != nil && (a.owner == "") == owners {
				s.startAgain(short, a, before)
			}
		}
	}
}

func (s *removalTruth) startAgain(short string, a *animal, before sight) {
	s.t.Helper()
	if a.owner != "" && s.stateOf(s.animal(a.owner)) != "running" {
		s.ok(s.Start(s.t.Context(), s.animal(a.owner).id))
	}
	s.claims++
	s.starts++
	if err := s.menagerie.starts(a); err != nil {
		s.t.Errorf("%s restored: %s does not start: %v", short, a.short, err)
	}
	if a.state == "restarting" || a.owner != "" {
		return
	}
	if now, was := nameOnly(s.facts(a)), nameOnly(before.facts[a.short]); !slices.Equal(now, was) {
		s.t.Errorf("%s restored: %s has\n%q, had\n%q", short, a.short, now, was)
	}
}

// nameOnly leaves of facts the networks and aliases.
func nameOnly(facts []string) []string {
	out := make([]string, len(facts))
	for i, fact := range facts {
		fact, _, _ = strings.Cut(fact, " has ")
		out[i], _, _ = strings.Cut(fact, " asks for ")
	}
	return out
}

// idOf is the network's ID now.
func (s *removalTruth) idOf(short, before string) string {
	s.t.Helper()
	name := s.Name(strings.TrimSuffix(short, "-2"))
	var list []struct {
		ID   string `json:"Id"`
		Name string
	}
	s.ok(s.Do(s.t.Context(), "GET", "/networks", nil, &list))
	for _, n := range list {
		if n.Name == name && !slices.ContainsFunc(sortedKeys(s.networks), func(other string) bool { return other != short && s.networks[other] == n.ID }) {
			return n.ID
		}
	}
	s.t.Errorf("%s is not there after restore", short)
	return before
}
