//go:build real

package real

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/flags"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/probe"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// probing is an engine as a lab wants it.
type probing struct {
	*engine.Engine
	run string
}

func (p probing) StartHelper(ctx context.Context, spec probe.HelperSpec) (probe.Helper, error) {
	h, err := p.Engine.StartHelper(ctx, engine.HelperSpec{
		Image: spec.Image, Command: spec.Command, Source: spec.Of.Container, Raw: spec.Raw, Run: p.run,
	})
	if err != nil {
		return nil, err
	}
	return h, nil
}

// connectTo connects to an engine as the plugin does.
func connectTo(ctx context.Context, endpoint string) (*engine.Engine, error) {
	cli, err := command.NewDockerCli(command.WithBaseContext(ctx))
	if err != nil {
		return nil, err
	}
	options := flags.NewClientOptions()
	options.Hosts = []string{endpoint}
	if err := cli.Initialize(options); err != nil {
		return nil, err
	}
	return engine.Open(ctx, cli, nil)
}

var standIn struct {
	once    sync.Once
	content []byte
	err     error
}

// standInTar is the tar of an image with the stand-in for the probe.
func standInTar(t *testing.T) []byte {
	t.Helper()
	standIn.once.Do(func() {
		path := filepath.Join(bench.dir, "standin")
		build := exec.CommandContext(t.Context(), "go", "build", "-ldflags", "-s -w", "-o", path, "github.com/docker-netkit/docker-netkit/internal/tools/standin")
		build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
		if said, err := build.CombinedOutput(); err != nil {
			standIn.err = fmt.Errorf("%w\n%s", err, said)
			return
		}
		program, err := os.ReadFile(path)
		var content bytes.Buffer
		w := tar.NewWriter(&content)
		standIn.err = errors.Join(err, w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "probe", Mode: 0o755, Size: int64(len(program))}))
		_, err = w.Write(program)
		standIn.err = errors.Join(standIn.err, err, w.Close())
		standIn.content = content.Bytes()
	})
	if standIn.err != nil {
		t.Fatal(standIn.err)
	}
	return standIn.content
}

// labOn is a lab of a run of its own, whose image is removed at the end, when
// nothing else may be left.
func labOn(t *testing.T, e *zoo.Engine) (l *probe.Lab, p probing, program *probe.Program) {
	t.Helper()
	connected, err := connectTo(t.Context(), e.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	p = probing{connected, prefix(t)}
	program = &probe.Program{
		Repo: strings.TrimSuffix(p.run, "-"), Tag: "1", Command: []string{"/probe"},
		Open: func() (io.Reader, error) { return bytes.NewReader(standInTar(t)), nil },
	}
	l = &probe.Lab{Engine: p, Program: func(string) (*probe.Program, error) { return program, nil }}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if err := l.Close(ctx); err != nil {
			t.Error(err)
		}
		if left := helpersOf(t, e, p.run); len(left) > 0 {
			t.Errorf("helpers are left: %q", left)
		}
		for _, tag := range []string{"1", "2"} {
			if err := e.Do(ctx, http.MethodDelete, "/images/"+program.Repo+":"+tag, nil, nil); err != nil && !zoo.Gone(err) {
				t.Error(err)
			}
		}
		connected.Close()
	})
	return l, p, program
}

// helpersOf are the helpers of a run that the engine has, by their states.
func helpersOf(t *testing.T, e *zoo.Engine, run string) []string {
	t.Helper()
	var list []struct {
		Names []string
		State string
	}
	filters := url.QueryEscape(fmt.Sprintf(`{"label":[%q]}`, engine.HelperLabel+"="+run))
	if err := e.Do(context.WithoutCancel(t.Context()), http.MethodGet, "/containers/json?all=1&filters="+filters, nil, &list); err != nil {
		t.Fatal(err)
	}
	var states []string
	for _, c := range list {
		states = append(states, c.State)
	}
	return states
}

func source(t *testing.T, e *zoo.Engine, command ...string) (k *zoo.Keeper, id string) {
	t.Helper()
	k = keeper(t, e)
	id, err := k.Run(t.Context(), &zoo.Container{Name: k.Name("source"), Command: command})
	if err != nil {
		t.Fatal(err)
	}
	return k, id
}

