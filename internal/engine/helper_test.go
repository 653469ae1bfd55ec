package engine_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// Every engine has the image of the probe, and a container to measure from.
var everyFlavour = []enginetest.Flavour{enginetest.Docker20, enginetest.Docker26, enginetest.Docker28, enginetest.Podman}

func startWithProbe(t *testing.T, flavour enginetest.Flavour) *enginetest.Engine {
	t.Helper()
	fake := enginetest.Start(t, flavour, enginetest.Bridge("front", "172.20.0.0/16", "172.20.0.1"),
		enginetest.Image{Name: "probe", Tag: "1", Labels: map[string]string{engine.ProbeLabel: "1"}},
		enginetest.Running("web", enginetest.On("front", "172.20.0.2")))
	return fake
}

func helperOn(source string) engine.HelperSpec {
	return engine.HelperSpec{Image: "probe:1", Command: []string{"/probe"}, Source: source, Run: "run1"}
}

// parrot says whose namespace it is in, and repeats what it is told.
func parrot(source string, in io.Reader, out io.Writer) {
	if out, ok := out.(*enginetest.Output); ok {
		out.Complain("measuring from " + source)
	}
	_, _ = fmt.Fprintln(out, source)
	_, _ = io.Copy(out, in)
}

// names are those of the containers of an engine.
func names(fake *enginetest.Engine) []string {
	var names []string
	for _, c := range fake.Containers() {
		names = append(names, c.Name)
	}
	return names
}

func TestHelper(t *testing.T) {
	for _, flavour := range everyFlavour {
		t.Run(flavour.Version, func(t *testing.T) {
			fake := startWithProbe(t, flavour)
			fake.Probe(parrot)
			e := open(t, fake)
			fake.Forget()
			h, err := e.StartHelper(t.Context(), helperOn(enginetest.ID("web")))
			if err != nil {
				t.Fatal(err)
			}
			long := strings.Repeat("0123456789", 10000)
			go func() { _, _ = io.WriteString(h, long) }()
			got := make([]byte, len("web\n")+len(long))
			if _, err := io.ReadFull(h, got); err != nil || string(got) != "web\n"+long {
				t.Errorf("it says %.20q (%v)", got, err)
			}
			if h.Said() != "measuring from web" {
				t.Errorf("on standard error: %q", h.Said())
			}
			if err := h.End(t.Context()); err != nil {
				t.Error(err)
			}
			if _, err := h.Read(got); err == nil {
				t.Error("there is something to read after the end")
			}
			want := map[string]int{
				"POST /containers/create": 1, "POST /containers/{id}/attach": 1, "POST /containers/{id}/start": 1, "DELETE /containers/{id}": 1,
			}
			if got := fake.Count(); !maps.Equal(got, want) {
				t.Errorf("the requests are %v, want %v", got, want)
			}
			if got := names(fake); !slices.Equal(got, []string{"web"}) {
				t.Errorf("the containers are %q", got)
			}
		})
	}
}

