//go:build real

package real

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// helperLabel marks the containers that netkit makes, and probeLabel the image.
const (
	helperLabel = "com.github.docker-netkit.helper"
	probeLabel  = "com.github.docker-netkit.probe"
)

// nothingLeft holds that of what netkit makes for these containers nothing is left
// on an engine but one image.
func nothingLeft(t *testing.T, e *zoo.Engine, sources ...string) {
	t.Helper()
	for id, state := range helpersIn(t, e, sources...) {
		t.Errorf("%s: the helper %s is left, %s", e.Name, id[:12], state)
	}
	var images []struct {
		ID       string `json:"Id"`
		RepoTags []string
	}
	filters := url.QueryEscape(`{"label":["` + probeLabel + `"]}`)
	ok(t, e.Do(t.Context(), http.MethodGet, "/images/json?all=1&filters="+filters, nil, &images))
	tagged := 0
	for _, i := range images {
		named := slices.DeleteFunc(i.RepoTags, func(tag string) bool { return tag == "<none>:<none>" })
		if len(named) == 0 {
			t.Errorf("%s: the image %s has no name any more and is left", e.Name, i.ID)
		}
		if slices.ContainsFunc(named, func(tag string) bool { return strings.Contains(tag, "docker-netkit-probe:") }) {
			tagged++
		}
	}
	if tagged > 1 {
		t.Errorf("%s: %d images of the probe are left: %v", e.Name, tagged, images)
	}
}

// possessions are the networks and volumes that an engine has, without those that
// the tests say they made.
func possessions(t *testing.T, e *zoo.Engine) []string {
	t.Helper()
	var networks []struct {
		ID, Name string
		Labels   map[string]string
	}
	ok(t, e.Do(t.Context(), http.MethodGet, "/networks", nil, &networks))
	var all []string
	for _, n := range networks {
		if n.Labels[zoo.Label] == "" {
			all = append(all, "network "+n.Name+" "+n.ID)
		}
	}
	var volumes struct{ Volumes []struct{ Name string } }
	ok(t, e.Do(t.Context(), http.MethodGet, "/volumes", nil, &volumes))
	for _, v := range volumes.Volumes {
		all = append(all, "volume "+v.Name)
	}
	return all
}

// leaving is a pair of which ping is to leave nothing.
type leaving struct {
	*pair
	before []string
}

// TestPingLeavesNothing: whichever way ping ends, there is nothing left of it on the
// engine but the image.
func TestPingLeavesNothing(t *testing.T) {
	eachEngineInTurn(t, func(t *testing.T, e *zoo.Engine) {
		p := buildPair(t, e)
		l := &leaving{p, possessions(t, e)}
		l.ends()
		l.runsOut()
		l.interrupted()
		l.signalled()
		l.killed()
		l.leftovers()
		l.sourceStops()
	})
}

// nothing holds that nothing is left, after this.
func (l *leaving) nothing(after string) {
	l.t.Helper()
	if l.t.Failed() {
		l.t.FailNow()
	}
	nothingLeft(l.t, l.Engine, l.a, l.b)
	for _, thing := range possessions(l.t, l.Engine) {
		if !slices.Contains(l.before, thing) {
			l.t.Errorf("%s: %s is left", l.Engine.Name, thing)
		}
	}
	if l.t.Failed() {
		l.t.Fatalf("that was left after: %s", after)
	}
}

// ends are those by itself.
func (l *leaving) ends() {
	for _, c := range []struct {
		status int
		args   []string
	}{
		{0, []string{"a", "b"}},
		{0, []string{"-c", "2", "-i", "0.01", "a", "b", "b:80"}},
		{2, []string{"a", "b:81"}},
		{2, []string{"-W", "0.5", "a", "no-such-name"}},
		{1, []string{"no-such-container", "b"}},
		{0, []string{"--network", l.Name("net")}},
	} {
		if got := l.ping(c.args...); got.status != c.status {
			l.t.Errorf("ping %q: status %d, want %d\n%s%s", c.args, got.status, c.status, got.stdout, got.stderr)
		}
		l.nothing(fmt.Sprintf("%q", c.args))
	}
}

