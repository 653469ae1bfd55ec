//go:build real

package real

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// trio is a network with a container of each kind on it: one that runs, with an
// address and an alias of its own, and another network; one that was stopped;
// one that never ran.
type trio struct {
	*menagerie
	env     []string
	before  map[string][]string
	network string
}

func buildTrio(t *testing.T, e *zoo.Engine, subnet string) *trio {
	t.Helper()
	m := &menagerie{Keeper: keeper(t, e), t: t, networks: map[string]string{}}
	back, other := zoo.Network{Name: m.Name("back"), Subnet: []string{subnet + ".0/24"}}, zoo.Network{Name: m.Name("other")}
	m.networks["back"] = m.must(m.Network(t.Context(), &back))
	m.networks["other"] = m.must(m.Network(t.Context(), &other))
	for _, a := range []*animal{
		{short: "up", state: "running", made: zoo.Container{Mode: "other"}, on: []place{{network: "back", ipv4: subnet + ".77", aliases: []string{"data"}}}},
		{short: "down", state: "exited", made: zoo.Container{Mode: "back", IPv4: subnet + ".78", Aliases: []string{"old"}}},
		{short: "new", state: "created", made: zoo.Container{Mode: "back", Aliases: []string{"fresh"}}},
	} {
		m.settle(a)
	}
	trio := &trio{menagerie: m, env: append(ownConfig(t), "DOCKER_HOST="+e.Endpoint), network: m.Name("back"), before: map[string][]string{}}
	for _, a := range m.animals {
		trio.before[a.short] = m.facts(a)
	}
	return trio
}

// asBefore says in what the containers differ from what they were.
func (s *trio) asBefore() string {
	s.t.Helper()
	var differs strings.Builder
	for _, a := range s.animals {
		if now := s.facts(a); !slices.Equal(now, s.before[a.short]) {
			fmt.Fprintf(&differs, "%s has %q, had %q\n", a.short, now, s.before[a.short])
		}
	}
	return differs.String()
}

// recovered restores where there is something to restore, and holds all against
// what was.
func (s *trio) recovered(when string) {
	s.t.Helper()
	out := run(s.t, s.env, bench.plugin, "restore", "--yes", s.network)
	if out.status != 0 && !strings.Contains(out.stderr, "netkit removed no network") {
		s.t.Errorf("%s: restore: status %d\n%s%s", when, out.status, out.stdout, out.stderr)
	}
	if differs := s.asBefore(); differs != "" {
		s.t.Errorf("%s: after restore (%s%s):\n%s", when, out.stdout, out.stderr, differs)
	}
	for _, a := range s.animals[:2] {
		if err := s.starts(a); err != nil {
			s.t.Errorf("%s: %s does not start: %v", when, a.short, err)
		}
		s.rest(a)
	}
	for _, a := range s.animals { // a start may have given other addresses
		s.before[a.short] = s.facts(a)
	}
}

// killed runs the plugin through something that stands between, and kills it
// the hard way at a change; it tells whether it lived so long.
func (s *trio) killed(b *between, at int, answered bool, args ...string) bool {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), bench.plugin, args...)
	cmd.Env = append(slices.Clone(s.env), "DOCKER_HOST="+b.host)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	var once sync.Once
	met := false
	b.onChange = func(n int, after bool) {
		if n == at && after == answered {
			once.Do(func() { met = true; _ = cmd.Process.Signal(syscall.SIGKILL) })
		}
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	_ = cmd.Wait()
	b.rest()
	if !met && cmd.ProcessState.ExitCode() != 0 {
		s.t.Errorf("%v: status %d\n%s", args, cmd.ProcessState.ExitCode(), said.String())
	}
	return met
}

