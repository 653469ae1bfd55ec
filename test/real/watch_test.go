//go:build real

package real

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/terminaltest"
	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// A change shows soon where the engine reports it, in a fraction of a second
// where the machine is not busy; where it does not, the next poll finds it.
const (
	soon   = 3 * time.Second
	polled = 10 * time.Second
)

// TestWatch: what happens on the engine shows on the terminal soon after, and
// Ctrl-C gives the terminal back as it was.
func TestWatch(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		k := keeper(t, e)
		ctx := t.Context()
		network, err := k.Network(ctx, &zoo.Network{Name: k.Name("one")})
		if err != nil {
			t.Fatal(err)
		}
		other, err := k.Network(ctx, &zoo.Network{Name: k.Name("two")})
		if err != nil {
			t.Fatal(err)
		}
		cat, err := k.Create(ctx, &zoo.Container{Name: k.Name("cat"), Mode: network})
		if err != nil {
			t.Fatal(err)
		}
		x := onTerminal(t, environment("DOCKER_HOST="+e.Endpoint), 120, 60, bench.plugin, "graph", "--watch")
		_, at := x.Await("the first picture", 0, patience, shows("◌ "+k.Name("cat")))
		for _, step := range []struct {
			what string
			act  func() error
			show string
		}{
			{"start", func() error { return k.Start(ctx, cat) }, "● " + k.Name("cat")},
			{"connect", func() error { return k.Connect(ctx, other, cat, "") }, "also on " + k.Name("two")},
			{"pause", func() error { return k.Pause(ctx, cat) }, "◐ " + k.Name("cat")},
			{"unpause", func() error { return k.Resume(ctx, cat) }, "● " + k.Name("cat")},
			{"stop", func() error { return k.Stop(ctx, cat) }, "○ " + k.Name("cat")},
			{"disconnect", func() error { return k.Disconnect(ctx, other, cat) }, "1 network unused: " + k.Name("two")},
			{"network rm", func() error { return k.RemoveNetwork(ctx, network) }, "will not start"},
			{"rm", func() error { return k.RemoveContainer(ctx, cat) }, ""},
		} {
			if e.Podman && (step.what == "network rm" || step.what == "rm") {
				continue // it does not let the network go, and says "bridge" of what is on none
			}
			if err := step.act(); err != nil {
				t.Fatal(err)
			}
			within := soon
			if e.Podman || step.what == "disconnect" {
				within = polled // no events of networks there; none of a stopped container's on Docker 28
			}
			var took time.Duration
			wanted := shows(step.show)
			if step.what == "rm" {
				wanted = gone(k.Name("cat"))
			}
			took, at = x.Await(step.what, at, within, wanted)
			t.Logf("%s shows after %s", step.what, took.Round(10*time.Millisecond))
		}
		x.Press("\x03")
		leaves(t, x, 130)
	})
}

// gone tells that a whole picture was drawn that does not have the name. There
// may be more on the engine than this test made.
func gone(name string) func(string) bool {
	return func(written string) bool {
		text := own.ReplaceAllLiteralString(written, "")
		newest := strings.LastIndex(text, "docker netkit graph of ")
		return newest >= 0 && strings.Contains(text[newest:], "unused: ") && !strings.Contains(text[newest:], name)
	}
}

// shows tells that what was written has the text, sequences apart.
func shows(text string) func(string) bool {
	return func(written string) bool {
		return strings.Contains(own.ReplaceAllLiteralString(written, ""), text)
	}
}

// leaves waits for the end of a program that took the terminal's screen, and
// checks that it gave everything back.
func leaves(t *testing.T, x *terminaltest.Terminal, want int) {
	t.Helper()
	status, text := x.End(patience)
	if status != want {
		t.Errorf("status %d, not %d; it wrote %.500q", status, want, text[max(0, len(text)-500):])
	}
	for _, pair := range [][2]string{
		{"\x1b[?1049h", "\x1b[?1049l"}, // the alternate screen
		{"\x1b[?25l", "\x1b[?25h"},     // the cursor
		{"\x1b[?7l", "\x1b[?7h"},       // the wrapping of lines
	} {
		if took, gave := strings.LastIndex(text, pair[0]), strings.LastIndex(text, pair[1]); took > gave {
			t.Errorf("%q is sent, and %q not after it", pair[0], pair[1])
		}
	}
	if !strings.Contains(text, "\x1b[?1049h") {
		t.Error("it never drew on the alternate screen")
	}
	if x.Changed() {
		t.Error("the terminal's mode is not left as it was")
	}
}

// TestWatchEnds: every way to end --watch gives the terminal back, also when
// docker started the plugin.
func TestWatchEnds(t *testing.T) {
	setUp(t)
	e := bench.engines[0]
	for _, way := range []struct {
		name   string
		args   []string
		end    func(x *terminaltest.Terminal)
		status int
	}{
		{"q", []string{bench.plugin}, func(x *terminaltest.Terminal) { x.Press("q") }, 0},
		{"SIGINT", []string{bench.plugin}, func(x *terminaltest.Terminal) { x.Signal(syscall.SIGINT) }, 130},
		{"SIGTERM", []string{bench.plugin}, func(x *terminaltest.Terminal) { x.Signal(syscall.SIGTERM) }, 130},
		{"Ctrl-C under docker", []string{clients(t)[0].path, "netkit"}, func(x *terminaltest.Terminal) { x.Press("\x03") }, 130},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			x := onTerminal(t, environment("DOCKER_HOST="+e.Endpoint), 100, 30, way.args[0], append(way.args[1:], "graph", "--watch")...)
			x.Await("the first picture", 0, patience, shows("docker netkit graph"))
			way.end(x)
			leaves(t, x, way.status)
		})
	}
}

// TestInterrupt: Ctrl-C ends a command that waits for its engine at once.
func TestInterrupt(t *testing.T) {
	setUp(t)
	for name, args := range map[string][]string{
		"by itself":    {bench.plugin, "graph"},
		"under docker": {clients(t)[0].path, "netkit", "graph"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			silent := silentEngine(t)
			x := onTerminal(t, environment("DOCKER_HOST="+silent.endpoint), 100, 30, args[0], args[1:]...)
			<-silent.asked
			began := time.Now()
			x.Press("\x03")
			status, text := x.End(patience)
			if took := time.Since(began); status != 130 || took > 3*time.Second {
				t.Errorf("status %d after %s: %q", status, took, text)
			}
		})
	}
}
