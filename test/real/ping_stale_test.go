//go:build real

package real

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestPingStaleSharer: a container that shares the network of one that was restarted
// since has loopback only, whatever the engine's lists say.
func TestPingStaleSharer(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		w := &town{Keeper: keeper(t, e), t: t, networks: map[string]string{}, people: map[string]string{}}
		id, err := w.Network(t.Context(), &zoo.Network{Name: w.Name("net"), Subnet: []string{"10.218.3.0/24"}})
		ok(t, err)
		w.networks["net"] = id
		w.run("owner", &zoo.Container{Name: w.Name("owner"), Mode: w.Name("net")})
		w.run("db", &zoo.Container{Name: w.Name("db"), Mode: w.Name("net"), Command: strings.Fields(listenAll)})
		w.run("sharer", &zoo.Container{Name: w.Name("sharer"), Mode: "container:" + w.people["owner"]})
		if !w.reachesDB("sharer") {
			t.Errorf("%s: a sharer does not reach what its owner does", e.Name)
		}
		w.act("owner", "restart?t=0")
		if w.truly("sharer") {
			t.Errorf("%s: there is nothing to test: the sharer reaches others after its owner's restart", e.Name)
		}
		if w.reachesDB("sharer") {
			t.Errorf("%s: a sharer whose owner was restarted is said to reach others", e.Name)
		}
		if !w.reachesDB("owner") {
			t.Errorf("%s: its owner does not reach others", e.Name)
		}
		w.act("sharer", "restart?t=0")
		if !w.reachesDB("sharer") {
			t.Errorf("%s: once restarted, the sharer does not reach others", e.Name)
		}
	})
}

// reachesDB is what ping says, by what it measured and by what it foresees, which must
// be the same.
func (w *town) reachesDB(from string) bool {
	w.t.Helper()
	var verdicts []string
	for _, more := range [][]string{nil, {"--predict"}} {
		args := append([]string{"ping", "--format", "json", "-W", "1", "-p", "80", w.Name(from), w.Name("db")}, more...)
		out := run(w.t, environment("DOCKER_HOST="+w.Endpoint), bench.plugin, args...)
		var said pinged
		if err := json.Unmarshal([]byte(out.stdout), &said); err != nil || len(said.Results) != 1 {
			w.t.Fatalf("%v\n%s%s", err, out.stdout, out.stderr)
		}
		verdicts = append(verdicts, said.Results[0].Verdict)
	}
	if verdicts[0] != verdicts[1] || !slices.Contains([]string{"reached", "not reached"}, verdicts[0]) {
		w.t.Errorf("%s: %s → db: measured and foreseen are %q", w.Engine.Name, from, verdicts)
	}
	return verdicts[0] == "reached"
}

// truly tells that a container has an address beside loopback, as it sees itself.
func (w *town) truly(who string) bool {
	w.t.Helper()
	return strings.Contains(inNamespace(w.t, w.people[who], "ip", "-o", "-4", "addr"), "10.218.3.")
}
