package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/enginetest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

const inspection = "GET /containers/{id}/json"

func aliased(network, ipv4 string, aliases ...string) enginetest.Endpoint {
	return enginetest.Endpoint{Network: network, IPv4: ipv4, Aliases: aliases}
}

// withAliases reads a snapshot and the aliases of all its containers.
func withAliases(t *testing.T, fake *enginetest.Engine, meanwhile func()) (before, after *topology.Snapshot, err error) {
	t.Helper()
	e := open(t, fake)
	before, err = e.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	meanwhile()
	after, err = e.WithSettings(t.Context(), before, everyContainer(before))
	return before, after, err
}

func everyContainer(s *topology.Snapshot) []*topology.Container {
	var all []*topology.Container
	for i := range s.Containers {
		all = append(all, &s.Containers[i])
	}
	return all
}

func nothing() {}

func TestAliases(t *testing.T) {
	for _, flavour := range []enginetest.Flavour{enginetest.Docker20, enginetest.Docker28, enginetest.Podman} {
		fake := enginetest.Start(t, flavour, front(), back(),
			enginetest.Running("api", aliased("front", "172.20.0.2", "www", "api1", "www"), aliased("back", "172.21.0.2", "backend")),
			enginetest.Stopped("db", aliased("back", "", "postgres")),
			enginetest.Running("web", enginetest.On("front", "172.20.0.3")))
		before, s, err := withAliases(t, fake, nothing)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][]string{}
		for _, a := range s.Attachments {
			got[topology.NewIndex(s).Container(a.ContainerID).Name+" on "+a.NetworkName] = a.Aliases
			if !a.AliasesRead {
				t.Errorf("%s: the aliases of %s are not marked as read", flavour.Version, a.ContainerID)
			}
		}
		want := map[string][]string{"api on front": {"api1", "www"}, "api on back": {"backend"}, "db on back": {"postgres"}, "web on front": nil}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: the aliases are %v, want %v", flavour.Version, got, want)
		}
		for _, a := range before.Attachments {
			if a.AliasesRead || a.Aliases != nil {
				t.Errorf("%s: the snapshot they were added to was changed: %+v", flavour.Version, a)
			}
		}
	}
}

func TestAliasesOfSomeOnly(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, front(),
		enginetest.Running("a", aliased("front", "172.20.0.2", "first")), enginetest.Running("b", aliased("front", "172.20.0.3", "second")))
	e := open(t, fake)
	s, err := e.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, err = e.WithSettings(t.Context(), s, everyContainer(s)[:1])
	if err != nil {
		t.Fatal(err)
	}
	ix := topology.NewIndex(s)
	if a := ix.Of(enginetest.ID("a"))[0]; !a.AliasesRead || len(a.Aliases) != 1 {
		t.Errorf("a: %+v", a)
	}
	if b := ix.Of(enginetest.ID("b"))[0]; b.AliasesRead || len(b.Aliases) != 0 {
		t.Errorf("b was not asked about: %+v", b)
	}
	if got := fake.Count()[inspection]; got != 1 {
		t.Errorf("%d containers were inspected, want 1", got)
	}
}

func TestAliasesAreReadABoundedNumberAtATime(t *testing.T) {
	objects := []enginetest.Object{front()}
	for i := range 40 {
		objects = append(objects, enginetest.Running(fmt.Sprint("c", i), enginetest.On("front", fmt.Sprint("172.20.1.", i))))
	}
	fake := enginetest.Start(t, enginetest.Docker28, objects...)
	fake.Fail(inspection, enginetest.Delay(10*time.Millisecond))
	if _, _, err := withAliases(t, fake, nothing); err != nil {
		t.Fatal(err)
	}
	if got := fake.Count()[inspection]; got != 40 {
		t.Errorf("%d containers were inspected, want 40", got)
	}
	if got := fake.Peak(inspection); got < 2 || got > 8 {
		t.Errorf("%d inspections were under way at once, want 2 to 8", got)
	}
}

// An inspect tells of exposed ports that the list leaves out.
func TestExposedPorts(t *testing.T) {
	db := enginetest.Running("db", enginetest.On("back", "172.21.0.2"))
	db.Exposed = []string{"5432/tcp", "5433/tcp", "53/udp", "x/tcp", "0/tcp", "70000/tcp"}
	web := enginetest.Running("web", enginetest.On("front", "172.20.0.2"))
	web.Ports, web.Exposed = []enginetest.Port{{Container: 80, Host: 8080}, {Container: 443}}, []string{"80/tcp", "443/tcp"}
	idle := enginetest.Stopped("idle", enginetest.On("back", ""))
	idle.Exposed = []string{"80/tcp"}
	fake := enginetest.Start(t, enginetest.Docker28, front(), back(), db, web, idle)
	before, after, err := withAliases(t, fake, nothing)
	if err != nil {
		t.Fatal(err)
	}
	listed := topology.NewIndex(before)
	if got := listed.Container(enginetest.ID("db")).Ports; got != nil {
		t.Errorf("the list has %v", got)
	}
	read := topology.NewIndex(after)
	want := []topology.Ports{{First: 5432, Count: 2, Protocol: "tcp"}, {First: 53, Protocol: "udp"}}
	if got := read.Container(enginetest.ID("db")).Ports; !slices.Equal(got, want) {
		t.Errorf("db has %v, want %v", got, want)
	}
	if got := read.Container(enginetest.ID("web")).Ports; len(got) != len(listed.Container(enginetest.ID("web")).Ports) {
		t.Errorf("web has %v", got)
	}
	if got := read.Container(enginetest.ID("idle")).Ports; len(got) != 0 {
		t.Errorf("idle, which is stopped, has %v", got)
	}
}