func TestHelperMeasures(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		_, id := source(t, e)
		l, p, program := labOn(t, e)
		if has, err := p.HasImage(t.Context(), program.Repo+":1"); has || err != nil {
			t.Errorf("an image that was not imported is there: %t, %v", has, err)
		}
		namespaces := map[string]probe.Namespace{"a container": probe.Of(id), "the host": probe.Host}
		var opening sync.WaitGroup
		for name, of := range namespaces {
			opening.Go(func() {
				s, err := l.Open(t.Context(), of)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
				err = s.Do(t.Context(), []wire.Request{{ID: 5, Kind: wire.Describe}, {ID: 6, Kind: wire.Echo}}, func(r wire.Result) {
					t.Logf("%s: %+v %+v %s", name, r.Namespace, r.Echoes, r.Failure)
					if r.Namespace != nil && r.Namespace.Unread[0] != "runs as 65534:0" {
						t.Errorf("%s: %s", name, r.Namespace.Unread)
					}
				})
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				raw, err := l.OpenRaw(t.Context(), of)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
				err = raw.Do(t.Context(), []wire.Request{{ID: 6, Kind: wire.Echo}}, func(r wire.Result) {
					if r.Echoes == nil {
						t.Errorf("%s: no socket at all: %s", name, r.Failure)
					}
				})
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		opening.Wait()
		if has, err := p.HasImage(t.Context(), program.Repo+":1"); !has || err != nil {
			t.Errorf("the image is not there: %v", err)
		}
		s, err := p.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range s.Containers {
			if strings.HasPrefix(c.Name, "docker-netkit-helper-") {
				t.Errorf("the snapshot shows %s", c.Name)
			}
		}
	})
}

func TestHelperImageIsReplaced(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		_, p, program := labOn(t, e)
		for _, tag := range []string{"1", "2"} {
			if _, err := p.ImportImage(t.Context(), program.Repo, tag, bytes.NewReader(standInTar(t))); err != nil {
				t.Fatal(err)
			}
		}
		for tag, want := range map[string]bool{"1": false, "2": true} {
			if has, err := p.HasImage(t.Context(), program.Repo+":"+tag); has != want || err != nil {
				t.Errorf("the image with the tag %s is there: %t (%v), want %t", tag, has, err, want)
			}
		}
		if _, err := p.ImportImage(t.Context(), program.Repo, "3", strings.NewReader(strings.Repeat("no tar", 1000))); err == nil {
			t.Error("no tar is imported all the same")
		}
	})
}

// TestHelperImageSparesOthers: images that look like the probe's and are a user's
// outlive an import.
func TestHelperImageSparesOthers(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		_, p, program := labOn(t, e)
		ctx := context.WithoutCancel(t.Context())
		if _, err := p.ImportImage(t.Context(), program.Repo, "1", bytes.NewReader(standInTar(t))); err != nil {
			t.Fatal(err)
		}
		elsewhere := "example.com/" + program.Repo
		tag := func(ref, repo, tag string) {
			t.Helper()
			ok(t, e.Do(ctx, http.MethodPost, "/images/"+ref+"/tag?repo="+url.QueryEscape(repo)+"&tag="+tag, nil, nil))
			t.Cleanup(func() { _ = e.Do(ctx, http.MethodDelete, "/images/"+repo+":"+tag, nil, nil) })
		}
		tag(program.Repo+":1", elsewhere, "1")
		tag(program.Repo+":1", program.Repo, "mine")
		if _, err := p.ImportImage(t.Context(), program.Repo, "2", bytes.NewReader(standInTar(t))); err != nil {
			t.Fatal(err)
		}
		own := "docker.io/library/" + program.Repo // in full, since Podman looks elsewhere, too
		for ref, want := range map[string]bool{own + ":1": false, own + ":mine": true, own + ":2": true, elsewhere + ":1": true} {
			err := e.Do(ctx, http.MethodGet, "/images/"+ref+"/json", nil, nil)
			if has := err == nil; has != want || !has && !zoo.Gone(err) {
				t.Errorf("%s is there: %t (%v), want %t", ref, has, err, want)
			}
		}
	})
}

func TestHelperSpeaksHTTP(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		_, id := source(t, e, "sh", "-c", "echo fine >/tmp/index.html; exec httpd -f -p 8080 -h /tmp")
		l, _, _ := labOn(t, e)
		s, err := l.Open(t.Context(), probe.Of(id))
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: through(s)}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		err = zoo.Until(ctx, "the server answers", func() (bool, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:8080/", nil)
			if err != nil {
				return false, err
			}
			resp, err := client.Do(req)
			if err != nil {
				return false, err
			}
			defer resp.Body.Close()
			text, err := io.ReadAll(resp.Body)
			return string(text) == "fine\n", err
		})
		if err != nil {
			t.Error(err)
		}
		client.CloseIdleConnections()
	})
}

