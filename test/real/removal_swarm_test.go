//go:build real

package real

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestSwarmRemoval: what safe-rm, prune and restore do with networks of a swarm,
// on a manager and a worker.
func TestSwarmRemoval(t *testing.T) {
	t.Parallel()
	setUp(t)
	manager, worker := swarm(t)
	s := &swarmRemoval{t: t, Keeper: keeper(t, manager), worker: worker, env: append(ownConfig(t), "DOCKER_HOST="+manager.Endpoint)}
	if worker != nil {
		keeper(t, worker) // brings the image there, for the services' tasks
	}
	t.Run("own networks", s.ownNetworks)
	t.Run("services", s.services)
	t.Run("idle service", s.idleService)
	t.Run("other nodes", s.otherNodes)
	t.Run("unused", s.unused)
	t.Run("round trip", s.roundTrip)
	t.Run("left", s.left)
	t.Run("heal", s.heal)
	t.Run("lost ID", s.lostID)
}

type swarmRemoval struct {
	*zoo.Keeper
	t      *testing.T
	worker *zoo.Engine // nil in a swarm of one node
	env    []string
}

// ok ends a test at the first thing that does not work.
func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// overlay makes an overlay, and waits until the swarm has given it its tunnel.
func (s *swarmRemoval) overlay(t *testing.T, n zoo.Network) (name, id string) {
	t.Helper()
	n.Name, n.Driver = s.Name(n.Name), "overlay"
	id, err := s.Network(t.Context(), &n)
	ok(t, err)
	s.allocated(t, n.Name)
	return n.Name, id
}

// definition is what an engine says of a network.
type definition struct {
	ID                   string `json:"Id"`
	Driver               string
	Internal, Attachable bool
	EnableIPv6           bool
	Options, Labels      map[string]string
	IPAM                 struct {
		Config []struct{ Subnet, Gateway, IPRange string }
	}
	ConfigOnly bool
	ConfigFrom struct{ Network string }
	Peers      []any
}

func definitionOf(t *testing.T, e *zoo.Engine, ref string) (d definition) {
	t.Helper()
	ok(t, e.Do(t.Context(), http.MethodGet, "/networks/"+ref, nil, &d))
	return d
}

func (s *swarmRemoval) allocated(t *testing.T, name string) (d definition) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ok(t, zoo.Until(ctx, name+" comes to be", func() (bool, error) {
		d = definitionOf(t, s.Engine, name)
		return len(d.IPAM.Config) > 0, nil
	}))
	return d
}

// plan is what safe-rm says it would do.
func (s *swarmRemoval) plan(t *testing.T, env []string, args ...string) *removalPlan {
	t.Helper()
	out := run(t, env, bench.plugin, append([]string{"safe-rm", "--format", "json"}, args...)...)
	var p removalPlan
	if err := json.Unmarshal([]byte(out.stdout), &p); err != nil {
		t.Fatalf("safe-rm %v: status %d: %v\n%s%s", args, out.status, err, out.stdout, out.stderr)
	}
	return &p
}

// remove removes a network by force. While the swarm lets the places of containers
// go that were stopped just now, the plan may change.
func (s *swarmRemoval) remove(t *testing.T, name string) {
	t.Helper()
	var out outcome
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := zoo.Until(ctx, name+" is removed", func() (bool, error) {
		out = run(t, s.env, bench.plugin, "safe-rm", "--disconnect", "--accept-broken", "--yes", name)
		return out.status == 0, nil
	})
	if err != nil {
		t.Fatalf("%v: status %d: %s", err, out.status, out.stderr)
	}
}

