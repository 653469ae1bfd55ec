package engine_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker/cli/cli/config"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// many are networks with three containers on each.
func many(networks int) []enginetest.Object {
	var objects []enginetest.Object
	for i := range networks {
		objects = append(objects, enginetest.Bridge(fmt.Sprint("net", i), fmt.Sprintf("10.%d.%d.0/24", i/256, i%256), ""))
	}
	for i := range networks {
		network := fmt.Sprint("net", i)
		objects = append(objects,
			enginetest.Running(fmt.Sprint("web", i), enginetest.On(network, fmt.Sprintf("10.%d.%d.2", i/256, i%256))),
			enginetest.Stopped(fmt.Sprint("db", i), enginetest.On(network, "")),
			enginetest.NeverRan(fmt.Sprint("new", i), enginetest.On(network, "")))
	}
	return objects
}

func TestNumberOfRequests(t *testing.T) {
	for _, flavour := range []enginetest.Flavour{enginetest.Docker20, enginetest.Docker28, enginetest.Podman} {
		for _, networks := range []int{3, 1000} {
			fake := enginetest.Start(t, flavour, many(networks)...)
			s, err := open(t, fake).Snapshot(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := len(s.Attachments); got != 3*networks {
				t.Errorf("%s: %d attachments of %d networks, want %d", flavour.Version, got, networks, 3*networks)
			}
			want := map[string]int{"HEAD /_ping": 1, "GET /networks": 1, "GET /containers/json": 1}
			if got := fake.Count(); !maps.Equal(got, want) {
				t.Errorf("%s: the requests for %d networks are %v, want %v", flavour.Version, networks, got, want)
			}
		}
	}
}

func TestVersionSpoken(t *testing.T) {
	for api, flavour := range map[string]enginetest.Flavour{"v1.41": enginetest.Docker20, "v1.51": enginetest.Docker28} {
		fake := enginetest.Start(t, flavour)
		if _, err := open(t, fake).Snapshot(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, r := range fake.Requests()[1:] {
			if !strings.HasPrefix(r.Path, "/"+api+"/") {
				t.Errorf("the path is %s, want version %s", r.Path, api)
			}
		}
	}
}

// TestHeaders holds that the lists are asked for with the headers with which
// the CLI itself asks: proxies in front of an engine may want them.
func TestHeaders(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(`{"HttpHeaders":{"X-Proxy-Key":"let me in"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	before := config.Dir()
	config.SetDir(dir)
	t.Cleanup(func() { config.SetDir(before) })
	for _, tapped := range []bool{true, false} {
		fake := enginetest.Start(t, enginetest.Docker28)
		var tap *engine.Tap
		if tapped {
			tap = new(engine.Tap)
		}
		e, err := engine.Open(t.Context(), newCLI(t, fake.Host(), tap), tap)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Snapshot(t.Context()); err != nil {
			t.Fatal(err)
		}
		e.Close()
		for _, r := range fake.Requests() {
			isPing := r.Name == "HEAD /_ping"
			if got, want := r.Header.Get("X-Proxy-Key") == "let me in", tapped || isPing; got != want {
				t.Errorf("with a tap %t, %s has the header: %t, want %t", tapped, r.Name, got, want)
			}
			if tapped && !strings.HasPrefix(r.Header.Get("User-Agent"), "Docker-Client/") {
				t.Errorf("%s comes from %q", r.Name, r.Header.Get("User-Agent"))
			}
		}
	}
}

func TestVersion(t *testing.T) {
	for name, c := range map[string]struct {
		flavour enginetest.Flavour
		want    engine.Version
	}{
		"Docker": {enginetest.Docker28, engine.Version{
			Product: "Docker", Version: "28.5.2", API: "1.51", MinAPI: "1.24", OS: "linux", Arch: "amd64", Kernel: "6.1.0-fake",
		}},
		"Podman": {enginetest.Podman, engine.Version{
			Product: "Podman", Version: "5.4.2", API: "1.41", MinAPI: "1.24", OS: "linux", Arch: "amd64", Kernel: "6.1.0-fake",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := open(t, enginetest.Start(t, c.flavour)).Version(t.Context())
			if err != nil || got != c.want {
				t.Errorf("got %+v and %v, want %+v", got, err, c.want)
			}
		})
	}
}

func TestVersionFails(t *testing.T) {
	for name, c := range map[string]struct {
		fault enginetest.Fault
		want  string
	}{
		"the engine's own error": {enginetest.Status(500, "no"), "the engine says: no (status 500)"},
		"a list":                 {enginetest.Body("[]"), "json: cannot unmarshal array"},
		"cut":                    {enginetest.CutAt(20), "the reply was cut off"},
	} {
		t.Run(name, func(t *testing.T) {
			fake := enginetest.Start(t, enginetest.Docker28)
			fake.Fail("GET /version", c.fault)
			_, err := open(t, fake).Version(t.Context())
			if want := "cannot read GET /version of the engine at " + fake.Host() + ": " + c.want; err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("the error is %v, want it to begin with %s", err, want)
			}
		})
	}
}