// runsOut are the ends by a time that is over.
func (l *leaving) runsOut() {
	for _, timeout := range []string{"1ms", "5ms", "20ms", "50ms"} {
		got := l.ping("--timeout", timeout, "a", "b")
		if told := got.stderr != "" || strings.Contains(got.stdout, "could not be tested: "); got.status != 0 && (got.status != 1 || !told) {
			l.t.Errorf("--timeout %s: status %d\n%s%s", timeout, got.status, got.stdout, got.stderr)
		}
		l.nothing("--timeout " + timeout)
	}
	if got := l.ping("-W", "0.002", "a", "10.255.255.1:80"); got.status != 2 {
		l.t.Errorf("-W 0.002: status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
	l.nothing("-W 0.002")
}

// at starts a ping that takes long, and does something at each request that changes
// something; it gives the ping's end.
func (l *leaving) at(n int, answered bool, do func(*going)) (g *going, met bool) {
	l.t.Helper()
	b := standBetween(l.t, l.Engine)
	var once sync.Once
	started := make(chan *going, 1)
	b.onChange = func(at int, after bool) {
		if at == n && after == answered {
			once.Do(func() { met = true; do(<-started) })
		}
	}
	g = start(l.t, environment("DOCKER_HOST="+b.host), append([]string{"ping"}, l.names([]string{"-c", "20", "-i", "0.05", "a", "b"})...)...)
	started <- g
	g.end()
	b.rest()
	return g, met
}

// interrupted: Ctrl-C at every step of the start of the helpers.
func (l *leaving) interrupted() {
	for n := 1; n <= 6; n++ {
		for _, answered := range []bool{false, true} {
			g, met := l.at(n, answered, func(g *going) { _ = g.Process.Signal(syscall.SIGINT) })
			after := fmt.Sprintf("Ctrl-C at change %d, answered %t", n, answered)
			if !met && answered {
				continue // it was the attaching, which is not answered before its end
			}
			if !met {
				l.t.Fatalf("%s: it never came to that", after)
			}
			if status := g.ProcessState.ExitCode(); status != 130 {
				// At its end there is nothing to interrupt any more.
				if status != 0 || !strings.Contains(g.stdout.String(), "20 ") {
					l.t.Errorf("%s: status %d\n%s%s", after, status, g.stdout.String(), g.stderr.String())
				}
			}
			l.nothing(after)
		}
	}
}

// endless is a ping that goes on.
func (l *leaving) endless(count string) *going {
	l.t.Helper()
	g := start(l.t, l.environment(), append([]string{"ping"}, l.names([]string{"-c", count, "-i", "0.05", "a", "b"})...)...)
	g.says("seq=3")
	if len(helpersIn(l.t, l.Engine, l.a)) == 0 {
		l.t.Error("echo requests go on, and there is no helper")
	}
	return g
}

// signalled: signals while echo requests go on. Without a number of them, that is
// how it is meant to end.
func (l *leaving) signalled() {
	for _, c := range []struct {
		count  string
		signal syscall.Signal
		status int
	}{{"0", syscall.SIGINT, 0}, {"0", syscall.SIGTERM, 0}, {"1000", syscall.SIGINT, 130}, {"1000", syscall.SIGTERM, 130}} {
		g := l.endless(c.count)
		ok(l.t, g.Process.Signal(c.signal))
		after := fmt.Sprintf("%s with -c %s", c.signal, c.count)
		if status := g.end(); status != c.status {
			l.t.Errorf("%s: status %d, want %d\n%s%s", after, status, c.status, g.stdout.String(), g.stderr.String())
		}
		if summed := strings.Contains(g.stdout.String(), "0% packet loss"); c.count == "0" && !summed {
			l.t.Errorf("%s: it does not sum up:\n%s", after, g.stdout.String())
		}
		l.nothing(after)
	}
}

// killed: there is nobody who could remove the helper, and it goes by itself.
func (l *leaving) killed() {
	g := l.endless("0")
	ok(l.t, g.Process.Kill())
	g.end()
	began := time.Now()
	const soon = 20 * time.Second // of a busy machine
	ctx, cancel := context.WithTimeout(l.t.Context(), soon)
	defer cancel()
	ok(l.t, zoo.Until(ctx, "the helpers of a killed ping are gone", func() (bool, error) {
		return len(helpersIn(l.t, l.Engine, l.a, l.b)) == 0, nil
	}))
	l.t.Logf("%s: gone %s after the kill", l.Engine.Name, time.Since(began).Round(time.Millisecond))
	l.nothing("a kill")
}

// leftovers: a helper that never ran, or whose engine was stopped, is removed by
// the next ping once it is a minute old. Then who made it is not about to start
// it any more.
func (l *leaving) leftovers() {
	_, met := l.at(1, true, func(g *going) { _ = g.Process.Kill() })
	left := map[string]string{}
	ctx, cancel := context.WithTimeout(l.t.Context(), patience)
	defer cancel()
	// One that was started already goes by itself.
	ok(l.t, zoo.Until(ctx, "none of its helpers runs", func() (bool, error) {
		left = helpersIn(l.t, l.Engine, l.a, l.b)
		return !slices.ContainsFunc(slices.Collect(maps.Values(left)), func(state string) bool { return state != "created" }), nil
	}))
	if !met || len(left) == 0 {
		l.t.Fatalf("a ping that was killed after the engine had made a helper left %v", left)
	}
	add := func(name, mode, label string) string {
		c := &zoo.Container{Name: name, Mode: mode, Command: []string{"true"}}
		if label != "" {
			c.Labels = map[string]string{label: "a run"}
		}
		if mode == l.Name("net") {
			c.HostConfig = map[string]any{"Mounts": []map[string]string{{"Type": "volume", "Target": "/data"}}}
		}
		id, err := l.Create(l.t.Context(), c)
		ok(l.t, err)
		ok(l.t, l.Start(l.t.Context(), id))
		l.reaches(id, "exited")
		return id
	}
	suffix := strings.ToLower(rand.Text()[:12])
	exited := add("docker-netkit-helper-"+suffix, "container:"+l.a, helperLabel)
	foreign := []string{
		add(l.Name("foreign"), l.Name("net"), helperLabel),
		add("docker-netkit-helper-1"+suffix[1:], l.Name("net"), helperLabel),
		add("docker-netkit-helper-"+strings.ToLower(rand.Text()[:12]), l.Name("net"), ""),
	}
	l.before = possessions(l.t, l.Engine) // the volumes of these
	for id := range helpersIn(l.t, l.Engine, l.a, l.b) {
		left[id] = ""
	}
	l.ping("a", "b")
	for id := range left {
		if state, err := l.ContainerState(l.t.Context(), id); err != nil {
			l.t.Errorf("a helper that is younger than a minute was removed: %s %v", state, err)
		}
	}
	// As the plugin is told by the engine, they are older now.
	b := standBetween(l.t, l.Engine)
	b.rewrite = older(slices.Concat(slices.Collect(maps.Keys(left)), []string{exited}, foreign)...)
	got := run(l.t, environment("DOCKER_HOST="+b.host), bench.plugin, append([]string{"ping"}, l.names([]string{"a", "b"})...)...)
	if got.status != 0 {
		l.t.Errorf("with leftovers: status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
	for i, id := range foreign {
		if state, err := l.ContainerState(l.t.Context(), id); err != nil {
			l.t.Errorf("container %d that is not ours was removed: %s %v", i, state, err)
		}
	}
	for _, thing := range l.before {
		if !slices.Contains(possessions(l.t, l.Engine), thing) {
			l.t.Errorf("%s was removed", thing)
		}
	}
	l.nothing("a ping that finds leftovers")
}

// older has an engine say that containers are two minutes older than they are.
func older(ids ...string) func(*http.Response) error {
	return func(r *http.Response) error {
		if !strings.HasSuffix(r.Request.URL.Path, "/containers/json") {
			return nil
		}
		text, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil {
			return err
		}
		var list []map[string]any
		if err := json.Unmarshal(text, &list); err != nil {
			return err
		}
		for _, c := range list {
			id, _ := c["Id"].(string)
			if created, isNumber := c["Created"].(float64); isNumber && slices.Contains(ids, id) {
				c["Created"] = int64(created) - 120
			}
		}
		if text, err = json.Marshal(list); err != nil {
			return err
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		r.Header.Del("Content-Length")
		return nil
	}
}

// reaches waits until a container is in a state.
func (p *pair) reaches(id, state string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	ok(p.t, zoo.Until(ctx, "it is "+state, func() (bool, error) {
		is, err := p.ContainerState(ctx, id)
		return is == state, err
	}))
}

// sourceStops: whose namespace the helper is in stops midway.
func (l *leaving) sourceStops() {
	g := l.endless("60")
	ok(l.t, l.Stop(l.t.Context(), l.a))
	if status := g.end(); status != 1 && status != 2 {
		l.t.Errorf("the source stopped midway: status %d\n%s%s", status, g.stdout.String(), g.stderr.String())
	}
	text := g.stdout.String()
	l.t.Logf("%s: the source stopped midway, status %d\n…%s%s", l.Engine.Name, g.ProcessState.ExitCode(), text[max(0, len(text)-700):], g.stderr.String())
	l.nothing("the source stopped midway")
}