// TestKilledAnywhere: whenever the plugin is killed, in a removal or while that
// is undone, restore mends what it left.
func TestKilledAnywhere(t *testing.T) {
	eachEngineInTurn(t, func(t *testing.T, e *zoo.Engine) {
		s := buildTrio(t, e, "10.215.1")
		removals, restores := 0, 0
		for at := 1; ; at++ {
			met := false
			for _, answered := range []bool{false, true} {
				met = s.killed(standBetween(t, e), at, answered, "safe-rm", "--disconnect", "--accept-broken", "--yes", s.network) || met
				s.recovered(fmt.Sprintf("killed in safe-rm at change %d, answered: %t", at, answered))
				removals++
			}
			if !met {
				break
			}
		}
		for at := 1; ; at++ {
			met := false
			for _, answered := range []bool{false, true} {
				succeed(t, s.env, bench.plugin, "safe-rm", "--disconnect", "--accept-broken", "--yes", s.network)
				met = s.killed(standBetween(t, e), at, answered, "restore", "--yes", s.network) || met
				s.recovered(fmt.Sprintf("killed in restore at change %d, answered: %t", at, answered))
				restores++
			}
			if !met {
				break
			}
		}
		if removals < 10 || restores < 10 {
			t.Errorf("killed %d times in safe-rm and %d times in restore: that cannot be at every step", removals, restores)
		}
	})
}

// TestEngineDies: the engine is gone between disconnect and remove.
func TestEngineDies(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		s := buildTrio(t, e, "10.215.2")
		b := standBetween(t, e)
		b.onChange = func(n int, answered bool) {
			if n == 2 && answered {
				b.die()
			}
		}
		out := run(t, append(slices.Clone(s.env), "DOCKER_HOST="+b.host), bench.plugin, "safe-rm", "--disconnect", "--accept-broken", "--yes", s.network)
		if out.status != 1 || !strings.Contains(out.stderr, "netkit restore") {
			t.Errorf("status %d, and it does not say how to go on:\n%s", out.status, out.stderr)
		}
		if s.asBefore() == "" {
			t.Error("nothing was detached, so that nothing is tested")
		}
		s.recovered("the engine died")
	})
}

// TestChangedMeanwhile: what changes between plan and act stops the act.
func TestChangedMeanwhile(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		s := buildTrio(t, e, "10.215.3")
		down := s.animal("down")
		for name, change := range map[string]struct {
			do, undo func() error
		}{
			"a container starts": {
				func() error { return s.Start(t.Context(), down.id) }, func() error { return s.Stop(t.Context(), down.id) },
			},
			"a container is connected": {
				func() error { return s.Connect(t.Context(), s.networks["other"], down.id, "") },
				func() error { return s.Disconnect(t.Context(), s.networks["other"], down.id) },
			},
		} {
			b := standBetween(t, e)
			b.onAct = func() {
				if err := change.do(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			out := run(t, append(slices.Clone(s.env), "DOCKER_HOST="+b.host), bench.plugin, "safe-rm", "--disconnect", "--accept-broken", "--yes", s.network)
			if out.status != 1 || !strings.Contains(out.stderr, "changed meanwhile") || b.changes != 0 {
				t.Errorf("%s: status %d, %d changes:\n%s", name, out.status, b.changes, out.stderr)
			}
			if err := change.undo(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if left := listedEntries(t, s.env); len(left) > 0 {
				t.Errorf("%s: the journal has %v", name, left)
			}
		}
		// A network made anew under the name is another one, and is let alone.
		b := standBetween(t, e)
		made := ""
		empty := zoo.Network{Name: s.Name("empty")}
		s.must(s.Network(t.Context(), &empty))
		b.onAct = func() {
			if err := s.RemoveNetwork(t.Context(), s.Name("empty")); err != nil {
				t.Error(err)
			}
			made = s.must(s.Network(t.Context(), &empty))
		}
		out := run(t, append(slices.Clone(s.env), "DOCKER_HOST="+b.host), bench.plugin, "safe-rm", s.Name("empty"))
		if made == "" {
			t.Fatal("it was not made anew, so that nothing is tested")
		}
		if !slices.Contains(networkIDs(t, e), made) {
			t.Errorf("the network that was made anew is gone: status %d\n%s", out.status, out.stderr)
		}
	})
}

func listedEntries(t *testing.T, env []string) []string {
	t.Helper()
	for _, setting := range env {
		if dir, ok := strings.CutPrefix(setting, "DOCKER_CONFIG="); ok {
			found, err := filepath.Glob(filepath.Join(dir, "netkit", "journal", "*", "*.json"))
			if err != nil {
				t.Fatal(err)
			}
			if len(found) > 0 {
				return found
			}
		}
	}
	return nil
}

// TestTwoAtOnce: of two removals of one network, one removes it.
func TestTwoAtOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		s := buildTrio(t, e, "10.215.4")
		for range 3 {
			results := make([]outcome, 2)
			var both sync.WaitGroup
			for i := range results {
				both.Go(func() {
					results[i] = run(t, s.env, bench.plugin, "safe-rm", "--disconnect", "--accept-broken", "--yes", s.network)
				})
			}
			both.Wait()
			removed := 0
			for _, r := range results {
				if r.status == 0 {
					removed++
				} else if !strings.Contains(r.stderr, "changed meanwhile") && !strings.Contains(r.stderr, "no network") {
					t.Errorf("status %d:\n%s", r.status, r.stderr)
				}
			}
			if entries := listedEntries(t, s.env); removed != 1 || len(entries) != 1 {
				t.Errorf("%d of two removed it, and the journal has %q", removed, entries)
			}
			s.recovered("two at once")
		}
	})
}