// objections are the kinds of what stands against a removal, in order.
func objections(p *removalPlan) []string {
	kinds := []string{}
	for _, n := range p.Plan.Networks {
		for _, o := range n.Objections {
			kinds = append(kinds, o.Kind)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

func wantObjections(t *testing.T, p *removalPlan, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := objections(p); !slices.Equal(got, want) {
		t.Errorf("what stands against the removal is %q, want %q", got, want)
	}
}

// unseen is the objection that every attachable overlay of several nodes has.
func (s *swarmRemoval) unseen(others ...string) []string {
	if s.worker != nil {
		others = append(others, "stopped on other nodes")
	}
	return others
}

// ownNetworks: those of the swarm itself are refused, and for just this reason:
// the ways out of the containers on overlays are no containers that were not read.
func (s *swarmRemoval) ownNetworks(t *testing.T) {
	name, _ := s.overlay(t, zoo.Network{Name: "own", Attachable: true})
	attach(t, s.Keeper, "own-1", name)
	wantObjections(t, s.plan(t, s.env, "docker_gwbridge"), "swarm gateway")
	wantObjections(t, s.plan(t, s.env, "ingress"), s.meshObjections()...)
	tried := run(t, s.env, bench.plugin, "safe-rm", "--disconnect", "--accept-broken", "--yes", "docker_gwbridge")
	if tried.status != 2 || !strings.Contains(tried.stderr, "cannot be removed as things are") {
		t.Errorf("docker_gwbridge: status %d: %s", tried.status, tried.stderr)
	}
}

func (s *swarmRemoval) meshObjections() []string {
	if s.worker != nil {
		return []string{"ingress", "other nodes"}
	}
	return []string{"ingress"}
}

// services: those that want a network and their tasks are named.
func (s *swarmRemoval) services(t *testing.T) {
	name, id := s.overlay(t, zoo.Network{Name: "served"})
	_, err := s.GlobalService(t.Context(), s.Name("service"), id)
	ok(t, err)
	awaitTask(t, s.Engine, s.Name("service"))
	want := []string{"swarm services", "swarm tasks"}
	if s.worker != nil {
		awaitTask(t, s.worker, s.Name("service"))
		want = append(want, "other nodes")
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		ok(t, zoo.Until(ctx, "the nodes know of each other", func() (bool, error) { return len(definitionOf(t, s.Engine, name).Peers) == 2, nil }))
	}
	wantObjections(t, s.plan(t, s.env, "--disconnect", "--accept-broken", "--yes", name), want...)
	out := run(t, s.env, bench.plugin, "safe-rm", "--dry-run", name)
	for _, words := range []string{"swarm services want it: " + s.Name("service"), "a task of the swarm service " + s.Name("service")} {
		if !strings.Contains(out.stdout, words) {
			t.Errorf("the plan does not say %q:\n%s", words, out.stdout)
		}
	}
	if s.worker == nil {
		return
	}
	// A worker does not know the services. That is not what stands against it.
	p := s.plan(t, append(slices.Clone(s.env), "DOCKER_HOST="+s.worker.Endpoint), name)
	wantObjections(t, p, "not a manager", "other nodes", "swarm tasks")
}

// idleService: a service without tasks wants its network all the same.
func (s *swarmRemoval) idleService(t *testing.T) {
	name, id := s.overlay(t, zoo.Network{Name: "idle"})
	_, err := s.IdleService(t.Context(), s.Name("sleeper"), id)
	ok(t, err)
	wantObjections(t, s.plan(t, s.env, name), "swarm services")
	if groups := s.pruneGroups(t, name); groups.unneeded || groups.stopped {
		t.Errorf("prune offers a network that a service wants: %+v", groups)
	}
}

// grouped tells in which of prune's groups a network is.
type grouped struct{ unneeded, stopped, kept bool }

func (s *swarmRemoval) pruneGroups(t *testing.T, name string) (g grouped) {
	t.Helper()
	out := run(t, s.env, bench.plugin, "prune", "--dry-run", "--format", "json")
	type one struct{ Network struct{ Name string } }
	var p struct {
		Plan struct {
			Unneeded, Kept []one
			StoppedOnly    []one `json:"stopped_only"`
		}
	}
	if err := json.Unmarshal([]byte(out.stdout), &p); err != nil {
		t.Fatalf("prune: status %d: %v\n%s%s", out.status, err, out.stdout, out.stderr)
	}
	has := func(list []one) bool {
		return slices.ContainsFunc(list, func(o one) bool { return o.Network.Name == name })
	}
	g = grouped{has(p.Plan.Unneeded), has(p.Plan.StoppedOnly), has(p.Plan.Kept)}
	if !g.unneeded && !g.stopped && !g.kept {
		t.Fatalf("prune does not know %s:\n%s", name, out.stdout)
	}
	return g
}

// otherNodes: a stopped container of another node breaks, and nobody sees it
// from here. So it is not taken for granted that there is none.
func (s *swarmRemoval) otherNodes(t *testing.T) {
	if s.worker == nil {
		t.Log("NOT TESTED: there is no other node; NETKIT_TEST_SWARM names two")
		return
	}
	name, _ := s.overlay(t, zoo.Network{Name: "far", Attachable: true})
	k := keeper(t, s.worker)
	far := attach(t, k, "far-1", name)
	ok(t, k.Stop(t.Context(), far))
	wantObjections(t, s.plan(t, s.env, name), "stopped on other nodes")
	if groups := s.pruneGroups(t, name); groups.unneeded || groups.stopped {
		t.Errorf("prune offers a network that a stopped container of another node may want: %+v", groups)
	}
	out := run(t, s.env, bench.plugin, "safe-rm", "--yes", name)
	if out.status != 2 || !strings.Contains(out.stderr, "--accept-broken") || !strings.Contains(out.stderr, "cannot be seen from here") {
		t.Errorf("safe-rm: status %d: %s", out.status, out.stderr)
	}
	succeed(t, s.env, bench.plugin, "safe-rm", "--accept-broken", "--yes", name)
	if err := k.Start(t.Context(), far); err == nil {
		t.Error("the stopped container of the other node starts without the network: there was nothing to warn of")
	}
}

// unused: an overlay that nobody is on comes back as it was.
func (s *swarmRemoval) unused(t *testing.T) {
	name, _ := s.overlay(t, zoo.Network{
		Name: "plain", Attachable: true, Subnet: []string{"10.215.1.0/24"},
		Options: map[string]string{"encrypted": "true", "com.docker.network.driver.mtu": "1400"}, Labels: map[string]string{"some": "label"},
	})
	before := s.allocated(t, name)
	p := s.plan(t, s.env, "--accept-broken", "--yes", name)
	wantObjections(t, p, s.unseen()...)
	// The number of its tunnel goes to the next network.
	s.overlay(t, zoo.Network{Name: "next", Attachable: true, Options: map[string]string{tunnels: before.Options[tunnels]}})
	succeed(t, s.env, bench.plugin, "restore", "--yes", name)
	after := s.allocated(t, name)
	if after.Options[tunnels] == before.Options[tunnels] {
		t.Error("two networks have one tunnel")
	}
	delete(before.Options, tunnels)
	delete(after.Options, tunnels)
	before.ID, after.ID = "", ""
	if got, want := asJSON(t, after), asJSON(t, before); got != want {
		t.Errorf("it came back as\n%s, was\n%s", got, want)
	}
}

const tunnels = "com.docker.network.driver.overlay.vxlanid_list"

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	ok(t, err)
	return string(text)
}

// inhabited makes an overlay with containers in every state: one with an address
// of its own choice, one with what the swarm chose, a stopped one of each, and
// one that never ran.
func (s *swarmRemoval) inhabited(t *testing.T, short, subnet string) (name string, up, down map[string]string) {
	t.Helper()
	name, _ = s.overlay(t, zoo.Network{Name: short, Attachable: true, Subnet: []string{subnet + ".0/24"}})
	up, down = map[string]string{}, map[string]string{}
	for _, c := range []struct{ short, ip string }{{"up", ""}, {"up-static", subnet + ".77"}, {"down", ""}, {"down-static", subnet + ".78"}} {
		id, err := s.Run(t.Context(), &zoo.Container{Name: s.Name(short + "-" + c.short), Mode: name, IPv4: c.ip, Aliases: []string{"also-" + c.short}})
		ok(t, err)
		if strings.HasPrefix(c.short, "down") {
			ok(t, s.Stop(t.Context(), id))
			down[c.short] = id
			continue
		}
		up[c.short] = id
	}
	id, err := s.Create(t.Context(), &zoo.Container{Name: s.Name(short + "-created"), Mode: name})
	ok(t, err)
	down["created"] = id
	return name, up, down
}

// has is what a container has on a network: addresses and aliases, in words.
func (s *swarmRemoval) has(t *testing.T, id, network string) (address, aliases string) {
	t.Helper()
	var c attachedTo
	ok(t, s.Do(t.Context(), http.MethodGet, "/containers/"+id+"/json", nil, &c))
	for name, n := range c.NetworkSettings.Networks {
		if name == network {
			own := slices.DeleteFunc(n.Aliases, func(a string) bool { return strings.HasPrefix(id, a) })
			slices.Sort(own)
			return n.IPAddress, strings.Join(slices.Compact(own), " ")
		}
	}
	return "", ""
}

// roundTrip: containers are taken off, the network goes, and all of it comes
// back; also when the overlay is not there on this node, since nobody is up on it.
func (s *swarmRemoval) roundTrip(t *testing.T) {
	name, up, down := s.inhabited(t, "trip", "10.215.2")
	text := run(t, s.env, bench.plugin, "safe-rm", "--dry-run", "--disconnect", name).stdout
	for _, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "(static)") && !strings.Contains(line, "down-static") {
			t.Errorf("an address is called static that may be none: %s", line)
		}
	}
	for _, stopped := range []bool{false, true} {
		if stopped { // the node has the network no more
			for short, id := range up {
				ok(t, s.Stop(t.Context(), id))
				down[short] = id
			}
			up = nil
		}
		was := map[string][2]string{}
		for _, group := range []map[string]string{up, down} {
			for short, id := range group {
				address, aliases := s.has(t, id, name)
				was[short] = [2]string{address, aliases}
			}
		}
		wantObjections(t, s.plan(t, s.env, "--disconnect", name), s.unseen("needed")...)
		s.remove(t, name)
		for _, group := range []map[string]string{up, down} {
			for short, id := range group {
				if _, left := s.has(t, id, name); left != "" {
					t.Errorf("%s is still on it", short)
				}
			}
		}
		succeed(t, s.env, bench.plugin, "restore", "--yes", name)
		for _, group := range []map[string]string{up, down} {
			for short, id := range group {
				address, aliases := s.has(t, id, name)
				if got := [2]string{address, aliases}; got != was[short] {
					t.Errorf("%s came back with %q, had %q", short, got, was[short])
				}
			}
		}
	}
	s.allStart(t, name, down)
	if address, _ := s.has(t, down["down-static"], name); address != "10.215.2.78" {
		t.Errorf("down-static has %s, and asked for 10.215.2.78", address)
	}
}

