//go:build real

package real

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// patientHints is the plugin with time for hints on a busy machine.
var patientHints struct {
	once sync.Once
	path string
	err  error
}

// hintsConfig is a docker configuration with that plugin, that only this test has.
func hintsConfig(t *testing.T) string {
	t.Helper()
	patientHints.once.Do(func() {
		patientHints.path = filepath.Join(bench.dir, "patient", "docker-netkit")
		said, err := exec.CommandContext(context.WithoutCancel(t.Context()), "go", "build", "-ldflags", "-X main.hookPatience=1m", "-o", patientHints.path,
			"github.com/docker-netkit/docker-netkit/cmd/docker-netkit").CombinedOutput()
		if err != nil {
			patientHints.err = fmt.Errorf("cannot build the plugin: %w\n%s", err, said)
		}
	})
	if patientHints.err != nil {
		t.Fatal(patientHints.err)
	}
	config := t.TempDir()
	// Through a link, as package managers install it.
	if err := os.Mkdir(filepath.Join(config, "cli-plugins"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(patientHints.path, filepath.Join(config, "cli-plugins", "docker-netkit")); err != nil {
		t.Fatal(err)
	}
	return config
}

// hinter runs commands of docker's own on a terminal, and reads the hints after them.
type hinter struct {
	*testing.T
	client
	env  []string
	args []string // that choose the engine
}

// atLeast tells that the docker CLI is of this version or newer.
func (h *hinter) atLeast(major, minor int) bool {
	parts := strings.SplitN(h.version, ".", 3)
	have, err := strconv.Atoi(parts[0])
	if err != nil || len(parts) < 2 {
		h.Fatalf("version %q", h.version)
	}
	digits := regexp.MustCompile(`^\d+`).FindString(parts[1])
	second, err := strconv.Atoi(digits)
	if err != nil {
		h.Fatalf("version %q", h.version)
	}
	return have > major || have == major && second >= minor
}

// after runs docker, and gives its status and the lines of hints.
func (h *hinter) after(args ...string) (status int, hint []string) {
	h.Helper()
	const columns, lines = 200, 50
	x := onTerminal(h.T, h.env, columns, lines, h.path, append(slices.Clone(h.args), args...)...)
	status, text := x.End(patience)
	harmless(h.T, fmt.Sprintf("%.200q", args), text)
	text = strings.ReplaceAll(own.ReplaceAllLiteralString(text, ""), "\r\n", "\n")
	_, text, found := strings.Cut(text, "What's next:\n")
	if !found {
		return status, nil
	}
	for line := range strings.Lines(text) {
		line, ours := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "    ")
		folded, more := strings.CutPrefix(line, "  ")
		switch {
		case !ours:
		case more && !strings.HasPrefix(folded, "docker ") && len(hint) > 0:
			hint[len(hint)-1] += " " + folded
		default:
			hint = append(hint, line)
		}
	}
	return status, hint
}

// silent holds that there is no hint.
func (h *hinter) silent(args ...string) (status int) {
	h.Helper()
	status, hint := h.after(args...)
	if len(hint) > 0 {
		h.Errorf("after %q: %q", args, hint)
	}
	return status
}

// says holds that there is just this hint, where the client shows any.
func (h *hinter) says(shown bool, want []string, args ...string) (status int) {
	h.Helper()
	status, hint := h.after(args...)
	if !shown {
		want = nil
	}
	if got := strings.Join(hint, "\n"); got != strings.Join(want, "\n") {
		h.Errorf("after %q:\n%s\nwant\n%s", args, got, strings.Join(want, "\n"))
	}
	return status
}

// paste runs a command of a hint as it stands there, with words behind it.
func (h *hinter) paste(command, behind string) outcome {
	h.Helper()
	bin := h.TempDir()
	if err := os.Symlink(h.path, filepath.Join(bin, "docker")); err != nil {
		h.Fatal(err)
	}
	return run(h.T, append(h.env, "PATH="+bin+":"+os.Getenv("PATH")), "sh", "-c", strings.TrimSpace(command)+" "+behind)
}

// TestHints: with each client, docker's own commands are followed by what to do
// next, and that does it.
func TestHints(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		for _, c := range clients(t) {
			t.Run("cli-"+c.version, func(t *testing.T) { hintsWith(t, e, c) })
		}
	})
}

