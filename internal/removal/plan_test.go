package removal

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestPlan(t *testing.T) {
	stale := bridge("front")
	stale.Endpoints = []topology.Endpoint{{Kind: topology.OfEngine, Name: "gateway"}, {Kind: topology.Stale, Name: "ghost"}}
	detach, broken := Options{Disconnect: true}, Options{Disconnect: true, AcceptBroken: true}
	leave := Options{Leave: true, AcceptBroken: true}
	task := topology.Container{ID: "task", Name: "task", State: topology.Running, SwarmService: "web"}
	for _, test := range []struct {
		name       string
		ix         *topology.Index
		options    Options
		objections []string
		steps      []string
		// Whether it is allowed with no option, with --disconnect, and with
		// --accept-broken, too.
		with [3]bool
	}{
		{
			name: "nobody is on it", ix: index(docker("28.5.2"), []topology.Network{bridge("front")}, nil),
			objections: []string{}, steps: []string{"remove"}, with: [3]bool{true, true, true},
		},
		{
			name:       "needed",
			ix:         index(docker("28.5.2"), []topology.Network{bridge("front")}, []topology.Container{ctr("web", topology.Running), ctr("db", topology.Exited)}, on("web", "front", topology.Live), on("db", "front", topology.Configured)),
			objections: []string{"needed [web db], lifted by disconnect"},
			steps:      []string{"detach web", "detach db", "remove"}, with: [3]bool{false, true, true},
		},
		{
			name:       "one does not start again",
			ix:         index(docker("28.5.2"), []topology.Network{bridge("front"), bridge("back")}, []topology.Container{made(ctr("db", topology.Exited), "front")}, on("db", "front", topology.Configured), on("db", "back", topology.Configured)),
			objections: []string{"needed [db], lifted by disconnect", "never start again [db], lifted by accept-broken"},
			steps:      []string{"detach db", "remove"}, with: [3]bool{false, false, true},
		},
		{
			name:       "one that runs does not start again",
			ix:         index(docker("28.5.2"), []topology.Network{bridge("front"), bridge("back")}, []topology.Container{made(ctr("web", topology.Running), "front")}, on("web", "front", topology.Live), on("web", "back", topology.Live)),
			objections: []string{"needed [web], lifted by disconnect", "never start again [web], lifted by accept-broken"},
			steps:      []string{"detach web", "remove"}, with: [3]bool{false, false, true},
		},
		{
			name:       "one that does not start anyway",
			ix:         index(docker("28.5.2"), []topology.Network{bridge("front")}, []topology.Container{ctr("db", topology.Exited)}, on("db", "front", topology.Configured), on("db", "old", topology.Dangling)),
			objections: []string{"needed [db], lifted by disconnect"},
			steps:      []string{"detach db", "remove"}, with: [3]bool{false, true, true},
		},
		{
			name:       "a sharer is not on it itself",
			ix:         index(docker("28.5.2"), []topology.Network{bridge("front")}, []topology.Container{ctr("web", topology.Running), made(ctr("vpn", topology.Running), "container:web")}, on("web", "front", topology.Live)),
			objections: []string{"needed [web vpn], lifted by disconnect"},
			steps:      []string{"detach web", "remove"}, with: [3]bool{false, true, true},
		},
		{
			name:       "one that restarts by itself comes first",
			ix:         index(docker("28.5.2"), []topology.Network{bridge("front")}, []topology.Container{ctr("web", topology.Running), ctr("loop", topology.Restarting), ctr("db", topology.Exited)}, on("web", "front", topology.Live), on("loop", "front", topology.Configured), on("db", "front", topology.Configured)),
			objections: []string{"needed [web db loop], lifted by disconnect"},
			steps:      []string{"detach loop", "detach web", "detach db", "remove"}, with: [3]bool{false, true, true},
		},
		{
			name: "a stale endpoint", ix: index(docker("28.5.2"), []topology.Network{stale}, []topology.Container{ctr("web", topology.Running)}, on("web", "front", topology.Live)), options: detach,
			objections: []string{"stale endpoints [ghost], lifted by disconnect", "needed [web], lifted by disconnect"},
			steps:      []string{"detach web", "clear ghost", "remove"}, with: [3]bool{false, true, true},
		},
		{
			name: "a task", ix: index(docker("28.5.2"), []topology.Network{bridge("front")}, []topology.Container{task}, on("task", "front", topology.Live)), options: broken,
			objections: []string{"swarm tasks [task]"}, steps: []string{"remove"}, with: [3]bool{},
		},
		{
			name: "predefined", ix: index(docker("28.5.2"), []topology.Network{{ID: "front-id", Name: "bridge", Driver: "bridge", Scope: "local"}}, nil), options: broken,
			objections: []string{"predefined"}, steps: []string{"remove"}, with: [3]bool{},
		},
		{
			name: "those that are stopped are left", options: leave,
			ix:         index(docker("28.5.2"), []topology.Network{bridge("front")}, []topology.Container{ctr("db", topology.Exited)}, on("db", "front", topology.Configured)),
			objections: []string{"needed [db], lifted by accept-broken"}, steps: []string{"remove"}, with: [3]bool{false, false, true},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := Make(test.ix, pick(t, test.ix, "front-id"), test.options)
			equal(t, "objections", objectionTexts(p.Targets[0].Objections), test.objections)
			equal(t, "steps", stepTexts(p.Targets[0].Steps), test.steps)
			equal(t, "allowed with", [3]bool{p.AllowedWith(Options{}), p.AllowedWith(detach), p.AllowedWith(broken)}, test.with)
			equal(t, "allowed", p.Allowed(), p.AllowedWith(test.options))
			equal(t, "free", p.Free(), len(test.objections) == 0)
			equal(t, "the network is free", p.Targets[0].Free(), len(test.objections) == 0)
		})
	}
}

