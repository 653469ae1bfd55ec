//go:build real

package real

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// pair is two containers on a network of their own, that both listen on port 80.
type pair struct {
	*zoo.Keeper
	t       *testing.T
	network string
	a, b    string // IDs
}

func buildPair(t *testing.T, e *zoo.Engine) *pair {
	t.Helper()
	p := &pair{Keeper: keeper(t, e), t: t}
	var err error
	p.network, err = p.Network(t.Context(), &zoo.Network{Name: p.Name("net")})
	ok(t, err)
	p.a = p.live("a", &zoo.Container{Command: strings.Fields(listenAll)})
	p.b = p.live("b", &zoo.Container{Command: strings.Fields(listenAll)})
	for _, id := range []string{p.a, p.b} {
		awaitListener(t, id, 80)
	}
	return p
}

// live runs a container on the pair's network, unless it says otherwise.
func (p *pair) live(short string, c *zoo.Container) string {
	p.t.Helper()
	c.Name = p.Name(short)
	if c.Mode == "" {
		c.Mode = p.Name("net")
	}
	id, err := p.Run(p.t.Context(), c)
	ok(p.t, err)
	return id
}

// awaitListener waits until something takes TCP connections on a port in a
// container.
func awaitListener(t *testing.T, id string, port int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	pid := strconv.Itoa(pidOf(t, id))
	listens := ":" + strings.ToUpper(strconv.FormatInt(int64(port)+1<<16, 16)[1:]) + " "
	ok(t, zoo.Until(ctx, "something listens", func() (bool, error) {
		var all []byte
		for _, table := range []string{"tcp", "tcp6"} {
			text, err := os.ReadFile("/proc/" + pid + "/net/" + table)
			if err != nil {
				return false, err
			}
			all = append(all, text...)
		}
		return strings.Contains(string(all), listens), nil
	}))
}

// environment is that of a user of the pair's engine.
func (p *pair) environment() []string { return environment("DOCKER_HOST=" + p.Endpoint) }

// names puts the prefix before the short names among the arguments: a, b and what
// begins with one of these and a colon.
func (p *pair) names(args []string) []string {
	args = slices.Clone(args)
	for i, arg := range args {
		if name, port, _ := strings.Cut(arg, ":"); name == "a" || name == "b" {
			args[i] = p.Name(name)
			if port != "" {
				args[i] += ":" + port
			}
		}
	}
	return args
}

// ping runs ping to its end.
func (p *pair) ping(args ...string) outcome {
	p.t.Helper()
	return run(p.t, p.environment(), bench.plugin, append([]string{"ping"}, p.names(args)...)...)
}

// measured is what a ping with one target says, as a program reads it.
type measured struct {
	Verdict   string
	FailedAt  string `json:"failed_at"`
	Failure   string
	Measured  bool
	Rungs     []measuredRung
	Reasons   []string
	Commands  []string
	Namespace *struct {
		Resolver struct{ Servers []string }
	}
	Findings []struct{ Kind, Layer, Text string }
}

type measuredRung struct {
	Layer, State, Foreseen, Failure string
	Resolution                      *struct {
		IPv4 struct {
			Outcome, Server string
			Addresses       []string
			Took            time.Duration
		}
	}
	Echoes *struct {
		Sent, Received int
		Min, Avg, Max  time.Duration
	}
	Connection *struct {
		Outcome string
		Took    time.Duration
	}
	HTTP *struct {
		Status      int
		Error, Text string
	}
}

// rung is the first of a layer.
func (m *measured) rung(t *testing.T, layer string) *measuredRung {
	t.Helper()
	for i := range m.Rungs {
		if m.Rungs[i].Layer == layer {
			return &m.Rungs[i]
		}
	}
	t.Fatalf("no %s was tested: %+v", layer, m)
	return nil
}

// measure pings one target, and wants this status.
func (p *pair) measure(status int, args ...string) *measured {
	p.t.Helper()
	return asMeasured(p.t, p.ping(append([]string{"--format", "json"}, args...)...), status, args)
}

func asMeasured(t *testing.T, got outcome, status int, args []string) *measured {
	t.Helper()
	var said struct{ Results []measured }
	if err := json.Unmarshal([]byte(got.stdout), &said); err != nil || len(said.Results) != 1 {
		t.Fatalf("ping %q: status %d, %v\n%s%s", args, got.status, err, got.stdout, got.stderr)
	}
	if got.status != status {
		t.Errorf("ping %q: status %d, want %d\n%+v\n%s", args, got.status, status, said.Results[0], got.stderr)
	}
	return &said.Results[0]
}

// heard is what a program has written so far.
type heard struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write takes more of it.
func (h *heard) Write(text []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(text)
}

// String is all of it.
func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// going is a ping that has not ended.
type going struct {
	*exec.Cmd
	t              *testing.T
	stdout, stderr heard
}

// start starts the plugin with what env says, and kills it when the test ends.
func start(t *testing.T, env []string, args ...string) *going {
	t.Helper()
	g := &going{Cmd: exec.CommandContext(t.Context(), bench.plugin, args...), t: t}
	g.Env, g.Stdout, g.Stderr = env, &g.stdout, &g.stderr
	ok(t, g.Start())
	return g
}

// says waits until something was written to standard output.
func (g *going) says(what string) {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(g.t.Context(), patience)
	defer cancel()
	if err := zoo.Until(ctx, "it says "+what, func() (bool, error) { return strings.Contains(g.stdout.String(), what), nil }); err != nil {
		g.t.Fatalf("%v: %s%s", err, g.stdout.String(), g.stderr.String())
	}
}

// end waits for the end, and gives the status; -1 after a signal that kills.
func (g *going) end() int {
	g.t.Helper()
	ended := make(chan struct{})
	go func() { _ = g.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(patience):
		_ = g.Process.Kill()
		<-ended
		g.t.Errorf("%q did not end: %s%s", g.Args, g.stdout.String(), g.stderr.String())
	}
	return g.ProcessState.ExitCode()
}

// helpersIn are the helpers in the network namespaces of containers, by ID, and
// their states. Whatever else goes on at the engine, those are nobody else's.
func helpersIn(t *testing.T, e *zoo.Engine, sources ...string) map[string]string {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	var list []struct {
		ID string `json:"Id"`
	}
	filters := url.QueryEscape(`{"label":["` + helperLabel + `"]}`)
	ok(t, e.Do(ctx, http.MethodGet, "/containers/json?all=1&filters="+filters, nil, &list))
	found := map[string]string{}
	for _, c := range list {
		var is struct {
			State      struct{ Status string }
			HostConfig struct{ NetworkMode string }
		}
		err := e.Do(ctx, http.MethodGet, "/containers/"+c.ID+"/json", nil, &is)
		// Podman may find out midway, and has another status then.
		if zoo.Gone(err) || err != nil && strings.Contains(err.Error(), "no such container") {
			continue
		}
		ok(t, err)
		if of, joins := strings.CutPrefix(is.HostConfig.NetworkMode, "container:"); joins && slices.Contains(sources, of) {
			found[c.ID] = is.State.Status
		}
	}
	return found
}
