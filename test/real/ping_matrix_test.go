//go:build real

package real

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestPingMatrix: every ordered pair of a network, with one that takes no echo
// requests and yet sends them, one that is paused and one that is stopped; and that
// there is one helper for each sender.
func TestPingMatrix(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		w := &town{Keeper: keeper(t, e), t: t, networks: map[string]string{}, people: map[string]string{}}
		id, err := w.Network(t.Context(), &zoo.Network{Name: w.Name("net"), Subnet: []string{"10.218.1.0/24"}})
		ok(t, err)
		w.networks["net"] = id
		for _, short := range []string{"a", "b", "shy", "resting", "stopped"} {
			c := &zoo.Container{Name: w.Name(short), Mode: w.Name("net"), Command: strings.Fields(listenAll)}
			c.HostConfig = map[string]any{}
			if short == "shy" {
				c.Publish = []string{"80/tcp"} // and so tells which port to try
			}
			w.run(short, c)
		}
		w.firewall("shy", "-A", "INPUT", "-p", "icmp", "--icmp-type", "echo-request", "-j", "DROP")
		w.act("resting", "pause")
		w.act("stopped", "stop?t=0")

		out := run(t, environment("DOCKER_HOST="+e.Endpoint), bench.plugin, "ping", "--network", w.Name("net"), "--format", "json", "-W", "1")
		var said struct {
			Containers []struct{ Name string }
			Pairs      []struct {
				From, To       int
				State          string
				Foreseen, Note string
				Mismatch       bool
				Echoes         *struct{ Sent, Received int }
			}
		}
		if err := json.Unmarshal([]byte(out.stdout), &said); err != nil {
			t.Fatalf("%v\n%s%s", err, out.stdout, out.stderr)
		}
		if len(said.Containers) != 5 || len(said.Pairs) != 20 {
			t.Fatalf("%d containers and %d pairs", len(said.Containers), len(said.Pairs))
		}
		for _, p := range said.Pairs {
			from, to := strings.TrimPrefix(said.Containers[p.From].Name, w.Prefix), strings.TrimPrefix(said.Containers[p.To].Name, w.Prefix)
			want := "answers"
			switch {
			case from == "stopped" || to == "stopped" || from == "resting":
				want = "not up"
			case to == "shy":
				want = "answers tcp only"
			}
			if p.State != want {
				t.Errorf("%s: %s → %s: %s, want %s (%s)", e.Name, from, to, p.State, want, p.Note)
			}
			if mismatch := want == "answers tcp only"; p.Mismatch != mismatch {
				t.Errorf("%s: %s → %s: mismatch %t, foreseen %s", e.Name, from, to, p.Mismatch, p.Foreseen)
			}
		}
		if out.status != 0 {
			t.Errorf("%s: status %d, although each that is up answers on some port", e.Name, out.status)
		}
		drawn := run(t, environment("DOCKER_HOST="+e.Endpoint), bench.plugin, "ping", "--network", w.Name("net"), "-W", "1")
		for _, text := range []string{"TCP answers on 80/tcp", w.Name("resting") + " is paused", w.Name("stopped") + " is stopped", "rows send, columns receive"} {
			if !strings.Contains(drawn.stdout, text) {
				t.Errorf("%s: it does not say %q:\n%s", e.Name, text, drawn.stdout)
			}
		}
		// Without the port there is no sign of life.
		shut := fmt.Sprintf("one way only: %s reaches %s, %s, and is not reached from there", w.Name("shy"), w.Name("a"), w.Name("b"))
		w.firewall("shy", "-A", "INPUT", "-p", "tcp", "-j", "DROP")
		drawn = run(t, environment("DOCKER_HOST="+e.Endpoint), bench.plugin, "ping", "--network", w.Name("net"), "-W", "1")
		if drawn.status != 2 || !strings.Contains(drawn.stdout, shut) {
			t.Errorf("%s: status %d, and it does not say that only one of two answers:\n%s", e.Name, drawn.status, drawn.stdout)
		}
	})
}