func TestStanding(t *testing.T) {
	n := NetworkPlan{Objections: []Objection{{Kind: Needed, Lift: LiftDisconnect}, {Kind: NeverAgain, Lift: LiftBroken}, {Kind: RunsTasks}}}
	for _, test := range []struct {
		options Options
		want    []string
	}{
		{Options{}, []string{"needed, lifted by disconnect", "never start again, lifted by accept-broken", "swarm tasks"}},
		{Options{Disconnect: true}, []string{"never start again, lifted by accept-broken", "swarm tasks"}},
		{Options{AcceptBroken: true}, []string{"needed, lifted by disconnect", "swarm tasks"}},
		{Options{Leave: true}, []string{"needed, lifted by disconnect", "never start again, lifted by accept-broken", "swarm tasks"}},
		{Options{Disconnect: true, AcceptBroken: true}, []string{"swarm tasks"}},
	} {
		equal(t, fmt.Sprintf("%+v", test.options), objectionTexts(n.Standing(test.options)), test.want)
	}
}

// One network that is not allowed keeps all from being removed.
func TestPlanOfSeveral(t *testing.T) {
	ix := index(docker("28.5.2"), []topology.Network{bridge("front"), bridge("back")}, []topology.Container{ctr("web", topology.Running)}, on("web", "front", topology.Live))
	p := Make(ix, pick(t, ix, "back-id", "front-id"), Options{})
	equal(t, "networks", []string{p.Targets[0].Network.Name, p.Targets[1].Network.Name}, []string{"back", "front"})
	equal(t, "each is free", []bool{p.Targets[0].Free(), p.Targets[1].Free()}, []bool{true, false})
	equal(t, "all are free", p.Free(), false)
	equal(t, "allowed", p.Allowed(), false)
	equal(t, "allowed with --disconnect", p.AllowedWith(Options{Disconnect: true}), true)
	p = Make(ix, nil, Options{})
	equal(t, "nothing to be done", []bool{p.Free(), p.Allowed(), len(p.Targets) == 0}, []bool{true, true, true})
}

