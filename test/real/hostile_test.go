//go:build real

package real

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/terminaltest"
	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// actingNames are names that Docker's engines take as they are, and that do
// something to a terminal, or show there as what they are not. None of their
// sequences is one that the plugin sends by itself.
var actingNames = []string{
	"carriage\rreturn", "tab\tstop", "nul\x00byte", "bell\a\b\b\b",
	"\x1b]0;owned\x07title", "\x1b[6n\x1b[5n", "\x1b[45m\x1b[8mhidden", "\x1b[?1000h\x1bc", "\x1bP+q\x1b\\",
	"c1\u009b45m\u009d0;owned\u009c", "del\x7fete",
	"\u202eright to left\u202c", "\u2066isolate\u2069\u200f\u061c", "zero\u200bwidth\ufeff", "line\u2028separator",
	strings.Repeat("\x1b[45m", 1000), strings.Repeat("\u202e", 1000),
}

// oddNames are names that mean something in one of the formats, or are merely
// hard to write.
var oddNames = []string{
	"a space", "new\nline", " spaces around ", "-rf", "--format=json", `quote " quote`, "it's", `back\slash \N`, "`tick`", "$(touch /tmp/owned)",
	"<script>alert(1)</script>", "<b>&amp;&lt;", "]]>--><!--",
	"end", "subgraph x", "a --> b", "%%{init: {}}%%", "#35;quot;", "x[\"y\"]", "{{.Name}}", "a|b;c", "../../etc/passwd",
	"שלום", "名前🦆", "e\u0301\u0302\u0303", strings.Repeat("long", 1250),
}

var hostileNames = slices.Concat(oddNames, actingNames)

// TestHostileNames: whatever a network is called, no format lets the name act
// on the terminal, and every format can still be read.
func TestHostileNames(t *testing.T) {
	eachEngineInTurn(t, func(t *testing.T, e *zoo.Engine) {
		k := keeper(t, e)
		made := makeHostile(t, k)
		env := environment("DOCKER_HOST=" + e.Endpoint)
		watch := onTerminal(t, env, 120, 1000, bench.plugin, "graph", "--all", "--no-trunc", "--watch")

		for _, args := range [][]string{
			{"graph"},
			{"graph", "--all", "--no-trunc"},
			{"graph", "--all", "--format", "json"},
			{"graph", "--all", "--format", "dot"},
			{"graph", "--all", "--format", "mermaid"},
			{"graph", "--format", "{{.Network}} {{.Container}} {{.Project}} {{json .}}"},
			{"ls"},
			{"ls", "--no-trunc"},
			{"ls", "--format", "json"},
			{"ls", "--format", "{{.Name}} {{.Labels}}"},
			{"ls", "--format", "table {{.Name}}\t{{.Project}}\t{{.Labels}}"},
			{"ls", "--quiet"},
		} {
			show(t, env, bench.plugin, args...)
			if text := succeed(t, env, bench.plugin, args...); !strings.Contains(strings.Join(args, " "), "--format {{") {
				// Only a template's output goes to a program as it is.
				harmless(t, fmt.Sprintf("%q through a pipe", args), text)
			}
		}
		for _, name := range made {
			// Each name is also a way to choose the network, and may be unknown.
			if !strings.Contains(name, "\x00") && !strings.HasPrefix(name, "-") {
				x := onTerminal(t, env, 100, 50, bench.plugin, "graph", name)
				_, text := x.End(patience)
				harmless(t, fmt.Sprintf("graph %.60q", name), text)
			}
		}
		checkHostileJSON(t, e, made)
		checkHostileDOT(t, e)
		if len(made) > 0 {
			watchHostile(t, k, watch)
		}
		watch.Press("\x03")
		status, text := watch.End(patience)
		if status != 130 {
			t.Errorf("--watch ended with status %d", status)
		}
		harmless(t, "--watch", text)
	})
}

// makeHostile makes a network of each name, with a container that never ran on
// each. It gives the names that the engine took: Docker takes all, though since
// 25 not twice; Podman takes only harmless ones.
func makeHostile(t *testing.T, k *zoo.Keeper) []string {
	t.Helper()
	var made []string
	for i, name := range append(slices.Clone(hostileNames), "a space") { // two have this one
		id, err := k.Network(t.Context(), &zoo.Network{
			Name: name, Twin: true, Subnet: []string{fmt.Sprintf("10.214.%d.0/28", i)},
			Labels: map[string]string{"com.docker.compose.project": name, "label\x1b[45m": name},
		})
		switch {
		case err == nil:
			made = append(made, name)
			if _, err := k.Create(t.Context(), &zoo.Container{Name: k.Name(fmt.Sprintf("c%d", i)), Mode: id}); err != nil {
				t.Fatal(err)
			}
		case !k.Podman && (i < len(hostileNames) || !k.AtLeast("1.44")):
			t.Errorf("%s should take the name %.60q: %v", k.Engine.Name, name, err)
		case !zoo.Refused(err):
			t.Fatal(err)
		}
	}
	t.Logf("%s takes %d of %d names, and refuses the others", k.Engine.Name, len(made), len(hostileNames)+1)
	return made
}

func checkHostileJSON(t *testing.T, e *zoo.Engine, made []string) {
	t.Helper()
	var all struct{ Networks []struct{ Name string } }
	if err := json.Unmarshal([]byte(netkit(t, e, "graph", "--all", "--format", "json")), &all); err != nil {
		t.Fatalf("graph's JSON: %v", err)
	}
	for _, name := range made {
		if !slices.ContainsFunc(all.Networks, func(n struct{ Name string }) bool { return n.Name == name }) {
			t.Errorf("graph's JSON does not hold the name %.60q", name)
		}
	}
	var rows []string
	for line := range strings.Lines(netkit(t, e, "ls", "--format", "json")) {
		var row struct{ Name string }
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("ls's JSON: %v in %.300q", err, line)
		}
		rows = append(rows, row.Name)
	}
	for _, name := range made {
		if !slices.Contains(rows, name) {
			t.Errorf("ls's JSON does not hold the name %.60q", name)
		}
	}
}

// checkHostileDOT lets Graphviz read what is meant for it.
func checkHostileDOT(t *testing.T, e *zoo.Engine) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "dot", "-Tsvg")
	cmd.Stdin = strings.NewReader(netkit(t, e, "graph", "--all", "--no-trunc", "--format", "dot"))
	var drawn, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &drawn, &said
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	if err := cmd.Run(); err != nil {
		t.Fatalf("Graphviz (Debian: graphviz) does not read it: %v\n%s", err, said.String())
	}
	if strings.Contains(said.String(), "syntax error") || !strings.Contains(drawn.String(), "</svg>") {
		t.Errorf("Graphviz says %s", said.String())
	}
}

// watchHostile lets something happen, so that the screen is drawn again.
func watchHostile(t *testing.T, k *zoo.Keeper, watch *terminaltest.Terminal) {
	t.Helper()
	_, at := watch.Await("the first picture", 0, patience, func(text string) bool { return strings.Contains(text, k.Name("c13")) })
	if _, err := k.Create(t.Context(), &zoo.Container{Name: k.Name("late")}); err != nil {
		t.Fatal(err)
	}
	watch.Await("the next picture", at, 20*time.Second, func(text string) bool { return strings.Contains(text, k.Name("late")) })
}
