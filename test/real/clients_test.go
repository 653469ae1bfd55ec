//go:build real

package real

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// client is a docker CLI.
type client struct{ path, version string }

// clients are the docker CLIs to test with.
func clients(t *testing.T) []client {
	t.Helper()
	paths := strings.FieldsFunc(os.Getenv("NETKIT_TEST_CLIS"), func(r rune) bool { return r == ',' })
	if len(paths) == 0 {
		path, err := exec.LookPath("docker")
		if err != nil {
			t.Fatalf("the tests need a docker client: %v", err)
		}
		paths = []string{path}
	}
	var all []client
	for _, path := range paths {
		// "Docker version 28.2.2, build e6534b4"
		said := succeed(t, environment(), path, "--version")
		version, _, _ := strings.Cut(strings.TrimPrefix(said, "Docker version "), ",")
		all = append(all, client{path, version})
	}
	return all
}

// contextOf makes a docker context for an engine, in a configuration of its own.
func contextOf(t *testing.T, c client, docker string) []string {
	t.Helper()
	env := ownConfig(t)
	succeed(t, env, c.path, "context", "create", "elsewhere", "--docker", docker)
	return env
}

// ownConfig is the environment with a docker configuration that only this test has.
func ownConfig(t *testing.T) []string {
	t.Helper()
	config := t.TempDir()
	plugins := filepath.Join(config, "cli-plugins")
	if err := os.Mkdir(plugins, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(bench.plugin, filepath.Join(plugins, "docker-netkit")); err != nil {
		t.Fatal(err)
	}
	return append(environment(), "DOCKER_CONFIG="+config)
}

// TestClients: every docker client finds the plugin and hands it the engine
// that was chosen, in each of the ways to choose one.
func TestClients(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		for _, c := range clients(t) {
			t.Run("cli-"+c.version, func(t *testing.T) {
				chosen := contextOf(t, c, "host="+e.Endpoint)
				nowhere := "DOCKER_HOST=unix:///nonexistent/docker.sock"
				for _, way := range []struct {
					name string
					env  []string
					args []string
				}{
					{"-H", append(environment(), nowhere), []string{"-H", e.Endpoint}},
					{"--context", append(chosen, nowhere), []string{"--context", "elsewhere"}},
					{"DOCKER_HOST", append(environment(), "DOCKER_HOST="+e.Endpoint), nil},
					{"DOCKER_CONTEXT", append(chosen, "DOCKER_CONTEXT=elsewhere"), nil},
				} {
					netkit := func(args ...string) string {
						return succeed(t, way.env, c.path, append(append(way.args, "netkit"), args...)...)
					}
					var graph struct {
						Engine struct{ Endpoint, Context, Version string }
					}
					if err := json.Unmarshal([]byte(netkit("graph", "--format", "json")), &graph); err != nil {
						t.Fatal(err)
					}
					if got := graph.Engine; got.Endpoint != e.Endpoint || got.Version == "" || strings.Contains(strings.ToLower(way.name), "context") != (got.Context == "elsewhere") {
						t.Errorf("%s: graph reads %+v, not %s", way.name, got, e.Endpoint)
					}
					if way.name != "-H" && way.name != "DOCKER_CONTEXT" {
						continue
					}
					if got := netkit("version", "--format", "{{.CLI.Version}} {{.Engine.Version}}"); got != c.version+" "+e.Version+"\n" {
						t.Errorf("%s: version says %q, not %s and %s", way.name, got, c.version, e.Version)
					}
					if got, want := netkit("ls", "-q", "--no-trunc"), succeed(t, way.env, c.path, append(way.args, "network", "ls", "-q", "--no-trunc")...); !sameLines(got, want) {
						t.Errorf("%s: ls lists\n%sand docker network ls\n%s", way.name, got, want)
					}
				}
			})
		}
	})
}

func sameLines(a, b string) bool {
	lines := map[string]int{}
	for line := range strings.Lines(a) {
		lines[line]++
	}
	for line := range strings.Lines(b) {
		lines[line]--
	}
	for _, count := range lines {
		if count != 0 {
			return false
		}
	}
	return true
}

// TestUnreachable: where no engine answers, one line says which was tried and
// what to do, with every client and without one.
func TestUnreachable(t *testing.T) {
	setUp(t)
	const endpoint = "unix:///nonexistent/docker.sock"
	commands := [][]string{{bench.plugin}}
	for _, c := range clients(t) {
		commands = append(commands, []string{c.path, "netkit"})
	}
	for _, command := range commands {
		for _, args := range [][]string{{"graph"}, {"ls"}, {"graph", "--watch"}, {"graph", "--aliases"}} {
			got := run(t, environment("DOCKER_HOST="+endpoint), command[0], append(command[1:], args...)...)
			if got.status != 1 || got.stdout != "" || strings.Count(got.stderr, "\n") != 1 ||
				!strings.Contains(got.stderr, endpoint) || !strings.Contains(got.stderr, "DOCKER_HOST") {
				t.Errorf("%s %s: status %d, %q and %q", command, args, got.status, got.stdout, got.stderr)
			}
		}
	}
}

// silent is an engine that answers a ping, and nothing else.
type silent struct {
	endpoint string
	asked    chan struct{} // has one for each request that gets no answer
}

func silentEngine(t *testing.T) *silent {
	t.Helper()
	path := filepath.Join(t.TempDir(), "docker.sock")
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "unix", path)
	if err != nil {
		t.Fatal(err)
	}
	s := &silent{endpoint: "unix://" + path, asked: make(chan struct{}, 64)}
	server := &http.Server{ReadHeaderTimeout: patience, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/_ping") {
			w.Header().Set("Api-Version", "1.41")
			w.Header().Set("Ostype", "linux")
			return
		}
		s.asked <- struct{}{}
		<-r.Context().Done()
	})}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return s
}