func TestPlanEffects(t *testing.T) {
	attached := func(change func(*topology.Attachment)) topology.Attachment {
		a := on("web", "front", topology.Configured)
		change(&a)
		return a
	}
	running := func(a topology.Attachment) topology.Attachment {
		a.State = topology.Live
		return a
	}
	podman := topology.Engine{Product: topology.ProductPodman, Version: "5.4.2"}
	plain := func(*topology.Attachment) {}
	for _, test := range []struct {
		name      string
		engine    topology.Engine
		container topology.Container
		attached  topology.Attachment
		options   Options
		want      Effect
	}{
		{
			name: "cut off", engine: docker("28.5.2"), container: ctr("web", topology.Running),
			attached: running(attached(func(a *topology.Attachment) {
				a.IPv4, a.IPv6, a.MAC, a.Aliases = topology.ParseAddress("10.0.0.2"), topology.ParseAddress("fd00::2"), "02:00:00:00:00:01", []string{"web", "www"}
			})),
			want: Effect{Fate: CutOff, StartsNow: true, StartsAfter: true, Loses: Lost{
				IPv4: topology.ParseAddress("10.0.0.2"), IPv6: topology.ParseAddress("fd00::2"), MAC: "02:00:00:00:00:01", Aliases: []string{"www"},
			}},
		},
		{
			name: "break", engine: docker("28.5.2"), container: ctr("web", topology.Exited), attached: attached(plain),
			want: Effect{Fate: Break, StartsNow: true, Why: "network gone"},
		},
		{
			name: "break, and any of the name will do", engine: docker("28.5.2"), container: ctr("web", topology.Created),
			attached: attached(func(a *topology.Attachment) { a.ByName = true }),
			want:     Effect{Fate: Break, StartsNow: true, Why: "no such network", HoldsName: true},
		},
		{
			name: "detach", engine: docker("28.5.2"), container: ctr("web", topology.Exited), attached: attached(plain), options: Options{Disconnect: true},
			want: Effect{Fate: Detach, StartsNow: true, StartsAfter: true},
		},
		{
			name: "left all the same", engine: docker("28.5.2"), container: ctr("web", topology.Exited), attached: attached(plain), options: Options{Disconnect: true, Leave: true},
			want: Effect{Fate: Break, StartsNow: true, Why: "network gone"},
		},
		{
			name: "one that runs is not left", engine: docker("28.5.2"), container: ctr("web", topology.Running), attached: running(attached(plain)), options: Options{Disconnect: true, Leave: true},
			want: Effect{Fate: CutOff, StartsNow: true, StartsAfter: true},
		},
		{
			name: "addresses that were asked for", engine: docker("28.5.2"), container: ctr("web", topology.Exited), options: Options{Disconnect: true},
			attached: attached(func(a *topology.Attachment) {
				a.Static4, a.Static6, a.StaticMAC = topology.ParseAddress("10.0.0.9"), topology.ParseAddress("fd00::9"), "02:00:00:00:00:02"
			}),
			want: Effect{Fate: Detach, StartsNow: true, StartsAfter: true, Loses: Lost{
				IPv4: topology.ParseAddress("10.0.0.9"), IPv6: topology.ParseAddress("fd00::9"), Static: true, StaticMAC: "02:00:00:00:00:02",
			}},
		},
		{
			name: "Podman, stopped", engine: podman, container: ctr("web", topology.Exited), attached: attached(plain), options: Options{Disconnect: true},
			want: Effect{Fate: Detach, StartsNow: true, StartsAfter: true, HoldsName: true, Loses: Lost{StaticUnknown: true}},
		},
		{
			name: "Podman, running", engine: podman, container: ctr("web", topology.Running), attached: running(attached(plain)),
			want: Effect{Fate: CutOff, StartsNow: true, StartsAfter: true, HoldsName: true},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			ix := index(test.engine, []topology.Network{bridge("front")}, []topology.Container{test.container}, test.attached)
			p := Make(ix, pick(t, ix, "front-id"), test.options)
			test.want.Container, test.want.Name, test.want.State, test.want.Keeps = "web", "web", test.container.State, []string{}
			if len(test.want.Loses.Aliases) == 0 {
				p.Targets[0].Effects[0].Loses.Aliases = nil // none is none
			}
			equal(t, "effects", p.Targets[0].Effects, []Effect{test.want})
		})
	}
}