func TestGoneMeanwhile(t *testing.T) {
	for _, flavour := range []enginetest.Flavour{enginetest.Docker28, enginetest.Podman} {
		fake := enginetest.Start(t, flavour, front(),
			enginetest.Running("web", aliased("front", "172.20.0.2", "www")), enginetest.Running("job", aliased("front", "172.20.0.3", "batch")))
		_, s, err := withAliases(t, fake, func() { fake.RemoveContainer("job") })
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "attachments", attachments(s), "web on front: live 172.20.0.2", "job on front: live 172.20.0.3")
		if got := gaps(s); len(got) != 1 || !strings.HasPrefix(got[0], "settings job") || !strings.Contains(strings.ToLower(got[0]), "no such container") {
			t.Errorf("%s: the gaps are %q", flavour.Version, got)
		}
		ix := topology.NewIndex(s)
		if a := ix.Of(enginetest.ID("job"))[0]; a.AliasesRead {
			t.Error("the aliases of one that is gone are marked as read")
		}
		if a := ix.Of(enginetest.ID("web"))[0]; len(a.Aliases) != 1 {
			t.Errorf("the aliases of the other are %v", a.Aliases)
		}
	}
}

func TestAliasesFail(t *testing.T) {
	for name, c := range map[string]struct {
		fault enginetest.Fault
		want  string
	}{
		"a broken connection": {enginetest.Reset(), "the reply was cut off"},
		"no JSON":             {enginetest.Body("{"), "the reply was cut off"},
		"cut in the middle":   {enginetest.CutAt(100), "the reply was cut off"},
	} {
		t.Run(name, func(t *testing.T) {
			fake := enginetest.Start(t, enginetest.Docker28, front(), enginetest.Running("web", aliased("front", "172.20.0.2", "www")))
			fake.Fail(inspection, c.fault)
			_, s, err := withAliases(t, fake, nothing)
			want := "cannot read GET /containers/" + enginetest.ID("web") + "/json of the engine at " + fake.Host() + ": " + c.want
			if s != nil || err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("got %v and %v, want an error that begins with %s", s, err, want)
			}
		})
	}
}

func TestOddInspection(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, front(), enginetest.Running("web", aliased("front", "172.20.0.2", "www")))
	fake.Fail(inspection, enginetest.Body("[]"))
	_, s, err := withAliases(t, fake, nothing)
	if err != nil {
		t.Fatal(err)
	}
	if got := gaps(s); len(got) != 1 || !strings.HasPrefix(got[0], `settings web,  "": json: cannot unmarshal array`) {
		t.Errorf("the gaps are %q", got)
	}
}

func TestAliasesInterruptedInAReply(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, front(), enginetest.Running("web", aliased("front", "172.20.0.2", "www")))
	fake.Fail(inspection, enginetest.StallAt(100))
	e := open(t, fake)
	s, err := e.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := e.WithSettings(ctx, s, everyContainer(s)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %v, want one that says that it took too long", err)
	}
}

func TestAliasesInterrupted(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, front(), enginetest.Running("web", aliased("front", "172.20.0.2", "www")))
	fake.Fail(inspection, enginetest.Hang())
	e := open(t, fake)
	s, err := e.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { fake.Await(inspection); cancel() }()
	if _, err := e.WithSettings(ctx, s, everyContainer(s)); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want one that says it was cancelled", err)
	}
	var failed *engine.RequestError
	if _, err := e.WithSettings(ctx, s, everyContainer(s)); !errors.As(err, &failed) {
		t.Errorf("the error is %v, want one that names the request", err)
	}
}

// TestOwnIDAmongAliases: the twelve characters that engines put there are
// dropped, and nothing that the user chose.
func TestOwnIDAmongAliases(t *testing.T) {
	id := enginetest.ID("db")
	fake := enginetest.Start(t, enginetest.Docker28, front(), enginetest.Running("db", aliased("front", "172.20.0.2", id[:2], id[:12], id[:20])))
	_, s, err := withAliases(t, fake, nothing)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "aliases", s.Attachments[0].Aliases, id[:2], id[:20])
}

// TestHostName: the engine answers for it, too; older engines have it among the aliases.
func TestHostName(t *testing.T) {
	for flavour, want := range map[*enginetest.Flavour]struct {
		host    string
		aliases []string
	}{
		new(enginetest.Docker28): {"box", []string{"www"}},
		new(enginetest.Docker20): {"", []string{"box", "www"}},
		new(enginetest.Podman):   {"", []string{"box", "www"}},
	} {
		db := enginetest.Running("db", aliased("front", "172.20.0.2", "www"))
		db.Hostname = "box"
		web := enginetest.Running("web", aliased("front", "172.20.0.3", "other"))
		web.Hostname = "web" // which it is called anyway
		_, s, err := withAliases(t, enginetest.Start(t, *flavour, front(), db, web), nothing)
		if err != nil {
			t.Fatal(err)
		}
		ix := topology.NewIndex(s)
		a := ix.Of(ix.FindContainers("db")[0].ID)[0]
		expect(t, "aliases", a.Aliases, want.aliases...)
		if a.HostName != want.host {
			t.Errorf("host name %q, want %q", a.HostName, want.host)
		}
		if a := ix.Of(ix.FindContainers("web")[0].ID)[0]; a.HostName != "" {
			t.Errorf("host name %q", a.HostName)
		}
	}
}