// TestFullDisk: where the journal cannot be written, nothing is removed.
func TestFullDisk(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		s := buildTrio(t, e, "10.215.5")
		b := standBetween(t, e)
		config := ""
		for _, setting := range s.env {
			if dir, ok := strings.CutPrefix(setting, "DOCKER_CONFIG="); ok {
				config = dir
			}
		}
		// A file system of its own, with room for the directories and the lock.
		unshare := []string{"unshare", "--mount"}
		if os.Getuid() != 0 {
			unshare = append(unshare, "--user", "--map-root-user")
		}
		script := `mkdir -p "$1/netkit" && mount -t tmpfs -o size=16k,nr_inodes=20 none "$1/netkit" && mkdir -p "$1/netkit/journal" &&
			{ dd if=/dev/zero of="$1/netkit/fill" bs=1k count=64 2>/dev/null; shift; exec "$@"; }`
		args := slices.Concat(unshare[1:], []string{"sh", "-c", script, "sh", config, bench.plugin, "safe-rm", "--disconnect", "--accept-broken", "--yes", s.network})
		out := run(t, append(slices.Clone(s.env), "DOCKER_HOST="+b.host), unshare[0], args...)
		if out.status != 1 || !strings.Contains(out.stderr, "no space left") {
			t.Errorf("status %d:\n%s", out.status, out.stderr)
		}
		if b.changes != 0 {
			t.Errorf("%d changes were made", b.changes)
		}
		if differs := s.asBefore(); differs != "" {
			t.Error(differs)
		}
	})
}

// TestHeal: containers whose network was removed by other means start again,
// with what they know themselves: their addresses and aliases.
func TestHeal(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		if e.Podman {
			t.Logf("%s removes no network that a container wants, so that there is nothing to heal", e.Name)
			return
		}
		for name, between := range map[string]func(*trio){
			"nobody made it anew": func(*trio) {},
			"it was made anew": func(s *trio) {
				s.must(s.Network(t.Context(), &zoo.Network{Name: s.network, Subnet: []string{"10.215.6.0/24"}}))
			},
		} {
			s := buildTrio(t, e, "10.215.6")
			up := s.animal("up")
			s.ok(s.Stop(t.Context(), up.id))
			up.state = "exited"
			for _, a := range s.animals {
				s.before[a.short] = s.facts(a)
			}
			s.ok(s.RemoveNetwork(t.Context(), s.networks["back"]))
			between(s)
			if err := s.starts(up); err == nil {
				t.Fatal("a container starts although its network is gone, so that nothing is tested")
			}
			succeed(t, s.env, bench.plugin, "restore", "--heal", "--yes", s.Name("up"), s.Name("down"))
			if differs := s.asBefore(); differs != "" {
				t.Errorf("%s: %s", name, differs)
			}
			for _, a := range s.animals {
				if err := s.starts(a); err != nil {
					t.Errorf("%s: %s does not start: %v", name, a.short, err)
				}
			}
			clean(t, s.Keeper)
		}
	})
}