// must is for what makes a thing and gives its ID.
func must(t *testing.T) func(id string, err error) string {
	t.Helper()
	return func(id string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
}

func hintsWith(t *testing.T, e *zoo.Engine, c client) {
	k := keeper(t, e)
	config := hintsConfig(t)
	h := &hinter{T: t, client: c, env: append(environment(), "DOCKER_HOST=unix:///nonexistent/docker.sock"), args: []string{"--config", config, "-H", e.Endpoint}}
	shows, showsErrors := h.atLeast(26, 1), h.atLeast(29, 3)
	beginning := "  docker --config " + config + " -H " + e.Endpoint + " netkit "
	used, wanted, lone := k.Name("used"), k.Name("wanted"), k.Name("lone")
	for _, name := range []string{used, wanted, lone} {
		must(t)(k.Network(t.Context(), &zoo.Network{Name: name}))
	}
	web, db, never := k.Name("web"), k.Name("db"), k.Name("never")
	must(t)(k.Run(t.Context(), &zoo.Container{Name: web, Mode: used}))
	must(t)(k.Create(t.Context(), &zoo.Container{Name: never, Mode: wanted}))
	if err := k.Stop(t.Context(), must(t)(k.Run(t.Context(), &zoo.Container{Name: db, Mode: wanted}))); err != nil {
		t.Fatal(err)
	}
	toRemove := "To see what a removal would cost, and to take them off first:"
	inUse := []string{web + " is on " + used + ".", toRemove, beginning + "safe-rm " + used}
	lost := []string{
		db + " and " + never + " will not start: network " + wanted + ", which they want, is gone.",
		"To see how that can be mended, and to mend it:", beginning + "restore --heal " + db + " " + never,
	}

	// Nobody is asked before hints are on.
	h.silent("network", "rm", used)
	on := func(args ...string) {
		t.Helper()
		succeed(t, h.env, c.path, append(append(slices.Clone(h.args), "netkit", "hints"), args...)...)
	}
	on("on")
	if status := h.says(shows, inUse, "network", "rm", used); status != 1 {
		t.Errorf("status %d", status)
	}
	h.says(shows, inUse, "network", "remove", used)
	if got := run(t, h.env, c.path, append(slices.Clone(h.args), "network", "rm", used)...); strings.Contains(got.stderr+got.stdout, "safe-rm") {
		t.Errorf("a hint where there is no terminal: %q", got.stderr)
	}
	if shows {
		if got := h.paste(inUse[2], ""); got.status != 2 || !strings.Contains(got.stderr, web) {
			t.Errorf("%s: status %d, %s", inUse[2], got.status, got.stderr)
		}
	}
	h.silent("network", "rm", lone)
	h.silent("network", "rm", k.Name("nowhere"))
	h.silent("network", "prune", "--help")

	if e.Podman { // which removes no network that a stopped container wants, but by ID
		h.says(shows, []string{db + " and " + never + " need " + wanted + " to start.", toRemove, beginning + "safe-rm " + wanted}, "network", "rm", wanted)
		id := strings.TrimSpace(succeed(t, h.env, c.path, append(slices.Clone(h.args), "network", "inspect", "--format", "{{.Id}}", wanted)...))
		_, hint := h.after("network", "rm", id)
		if text := strings.Join(hint, "\n"); shows != strings.Contains(text, " will not start") || shows != strings.Contains(text, beginning+"restore --heal") {
			t.Errorf("after network rm by ID: %q", hint)
		}
	} else {
		if status := h.says(shows, lost, "network", "rm", wanted); status != 0 {
			t.Errorf("status %d", status)
		}
		h.startLost(showsErrors, db, wanted, beginning)
		if shows {
			if got := h.paste(lost[2], "--yes"); got.status != 0 {
				t.Errorf("%s: status %d, %s", lost[2], got.status, got.stderr)
			}
			h.silent("start", db)
			h.silent("stop", db)
		}
	}
	h.prune(k, shows, beginning)

	on("off")
	h.silent("network", "rm", used)
	if text, err := os.ReadFile(filepath.Join(config, "config.json")); err != nil || strings.TrimSpace(string(text)) != "{}" {
		t.Errorf("it leaves %q, %v", text, err)
	}
}

// startLost starts a container whose network is gone.
func (h *hinter) startLost(shown bool, name, network, beginning string) {
	h.Helper()
	want := []string{
		name + " will not start: network " + network + ", which it wants, is gone.",
		"To see how that can be mended, and to mend it:", beginning + "restore --heal " + name,
	}
	for _, command := range [][]string{{"start", name}, {"container", "start", name}} {
		if status := h.says(shown, want, command...); status != 1 {
			h.Errorf("status %d", status)
		}
	}
}

// prune prunes what this test made. There may be others on the engine whose
// networks other tests removed.
func (h *hinter) prune(k *zoo.Keeper, shown bool, beginning string) {
	h.Helper()
	pruned, old := k.Name("pruned"), k.Name("a-job")
	must(h.T)(k.Network(h.Context(), &zoo.Network{Name: pruned}))
	must(h.T)(k.Create(h.Context(), &zoo.Container{Name: old, Mode: pruned}))
	status, hint := h.after("network", "prune", "--force", "--filter", "label="+zoo.Label+"="+k.Prefix)
	if status != 0 {
		h.Errorf("status %d", status)
	}
	text := strings.Join(hint, "\n")
	switch {
	case k.Podman:
		succeed(h.T, h.env, h.path, append(slices.Clone(h.args), "network", "inspect", pruned)...)
		if strings.Contains(text, old) {
			h.Errorf("a hint about what Podman did not remove: %s", text)
		}
	case !shown:
		if text != "" {
			h.Errorf("a hint: %s", text)
		}
	case !strings.Contains(text, " will not start") || !strings.Contains(text, beginning+"restore --heal") ||
		!strings.Contains(text, old) && !strings.Contains(text, " more will not start"):
		h.Errorf("after prune: %q", hint)
	}
}

// TestHintsOfHostileNames: a name that docker's template, a shell and a terminal
// would take for their own comes out as what it is.
func TestHintsOfHostileNames(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		name := "{{arg . 0}}\x1b[31m\"'$(reboot) {{{"
		if e.Podman { // which takes harmless ones only
			name = "harmless"
		}
		hostileHint(t, e, name)
	})
}

