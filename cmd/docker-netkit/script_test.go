package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// TestMain lets the test binary be docker-netkit too, so that tests run the
// whole program as a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"docker-netkit": main})
}

// TestScripts runs testdata/script. Beside testscript's own commands there are:
//
//	engine FLAVOUR WORLD     serve a fake engine, and set DOCKER_HOST to it
//	fault REQUEST KIND [ARG] make requests meet a fault
//	change WHAT NAME         change the engine's state
//	requests COUNTS          hold the requests so far, and forget them
//	context NAME HOST        make a docker context
//	exits STATUS PROGRAM...  run a program that ends with just this status
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("DOCKER_CONFIG", filepath.Join(env.WorkDir, "config"))
			env.Setenv("DOCKER_HOST", "unix://"+filepath.Join(env.WorkDir, "no-engine.sock"))
			env.Setenv("TERM", "xterm-256color")
			env.Setenv("LANG", "C.UTF-8")
			env.Setenv("GORACE", noWaiting)
			env.Values[key{}] = &serving{test: t}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"engine": startEngine, "fault": injectFault, "change": changeEngine, "requests": checkRequests,
			"context": makeContext, "exits": checkStatus,
		},
	})
}

// noWaiting lets a program with the race detector end at once. By default it
// waits a second for reports of other threads.
const noWaiting = "atexit_sleep_ms=0"

// serving is the fake engine of a script.
type serving struct {
	test   *testing.T
	engine *enginetest.Engine
}

type key struct{}

func servingOf(ts *testscript.TestScript) *serving {
	s, ok := ts.Value(key{}).(*serving)
	if !ok {
		ts.Fatalf("the script was not set up")
	}
	return s
}

func engineOf(ts *testscript.TestScript) *enginetest.Engine {
	e := servingOf(ts).engine
	if e == nil {
		ts.Fatalf("no engine is served")
	}
	return e
}

// scriptT makes a script a test for the fake engine.
type scriptT struct {
	*testscript.TestScript
	test *testing.T
}

// Helper is a mark for stack traces, which scripts have not.
func (t *scriptT) Helper() {}

// Errorf fails the test of all scripts: a script itself cannot be failed while
// another thread runs it, or when it is over.
func (t *scriptT) Errorf(format string, args ...any) {
	t.test.Errorf("%s: %s", t.Name(), fmt.Sprintf(format, args...))
}

// Cleanup has f called when the script ends.
func (t *scriptT) Cleanup(f func()) { t.Defer(f) }

func startEngine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: engine FLAVOUR WORLD")
	}
	flavour, ok := flavours[args[0]]
	world, known := worlds[args[1]]
	if !ok || !known {
		ts.Fatalf("no flavour %s or no world %s", args[0], args[1])
	}
	serving := servingOf(ts)
	e := enginetest.Start(&scriptT{ts, serving.test}, flavour, world()...)
	serving.engine = e
	ts.Setenv("DOCKER_HOST", e.Host())
}

func injectFault(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: fault REQUEST KIND [ARG]")
	}
	arg := strings.Join(args[2:], " ")
	number := func() int {
		n, err := strconv.Atoi(arg)
		ts.Check(err)
		return n
	}
	e := engineOf(ts)
	switch args[1] {
	case "error":
		e.Fail(args[0], enginetest.Status(500, arg))
	case "page":
		e.Fail(args[0], enginetest.Page(number()))
	case "body":
		e.Fail(args[0], enginetest.Body(arg))
	case "cut":
		e.Fail(args[0], enginetest.CutAt(number()))
	case "reset":
		e.Fail(args[0], enginetest.Reset())
	case "hang":
		e.Fail(args[0], enginetest.Hang())
	case "delay":
		by, err := time.ParseDuration(arg)
		ts.Check(err)
		e.Fail(args[0], enginetest.Delay(by))
	default:
		ts.Fatalf("no fault %s", args[1])
	}
}

func changeEngine(ts *testscript.TestScript, neg bool, args []string) {
	changes := map[string]func(string){
		"remove-network": engineOf(ts).RemoveNetwork, "remove-container": engineOf(ts).RemoveContainer,
		"start": engineOf(ts).StartContainer, "stop": engineOf(ts).StopContainer,
	}
	if neg || len(args) != 2 || changes[args[0]] == nil {
		ts.Fatalf("usage: change %s NAME", strings.Join(slices.Sorted(maps.Keys(changes)), "|"))
	}
	changes[args[0]](args[1])
}

func checkRequests(ts *testscript.TestScript, neg bool, args []string) {
	counts := engineOf(ts).Count()
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		texts = append(texts, fmt.Sprintf("%s %d", name, counts[name]))
	}
	engineOf(ts).Forget()
	if got, want := strings.Join(texts, ", "), strings.Join(args, " "); neg || got != want {
		ts.Fatalf("the requests were %s, want %s", got, want)
	}
}

// makeContext does what "docker context create" does.
func makeContext(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: context NAME HOST")
	}
	meta, err := json.Marshal(map[string]any{
		"Name": args[0], "Metadata": map[string]string{},
		"Endpoints": map[string]any{"docker": map[string]any{"Host": args[1], "SkipTLSVerify": false}},
	})
	ts.Check(err)
	dir := filepath.Join(ts.Getenv("DOCKER_CONFIG"), "contexts", "meta", digest.FromString(args[0]).Encoded())
	ts.Check(os.MkdirAll(dir, 0o700))
	ts.Check(os.WriteFile(filepath.Join(dir, "meta.json"), meta, 0o600))
}

func checkStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS PROGRAM...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("the status is %d, want %d", got, want)
	}
}

// program is docker-netkit as a process, as testscript put it on the PATH.
func program(t *testing.T, host string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "docker-netkit", args...)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, "DOCKER_") }),
		"DOCKER_HOST="+host, "DOCKER_CONFIG="+t.TempDir(), "TERM=xterm-256color", "LANG=C.UTF-8", "LC_ALL=", "LC_CTYPE=", "NO_COLOR=", "GORACE="+noWaiting)
	return cmd
}