func (s *swarmRemoval) allStart(t *testing.T, network string, containers map[string]string) {
	t.Helper()
	for _, static := range []bool{true, false} { // those that ask for an address first, as it is free then
		for short, id := range containers {
			if strings.Contains(short, "static") != static {
				continue
			}
			if err := s.Start(t.Context(), id); err != nil {
				t.Errorf("%s does not start: %v", short, err)
			} else if address, _ := s.has(t, id, network); address == "" {
				t.Errorf("%s runs, and is not on %s", short, network)
			}
		}
	}
}

// left: containers that are left on a network which goes are brought back, too.
func (s *swarmRemoval) left(t *testing.T) {
	name, up, down := s.inhabited(t, "left", "10.215.3")
	for short, id := range up {
		ok(t, s.Stop(t.Context(), id))
		down[short] = id
	}
	// A container that nobody knew of: it comes to want the network later.
	late, err := s.Run(t.Context(), &zoo.Container{Name: s.Name("left-late"), Mode: name})
	ok(t, err)
	ok(t, s.Stop(t.Context(), late))
	s.remove(t, name)
	down["late"] = late
	ok(t, s.Connect(t.Context(), name, late, ""))
	if err := s.Start(t.Context(), late); err == nil {
		t.Error("it starts on a network that is gone")
	}
	succeed(t, s.env, bench.plugin, "restore", "--yes", name)
	s.allStart(t, name, down)
}