func hostileHint(t *testing.T, e *zoo.Engine, name string) {
	k := keeper(t, e)
	config := hintsConfig(t)
	name = k.Prefix + name
	id := must(t)(k.Network(t.Context(), &zoo.Network{Name: name}))
	if e.Podman { // by ID it removes a network from under those on it
		id = name
	}
	must(t)(k.Run(t.Context(), &zoo.Container{Name: k.Name("web"), Mode: id}))
	for _, c := range clients(t) {
		h := &hinter{T: t, client: c, env: environment("DOCKER_HOST=" + e.Endpoint), args: []string{"--config", config}}
		succeed(t, h.env, c.path, "--config", config, "netkit", "hints", "on")
		if !h.atLeast(26, 1) {
			continue
		}
		_, hint := h.after("network", "rm", id)
		if len(hint) < 3 || strings.Contains(hint[0], "\x1b") {
			t.Fatalf("%s: %q", c.version, hint)
		}
		last := hint[len(hint)-1]
		if strings.Contains(name, "{{") && (!strings.Contains(hint[0], "{{arg . 0}}") || !strings.HasSuffix(last, " netkit safe-rm "+id)) {
			t.Errorf("%s: %q", c.version, hint)
		}
		if got := h.paste(last, ""); got.status != 2 || !strings.Contains(got.stderr, k.Name("web")) {
			t.Errorf("%s: status %d, %s", last, got.status, got.stderr)
		}
	}
}
