//go:build real

package real

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// patience is how long one command may take on a busy machine.
const patience = 60 * time.Second

func TestMain(m *testing.M) {
	flag.Parse()
	// The tests wait for engines most of the time, whatever the cores, and for their
	// turn. How much goes on at once, the turns say.
	_ = flag.Set("test.parallel", "200")
	m.Run()
	if bench.dir != "" {
		_ = os.RemoveAll(bench.dir)
	}
}

// bench is what all tests work with.
var bench struct {
	once    sync.Once
	err     error
	dir     string
	plugin  string // the built plugin
	config  string // a docker configuration that has it
	engines []*zoo.Engine
}

// setUp builds the plugin and finds the engines, once. Without an engine the
// test fails.
func setUp(t *testing.T) {
	t.Helper()
	bench.once.Do(func() { bench.err = prepare(t.Context()) })
	if bench.err != nil {
		t.Fatal(bench.err)
	}
}

func prepare(ctx context.Context) error {
	endpoints, err := zoo.Endpoints()
	if err != nil {
		return err
	}
	for _, endpoint := range endpoints {
		e, err := zoo.Connect(ctx, endpoint)
		if err != nil {
			return fmt.Errorf("%s names %s: %w", zoo.Variable, endpoint, err)
		}
		fmt.Fprintf(os.Stderr, "=== ENGINE %s (API %s) at %s\n", e.Name, e.API, e.Endpoint)
		bench.engines = append(bench.engines, e)
	}
	if bench.dir, err = os.MkdirTemp("", "netkit-real-"); err != nil {
		return err
	}
	bench.config = filepath.Join(bench.dir, "config")
	bench.plugin = filepath.Join(bench.config, "cli-plugins", "docker-netkit")
	// As install.sh builds it: with the probe.
	probes := filepath.Join(bench.dir, "probes")
	if said, err := exec.CommandContext(ctx, "../../scripts/probes", probes, "linux/"+runtime.GOARCH).CombinedOutput(); err != nil {
		return fmt.Errorf("cannot build the probe: %w\n%s", err, said)
	}
	build := exec.CommandContext(ctx, "go", "build", "-tags", "probes", "-overlay", filepath.Join(probes, "overlay.json"), "-o", bench.plugin, "./cmd/docker-netkit")
	build.Dir = "../.." // the overlay's names are relative to it
	if said, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot build the plugin: %w\n%s", err, said)
	}
	return nil
}

// turns are taken with engines, by endpoint.
var turns sync.Map

// takeTurn waits until no other test has the engine, and has it until the test and
// what that cleans up are over.
func takeTurn(t *testing.T, e *zoo.Engine) {
	t.Helper()
	lock, _ := turns.LoadOrStore(e.Endpoint, new(sync.Mutex))
	turn, _ := lock.(*sync.Mutex)
	turn.Lock()
	began := time.Now()
	t.Cleanup(func() {
		turn.Unlock()
		// The time that go test tells has the waiting in it.
		fmt.Fprintf(os.Stderr, "=== TURN %6.1fs of %s: %s\n", time.Since(began).Seconds(), e.Name, t.Name())
	})
}

// eachEngineInTurn is [eachEngine] for tests that take long and that nothing hurries:
// no engine waits until the others are done with the same test. They begin once all
// others are over, so that those have a machine that is not busy with these.
func eachEngineInTurn(t *testing.T, test func(t *testing.T, e *zoo.Engine)) {
	t.Helper()
	t.Parallel()
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		takeTurn(t, e)
		test(t, e)
	})
}

// eachEngine runs a test on every engine, side by side.
func eachEngine(t *testing.T, test func(t *testing.T, e *zoo.Engine)) {
	t.Helper()
	setUp(t)
	for _, e := range bench.engines {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			test(t, e)
		})
	}
}

// keeper is for what a test makes on an engine; it is removed when the test ends.
func keeper(t *testing.T, e *zoo.Engine) *zoo.Keeper {
	t.Helper()
	k, err := zoo.NewKeeper(t.Context(), e, prefix(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { clean(t, k) })
	return k
}

func clean(t *testing.T, k *zoo.Keeper) {
	t.Helper()
	if err := k.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Errorf("not all that the test made on %s could be removed: %v", k.Engine.Name, err)
	}
}

var prefixes struct {
	sync.Mutex
	count int
}

// prefix is new for each call, and differs from those of other runs.
func prefix(t *testing.T) string {
	t.Helper()
	prefixes.Lock()
	defer prefixes.Unlock()
	prefixes.count++
	return fmt.Sprintf("nk%d-%d-", os.Getpid(), prefixes.count)
}

// outcome is what a command did.
type outcome struct {
	stdout, stderr string
	status         int
}

// environment is that of a user who has nothing set but what is given.
func environment(extra ...string) []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + filepath.Join(bench.dir, "home"), "LANG=C.UTF-8", "TERM=xterm-256color",
		"DOCKER_CONFIG=" + bench.config,
	}, extra...)
}

// run runs a program to its end.
func run(t *testing.T, env []string, name string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var failed *exec.ExitError
	if err != nil && (!errors.As(err, &failed) || ctx.Err() != nil) {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	return outcome{stdout: stdout.String(), stderr: stderr.String(), status: cmd.ProcessState.ExitCode()}
}

// netkit runs the plugin by itself against an engine, and wants it to succeed.
func netkit(t *testing.T, e *zoo.Engine, args ...string) string {
	t.Helper()
	return succeed(t, environment("DOCKER_HOST="+e.Endpoint), bench.plugin, args...)
}

// succeed runs a program that must end with status 0.
func succeed(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	got := run(t, env, name, args...)
	if got.status != 0 {
		t.Fatalf("%s %.300q: status %d\n%s%s", filepath.Base(name), args, got.status, got.stdout, got.stderr)
	}
	return got.stdout
}
