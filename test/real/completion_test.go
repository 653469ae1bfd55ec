//go:build real

package real

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestCompletion: docker's own completion offers the engine's networks,
// containers and projects, with each client, wherever the engine is chosen.
func TestCompletion(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		k := keeper(t, e)
		network, err := k.Network(t.Context(), &zoo.Network{Name: k.Name("net"), Labels: map[string]string{"com.docker.compose.project": k.Name("project")}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Create(t.Context(), &zoo.Container{Name: k.Name("cat"), Mode: network}); err != nil {
			t.Fatal(err)
		}
		all := []string{k.Name("cat"), k.Name("net"), k.Name("project")}
		for _, c := range clients(t) {
			if !c.completesPlugins() {
				// There is no completion for any plugin; it must not go wrong.
				if said := succeed(t, environment("DOCKER_HOST="+e.Endpoint), c.path, "__complete", "netkit", "graph", k.Prefix); said != ":0\n" {
					t.Errorf("client %s: %q", c.version, said)
				}
				continue
			}
			chosen := contextOf(t, c, "host="+e.Endpoint)
			for way, env := range map[string][]string{
				"DOCKER_HOST":    environment("DOCKER_HOST=" + e.Endpoint),
				"DOCKER_CONTEXT": append(chosen, "DOCKER_CONTEXT=elsewhere"),
			} {
				said := succeed(t, env, c.path, "__complete", "netkit", "graph", k.Prefix)
				for _, word := range all {
					if !strings.Contains(said, word+"\t") {
						t.Errorf("client %s, %s: %s is not offered: %q", c.version, way, word, said)
					}
				}
				if !strings.HasSuffix(said, "\n:4\n") {
					t.Errorf("client %s, %s: files are offered too: %q", c.version, way, said)
				}
			}
			if e == bench.engines[0] {
				bash(t, c, e, k, all)
			}
		}
	})
}

// completesPlugins tells that the client asks plugins what to offer, as
// clients do from version 23 on.
func (c client) completesPlugins() bool {
	major, _, _ := strings.Cut(c.version, ".")
	number, err := strconv.Atoi(major)
	return err != nil || number >= 23
}

// bash presses the tab key in an interactive bash that has docker's completion.
func bash(t *testing.T, c client, e *zoo.Engine, k *zoo.Keeper, all []string) {
	t.Helper()
	bin := t.TempDir()
	if err := os.Symlink(c.path, filepath.Join(bin, "docker")); err != nil {
		t.Fatal(err)
	}
	env := append(environment("DOCKER_HOST="+e.Endpoint), "TERM=dumb", "PATH="+bin+":"+os.Getenv("PATH"))
	x := onTerminal(t, env, 200, 50, "bash", "--noprofile", "--norc", "-i")
	x.Press(`bind 'set bell-style none'; bind 'set show-all-if-ambiguous on'; . /usr/share/bash-completion/bash_completion && . <(docker completion bash) && echo rea""dy` + "\r")
	_, at := x.Await("docker's completion for bash (Debian: bash-completion)", 0, patience, func(text string) bool { return strings.Contains(text, "ready") })

	x.Press("docker netkit graph " + k.Prefix[:len(k.Prefix)-2] + "\t")
	_, at = x.Await("the offers for graph, by client "+c.version, at, patience, func(text string) bool {
		return !slices.ContainsFunc(all, func(word string) bool { return !strings.Contains(text, word) })
	})
	x.Press("\x15docker netkit gra\t") // ^U empties the line
	_, at = x.Await("the command's name", at, patience, func(text string) bool { return strings.Contains(text, "docker netkit graph ") })
	x.Press("\x15docker netkit graph --filter proj\t")
	_, at = x.Await("a filter's key", at, patience, func(text string) bool { return strings.Contains(text, "--filter project=") })
	x.Press("\x15docker netkit graph --format me\t")
	_, _ = x.Await("a format", at, patience, func(text string) bool { return strings.Contains(text, "--format mermaid") })
	x.Press("\x15exit\r")
	if status, text := x.End(patience); status != 0 {
		t.Errorf("bash ended with status %d: %q", status, text)
	}
}
