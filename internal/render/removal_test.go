package render

import (
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/goldentest"
	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// yard is a machine of which every consequence of a removal can be seen.
func yard() *composer {
	b := newComposer()
	b.Engine = topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"}
	front := b.network("shop", "shop_front")
	back, inner := b.network("shop", "shop_back"), b.network("", "inner", internal)

	b.container("shop", "web", []string{front}, 80, 443)
	last := &b.Attachments[len(b.Attachments)-1]
	last.Static4, last.Aliases = last.IPv4, []string{"web", "www", "shop"}
	api := b.container("shop", "api", []string{front, back}, 90)
	api.Ports[0].Ephemeral = true
	b.container("shop", "vpn", nil).Mode = topology.NetworkMode("container:" + api.ID)
	b.container("", "proxy", []string{front, inner}, 70).Mode = "shop_front"
	b.container("blog", "guest", []string{front, back}).State = topology.Paused

	b.container("shop", "db", []string{front})
	b.stop()
	b.Attachments[len(b.Attachments)-1].Static4 = topology.ParseAddress("10.0.1.99")
	b.container("", "dump", nil).Mode = topology.NetworkMode("container:" + b.Containers[len(b.Containers)-2].ID)
	b.Containers[len(b.Containers)-1].State = topology.Exited
	b.container("shop", "job", []string{front})
	b.stop()
	b.Containers[len(b.Containers)-1].State, b.Attachments[len(b.Attachments)-1].ByName = topology.Created, true
	b.container("", "old", []string{front, back})
	b.stop()
	b.Containers[len(b.Containers)-1].Mode = "shop_front"
	for i := range b.Networks {
		if b.Networks[i].ID == front {
			b.Networks[i].Endpoints = []topology.Endpoint{{Kind: topology.Stale, Name: "ghost"}}
		}
	}
	return b
}

// hindered has a network for each thing that stands against a removal.
func hindered() *topology.Snapshot {
	b := newComposer()
	b.Engine = topology.Engine{Product: topology.ProductDocker, Version: "28.5.2", Swarm: topology.SwarmWorker}
	overlay := func(change func(*topology.Network)) func(*topology.Network) {
		return func(n *topology.Network) {
			n.Driver, n.Scope, n.Attachable = "overlay", "swarm", true
			change(n)
		}
	}
	b.network("", "bridge")
	b.network("", "ingress", overlay(func(n *topology.Network) { n.Ingress = true }))
	b.network("", "docker_gwbridge")
	b.network("", "plan", func(n *topology.Network) { n.ConfigOnly = true })
	b.network("", "planned", func(n *topology.Network) { n.ConfigFrom = "plan" })
	b.network("", "mesh", overlay(func(n *topology.Network) { n.Services, n.Peers = []string{"web", "db"}, 3 }))
	b.network("", "haunted", func(n *topology.Network) { n.Endpoints = []topology.Endpoint{{Kind: topology.Stale, Name: "is-up"}} })
	unknown := b.network("", "unread")
	b.container("", "is-up", []string{b.network("", "tasks")})
	task := b.container("", "web.1", []string{b.nameToID("tasks")})
	task.Task, task.SwarmService = "1", "web"
	b.Unread = append(b.Unread, topology.Gap{What: "network", ID: unknown, Name: "unread", Field: "subnet", Text: "odd", Reason: "not a subnet"})
	return b.snapshot()
}

func (b *composer) nameToID(name string) string {
	for _, n := range b.Networks {
		if n.Name == name {
			return n.ID
		}
	}
	return ""
}

func planOf(s *topology.Snapshot, options removal.Options, names ...string) *removal.Plan {
	ix := topology.NewIndex(s)
	var networks []*topology.Network
	for i := range ix.Networks {
		if len(names) == 0 || slices.Contains(names, ix.Networks[i].Name) {
			networks = append(networks, &ix.Networks[i])
		}
	}
	return removal.Make(ix, networks, options)
}

// networksOf is an index of the networks of a plan.
func networksOf(p *removal.Plan) *topology.Index {
	s := &topology.Snapshot{}
	for i := range p.Targets {
		s.Networks = append(s.Networks, topology.Network{ID: p.Targets[i].Network.ID, Name: p.Targets[i].Network.Name})
	}
	return topology.NewIndex(s)
}

// several are looks for which golden files are written.
func several() map[string]*Look {
	return map[string]*Look{
		"unicode": {Docker: "docker"}, "unicode-80": {Docker: "docker", Width: 80},
		"ascii": {Docker: "docker", ASCII: true}, "ascii-80": {Docker: "docker", ASCII: true, Width: 80},
	}
}

func goldenLooks(t *testing.T, name string, write func(w *strings.Builder, look *Look) error) {
	t.Helper()
	for look, l := range several() {
		text := draw(t, func(w *strings.Builder) error { return write(w, l) })
		checkTree(t, text, l)
		goldentest.Compare(t, "removal-"+name+"-"+look+".txt", text)
	}
}

func TestGoldenRemovalPlan(t *testing.T) {
	for name, options := range map[string]removal.Options{"plain": {}, "disconnect": {Disconnect: true}} {
		goldenLooks(t, "plan-"+name, func(w *strings.Builder, look *Look) error {
			return RemovalPlan(w, planOf(yard().snapshot(), options, "shop_front", "inner"), look)
		})
	}
	goldenLooks(t, "plan-hindered", func(w *strings.Builder, look *Look) error {
		return RemovalPlan(w, planOf(hindered(), removal.Options{}), look)
	})
	free := newComposer()
	free.network("shop", "free")
	goldenLooks(t, "plan-free", func(w *strings.Builder, look *Look) error {
		return RemovalPlan(w, planOf(free.snapshot(), removal.Options{}), look)
	})
}

func TestRefusal(t *testing.T) {
	one := func(networks int, state topology.ContainerState) *topology.Snapshot {
		b := newComposer()
		b.Engine = topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"}
		var ids []string
		for i := range networks {
			ids = append(ids, b.network("", fmt.Sprintf("net%d", i+1)))
		}
		b.container("", "web", ids)
		if state == topology.Exited {
			b.stop()
		}
		return b.snapshot()
	}
	broken := one(2, topology.Running)
	broken.Containers[0].Mode = "net1"
	two := newComposer()
	id := two.network("", "net1")
	two.network("", "net1")
	two.container("", "web", []string{id})
	two.container("", "db", []string{id})
	odd := newComposer()
	odd.container("", "web", []string{odd.network("", "$(id)")})
	for _, test := range []struct {
		name    string
		plan    *removal.Plan
		yes     bool
		words   string
		advices []string
	}{
		{
			"one container", planOf(one(1, topology.Running), removal.Options{}), false, "Refused: 1 container depends on net1.",
			[]string{"  docker netkit safe-rm --disconnect net1   detach them first, so that each still starts"},
		},
		{
			"one container, on two", planOf(one(2, topology.Running), removal.Options{}), true, "Refused: 1 container depends on net1, net2.",
			[]string{"  docker netkit safe-rm --disconnect --yes net1 net2   detach them first, so that each still starts"},
		},
		{
			"of two networks by one name", planOf(two.snapshot(), removal.Options{}), false, "Refused: 2 containers depend on net1, net1.",
			[]string{"  docker netkit safe-rm --disconnect " + id + " " + two.Networks[1].ID + "   detach them first, so that each still starts"},
		},
		{
			"by a name that needs quotes", planOf(odd.snapshot(), removal.Options{}), false, "Refused: 1 container depends on $(id).",
			[]string{"  docker netkit safe-rm --disconnect " + odd.Networks[0].ID + "   detach them first, so that each still starts"},
		},
		{
			"one does not start again", planOf(broken, removal.Options{}, "net1"), false, "Refused: 1 container depends on net1, and 1 container would not start again.",
			[]string{"  docker netkit safe-rm --disconnect --accept-broken net1   detach them, although some do not start again; undo: docker netkit restore"},
		},
		{
			"one does not start again when detached", planOf(broken, removal.Options{Disconnect: true}, "net1"), false, "Refused: 1 container would not start again, even when detached first.",
			[]string{"  docker netkit safe-rm --disconnect --accept-broken net1   detach them, although some do not start again; undo: docker netkit restore"},
		},
		{"predefined", planOf(hindered(), removal.Options{}, "bridge"), false, "Refused: bridge cannot be removed as things are.", []string{}},
		{
			"services", planOf(hindered(), removal.Options{}, "mesh"), false, "Refused: mesh cannot be removed as things are.",
			[]string{
				"  docker service update --network-rm mesh web   take the service off it", "  docker service update --network-rm mesh db    take the service off it",
			},
		},
		{
			"an endpoint with a container's name", planOf(hindered(), removal.Options{}, "haunted"), false, "Refused: haunted cannot be removed as things are.",
			[]string{"  docker rename is-up is-up-renamed   so that the endpoint can be cleared by its name"},
		},
		{
			"something unread", planOf(hindered(), removal.Options{}, "unread"), false, "Refused: it is not known what depends on unread.",
			[]string{"  docker network inspect unread   see what the engine says of it"},
		},
		{"tasks", planOf(hindered(), removal.Options{Disconnect: true}, "tasks"), false, "Refused: tasks cannot be removed as things are.", []string{}},
		{
			"other nodes", planOf(swarmOf3(0), removal.Options{}), false, "Refused: stopped containers on other nodes may depend on mesh.",
			[]string{"  docker netkit safe-rm --accept-broken mesh   although containers that cannot be seen may not start again"},
		},
		{
			"other nodes, and a container", planOf(swarmOf3(1), removal.Options{}), false, "Refused: 1 container depends on mesh.",
			[]string{"  docker netkit safe-rm --disconnect --accept-broken mesh   detach them, although some do not start again; undo: docker netkit restore"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			look := &Look{Docker: "docker"}
			if got := RefusalWords(test.plan, look); got != test.words {
				t.Errorf("words: got %s\nwant %s", got, test.words)
			}
			got := AdviceLines(RefusalAdvice(test.plan, networksOf(test.plan), test.yes, look), look)
			if !slices.Equal(got, test.advices) {
				t.Errorf("advice: got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.advices, "\n"))
			}
			if got := RefusalAdvice(test.plan, networksOf(test.plan), test.yes, &Look{}); len(got) > 0 {
				t.Errorf("it advises %v, though there is no docker", got)
			}
		})
	}
}

// A name that another network's ID begins with would mean that one, once the
// network of the name is gone.
func TestRefusalAdviceNamesWhatIsMeant(t *testing.T) {
	b := newComposer()
	b.container("", "web", []string{b.network("", "net1")})
	s := b.snapshot()
	id := strings.Repeat("ab", 32)
	for name, other := range map[string]topology.Network{
		"the beginning of an ID": {ID: "net1" + id, Name: "other"},
		"a whole ID":             {ID: "net1", Name: "other"},
		"another's name":         {ID: id, Name: "net1"},
	} {
		s.Networks = append(s.Networks[:1:1], other)
		ix := topology.NewIndex(s)
		p := removal.Make(ix, []*topology.Network{ix.Network(s.Networks[0].ID)}, removal.Options{})
		want := "docker netkit safe-rm --disconnect " + s.Networks[0].ID
		if got := RefusalAdvice(p, ix, false, &Look{Docker: "docker"}); len(got) != 1 || got[0].Command != want {
			t.Errorf("%s: got %+v, want %s", name, got, want)
		}
	}
}

func TestAdviceLinesFold(t *testing.T) {
	advices := []Advice{{"docker netkit safe-rm --disconnect --yes a_network_with_a_name_that_is_long another_one", "detach them first, so that each still starts"}, {"docker x", "y"}}
	want := []string{
		"  " + advices[0].Command, "    detach them first, so", "      that each still", "      starts", "  docker x", "    y",
	}
	if got := AdviceLines(advices, &Look{Width: 26}); !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func outcome(name string, state removal.State, change func(*removal.Outcome)) removal.Outcome {
	out := removal.Outcome{Network: removal.NetworkRef{ID: name + "-id", Name: name}, State: state, Entry: "0123456789ab"}
	change(&out)
	return out
}

func TestOutcomeLines(t *testing.T) {
	failed := errors.New("the engine says no").Error()
	for _, test := range []struct {
		name     string
		outcomes []removal.Outcome
		want     []string
	}{
		{"removed", []removal.Outcome{outcome("net", removal.Removed, func(*removal.Outcome) {})}, []string{"Undo: docker netkit restore net"}},
		{
			"removed, after others were taken off",
			[]removal.Outcome{outcome("net", removal.Removed, func(o *removal.Outcome) {
				o.Detached, o.Cleared, o.Broken = []string{"web", "db"}, []string{"ghost"}, []string{"late"}
			})},
			[]string{
				"Detached from net: web, db", "Cleared on net: the endpoints ghost", "! late came to want net in the last moment, and will not start now",
				"Undo: docker netkit restore net",
			},
		},
		{"kept", []removal.Outcome{outcome("net", removal.Kept, func(o *removal.Outcome) { o.Entry, o.Error = "", failed })}, []string{"net is not removed: the engine says no"}},
		{
			"kept, and all are on it again",
			[]removal.Outcome{outcome("net", removal.Kept, func(o *removal.Outcome) {
				o.Entry, o.Error = "", failed
				o.Reattached = []removal.Attached{{Name: "web"}, {Name: "db", Kept: true}, {Name: "job", Lacks: []string{"10.0.0.2 (it has 10.0.0.3)"}}}
			})},
			[]string{
				"net is not removed: the engine says no", "web is on net again, as it was",
				"db is on net again, as it was; the engine keeps its address for it from now on", "job is on net again, without 10.0.0.2 (it has 10.0.0.3)",
			},
		},
		{
			"kept, and one is off it",
			[]removal.Outcome{outcome("net", removal.Kept, func(o *removal.Outcome) {
				o.Error, o.Detached, o.Reattached = failed, []string{"web"}, []removal.Attached{{Name: "web", Error: "it is dead"}}
			})},
			[]string{"net is not removed: the engine says no", "! web is not on net again: it is dead", "When the engine is well again: docker netkit restore 0123456789ab"},
		},
		{
			"not known",
			[]removal.Outcome{outcome("net", removal.Unclear, func(o *removal.Outcome) { o.Error = failed })},
			[]string{"net: it is not known whether it is removed: the engine says no", "When the engine is well again: docker netkit restore 0123456789ab"},
		},
		{
			"not tried",
			[]removal.Outcome{outcome("one", removal.Removed, func(*removal.Outcome) {}), outcome("two", removal.Untried, func(o *removal.Outcome) { o.Entry = "" })},
			[]string{"two is not removed: something failed before its turn came", "Undo: docker netkit restore one"},
		},
		{
			"two of one name",
			[]removal.Outcome{outcome("net", removal.Removed, func(*removal.Outcome) {}), outcome("net", removal.Removed, func(o *removal.Outcome) { o.Entry = "ba9876543210" })},
			[]string{"Undo: docker netkit restore 0123456789ab ba9876543210"},
		},
		{
			"a name like the beginning of an ID",
			[]removal.Outcome{outcome("cafe", removal.Removed, func(*removal.Outcome) {}), outcome("db", removal.Removed, func(*removal.Outcome) {})},
			[]string{"Undo: docker netkit restore 0123456789ab db"},
		},
		{
			"a name that needs quotes",
			[]removal.Outcome{outcome("$(id)", removal.Removed, func(*removal.Outcome) {})},
			[]string{"Undo: docker netkit restore 0123456789ab"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := OutcomeLines(&removal.Result{Outcomes: test.outcomes}, &Look{Docker: "docker"}); !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestGoOnWithoutDocker(t *testing.T) {
	out := outcome("net", removal.Unclear, func(o *removal.Outcome) { o.Error = "no answer" })
	lines := OutcomeLines(&removal.Result{Outcomes: []removal.Outcome{out}}, &Look{})
	if want := "When the engine is well again: restore the entry 0123456789ab"; !slices.Contains(lines, want) {
		t.Errorf("got %q, want %q in it", lines, want)
	}
}

func TestUndoOfMany(t *testing.T) {
	var outcomes []removal.Outcome
	for i := range 9 {
		outcomes = append(outcomes, outcome(fmt.Sprintf("n%d", i+1), removal.Removed, func(*removal.Outcome) {}))
	}
	if got, want := UndoCommand(outcomes[:8], &Look{Docker: "docker"}), "docker netkit restore n1 n2 n3 n4 n5 n6 n7 n8"; got != want {
		t.Errorf("of eight: got %s, want %s", got, want)
	}
	if got, want := UndoCommand(outcomes, &Look{Docker: "docker"}), "docker netkit restore lists all 9; each comes back by its name"; got != want {
		t.Errorf("of nine: got %s, want %s", got, want)
	}
	if got := UndoCommand(outcomes, &Look{}); got != "" {
		t.Errorf("without docker: %s", got)
	}
}

func TestPassedLines(t *testing.T) {
	passed := []removal.PassedOver{{Network: removal.NetworkRef{Name: "two\nlines"}, Change: "it came into use"}}
	if got, want := PassedLines(passed, &Look{}), `"two\nlines" is passed over: it came into use`; len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %s", got, want)
	}
}

func pruneOf(s *topology.Snapshot) *removal.PrunePlan {
	return removal.PlanPrune(topology.NewIndex(s), func(*topology.Network) bool { return true })
}

func TestGoldenPruneGroups(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	few := yard()
	for i, name := range []string{"unused", "lab"} {
		few.network("lab", name, func(n *topology.Network) { n.Created = now.Add(-time.Duration(i+1) * 50 * time.Hour) })
	}
	few.container("", "backup", []string{few.network("shop", "shop_db")})
	few.stop()
	few.network("", "bridge")
	many := newComposer()
	for i := range 13 {
		many.container("", fmt.Sprintf("c%d", i+1), []string{many.network("", fmt.Sprintf("n%d", i+1))})
	}
	many.network("", "bridge")
	many.network("", "none", func(n *topology.Network) { n.Driver = "null" })
	for name, s := range map[string]*topology.Snapshot{"few": few.snapshot(), "many": many.snapshot(), "hindered": hindered(), "none": newComposer().snapshot()} {
		goldenLooks(t, "prune-"+name, func(w *strings.Builder, look *Look) error { return PruneGroups(w, pruneOf(s), now, look) })
	}
}

// restorations are plans to bring the yard's network back, for the containers
// that there are now.
func restorations() []*removal.RestorePlan {
	b := newComposer()
	b.Engine = topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"}
	b.network("", "taker", func(n *topology.Network) { n.IPAM.Pools[0].Subnet = topology.ParseSubnet("10.9.0.0/16") })
	again := b.network("", "again")
	twin := b.network("", "twin")
	b.network("", "twin")
	b.container("", "web", nil)
	b.container("", "new", []string{again})
	b.container("", "db", nil).State = topology.Exited
	gone := topology.Attachment{NetworkID: "0dd1", NetworkName: "net", ContainerID: b.Containers[2].ID, State: topology.Dangling}
	b.container("", "typed", nil).State = topology.Exited
	typed := topology.Attachment{NetworkID: "0dd1", NetworkName: "0dd", ContainerID: b.Containers[3].ID, State: topology.Dangling}
	b.Containers[3].Mode = "0dd1"
	b.Attachments = append(b.Attachments, gone, typed)
	record := func(at int, ip string) removal.Record {
		c := &b.Containers[at]
		a := topology.Attachment{NetworkID: "0dd1", NetworkName: "net", ContainerID: c.ID, State: topology.Configured, Static4: topology.ParseAddress(ip)}
		return removal.Record{Container: c.ID, Name: c.Name, State: c.State, Attachment: a}
	}
	records := []removal.Record{record(0, "10.9.1.5"), record(2, ""), record(3, ""), {Container: "feed", Name: "lost"}}
	entry := func(name string, pool string, records []removal.Record) *removal.Entry {
		n := topology.Network{ID: "0dd1", Name: name, Driver: "bridge", Scope: "local"}
		n.IPAM.Pools = []topology.Pool{{Subnet: topology.ParseSubnet(pool)}}
		return &removal.Entry{Schema: removal.Schema, ID: "0123456789ab", Network: n, Records: records}
	}
	taken := b.Attachments[0].IPv4.String() // of new, on again
	source := entry("sourced", "10.8.0.0/24", nil)
	source.Network.ConfigFrom = "plan"
	there := entry("twin", "10.8.0.0/24", nil)
	there.Network.ID = twin
	ix := topology.NewIndex(b.snapshot())
	guessed := removal.PlanRestore(ix, entry("net", "10.8.0.0/24", records))
	guessed.Guessed = true
	return []*removal.RestorePlan{
		guessed,
		removal.PlanRestore(ix, entry("net", "10.9.1.0/24", records)),
		removal.PlanRestore(ix, entry("again", "10.8.0.0/24", []removal.Record{record(0, taken)})),
		removal.PlanRestore(ix, entry("twin", "10.8.0.0/24", records)),
		removal.PlanRestore(ix, source), removal.PlanRestore(ix, there),
	}
}

func TestGoldenRestorePlans(t *testing.T) {
	goldenLooks(t, "restore", func(w *strings.Builder, look *Look) error { return RestorePlans(w, restorations(), look) })
}

func TestRestoredLines(t *testing.T) {
	net := removal.NetworkRef{ID: "0dd1", Name: "net"}
	for _, test := range []struct {
		name     string
		restored removal.Restored
		summary  string
		lines    []string
	}{
		{"made", removal.Restored{Network: net, Made: true}, "net is restored", nil},
		{"there", removal.Restored{Network: net}, "net is there", nil},
		{"with its containers", removal.Restored{Network: net, Made: true, Connected: []removal.Attached{{Name: "web"}, {Name: "db"}}}, "net is restored, with 2 containers connected again", nil},
		{
			"with one of two containers",
			removal.Restored{Network: net, Made: true, Entry: "0123456789ab", Connected: []removal.Attached{{Name: "web"}, {Name: "db", Error: "it is dead"}}},
			"net is restored, with 1 container connected again",
			[]string{"! db is not on net again: it is dead", "To go on: docker netkit restore 0123456789ab"},
		},
		{
			"not as it was",
			removal.Restored{
				Network: net, Connected: []removal.Attached{{Name: "web", Kept: true}, {Name: "db", Lacks: []string{"the address 10.0.0.2"}}},
				Lacks:        []removal.Lack{{Kind: removal.ContainerGone, Container: "old"}, {Kind: removal.SubnetTaken, Address: "10.0.0.0/24"}},
				WillNotStart: []removal.RestoredStart{{Name: "job", Why: "network mode gone"}, {Name: "run", Why: "owner gone"}},
			},
			"net is there, with 2 containers connected again",
			[]string{
				"web is on net again, as it was; the engine keeps its address for it from now on", "db is on net again, without the address 10.0.0.2",
				"! old does not exist any more", "! the subnet 10.0.0.0/24 is taken; the network gets another, and its containers other addresses",
				"! job will not start: it was made with --network and the ID of a network that is gone; recreate it", "! run will not start: owner gone",
			},
		},
		{
			"failed",
			removal.Restored{Network: net, Entry: "0123456789ab", Error: "cannot make the network: no"},
			"net is there",
			[]string{"net is not restored: cannot make the network: no", "To go on: docker netkit restore 0123456789ab"},
		},
		{
			"interrupted, without an entry",
			removal.Restored{Network: net, Made: true, Interrupted: true},
			"net is restored",
			[]string{"net: interrupted; the rest is not done"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			look := &Look{Docker: "docker"}
			if got := RestoredLines(&test.restored, look); !slices.Equal(got, test.lines) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.lines, "\n"))
			}
			if got := RestoredSummary(&test.restored, look); got != test.summary {
				t.Errorf("summary: got %s, want %s", got, test.summary)
			}
		})
	}
}

// swarmOf3 is an overlay of a swarm of three nodes, with containers of this one.
func swarmOf3(containers int) *topology.Snapshot {
	b := newComposer()
	b.Engine = topology.Engine{Product: topology.ProductDocker, Version: "28.5.2", Swarm: topology.SwarmManager, SwarmNodes: 3}
	id := b.network("", "mesh", func(n *topology.Network) { n.Driver, n.Scope, n.Attachable = "overlay", "swarm", true })
	for range containers {
		b.container("", "web", []string{id}, 0)
	}
	return b.snapshot()
}

func TestWordsOfWhatIsNotSeen(t *testing.T) {
	o := removal.Objection{Kind: diagnose.StoppedElsewhere, Count: 2}
	const want = "stopped containers on 2 other nodes of the swarm cannot be seen from here; any that want it would not start again"
	if got := objectionWords(&o, &Look{}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLackWords(t *testing.T) {
	for _, test := range []struct {
		lack removal.Lack
		want string
	}{
		{removal.Lack{Kind: removal.ContainerGone, Container: "web"}, "web does not exist any more"},
		{removal.Lack{Kind: removal.SubnetTaken, Address: "10.0.0.0/24", Other: "net"}, "the subnet 10.0.0.0/24 is taken by net; the network gets another, and its containers other addresses"},
		{removal.Lack{Kind: removal.AddressTaken, Container: "web", Address: "10.0.0.2", Other: "db"}, "web gets another address: db has 10.0.0.2 now"},
		{removal.Lack{Kind: removal.AddressOutside, Container: "web", Address: "10.0.0.2"}, "web gets another address: the network does not have 10.0.0.2"},
		{removal.Lack{Kind: removal.NameTaken, Other: "net"}, "the name net is taken, by several networks or by one that takes no containers"},
		{removal.Lack{Kind: removal.SourceGone, Other: "plan"}, "its configuration came from plan, which is gone"},
		{removal.Lack{Kind: removal.NotRead, Container: "web"}, "web could not be read, so that it is not known whether it still exists"},
		{
			removal.Lack{Kind: removal.OnItWithout, Container: "web", Differs: []string{"the address 10.0.0.2", "the alias www"}},
			"web is on it already, without the address 10.0.0.2 and the alias www; to have that again, take it off and restore once more",
		},
		{
			removal.Lack{Kind: removal.NameShared, Container: "web", Other: "net"},
			"web cannot be put back while another network is named net: as it does not run, it would not start any more; start it, and restore again",
		},
		{
			removal.Lack{Kind: removal.Different, Other: "net", Differs: []string{"the driver", "the subnets"}},
			"the network named net that is there now is not what it was: the driver and the subnets",
		},
		{removal.Lack{Kind: removal.MACLost, Container: "web", Address: "02:00:00:00:00:01"}, "web gets another MAC than 02:00:00:00:00:01: this engine gives one only to a container that it makes"},
		{removal.Lack{Kind: removal.MadeByID, Container: "web"}, "web cannot be connected: it was made with --network and the ID of the network that is gone; recreate it"},
	} {
		if got := LackWords(&test.lack, &Look{}); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

// hostileYard has each hostile name as a network with a container that is up,
// one that is not, one that shares, and a stale endpoint.
func hostileYard() *topology.Snapshot {
	b := newComposer()
	b.Engine = topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"}
	for _, name := range append([]string{strings.Repeat("n", 300)}, hostileNames...) {
		id := b.network(name, name, func(n *topology.Network) {
			n.Endpoints, n.Services = []topology.Endpoint{{Kind: topology.Stale, Name: name + "?"}}, []string{name}
		})
		c := b.container(name, name, []string{id}, 80)
		c.Ports[0].Protocol = name
		last := &b.Attachments[len(b.Attachments)-1]
		last.Aliases, last.Static6, last.StaticMAC = []string{name}, topology.ParseAddress(name), name
		b.container("other "+name, name, nil).Mode = topology.NetworkMode("container:" + c.ID)
		b.container("", name, []string{id})
		b.stop()
		b.Containers[len(b.Containers)-1].Mode = topology.NetworkMode(name)
	}
	return b.snapshot()
}

// hostileOutcomes are results about hostile names.
func hostileOutcomes() (*removal.Result, []removal.Restored) {
	r := &removal.Result{}
	var restored []removal.Restored
	for _, name := range hostileNames {
		attached := []removal.Attached{{Name: name, Error: name}, {Name: name, Lacks: []string{name}}, {Name: name, Kept: true}}
		for _, state := range []removal.State{removal.Removed, removal.Kept, removal.Unclear, removal.Untried} {
			r.Outcomes = append(r.Outcomes, removal.Outcome{
				Network: removal.NetworkRef{ID: name, Name: name}, State: state, Entry: "0123456789ab", Detached: []string{name}, Cleared: []string{name},
				Reattached: attached, Broken: []string{name}, Error: name,
			})
		}
		var lacks []removal.Lack
		for _, kind := range []removal.LackKind{removal.ContainerGone, removal.SubnetTaken, removal.AddressTaken, removal.AddressOutside, removal.NameTaken, removal.SourceGone, removal.MadeByID} {
			lacks = append(lacks, removal.Lack{Kind: kind, Container: name, Address: name, Other: name})
		}
		restored = append(restored, removal.Restored{
			Network: removal.NetworkRef{ID: name, Name: name}, Entry: "0123456789ab", Connected: attached, Lacks: lacks,
			WillNotStart: []removal.RestoredStart{{Name: name, Why: "network mode gone"}, {Name: name, Why: "address outside"}}, Error: name,
		})
	}
	return r, restored
}

// hostilePlans are to bring back what containers of hostile names want.
func hostilePlans() []*removal.RestorePlan {
	b := newComposer()
	for _, name := range hostileNames {
		c := b.container("", name, nil)
		c.State = topology.Exited
		b.Attachments = append(b.Attachments, topology.Attachment{
			ContainerID: c.ID, NetworkID: "0dd" + c.ID[:4], NetworkName: name, State: topology.Dangling, Static4: topology.ParseAddress(name),
		})
	}
	ix := topology.NewIndex(b.snapshot())
	return removal.PlanHeal(ix, removal.Healable(ix), nil)
}

func TestRemovalDrawingsFitTheTerminal(t *testing.T) {
	s := hostileYard()
	prune, restores := pruneOf(s), hostilePlans()
	if len(restores) < len(hostileNames)/2 {
		t.Fatalf("only %d plans to restore", len(restores))
	}
	for _, look := range []Look{{}, {ASCII: true}, {Colour: true}, {NoTrunc: true}} {
		for _, width := range []int{0, 50, 80} {
			look.Width = width
			for name, write := range map[string]func(w *strings.Builder) error{
				"plan": func(w *strings.Builder) error { return RemovalPlan(w, planOf(s, removal.Options{}), &look) },
				"disconnect": func(w *strings.Builder) error {
					return RemovalPlan(w, planOf(s, removal.Options{Disconnect: true}), &look)
				},
				"prune":   func(w *strings.Builder) error { return PruneGroups(w, prune, s.TakenAt, &look) },
				"restore": func(w *strings.Builder) error { return RestorePlans(w, restores, &look) },
			} {
				t.Run(fmt.Sprintf("%s %+v", name, look), func(t *testing.T) { checkTree(t, draw(t, write), &look) })
			}
		}
	}
}

func TestRemovalLinesAreSafe(t *testing.T) {
	result, restored := hostileOutcomes()
	look := &Look{Docker: "docker"}
	lines := OutcomeLines(result, look)
	for i := range restored {
		lines = append(lines, RestoredLines(&restored[i], look)...)
		lines = append(lines, RestoredSummary(&restored[i], look))
	}
	lines = append(lines, RefusalWords(planOf(hostileYard(), removal.Options{}), look))
	for _, name := range hostileNames {
		lines = append(lines, PassedLines([]removal.PassedOver{{Network: removal.NetworkRef{Name: name}}}, look)...)
	}
	if len(lines) < 20*len(hostileNames) {
		t.Fatalf("only %d lines", len(lines))
	}
	for _, line := range lines {
		if r, bad := unseen(line); bad {
			t.Errorf("%U in %q", r, line)
		}
	}
}

// Every command that is suggested reads in a shell as what is meant.
func TestRemovalCommandsInShell(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no POSIX shell")
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	type suggestion struct {
		command string
		words   []string // before the name, which may be the ID in its place
		name    string
		id      string
	}
	look := &Look{Docker: "docker"}
	var suggestions []suggestion
	s := hostileYard()
	for i := range s.Networks {
		n := &s.Networks[i]
		only := &topology.Snapshot{Networks: s.Networks[i : i+1 : i+1]}
		free := *n
		free.Services = nil
		ready := &topology.Snapshot{Networks: []topology.Network{free}}
		for _, a := range RefusalAdvice(planOf(ready, removal.Options{}), topology.NewIndex(ready), true, look) {
			suggestions = append(suggestions, suggestion{a.Command, []string{"docker", "netkit", "safe-rm", "--disconnect", "--yes"}, n.Name, n.ID})
		}
		for _, a := range RefusalAdvice(planOf(only, removal.Options{}), topology.NewIndex(only), false, look) {
			if strings.HasPrefix(a.Command, "docker service") {
				word := reference(n.Name, n.ID, false)
				suggestions = append(suggestions, suggestion{a.Command, []string{"docker", "service", "update", "--network-rm", word}, n.Name, ""})
			}
		}
		removed := outcome(n.Name, removal.Removed, func(*removal.Outcome) {})
		suggestions = append(suggestions, suggestion{UndoCommand([]removal.Outcome{removed}, look), []string{"docker", "netkit", "restore"}, n.Name, removed.Entry})
	}
	if len(suggestions) < 2*len(hostileNames) {
		t.Fatalf("only %d commands", len(suggestions))
	}
	var script []string
	for _, sug := range suggestions {
		script = append(script, strings.Replace(sug.command, "docker ", "say docker ", 1))
	}
	define := "say() { printf '%s\\n' \"$#\" \"$@\"; }\n"
	output, err := exec.CommandContext(t.Context(), shell, "-c", define+strings.Join(script, "\n")).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	lines := strings.Split(strings.TrimSuffix(string(output), "\n"), "\n")
	for _, sug := range suggestions {
		count := len(sug.words) + 1
		if len(lines) <= count || lines[0] != fmt.Sprint(count) {
			t.Fatalf("%s: the shell makes %q of it", sug.command, lines[:min(len(lines), count+1)])
		}
		words := lines[1 : count+1]
		lines = lines[count+1:]
		if !slices.Equal(words[:count-1], sug.words) {
			t.Errorf("%s: the shell makes %q of it, want %q", sug.command, words, sug.words)
		}
		if name := words[count-1]; name != sug.name && name != sug.id || strings.HasPrefix(name, "-") {
			t.Errorf("%s: the shell makes %q of it, want %q or %q", sug.command, name, sug.name, sug.id)
		}
	}
}
