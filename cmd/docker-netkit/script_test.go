package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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
	testscript.Main(m, map[string]func(){"docker-netkit": patiently, "asking-docker": askingDocker})
}

// TestScripts runs testdata/script. Beside testscript's own commands there are:
//
//	engine FLAVOUR WORLD     serve a fake engine, and set DOCKER_HOST to it
//	fault REQUEST KIND [ARG] make requests meet a fault
//	fail-nth REQUEST N KIND [ARG]     make just the Nth request meet a fault
//	change WHAT NAME [NETWORK]        change the engine's state
//	before REQUEST N WHAT NAME...     change it right before the Nth request
//	kill-engine, revive-engine        let the engine be gone, and back
//	requests COUNTS          hold the requests so far, and forget them
//	changed-nothing          hold that none so far changes anything, and forget them
//	entries COUNT            hold the number of the journal's entries, and who may read them;
//	                         $ENTRY is the ID of one and $JOURNAL the engine's journal
//	probe PLACES             let what runs in the helpers of ping see what places have
//	context NAME HOST        make a docker context
//	exits STATUS PROGRAM...  run a program that ends with just this status
//	waits FILE               wait until there is such a file
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
			"fail-nth": failNth, "before": changeBefore, "kill-engine": killEngine, "revive-engine": reviveEngine,
			"changed-nothing": checkUnchanged, "entries": checkEntries, "context": makeContext, "probe": setProbe, "exits": checkStatus, "waits": waitForFile,
		},
	})
}

// patience is how long a test waits for what takes milliseconds where the machine
// is not busy.
const patience = time.Minute

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
	engineOf(ts).Fail(args[0], faultOf(ts, args[1], strings.Join(args[2:], " ")))
}

func failNth(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: fail-nth REQUEST N KIND [ARG]")
	}
	engineOf(ts).FailNth(args[0], numberOf(ts, args[1]), faultOf(ts, args[2], strings.Join(args[3:], " ")))
}

func numberOf(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}

func faultOf(ts *testscript.TestScript, kind, arg string) enginetest.Fault {
	switch kind {
	case "error":
		return enginetest.Status(500, arg)
	case "page":
		return enginetest.Page(numberOf(ts, arg))
	case "body":
		return enginetest.Body(arg)
	case "cut":
		return enginetest.CutAt(numberOf(ts, arg))
	case "reset":
		return enginetest.Reset()
	case "hang":
		return enginetest.Hang()
	case "delay":
		by, err := time.ParseDuration(arg)
		ts.Check(err)
		return enginetest.Delay(by)
	}
	ts.Fatalf("no fault %s", kind)
	return nil
}

func changeEngine(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("a change is made, or not asked for")
	}
	changeOf(ts, args)()
}

func changeBefore(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: before REQUEST N WHAT NAME...")
	}
	engineOf(ts).Before(args[0], numberOf(ts, args[1]), changeOf(ts, args[2:]))
}

// changeOf is a change of the engine's state, as words say it.
func changeOf(ts *testscript.TestScript, words []string) func() {
	e := engineOf(ts)
	changes := map[string]func(string){
		"remove-network": e.RemoveNetwork, "remove-container": e.RemoveContainer, "start": e.StartContainer, "stop": e.StopContainer,
		"create": func(name string) {
			n := enginetest.Bridge(name, "", "")
			n.ID = enginetest.ID(fmt.Sprint(name, " number ", len(e.Networks())))
			e.Create(n)
		},
		"name-container": func(name string) { e.Create(enginetest.Running(name, enginetest.On("front", "172.20.0.77"))) },
		"take":           func(subnet string) { e.Create(enginetest.Bridge("taker", subnet, "")) },
	}
	pairs := map[string]func(string, string){"connect": e.ConnectContainer, "disconnect": e.DisconnectContainer, "occupy": func(network, address string) {
		e.Create(enginetest.Running("occupant", enginetest.On(network, address)))
	}}
	switch {
	case len(words) == 2 && changes[words[0]] != nil:
		return func() { changes[words[0]](words[1]) }
	case len(words) == 3 && pairs[words[0]] != nil:
		return func() { pairs[words[0]](words[1], words[2]) }
	}
	ts.Fatalf("no change %q; there are %s of one thing, and %s of two", words,
		strings.Join(slices.Sorted(maps.Keys(changes)), "|"), strings.Join(slices.Sorted(maps.Keys(pairs)), "|"))
	return nil
}

func killEngine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: kill-engine")
	}
	engineOf(ts).Kill()
}

func reviveEngine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: revive-engine")
	}
	engineOf(ts).Revive()
}

func checkUnchanged(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: changed-nothing")
	}
	if sent := changing(engineOf(ts)); len(sent) > 0 {
		ts.Fatalf("the requests %q change something", sent)
	}
	engineOf(ts).Forget()
}

// changing are the requests so far that change something.
func changing(fake *enginetest.Engine) []string {
	var names []string
	for _, r := range fake.Requests() {
		if method, _, _ := strings.Cut(r.Name, " "); method != http.MethodGet && method != http.MethodHead {
			names = append(names, r.Name)
		}
	}
	return names
}

func checkEntries(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: entries COUNT")
	}
	files, err := filepath.Glob(filepath.Join(ts.Getenv("DOCKER_CONFIG"), "netkit", "journal", "*", "*.json"))
	ts.Check(err)
	if len(files) != numberOf(ts, args[0]) {
		ts.Fatalf("the journal has the entries %q, want %s", files, args[0])
	}
	for _, file := range files {
		info, err := os.Stat(file)
		ts.Check(err)
		if runtime.GOOS != "windows" && info.Mode() != 0o600 {
			ts.Fatalf("%s has the mode %s", file, info.Mode())
		}
		ts.Setenv("ENTRY", strings.TrimSuffix(filepath.Base(file), ".json"))
		ts.Setenv("JOURNAL", filepath.Dir(file))
	}
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

func waitForFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: waits FILE")
	}
	const pause = 10 * time.Millisecond
	late := time.After(patience)
	for {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		select {
		case <-late:
			ts.Fatalf("there is no %s", args[0])
		case <-time.After(pause):
		}
	}
}

// program is docker-netkit as a process, as testscript put it on the PATH.
func program(t *testing.T, host string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "docker-netkit", args...)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, "DOCKER_") }),
		"DOCKER_HOST="+host, "DOCKER_CONFIG="+t.TempDir(), "TERM=xterm-256color", "LANG=C.UTF-8", "LC_ALL=", "LC_CTYPE=", "LC_MESSAGES=", "NO_COLOR=", "GORACE="+noWaiting)
	return cmd
}