func TestHelperOverTCP(t *testing.T) {
	fake := startWithProbe(t, enginetest.Docker28)
	fake.Probe(parrot)
	e, err := engine.Open(t.Context(), newCLI(t, fake.ListenTCP(), nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	h, err := e.StartHelper(t.Context(), helperOn(enginetest.ID("web")))
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 4)
	if _, err := io.ReadFull(h, got); err != nil || string(got) != "web\n" {
		t.Errorf("it says %q (%v)", got, err)
	}
	if err := h.End(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestHelperOfNoOtherImage: an image of the same last name in a registry is not the
// probe's.
func TestHelperOfNoOtherImage(t *testing.T) {
	for _, flavour := range everyFlavour {
		fake := enginetest.Start(t, flavour, enginetest.Running("web"), enginetest.Image{Name: "example.com/probe", Tag: "1"})
		_, err := open(t, fake).StartHelper(t.Context(), helperOn(enginetest.ID("web")))
		if failed, ok := errors.AsType[*engine.HelperError](err); !ok || !failed.NoImage() {
			t.Errorf("%s: %v", flavour.Version, err)
		}
		if has, err := open(t, fake).HasImage(t.Context(), "probe:1"); has || err != nil {
			t.Errorf("%s: the image is there: %t (%v)", flavour.Version, has, err)
		}
	}
}

func TestHelperEndsByItself(t *testing.T) {
	fake := startWithProbe(t, enginetest.Docker28)
	fake.Probe(func(_ string, _ io.Reader, out io.Writer) { _, _ = io.WriteString(out, "bye") })
	e := open(t, fake)
	h, err := e.StartHelper(t.Context(), helperOn(enginetest.ID("web")))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(h); string(text) != "bye" || err != nil {
		t.Errorf("it says %q (%v)", text, err)
	}
	if err := h.End(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestHelperIsUnprivileged(t *testing.T) {
	fake := startWithProbe(t, enginetest.Docker28)
	fake.Probe(parrot)
	e := open(t, fake)
	for _, spec := range []engine.HelperSpec{helperOn(enginetest.ID("web")), {Image: "probe:1", Raw: true, Run: "run1"}} {
		h, err := e.StartHelper(t.Context(), spec)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.End(t.Context()); err != nil {
			t.Error(err)
		}
	}
	made := fake.Made()
	for _, m := range made {
		host := m.HostConfig
		if !host.ReadonlyRootfs || !host.AutoRemove || host.RestartPolicy.Name != "no" || host.LogConfig.Type != "none" || host.Memory != 64<<20 ||
			host.PidsLimit != 64 || !slices.Equal(host.CapDrop, []string{"ALL"}) || !slices.Equal(host.SecurityOpt, []string{"no-new-privileges"}) ||
			m.Labels[engine.HelperLabel] != "run1" {
			t.Errorf("it is %+v", m)
		}
	}
	if m := made[0]; m.User != "65534:0" || len(m.HostConfig.CapAdd) > 0 || m.HostConfig.NetworkMode != "container:"+enginetest.ID("web") {
		t.Errorf("it is %+v", m)
	}
	if m := made[1]; m.User != "0:0" || !slices.Equal(m.HostConfig.CapAdd, []string{"NET_RAW"}) || m.HostConfig.NetworkMode != "host" {
		t.Errorf("with raw sockets it is %+v", m)
	}
}

func TestHelperIsNotShown(t *testing.T) {
	fake := startWithProbe(t, enginetest.Docker28)
	fake.Probe(parrot)
	e := open(t, fake)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	changes := make(chan struct{}, 100)
	go func() { _ = e.Events(ctx, func() { changes <- struct{}{} }) }()
	<-changes
	h, err := e.StartHelper(t.Context(), helperOn(enginetest.ID("web")))
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Containers) != 1 || len(s.Unread) > 0 {
		t.Errorf("the snapshot has %+v", s.Containers)
	}
	if err := h.End(t.Context()); err != nil {
		t.Error(err)
	}
	fake.StopContainer("web")
	<-changes // of which there is one, or more, and none before
	<-changes
	if left := len(changes); left > 0 {
		t.Errorf("%d more events are taken for changes", left)
	}
}

func TestHelperFails(t *testing.T) {
	const create, attach, start, remove = "POST /containers/create", "POST /containers/{id}/attach", "POST /containers/{id}/start", "DELETE /containers/{id}"
	denied := enginetest.Status(http.StatusForbidden, "authorization denied by plugin opa: no containers today")
	for name, c := range map[string]struct {
		arrange func(*enginetest.Engine)
		cause   engine.HelperCause
		want    string
	}{
		"no image":               {func(f *enginetest.Engine) { f.Fail(create, enginetest.Status(404, "No such image: probe:1")) }, engine.NoImage, "image"},
		"a plugin":               {func(f *enginetest.Engine) { f.Fail(create, denied) }, engine.Denied, "no containers today"},
		"a plugin, at the start": {func(f *enginetest.Engine) { f.Fail(start, denied) }, engine.Denied, "no containers today"},
		"a proxy":                {func(f *enginetest.Engine) { f.Fail(create, enginetest.Page(403)) }, engine.ReadOnly, "POST /containers/create"},
		"a proxy, at the attach": {func(f *enginetest.Engine) { f.Fail(attach, enginetest.Page(405)) }, engine.ReadOnly, "attach"},
		"no upgrade":             {func(f *enginetest.Engine) { f.Fail(attach, enginetest.Body("")) }, engine.NoStream, "two-way"},
		"user namespaces": {func(f *enginetest.Engine) {
			f.Fail(create, enginetest.Status(400, "cannot share the host's network namespace when user namespaces are enabled"))
		}, engine.UserNamespaces, "user namespaces are enabled"},
		"a full disk":      {func(f *enginetest.Engine) { f.Fail(start, enginetest.Status(500, "write: no space left on device")) }, engine.NoSpace, "no space"},
		"another machine":  {func(f *enginetest.Engine) { f.Fail(start, enginetest.Status(400, "exec /probe: exec format error")) }, engine.WrongArchitecture, "machine"},
		"a stopped source": {func(f *enginetest.Engine) { f.StopContainer("web") }, engine.SourceStopped, "not running"},
		"a gone source":    {func(f *enginetest.Engine) { f.RemoveContainer("web") }, engine.SourceStopped, ""},
		"an own error":     {func(f *enginetest.Engine) { f.Fail(start, enginetest.Status(500, "out\nof \x1b[31mcheese")) }, engine.Unexplained, "out of [31mcheese"},
		"a broken attach":  {func(f *enginetest.Engine) { f.Fail(attach, enginetest.Reset()) }, engine.Unexplained, "connection ended"},
		"a broken start":   {func(f *enginetest.Engine) { f.Fail(start, enginetest.Reset()) }, engine.Unexplained, "connection ended"},
		"a lost create": {func(f *enginetest.Engine) {
			f.Fail(create, func(_ http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
				answer(discard{}, r)
				panic(http.ErrAbortHandler)
			})
		}, engine.Unexplained, "connection ended"},
		"removed meanwhile": {func(f *enginetest.Engine) {
			f.Fail(start, enginetest.Status(500, "no"))
			f.FailNth(remove, 1, enginetest.Status(409, "removal of container x is already in progress"))
			f.Before("GET /containers/{id}/json", 2, func() { removeHelpers(f) })
		}, engine.Unexplained, "no"},
	} {
		for _, flavour := range everyFlavour {
			t.Run(name+" "+flavour.Version, func(t *testing.T) {
				fake := startWithProbe(t, flavour)
				fake.Probe(parrot)
				e := open(t, fake)
				c.arrange(fake)
				_, err := e.StartHelper(t.Context(), helperOn(enginetest.ID("web")))
				if failed, ok := errors.AsType[*engine.HelperError](err); !ok || failed.Cause != c.cause || !strings.Contains(err.Error(), c.want) {
					t.Errorf("the error is %v, want %q of the cause %q", err, c.want, c.cause)
				}
				for _, name := range names(fake) {
					if name != "web" {
						t.Errorf("%s is left", name)
					}
				}
			})
		}
	}
}

// TestHelperOfHostUsers: where an engine maps users and the source is not of those,
// the helper is not, either.
func TestHelperOfHostUsers(t *testing.T) {
	const start = "POST /containers/{id}/start"
	for words, want := range map[string][]string{
		"runc create failed: user namespaces enabled, but both namespace path and non-matching mapping specified": {"", "host"},
		"unable to start container process: can't get final child's PID from pipe: EOF: unknown":                  {"", "host"},
		"no": {""},
	} {
		fake := startWithProbe(t, enginetest.Docker28)
		fake.Probe(parrot)
		fake.FailNth(start, 1, enginetest.Status(http.StatusBadRequest, words))
		h, err := open(t, fake).StartHelper(t.Context(), helperOn(enginetest.ID("web")))
		if (err == nil) != (len(want) == 2) {
			t.Errorf("%s: %v", words, err)
		}
		if err == nil {
			if err := h.End(t.Context()); err != nil {
				t.Error(err)
			}
		}
		var got []string
		for _, m := range fake.Made() {
			got = append(got, m.HostConfig.UsernsMode)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the helpers' users are %q, want %q", words, got, want)
		}
		if left := names(fake); !slices.Equal(left, []string{"web"}) {
			t.Errorf("%s: the containers are %q", words, left)
		}
	}
}

// discard takes a reply that nobody gets.
type discard struct{}

func (discard) Header() http.Header            { return http.Header{} }
func (discard) Write(text []byte) (int, error) { return len(text), nil }
func (discard) WriteHeader(int)                {}

func removeHelpers(fake *enginetest.Engine) {
	for _, name := range names(fake) {
		if strings.HasPrefix(name, "docker-netkit-helper-") {
			fake.RemoveContainer(name)
		}
	}
}

func TestHelperCancelled(t *testing.T) {
	for _, name := range []string{"POST /containers/create", "POST /containers/{id}/attach", "POST /containers/{id}/start"} {
		t.Run(name, func(t *testing.T) {
			fake := startWithProbe(t, enginetest.Docker28)
			fake.Probe(parrot)
			e := open(t, fake)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			fake.Before(name, 1, cancel)
			_, err := e.StartHelper(ctx, helperOn(enginetest.ID("web")))
			if !errors.Is(err, context.Canceled) {
				t.Errorf("the error is %v", err)
			}
			if got := names(fake); !slices.Equal(got, []string{"web"}) {
				t.Errorf("the containers are %q", got)
			}
		})
	}
}

// TestSweep: it takes our label and a name of ours to be ours.
func TestSweep(t *testing.T) {
	label := map[string]string{engine.HelperLabel: "run0"}
	long := time.Now().Add(-time.Hour)
	named := func(suffix string) string { return "docker-netkit-helper-" + suffix }
	crashed, ended, used, fresh := named("aaaaaaaaaaaa"), named("bcdefghijklm"), named("nopqrstuvwxy"), named("z234567aaaaa")
	bare := named("bbbbbbbbbbbb")
	theirs := []string{"labelled", "my-" + crashed, named("short"), named("aaaaaaaaaaaaa"), named("AAAAAAAAAAAA"), named("aaaaaaaaaaa1")}
	objects := []enginetest.Object{
		enginetest.Container{Name: crashed, State: "created", Mode: "host", Labels: label, Created: long},
		enginetest.Container{Name: ended, State: "exited", Mode: "host", Labels: label, Created: long},
		enginetest.Container{Name: used, State: "running", Mode: "host", Labels: label, Created: long},
		enginetest.Container{Name: fresh, State: "created", Mode: "host", Labels: label, Created: time.Now()},
		enginetest.Container{Name: bare, State: "exited", Mode: "host", Created: long},
		enginetest.Container{Name: "another", State: "exited", Mode: "host", Created: long},
	}
	for _, name := range theirs {
		objects = append(objects, enginetest.Container{Name: name, State: "exited", Mode: "host", Labels: label, Created: long})
	}
	for name, looks := range map[string]bool{"after a snapshot": true, "by itself": false} {
		for _, flavour := range everyFlavour {
			t.Run(name+" "+flavour.Version, func(t *testing.T) {
				fake := enginetest.Start(t, flavour, objects...)
				e := open(t, fake)
				if looks {
					s, err := e.Snapshot(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					var shown []string
					for i := range s.Containers {
						shown = append(shown, s.Containers[i].Name)
					}
					want := append([]string{bare, "another"}, theirs...)
					slices.Sort(shown)
					slices.Sort(want)
					if !slices.Equal(shown, want) {
						t.Errorf("the snapshot shows\n%q, want\n%q", shown, want)
					}
				}
				fake.Forget()
				if err := e.SweepHelpers(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got, want := names(fake), append([]string{used, fresh, bare, "another"}, theirs...); !slices.Equal(got, want) {
					t.Errorf("left are\n%q, want\n%q", got, want)
				}
				want := map[string]int{"DELETE /containers/{id}": 2}
				if !looks {
					want["GET /containers/json"] = 1
				}
				if got := fake.Count(); !maps.Equal(got, want) {
					t.Errorf("the requests are %v, want %v", got, want)
				}
			})
		}
	}
}

func probeTar(t *testing.T) io.Reader {
	t.Helper()
	var content bytes.Buffer
	w := tar.NewWriter(&content)
	if err := errors.Join(w.WriteHeader(&tar.Header{Name: "probe", Size: 0, Mode: 0o755}), w.Close()); err != nil {
		t.Fatal(err)
	}
	return &content
}

// TestImportImage: of the images that may look like ours, only ours are removed.
func TestImportImage(t *testing.T) {
	labelled := func(tag string) map[string]string { return map[string]string{engine.ProbeLabel: tag} }
	layer := "sha256:" + enginetest.ID("a layer")
	whole := map[string]string{engine.ProbeLabel: "lost", engine.ProbeLabel + ".layer": layer}
	long := time.Now().Add(-time.Hour)
	one := []string{layer}
	with := func(label string) map[string]string {
		all := maps.Clone(whole)
		all[label] = "x"
		return all
	}
	for _, flavour := range everyFlavour {
		fake := enginetest.Start(t, flavour,
			enginetest.Image{Name: "probe", Tag: "old", Labels: labelled("old")},
			enginetest.Image{Name: "probe", Tag: "used", Labels: labelled("used"), InUse: true},
			enginetest.Image{Name: "probe", Tag: "theirs"},
			enginetest.Image{Name: "probe", Tag: "mine", Labels: labelled("old")},
			enginetest.Image{Name: "other", Tag: "1", Labels: labelled("1")},
			enginetest.Image{Name: "example.com/probe", Tag: "old", Labels: labelled("old")},
			enginetest.Image{Name: "example.com:5000/team/probe", Tag: "old", Labels: labelled("old")},
			enginetest.Image{Name: "probe", Tag: "two", ID: "sha256:two", Labels: labelled("two")},
			enginetest.Image{Name: "kept", Tag: "two", ID: "sha256:two", Labels: labelled("two")},
			enginetest.Image{ID: "sha256:lost", Labels: whole, Layers: one, Created: long},
			enginetest.Image{ID: "sha256:fresh", Labels: whole, Layers: one},
			enginetest.Image{ID: "sha256:label-only", Labels: labelled("old"), Layers: one, Created: long},
			enginetest.Image{ID: "sha256:another-layer", Labels: whole, Layers: []string{"sha256:" + enginetest.ID("another")}, Created: long},
			enginetest.Image{ID: "sha256:more-layers", Labels: whole, Layers: append(one, "sha256:"+enginetest.ID("another")), Created: long},
			enginetest.Image{ID: "sha256:more-labels", Labels: with("mine"), Layers: one, Created: long},
			enginetest.Image{ID: "sha256:runs-more", Labels: whole, Layers: one, Cmd: []string{"sh"}, Created: long},
		)
		e := open(t, fake)
		if _, err := e.ImportImage(t.Context(), "probe", "new", probeTar(t)); err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, image := range fake.Images() {
			if image.Name == "" {
				left = append(left, strings.TrimPrefix(image.ID, "sha256:"))
			} else {
				left = append(left, image.Name+":"+image.Tag)
			}
		}
		want := []string{
			"probe:used", "probe:theirs", "probe:mine", "other:1", "example.com/probe:old", "example.com:5000/team/probe:old", "kept:two",
			"fresh", "label-only", "another-layer", "more-layers", "more-labels", "runs-more", "probe:new",
		}
		if !slices.Equal(left, want) {
			t.Errorf("%s: the images are\n%q, want\n%q", flavour.Version, left, want)
		}
		for ref, want := range map[string]bool{"probe:new": true, "probe:old": false} {
			if has, err := e.HasImage(t.Context(), ref); has != want || err != nil {
				t.Errorf("%s: %s is there: %t (%v)", flavour.Version, ref, has, err)
			}
		}
	}
}

// TestImportedImageIsKnownAgain: what is imported is what is taken for ours once it
// has lost its name.
func TestImportedImageIsKnownAgain(t *testing.T) {
	for _, flavour := range everyFlavour {
		fake := enginetest.Start(t, flavour)
		e := open(t, fake)
		if _, err := e.ImportImage(t.Context(), "probe", "1", probeTar(t)); err != nil {
			t.Fatal(err)
		}
		fake.LoseImageName("probe", "1", time.Now().Add(-time.Hour))
		if _, err := e.ImportImage(t.Context(), "probe", "2", probeTar(t)); err != nil {
			t.Fatal(err)
		}
		if images := fake.Images(); len(images) != 1 || images[0].Tag != "2" {
			t.Errorf("%s: the images are %+v", flavour.Version, images)
		}
	}
}

func TestImportFails(t *testing.T) {
	for name, c := range map[string]struct {
		fault enginetest.Fault
		want  string
	}{
		"midway":  {enginetest.Body(`{"status":"Importing"}` + "\n" + `{"errorDetail":{"message":"no space left on device"},"error":"no space left on device"}`), "no space is left"},
		"refused": {enginetest.Status(403, "authorization denied by plugin x"), "authorisation plugin"},
		"a proxy": {enginetest.Page(403), "POST /images/create"},
		"cut off": {enginetest.CutAt(10), "connection ended"},
	} {
		fake := enginetest.Start(t, enginetest.Docker28)
		fake.Fail("POST /images/create", c.fault)
		_, err := open(t, fake).ImportImage(t.Context(), "probe", "1", probeTar(t))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestPlatformIsAskedOnce(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28)
	e := open(t, fake)
	for range 2 {
		if os, arch, err := e.Platform(t.Context()); os != "linux" || arch != "amd64" || err != nil {
			t.Errorf("the platform is %s/%s (%v)", os, arch, err)
		}
	}
	if got := fake.Count()["GET /version"]; got != 1 {
		t.Errorf("it was asked %d times", got)
	}
}

func TestRunning(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, enginetest.Running("web"), enginetest.Stopped("db"))
	e := open(t, fake)
	for name, want := range map[string]bool{"web": true, "db": false, "gone": false} {
		if got, err := e.RunningSince(t.Context(), enginetest.ID(name), time.Now()); got != want || err != nil {
			t.Errorf("%s is running: %t (%v)", name, got, err)
		}
	}
}

// Podman may find out midway that a container is gone, and says so with 500.
func TestHelperIsGoneMidway(t *testing.T) {
	fake := startWithProbe(t, enginetest.Podman)
	fake.Probe(parrot)
	h, err := open(t, fake).StartHelper(t.Context(), helperOn(enginetest.ID("web")))
	if err != nil {
		t.Fatal(err)
	}
	fake.Fail("DELETE /containers/{id}", enginetest.Status(http.StatusInternalServerError, "no container with ID 12ab found in database: no such container"))
	if err := h.End(t.Context()); err != nil {
		t.Error(err)
	}
}