func TestPlanEffectOnSharers(t *testing.T) {
	ix := index(docker("28.5.2"), []topology.Network{bridge("front"), bridge("back")}, []topology.Container{
		ctr("web", topology.Running), made(ctr("vpn", topology.Running), "container:web"), ctr("db", topology.Exited), made(ctr("dump", topology.Exited), "container:db"),
	}, at(on("web", "front", topology.Live), "10.0.0.2"), on("web", "back", topology.Live), on("db", "front", topology.Configured))
	var got []string
	for _, options := range []Options{{}, {Disconnect: true}} {
		for _, e := range Make(ix, pick(t, ix, "front-id"), options).Targets[0].Effects {
			got = append(got, fmt.Sprintf("%s %s %q %v %v", e.Fate, e.Name, e.Shares, e.Keeps, e.Loses.IPv4))
		}
	}
	equal(t, "effects", got, []string{
		`cut off web "" [back] 10.0.0.2`, `cut off vpn "web" [back] `, `break db "" [] `, `break dump "db" [] `,
		`cut off web "" [back] 10.0.0.2`, `cut off vpn "web" [back] `, `detach db "" [] `, `detach dump "db" [] `,
	})
}

func TestComeback(t *testing.T) {
	compose := bridge("front")
	compose.Labels = map[string]string{topology.LabelComposeProject: "shop"}
	of := func(name, project string) topology.Container {
		c := ctr(name, topology.Running)
		c.Project = project
		return c
	}
	for _, test := range []struct {
		name       string
		network    topology.Network
		containers []topology.Container
		want       *Comeback
	}{
		{"neither", bridge("front"), []topology.Container{of("a", "")}, nil},
		{"of a project", compose, []topology.Container{of("a", "shop")}, &Comeback{Project: "shop"}},
		{"external for some", bridge("front"), []topology.Container{of("a", "shop"), of("b", "blog"), of("c", "shop")}, &Comeback{External: []string{"shop", "blog"}}},
		{"of one project, external for another", compose, []topology.Container{of("a", "shop"), of("b", "blog")}, &Comeback{Project: "shop", External: []string{"blog"}}},
	} {
		var attachments []topology.Attachment
		for _, c := range test.containers {
			attachments = append(attachments, on(c.ID, "front", topology.Live))
		}
		ix := index(docker("28.5.2"), []topology.Network{test.network}, test.containers, attachments...)
		equal(t, test.name, Make(ix, pick(t, ix, "front-id"), Options{}).Targets[0].Comeback, test.want)
	}
}

func TestPlanNamesNetwork(t *testing.T) {
	n := bridge("front", "10.0.0.0/24", "fd00::/64")
	n.Labels = map[string]string{topology.LabelComposeProject: "shop"}
	n.Created = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	twin := bridge("front")
	twin.ID = "twin-id"
	ix := index(docker("28.5.2"), []topology.Network{n, twin}, nil)
	target := Make(ix, pick(t, ix, "front-id"), Options{}).Targets[0]
	equal(t, "network", target.Network, NetworkRef{
		ID: "front-id", Name: "front", Driver: "bridge", Scope: "local", Subnets: []string{"10.0.0.0/24", "fd00::/64"}, Project: "shop", Created: n.Created,
	})
	equal(t, "duplicate", target.Duplicate, true)
	equal(t, "namesakes", target.namesakes, []string{"twin-id"})
}

func TestAffected(t *testing.T) {
	ix := index(docker("28.5.2"), []topology.Network{bridge("front"), bridge("back")},
		[]topology.Container{ctr("web", topology.Running), ctr("db", topology.Exited), ctr("far", topology.Running)},
		on("web", "front", topology.Live), on("web", "back", topology.Live), on("db", "back", topology.Configured))
	var names []string
	for _, c := range Affected(ix, pick(t, ix, "front-id", "back-id")) {
		names = append(names, c.Name)
	}
	equal(t, "affected", names, []string{"web", "db"})
}

// Lists of a plan are never null in JSON, so that a reader need not ask.
func TestPlanJSON(t *testing.T) {
	ix := index(docker("28.5.2"), []topology.Network{bridge("front"), bridge("back")}, []topology.Container{ctr("web", topology.Running)}, on("web", "front", topology.Live))
	text, err := json.Marshal(Make(ix, pick(t, ix, "front-id", "back-id"), Options{}))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "null") {
		t.Errorf("it has a null: %s", text)
	}
}
