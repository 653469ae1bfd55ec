//go:build real

package real

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestMadeWithID: containers that were made with the ID of a network, in full or
// in part. Newer engines look it up at each start, so that no undo mends them:
// that is said before, and nothing is done unless it is accepted.
func TestMadeWithID(t *testing.T) {
	eachEngineInTurn(t, func(t *testing.T, e *zoo.Engine) {
		m := &menagerie{Keeper: keeper(t, e), t: t, networks: map[string]string{}}
		back, other := zoo.Network{Name: m.Name("back"), Subnet: []string{"10.215.8.0/24"}}, zoo.Network{Name: m.Name("other")}
		m.networks["other"] = m.must(m.Network(t.Context(), &other))
		id := m.must(m.Network(t.Context(), &back))
		m.networks["back"] = id
		for _, a := range []*animal{
			{short: "ran", state: "exited", made: zoo.Container{Mode: id}},
			{short: "ran-two", state: "exited", made: zoo.Container{Mode: id}, on: []place{{network: "other"}}},
			{short: "up", state: "running", made: zoo.Container{Mode: id}},
			{short: "new", state: "created", made: zoo.Container{Mode: id}},
			{short: "new-short", state: "created", made: zoo.Container{Mode: id[:12]}},
			{short: "by-name", state: "exited", made: zoo.Container{Mode: "back"}},
		} {
			m.settle(a)
		}
		env := append(ownConfig(t), "DOCKER_HOST="+e.Endpoint)
		looksUp := !e.Podman && e.AtLeast("1.45")
		plan := func(status int, args ...string) *removalPlan {
			t.Helper()
			out := run(t, env, bench.plugin, append([]string{"safe-rm", "--format", "json", id}, args...)...)
			var p removalPlan
			if err := json.Unmarshal([]byte(out.stdout), &p); err != nil || out.status != status {
				t.Fatalf("safe-rm %v: status %d: %v\n%s%s", args, out.status, err, out.stdout, out.stderr)
			}
			return &p
		}
		if looksUp {
			plan(2, "--disconnect", "--yes")
		}
		p := plan(0, "--disconnect", "--accept-broken", "--yes")
		if p.Result == nil || p.Result.Networks[0].State != "removed" {
			t.Fatalf("it is not removed: %+v", p.Result)
		}
		said := 0
		for _, effect := range p.Plan.Networks[0].Effects {
			a := m.byID(effect.ID)
			if forGood := looksUp && a.short != "by-name"; effect.ForGood != forGood {
				t.Errorf("%s is said to be broken for good: %t", a.short, effect.ForGood)
			}
			err := m.starts(a)
			if (err == nil) != effect.StartsAfter {
				t.Errorf("%s was said to start: %t; %v", a.short, effect.StartsAfter, err)
			}
			said++
		}
		if said != len(m.animals) {
			t.Errorf("the plan is about %d containers of %d", said, len(m.animals))
		}
		out := run(t, env, bench.plugin, "restore", "--yes", p.Result.Networks[0].Entry)
		for _, a := range m.animals {
			// One that is on no network at all starts, with none.
			stays := strings.Contains(out.stderr, m.Name(a.short)+" cannot be connected")
			broken := stays && len(m.facts(a)) > 0
			if err := m.starts(a); (err == nil) == broken {
				t.Errorf("restored: %s is said not to start: %t; %v", a.short, broken, err)
			}
			if networks := m.facts(a); slices.ContainsFunc(networks, func(fact string) bool { return strings.Contains(fact, " on back ") }) == stays {
				t.Errorf("restored: %s is said not to be connected: %t; it is on %q", a.short, stays, networks)
			}
		}
		t.Logf("%s:\n%s%s", e.Name, out.stdout, out.stderr)
	})
}
