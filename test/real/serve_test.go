//go:build real

package real

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// served is what a browser would know of a page that is served.
type served struct {
	t   *testing.T
	url string
	cmd *exec.Cmd

	lock    sync.Mutex
	changed chan struct{}
	objects []servedObject
	status  map[string]string
	ended   bool
}

type servedObject struct {
	Key, Kind, Name, State string
	Networks               []string
}

// serve starts graph --serve, and listens to it as a browser does.
func serve(t *testing.T, endpoint string) *served {
	t.Helper()
	s := &served{t: t, changed: make(chan struct{})}
	s.cmd = exec.CommandContext(t.Context(), bench.plugin, "graph", "--all", "--serve")
	s.cmd.Env = environment("DOCKER_HOST=" + endpoint)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("it did not serve: %v", err)
	}
	s.url = strings.TrimSpace(line)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"stream", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := new(http.Transport).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	go s.listen(reply.Body)
	return s
}

func (s *served) listen(stream io.ReadCloser) {
	defer stream.Close()
	lines := bufio.NewReader(stream)
	kind := ""
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		if name, ok := strings.CutPrefix(line, "event: "); ok {
			kind = strings.TrimSpace(name)
		}
		if text, ok := strings.CutPrefix(line, "data: "); ok {
			s.take(kind, text)
		}
	}
}

func (s *served) take(kind, text string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch kind {
	case "picture":
		var state struct{ Objects []servedObject }
		if err := json.Unmarshal([]byte(text), &state); err != nil {
			s.t.Errorf("a picture is no JSON: %v", err)
		}
		s.objects = state.Objects
	case "status":
		s.status = nil
		if err := json.Unmarshal([]byte(text), &s.status); err != nil {
			s.t.Errorf("a status is no JSON: %v", err)
		}
	case "end":
		s.ended = true
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

// await waits until what a browser knows is so, and tells how long that took.
func (s *served) await(what string, within time.Duration, is func() bool) {
	s.t.Helper()
	began := time.Now()
	late := time.After(within)
	for {
		s.lock.Lock()
		ok, changed := is(), s.changed
		s.lock.Unlock()
		if ok {
			s.t.Logf("%s shows after %s", what, time.Since(began).Round(time.Millisecond))
			return
		}
		select {
		case <-changed:
		case <-late:
			s.t.Fatalf("%s does not show within %s; there are %v, %v", what, within, s.objects, s.status)
		}
	}
}

func (s *served) find(name string) *servedObject {
	at := slices.IndexFunc(s.objects, func(o servedObject) bool { return o.Name == name })
	if at < 0 {
		return nil
	}
	return &s.objects[at]
}

func (s *served) on(container, network string) bool {
	c, n := s.find(container), s.find(network)
	return c != nil && n != nil && slices.Contains(c.Networks, n.Key)
}

// What happens on the engine shows in the page soon after, details are those of now,
// and Ctrl-C ends it with status 0.
func TestServeIsLive(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		k := keeper(t, e)
		ctx := t.Context()
		one, other, cat := k.Name("one"), k.Name("two"), k.Name("cat")
		network, err := k.Network(ctx, &zoo.Network{Name: one})
		if err != nil {
			t.Fatal(err)
		}
		second, err := k.Network(ctx, &zoo.Network{Name: other})
		if err != nil {
			t.Fatal(err)
		}
		s := serve(t, e.Endpoint)
		s.await("the first picture", patience, func() bool { return s.find(one) != nil && s.find(other) != nil })
		var id string
		for _, step := range []struct {
			what string
			act  func() error
			is   func() bool
		}{
			{"create", func() (err error) {
				id, err = k.Create(ctx, &zoo.Container{Name: cat, Mode: network})
				return err
			}, func() bool { return s.on(cat, one) }},
			{"start", func() error { return k.Start(ctx, id) }, func() bool { return s.find(cat).State == "running" }},
			{"connect", func() error { return k.Connect(ctx, second, id, "") }, func() bool { return s.on(cat, other) }},
			{"disconnect", func() error { return k.Disconnect(ctx, second, id) }, func() bool { return !s.on(cat, other) }},
			{"stop", func() error { return k.Stop(ctx, id) }, func() bool { return s.find(cat).State == "exited" }},
		} {
			if err := step.act(); err != nil {
				t.Fatal(err)
			}
			within := soon
			if e.Podman {
				within = polled // no events of networks
			}
			s.await(step.what, within, step.is)
		}
		s.lock.Lock()
		key := s.find(cat).Key
		s.lock.Unlock()
		if status, text := s.ask("detail?key="+key, nil); status != http.StatusOK || !strings.Contains(text, "This container is stopped.") || !strings.Contains(text, id) {
			t.Errorf("the details are (%d) %s", status, text)
		}
		if err := k.RemoveContainer(ctx, id); err != nil {
			t.Fatal(err)
		}
		s.await("rm", soon, func() bool { return s.find(cat) == nil })
		if status, _ := s.ask("detail?key="+key, nil); status != http.StatusNotFound {
			t.Errorf("the details of what is gone have status %d", status)
		}
		s.end()
	})
}