func TestHelperIsRefused(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		k, id := source(t, e)
		l, p, program := labOn(t, e)
		if _, err := l.Open(t.Context(), probe.Host); err != nil { // imports the image
			t.Fatal(err)
		}
		spec := engine.HelperSpec{Image: program.Repo + ":1", Command: []string{"/probe"}, Source: id, Run: p.run}
		for name, c := range map[string]struct {
			change func(*engine.HelperSpec)
			want   engine.HelperCause
		}{
			"no image":   {func(s *engine.HelperSpec) { s.Image = program.Repo + ":none" }, engine.NoImage},
			"no program": {func(s *engine.HelperSpec) { s.Command = []string{"/none"} }, engine.Unexplained},
			"no source":  {func(s *engine.HelperSpec) { s.Source = strings.Repeat("ab", 32) }, engine.SourceStopped},
		} {
			wrong := spec
			c.change(&wrong)
			wantCause(t, p, name, wrong, c.want)
		}
		if err := k.Stop(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		wantCause(t, p, "a stopped source", spec, engine.SourceStopped)
		if state, err := e.ContainerState(t.Context(), id); state == "running" || err != nil {
			t.Errorf("the source is %s now (%v)", state, err)
		}
		if _, err := l.Open(t.Context(), probe.Of(id)); !errors.Is(err, probe.ErrSourceStopped) {
			t.Errorf("the lab says of a stopped source: %v", err)
		}
		if left := helpersOf(t, e, p.run); len(left) != 1 {
			t.Errorf("the helpers are %q, want that of the host only", left)
		}
	})
}

func wantCause(t *testing.T, p probing, name string, spec engine.HelperSpec, want engine.HelperCause) {
	t.Helper()
	h, err := p.Engine.StartHelper(t.Context(), spec)
	if err == nil {
		// An engine may tell only by the end of the program.
		if want != engine.Unexplained {
			t.Errorf("%s: it was started", name)
		}
		_ = h.End(t.Context())
		return
	}
	if failed, ok := errors.AsType[*engine.HelperError](err); !ok || failed.Cause != want {
		t.Errorf("%s: %v, want the cause %q", name, err, want)
	}
	t.Logf("%s: %v", name, err)
}

func TestHelperEndsMidway(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		_, id := source(t, e)
		l, p, _ := labOn(t, e)
		s, err := l.Open(t.Context(), probe.Of(id))
		if err != nil {
			t.Fatal(err)
		}
		err = s.Do(t.Context(), []wire.Request{{Kind: wire.Connect}}, func(wire.Result) {})
		if err == nil || !strings.Contains(err.Error(), "ended on request") {
			t.Errorf("the probe ended, and the error is: %v", err)
		}
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if left := helpersOf(t, e, p.run); len(left) > 0 {
			t.Errorf("a helper whose probe ended is left: %q", left)
		}
	})
}

// TestHelperIsCancelled cancels at any moment of a start.
func TestHelperIsCancelled(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		_, id := source(t, e)
		l, p, program := labOn(t, e)
		if _, err := l.Open(t.Context(), probe.Host); err != nil {
			t.Fatal(err)
		}
		if err := l.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		spec := engine.HelperSpec{Image: program.Repo + ":1", Command: []string{"/probe"}, Source: id, Run: p.run}
		for after := time.Duration(0); after < 400*time.Millisecond; after += 29 * time.Millisecond {
			ctx, cancel := context.WithTimeout(t.Context(), after)
			h, err := p.Engine.StartHelper(ctx, spec)
			if err == nil {
				err = h.End(ctx)
			}
			cancel()
			if err != nil && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("cancelled after %s: %v", after, err)
			}
			if left := helpersOf(t, e, p.run); len(left) > 0 {
				t.Errorf("cancelled after %s, and left is %q", after, left)
			}
		}
	})
}

// holding names the variable that makes TestHoldsHelper hold a helper: the
// endpoint, the image, the source, the run.
const holding = "NETKIT_TEST_HOLD"

// TestHoldsHelper is no test of its own: TestHelperOfAKilledProcess starts it.
func TestHoldsHelper(t *testing.T) {
	task := strings.Split(os.Getenv(holding), "|")
	if len(task) < 4 {
		return
	}
	e, err := connectTo(t.Context(), task[0])
	if err != nil {
		t.Fatal(err)
	}
	h, err := e.StartHelper(t.Context(), engine.HelperSpec{Image: task[1], Command: []string{"/probe"}, Source: task[2], Run: task[3]})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, h)
}

func TestHelperOfAKilledProcess(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		_, id := source(t, e)
		l, p, program := labOn(t, e)
		if _, err := l.Open(t.Context(), probe.Host); err != nil {
			t.Fatal(err)
		}
		if err := l.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHoldsHelper$")
		child.Env = append(os.Environ(), holding+"="+strings.Join([]string{e.Endpoint, program.Repo + ":1", id, p.run}, "|"))
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		err := zoo.Until(ctx, "the helper runs", func() (bool, error) {
			states := helpersOf(t, e, p.run)
			return len(states) == 1 && states[0] == "running", nil
		})
		if err != nil {
			t.Error(err)
		}
		_ = child.Process.Kill()
		_ = child.Wait()
		killed := time.Now()
		err = zoo.Until(ctx, "the helper is gone", func() (bool, error) { return len(helpersOf(t, e, p.run)) == 0, nil })
		if err != nil {
			t.Error(err)
		}
		t.Logf("gone %s after the kill", time.Since(killed).Round(time.Millisecond))
	})
}

// through dials from inside a namespace.
func through(s *probe.Session) *http.Transport {
	return &http.Transport{DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return nil, err
		}
		return s.Dial(ctx, to)
	}}
}