// heal: containers are mended whose overlay someone else removed.
func (s *swarmRemoval) heal(t *testing.T) {
	name, up, down := s.inhabited(t, "heal", "10.215.4")
	for short, id := range up {
		ok(t, s.Stop(t.Context(), id))
		down[short] = id
	}
	s.removeWhenFree(t, name)
	succeed(t, s.env, bench.plugin, "restore", "--heal", "--yes")
	if d := s.allocated(t, name); d.Driver != "overlay" || !d.Attachable {
		t.Errorf("it was made anew as %+v", d)
	}
	s.allStart(t, name, down)
}

// removeWhenFree removes a network as docker does.
func (s *swarmRemoval) removeWhenFree(t *testing.T, ref string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ok(t, zoo.Until(ctx, ref+" is not in use", func() (bool, error) {
		err := s.RemoveNetwork(ctx, ref)
		if zoo.Gone(err) {
			return true, nil
		}
		return false, err // it is listed for some moments more
	}))
}

// lostID: a container made with the ID of an overlay that is gone is not put on
// another: engines that look the ID up would hold that in use for good.
func (s *swarmRemoval) lostID(t *testing.T) {
	name, id := s.overlay(t, zoo.Network{Name: "lost", Attachable: true})
	byID := map[string]string{}
	for _, short := range []string{"lost-up", "lost-down"} {
		c, err := s.Run(t.Context(), &zoo.Container{Name: s.Name(short), Mode: id})
		ok(t, err)
		byID[short] = c
	}
	ok(t, s.Stop(t.Context(), byID["lost-down"]))
	s.remove(t, name)
	out := run(t, s.env, bench.plugin, "restore", "--yes", name)
	if s.AtLeast("1.45") && (out.status != 0 || strings.Count(out.stderr, "cannot be connected: it was made with --network and the ID") != 2) {
		t.Errorf("restore: status %d: %s", out.status, out.stderr)
	}
	for _, c := range byID {
		ok(t, s.RemoveContainer(t.Context(), c))
	}
	s.removeWhenFree(t, name)
}