func (s *served) end() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("it ended with %v", err)
	}
	s.await("the end", soon, func() bool { return s.ended })
}

// ask sends a request, changed as a test likes.
func (s *served) ask(path string, change func(*http.Request)) (status int, text string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	reply, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply.StatusCode, string(body)
}

// Many at once are one change after the other, or a few, and all of them show.
func TestServeShowsManyAtOnce(t *testing.T) {
	setUp(t)
	e := bench.engines[0]
	takeTurn(t, e)
	k := keeper(t, e)
	network, err := k.Network(t.Context(), &zoo.Network{Name: k.Name("crowd")})
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, e.Endpoint)
	const many = 50
	var group sync.WaitGroup
	for i := range many {
		group.Go(func() {
			if _, err := k.Create(t.Context(), &zoo.Container{Name: fmt.Sprint(k.Name("c"), i), Mode: network}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	s.await("the last of 50", polled, func() bool {
		count := 0
		for _, o := range s.objects {
			if strings.HasPrefix(o.Name, k.Name("c")) && o.Kind == "container" {
				count++
			}
		}
		return count == many
	})
	s.end()
}

// While the engine is gone, the page says since when, and shows what was; when it is
// back, the page is as the engine is.
func TestServeOutlivesTheEngine(t *testing.T) {
	setUp(t)
	e := bench.engines[0]
	k := keeper(t, e)
	line := newLine(t, e.Socket())
	s := serve(t, "unix://"+line.path)
	s.await("the first picture", patience, func() bool { return s.status != nil && s.status["since"] == "" })
	line.cut()
	s.await("that the engine is gone", polled, func() bool { return s.status["since"] != "" && s.status["trouble"] != "" })
	if status, _ := s.ask("", nil); status != http.StatusOK {
		t.Errorf("without the engine, the page has status %d", status)
	}
	if _, err := k.Network(t.Context(), &zoo.Network{Name: k.Name("meanwhile")}); err != nil {
		t.Fatal(err)
	}
	line.mend()
	s.await("that the engine is back", polled, func() bool { return s.status["since"] == "" && s.find(k.Name("meanwhile")) != nil })
	s.end()
}

// Who does not know the address, and who does and is another site, gets nothing.
func TestServeRefuses(t *testing.T) {
	setUp(t)
	s := serve(t, bench.engines[0].Endpoint)
	at, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"as it should be":      {nil, http.StatusOK},
		"without the token":    {func(r *http.Request) { r.URL.Path = "/" }, http.StatusNotFound},
		"with a wrong token":   {func(r *http.Request) { r.URL.Path = "/AAAAAAAAAAAAAAAAAAAAAAAAAA/" }, http.StatusNotFound},
		"for another host":     {func(r *http.Request) { r.Host = "evil.example:" + at.Port() }, http.StatusMisdirectedRequest},
		"from another site":    {func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") }, http.StatusForbidden},
		"sent by another site": {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, http.StatusForbidden},
		"POST":                 {func(r *http.Request) { r.Method = http.MethodPost }, http.StatusMethodNotAllowed},
		"DELETE":               {func(r *http.Request) { r.Method = http.MethodDelete }, http.StatusMethodNotAllowed},
	} {
		if status, text := s.ask("", c.change); status != c.want || c.want != http.StatusOK && strings.Contains(text, "<svg") {
			t.Errorf("%s: status %d, want %d: %.200s", what, status, c.want, text)
		}
	}
	second := run(t, environment("DOCKER_HOST="+bench.engines[0].Endpoint), bench.plugin, "graph", "--serve", at.Host)
	if second.status != 1 || !strings.Contains(second.stderr, "another program has this port") {
		t.Errorf("at a port in use, it ends with %d and says %s", second.status, second.stderr)
	}
	s.end()
}

// line is a way to a socket that can be cut.
type line struct {
	t        *testing.T
	path, to string
	listener net.Listener
	lock     sync.Mutex
	conns    []net.Conn
}

func newLine(t *testing.T, to string) *line {
	t.Helper()
	dir, err := os.MkdirTemp("", "line")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	l := &line{t: t, path: filepath.Join(dir, "docker.sock"), to: to}
	l.mend()
	t.Cleanup(l.cut)
	return l
}

func (l *line) mend() {
	l.t.Helper()
	listener, err := new(net.ListenConfig).Listen(l.t.Context(), "unix", l.path)
	if err != nil {
		l.t.Fatal(err)
	}
	l.listener = listener
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			l.lock.Lock()
			l.conns = append(l.conns, conn)
			l.lock.Unlock()
			go forward(context.WithoutCancel(l.t.Context()), conn, l.to)
		}
	}()
}

func (l *line) cut() {
	_ = l.listener.Close() // which takes the socket away
	l.lock.Lock()
	defer l.lock.Unlock()
	for _, conn := range l.conns {
		_ = conn.Close()
	}
	l.conns = nil
}
