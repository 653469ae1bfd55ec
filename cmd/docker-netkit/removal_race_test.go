//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

const (
	disconnectRequest = "POST /networks/{id}/disconnect"
	connectRequest    = "POST /networks/{id}/connect"
	createRequest     = "POST /networks/create"
	removeRequest     = "DELETE /networks/{id}"
)

// ended is how a run of the program ended.
type ended struct {
	status         int
	stdout, stderr string
}

// user runs the program again and again with one configuration, and so with one
// journal.
type user struct {
	t      *testing.T
	fake   *enginetest.Engine
	config string
}

func newUser(t *testing.T, flavour enginetest.Flavour, objects ...enginetest.Object) *user {
	t.Helper()
	return &user{t: t, fake: enginetest.Start(t, flavour, objects...), config: t.TempDir()}
}

// running is a run that is under way.
type running struct {
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
}

// prepared is a run of the program that has not begun.
func (u *user) prepared(args ...string) *running {
	u.t.Helper()
	r := &running{cmd: program(u.t, u.fake.Host(), args...)}
	r.cmd.Env = append(r.cmd.Env, "DOCKER_CONFIG="+u.config)
	r.cmd.Stdout, r.cmd.Stderr = &r.stdout, &r.stderr
	return r
}

func (u *user) start(args ...string) *running {
	u.t.Helper()
	r := u.prepared(args...)
	r.start(u.t)
	return r
}

func (r *running) start(t *testing.T) {
	t.Helper()
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
}

func (r *running) end() ended {
	err := r.cmd.Wait()
	return ended{status: statusOf(err), stdout: r.stdout.String(), stderr: r.stderr.String()}
}

// run runs the program, and holds its status.
func (u *user) run(status int, args ...string) ended {
	u.t.Helper()
	got := u.start(args...).end()
	u.holds(got, status)
	return got
}

func (u *user) holds(got ended, status int) {
	u.t.Helper()
	if got.status != status {
		u.t.Errorf("the status is %d, want %d; it wrote\n%s%s", got.status, status, got.stdout, got.stderr)
	}
}

func (u *user) says(got ended, what string) {
	u.t.Helper()
	if !strings.Contains(got.stderr, what) {
		u.t.Errorf("it does not say %q, but\n%s", what, got.stderr)
	}
}

// entries are the IDs of the journal's entries, of any engine.
func (u *user) entries() []string {
	u.t.Helper()
	files, err := filepath.Glob(filepath.Join(u.config, "netkit", "journal", "*", "*.json"))
	if err != nil {
		u.t.Fatal(err)
	}
	for i := range files {
		files[i] = strings.TrimSuffix(filepath.Base(files[i]), ".json")
	}
	return files
}

func (u *user) entry() string {
	u.t.Helper()
	entries := u.entries()
	if len(entries) != 1 {
		u.t.Fatalf("the journal has the entries %q, want one", entries)
	}
	return entries[0]
}

func (u *user) noEntry() {
	u.t.Helper()
	if entries := u.entries(); len(entries) > 0 {
		u.t.Errorf("the journal has the entries %q, want none", entries)
	}
}

func (u *user) changedNothing() {
	u.t.Helper()
	if sent := changing(u.fake); len(sent) > 0 {
		u.t.Errorf("it sent %q", sent)
	}
}

// place is what a container has on a network, as far as it can be the same after
// the network was made anew.
type place struct {
	IPv4, Static4 string
	Aliases       []string
}

// places tells who is where. What is static is of no account where the engine
// does not tell it, nor where it only became so.
func (u *user) places() map[string]map[string]place {
	networks := map[string]string{}
	podman := !u.hasNetwork("none")
	for _, n := range u.fake.Networks() {
		networks[n.ID] = n.Name
	}
	places := map[string]map[string]place{}
	for _, c := range u.fake.Containers() {
		places[c.Name] = map[string]place{}
		for _, on := range c.On {
			name := networks[on.NetworkID]
			if on.NetworkID == "" {
				name = on.Network
			}
			at := place{Static4: on.Static4, Aliases: slices.DeleteFunc(slices.Clone(on.Aliases), func(a string) bool { return a == c.Name || strings.HasPrefix(c.ID, a) })}
			if c.State == "running" {
				at.IPv4 = on.IPv4
			}
			if podman || at.Static4 == at.IPv4 {
				at.Static4 = ""
			}
			if len(at.Aliases) == 0 {
				at.Aliases = nil
			}
			places[c.Name][name] = at
		}
	}
	return places
}

// asBefore holds that all containers are where they were, and that those that
// do not run can be started.
func (u *user) asBefore(before map[string]map[string]place) {
	u.t.Helper()
	was, _ := json.MarshalIndent(before, "", " ")
	is, _ := json.MarshalIndent(u.places(), "", " ")
	if string(was) != string(is) {
		u.t.Errorf("the containers were\n%s\nand are\n%s", was, is)
	}
	for _, c := range u.fake.Containers() {
		if c.State != "running" {
			u.startContainer(c.Name)
		}
	}
}

// startContainer starts a container as "docker start" does.
func (u *user) startContainer(name string) {
	u.t.Helper()
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", strings.TrimPrefix(u.fake.Host(), "unix://"))
	}}}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(u.t.Context(), http.MethodPost, "http://fake/v1.41/containers/"+name+"/start", http.NoBody)
	if err != nil {
		u.t.Fatal(err)
	}
	reply, err := client.Do(request)
	if err != nil {
		u.t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	if reply.StatusCode != http.StatusNoContent {
		var text bytes.Buffer
		_, _ = text.ReadFrom(reply.Body)
		u.t.Errorf("container %s does not start: %s %s", name, reply.Status, text.String())
	}
}

func (u *user) hasNetwork(name string) bool {
	return slices.ContainsFunc(u.fake.Networks(), func(n enginetest.Network) bool { return n.Name == name })
}

// TestChangedMeanwhile holds that nothing at all is done where something of the
// plan changed before the first act.
func TestChangedMeanwhile(t *testing.T) {
	const again = "GET /networks" // hooks hold on the second one, the last look
	for name, c := range map[string]struct {
		request string
		change  func(*enginetest.Engine)
		args    []string
		says    string
	}{
		"a container starts": {
			"GET /containers/json", func(e *enginetest.Engine) { e.StartContainer("db") },
			[]string{"--disconnect", "--yes", "back"},
			"container db is running now; try again",
		},
		"a container stops": {
			"GET /containers/json", func(e *enginetest.Engine) { e.StopContainer("web") },
			[]string{"--disconnect", "--yes", "back"},
			"container web is exited now; try again",
		},
		"a container is connected": {
			"GET /containers/json", func(e *enginetest.Engine) { e.ConnectContainer("web", "old_net") },
			[]string{"old_net"},
			"container web is on it now; try again",
		},
		"a container leaves": {
			"GET /containers/json", func(e *enginetest.Engine) { e.DisconnectContainer("web", "back") },
			[]string{"--disconnect", "--yes", "back"},
			"container web is not on it any more; try again",
		},
		"the network is another one": {
			again, func(e *enginetest.Engine) {
				e.RemoveNetwork("old_net")
				other := enginetest.Bridge("old_net", "172.22.0.0/16", "172.22.0.1")
				other.ID = enginetest.ID("another one")
				e.Create(other)
			},
			[]string{"old_net"},
			"is gone, and there is another of that name; try again",
		},
		"one of two networks is gone": {
			again, func(e *enginetest.Engine) { e.RemoveNetwork("old_net") },
			[]string{"--disconnect", "--yes", "back", "old_net"},
			"network old_net is gone; try again",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUser(t, enginetest.Docker28, ward()...)
			u.fake.Before(c.request, 2, func() { c.change(u.fake) })
			got := u.run(1, append([]string{"safe-rm"}, c.args...)...)
			u.says(got, "nothing was done: it changed meanwhile: ")
			u.says(got, c.says)
			if got.stdout != "" {
				t.Errorf("it wrote %q", got.stdout)
			}
			u.changedNothing()
			u.noEntry()
		})
	}
}

// TestChangedMeanwhileAsJSON holds that a program is told the same.
func TestChangedMeanwhileAsJSON(t *testing.T) {
	t.Parallel()
	u := newUser(t, enginetest.Docker28, ward()...)
	u.fake.Before("GET /networks", 2, func() { u.fake.RemoveNetwork("old_net") })
	var report struct {
		Plan  *struct{} `json:"plan"`
		Error string    `json:"error"`
	}
	got := u.run(1, "safe-rm", "--format", "json", "old_net")
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
		t.Fatalf("%v: %s", err, got.stdout)
	}
	if want := "nothing was done: it changed meanwhile: network old_net is gone; try again"; report.Error != want || report.Plan == nil {
		t.Errorf("it wrote %s", got.stdout)
	}
}

// TestLastMoment holds what becomes of a container that comes to want the
// network after the last look.
func TestLastMoment(t *testing.T) {
	late := func() []enginetest.Object {
		return append(ward(), enginetest.Stopped("late", enginetest.On("front", "")))
	}
	t.Run("a stopped one, by the name", func(t *testing.T) {
		t.Parallel()
		u := newUser(t, enginetest.Docker28, late()...)
		u.fake.Before(removeRequest, 1, func() { u.fake.ConnectContainer("late", "old_net") })
		got := u.run(0, "safe-rm", "old_net")
		u.says(got, "! late came to want old_net in the last moment, and will not start now")
		u.run(0, "restore", u.entry())
		u.startContainer("late")
		u.noEntry()
	})
	t.Run("a stopped one, by the ID", func(t *testing.T) {
		t.Parallel()
		u := newUser(t, enginetest.Docker28, ward()...)
		u.fake.Before(removeRequest, 1, func() {
			u.fake.Create(enginetest.Stopped("late", enginetest.On("front", ""), enginetest.On("old_net", "")))
		})
		got := u.run(0, "safe-rm", "old_net")
		u.says(got, "! late came to want old_net in the last moment, and will not start now")
		u.run(0, "restore", "old_net")
		u.startContainer("late")
		u.noEntry()
	})
	t.Run("one that runs", func(t *testing.T) {
		t.Parallel()
		u := newUser(t, enginetest.Docker28, ward()...)
		u.fake.Before(removeRequest, 1, func() { u.fake.ConnectContainer("web", "old_net") })
		got := u.run(1, "safe-rm", "old_net")
		u.says(got, "old_net is not removed: ")
		u.says(got, "cannot remove it: the engine says: error while removing network: network old_net has active endpoints")
		u.noEntry()
	})
	t.Run("during a prune", func(t *testing.T) {
		t.Parallel()
		u := newUser(t, enginetest.Docker28, late()...)
		u.fake.Before(removeRequest, 1, func() { u.fake.ConnectContainer("late", "old_net") })
		got := u.run(0, "prune", "--yes")
		u.says(got, "! late came to want old_net in the last moment, and will not start now")
		u.run(0, "restore", "old_net")
		u.startContainer("late")
	})
}

var everyFlavour = map[string]enginetest.Flavour{
	"docker20": enginetest.Docker20, "docker26": enginetest.Docker26, "docker28": enginetest.Docker28, "podman": enginetest.Podman,
}

// TestEngineDies holds that whatever was done before the engine died can be
// undone once it is back.
func TestEngineDies(t *testing.T) {
	for flavour, f := range everyFlavour {
		for name, c := range map[string]struct {
			request string
			nth     int
			status  int
		}{
			"after the first detachment": {disconnectRequest, 1, 1},
			"after the last detachment":  {disconnectRequest, 3, 1},
			"after the removal":          {removeRequest, 1, 0},
		} {
			t.Run(flavour+" "+name, func(t *testing.T) {
				t.Parallel()
				u := newUser(t, f, ward()...)
				before := u.places()
				u.fake.After(c.request, c.nth, u.fake.Kill)
				got := u.run(c.status, "--timeout", "3s", "safe-rm", "--disconnect", "--yes", "back")
				entry := u.entry()
				if c.status != 0 {
					u.says(got, "When the engine is well again: docker netkit restore "+entry)
				}
				u.fake.Revive()
				u.run(0, "restore", entry)
				u.asBefore(before)
				u.noEntry()
			})
		}
	}
}

// doneUntold has the engine do what it is asked for, and break the connection
// before it tells so.
func doneUntold() enginetest.Fault {
	return func(_ http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		answer(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}
}

// TestRemovedUntold holds that a network is removed, and can be brought back,
// also where the engine's word for it is lost.
func TestRemovedUntold(t *testing.T) {
	t.Parallel()
	u := newUser(t, enginetest.Docker28, ward()...)
	before := u.places()
	u.fake.FailNth(removeRequest, 1, doneUntold())
	if got := u.run(0, "safe-rm", "--disconnect", "--yes", "back"); got.stdout != "back\n" {
		t.Errorf("it wrote %q", got.stdout)
	}
	u.run(0, "restore", "back")
	u.asBefore(before)
	u.noEntry()
}

// TestUndoneAtOnce holds that a removal that fails in the middle leaves
// everything as it was, and no entry, unless the engine may still do something
// that was asked of it.
func TestUndoneAtOnce(t *testing.T) {
	for flavour, f := range everyFlavour {
		for name, c := range map[string]struct {
			request string
			nth     int
			fault   enginetest.Fault
			says    string
			open    bool
		}{
			"the removal is refused":     {removeRequest, 1, enginetest.Status(403, "not today"), "back is not removed: cannot remove it: ", false},
			"a detachment is refused":    {disconnectRequest, 2, enginetest.Status(500, "not today"), "back is not removed: cannot detach container ", false},
			"the removal is not reached": {removeRequest, 1, enginetest.Reset(), "back: it is not known whether it is removed: the engine did not answer; it is still there, and may go yet: ", true},
			"a detachment is not told":   {disconnectRequest, 2, doneUntold(), "back is not removed: cannot detach container ", true},
		} {
			t.Run(flavour+" "+name, func(t *testing.T) {
				t.Parallel()
				u := newUser(t, f, ward()...)
				before := u.places()
				u.fake.FailNth(c.request, c.nth, c.fault)
				got := u.run(1, "safe-rm", "--disconnect", "--yes", "back")
				u.says(got, c.says)
				if got.stdout != "" {
					t.Errorf("it wrote %q", got.stdout)
				}
				if !u.hasNetwork("back") {
					t.Error("the network is gone")
				}
				if c.open {
					u.run(0, "restore", u.entry())
				}
				u.asBefore(before)
				u.noEntry()
			})
		}
	}
}

// lateAnswer has the engine do what it is asked for long after the one who asked
// went away.
func lateAnswer(done chan<- struct{}, late time.Duration) enginetest.Fault {
	return func(_ http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		r = r.Clone(context.WithoutCancel(r.Context()))
		go func() {
			defer close(done)
			time.Sleep(late)
			answer(httptest.NewRecorder(), r)
		}()
		panic(http.ErrAbortHandler)
	}
}

// TestRemovedLate holds that a network which the engine removes after it was
// looked for can be brought back.
func TestRemovedLate(t *testing.T) {
	t.Parallel()
	u := newUser(t, enginetest.Docker28, ward()...)
	before := u.places()
	done := make(chan struct{})
	u.fake.FailNth(removeRequest, 1, lateAnswer(done, time.Second))
	got := u.run(1, "safe-rm", "old_net")
	u.says(got, "old_net: it is not known whether it is removed: ")
	<-done
	if u.hasNetwork("old_net") {
		t.Fatal("the network is there, so that nothing is tested")
	}
	u.run(0, "restore", u.entry())
	if !u.hasNetwork("old_net") {
		t.Error("the network is not back")
	}
	u.asBefore(before)
	u.noEntry()
}

// TestNoJournal holds that nothing is done where what undoes it cannot be kept.
func TestNoJournal(t *testing.T) {
	for name, below := range map[string]string{
		"a file in the place of the journal":   "netkit/journal",
		"a file in the place of its directory": "netkit",
		"a configuration below a file":         "",
		"a file in the place of the engine's":  "netkit/journal/{engine}",
		"a directory in the place of the lock": "netkit/journal/{engine}/lock/",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUser(t, enginetest.Docker28, ward()...)
			if strings.Contains(below, "{engine}") {
				// A removal that is undone again tells where the engine's part is.
				u.run(0, "safe-rm", "old_net")
				u.run(0, "restore", "old_net")
				u.fake.Forget()
				dirs, _ := filepath.Glob(filepath.Join(u.config, "netkit", "journal", "*"))
				if len(dirs) != 1 {
					t.Fatalf("the journal has the parts %q", dirs)
				}
				if err := os.RemoveAll(dirs[0]); err != nil {
					t.Fatal(err)
				}
				below = strings.Replace(below, "{engine}", filepath.Base(dirs[0]), 1)
			}
			path := filepath.Join(u.config, below)
			switch {
			case below == "":
				path = filepath.Join(u.config, "file")
				u.config = filepath.Join(path, "docker")
				writeFile(t, path)
			case strings.HasSuffix(below, "/"):
				if err := os.MkdirAll(path, 0o700); err != nil {
					t.Fatal(err)
				}
			default:
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				writeFile(t, path)
			}
			for _, args := range [][]string{{"safe-rm", "old_net"}, {"safe-rm", "--disconnect", "--yes", "back"}, {"prune", "--yes"}} {
				got := u.run(1, args...)
				if got.stdout != "" || !strings.Contains(got.stderr, "journal") {
					t.Errorf("%q wrote %q and said %q", args, got.stdout, got.stderr)
				}
			}
			u.changedNothing()
		})
	}
}

func writeFile(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

// awaitCount waits until that many requests of the name have come in.
func awaitCount(t *testing.T, fake *enginetest.Engine, name string, count int) {
	t.Helper()
	for deadline := time.Now().Add(patience); fake.Count()[name] < count; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("%s came in %d times, want %d", name, fake.Count()[name], count)
			return
		}
	}
}

// TestTwoAtOnce holds that of two removals of one network one does it, and the
// other says that it is gone.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	u := newUser(t, enginetest.Docker28, ward()...)
	// Both have their plan when the first one removes.
	u.fake.Before(removeRequest, 1, func() { awaitCount(t, u.fake, "GET /info", 2) })
	runs := []*running{u.start("safe-rm", "old_net"), u.start("safe-rm", "old_net")}
	results := []ended{runs[0].end(), runs[1].end()}
	slices.SortFunc(results, func(a, b ended) int { return a.status - b.status })
	u.holds(results[0], 0)
	u.holds(results[1], 1)
	u.says(results[1], "is gone; try again")
	if results[0].stdout != "old_net\n" || results[1].stdout != "" {
		t.Errorf("they wrote %q and %q", results[0].stdout, results[1].stdout)
	}
	if sent := changing(u.fake); !slices.Equal(sent, []string{removeRequest}) {
		t.Errorf("they sent %q", sent)
	}
	u.run(0, "restore", u.entry())
	u.noEntry()
}

// interruptedAt starts the program, and sends it a signal while the engine is at a
// request; the engine goes on once the program has got that.
func (u *user) interruptedAt(request string, nth int, signal syscall.Signal, args ...string) ended {
	u.t.Helper()
	goOn := make(chan struct{})
	u.fake.FailNth(request, nth, func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		<-goOn
		answer(w, r)
	})
	run := u.start(args...)
	awaitCount(u.t, u.fake, request, nth)
	if err := run.cmd.Process.Signal(signal); err != nil {
		u.t.Error(err)
	}
	awaitTaken(u.t, run.cmd.Process.Pid, signal)
	// From there on it is up to the program's own threads, which no one sees.
	time.AfterFunc(time.Second, func() { close(goOn) })
	return run.end()
}

// awaitTaken waits until the system has handed a signal over to a process. Where
// it does not tell, nothing is waited for.
func awaitTaken(t *testing.T, pid int, signal syscall.Signal) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		_, set, told := strings.Cut(string(text), "ShdPnd:")
		if err != nil || !told {
			return
		}
		pending, err := strconv.ParseUint(strings.Fields(set)[0], 16, 64)
		if err != nil {
			t.Error(err)
			return
		}
		if pending&(1<<(signal-1)) == 0 {
			return
		}
	}
	t.Errorf("process %d does not take the signal", pid)
}

// TestInterruptedRemoval holds that a signal does not leave half a removal.
func TestInterruptedRemoval(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run("detaching/"+signal.String(), func(t *testing.T) {
			t.Parallel()
			u := newUser(t, enginetest.Docker28, ward()...)
			before := u.places()
			got := u.interruptedAt(disconnectRequest, 2, signal, "safe-rm", "--disconnect", "--yes", "back")
			u.holds(got, 130)
			u.says(got, "back is not removed: interrupted")
			if !u.hasNetwork("back") {
				t.Error("the network is gone")
			}
			u.asBefore(before)
			u.noEntry()
		})
	}
	t.Run("removing", func(t *testing.T) {
		t.Parallel()
		u := newUser(t, enginetest.Docker28, ward()...)
		before := u.places()
		got := u.interruptedAt(removeRequest, 1, syscall.SIGINT, "safe-rm", "--disconnect", "--yes", "back", "old_net")
		u.holds(got, 130)
		u.says(got, "old_net is not removed")
		if got.stdout != "back\n" || u.hasNetwork("back") || !u.hasNetwork("old_net") {
			t.Errorf("it wrote %q, and the engine has %v", got.stdout, u.fake.Networks())
		}
		u.run(0, "restore", u.entry())
		u.asBefore(before)
	})
	t.Run("pruning", func(t *testing.T) {
		t.Parallel()
		u := newUser(t, enginetest.Docker28, ward()...)
		u.holds(u.interruptedAt(removeRequest, 1, syscall.SIGINT, "prune", "--yes"), 130)
		u.run(0, "restore", u.entry())
	})
	for name, ignored := range map[string]bool{"twice": false, "twice, where signals are ignored": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUser(t, enginetest.Docker28, ward()...)
			before := u.places()
			// The engine answers only once the program is gone.
			u.fake.FailNth(disconnectRequest, 2, enginetest.Hang())
			run := u.prepared("--timeout", "5m", "safe-rm", "--disconnect", "--yes", "back")
			if ignored { // as scripts do for what they run in the background
				run.cmd.Args = append([]string{"sh", "-c", `trap "" INT HUP TERM; exec "$0" "$@"`, run.cmd.Path}, run.cmd.Args[1:]...)
				run.cmd.Path = "/bin/sh"
			}
			run.start(t)
			awaitCount(t, u.fake, disconnectRequest, 2)
			end := make(chan ended, 1)
			go func() { end <- run.end() }()
			got, over := ended{}, false
			for !over {
				// What comes within a moment of the first is one with that.
				if err := run.cmd.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
					t.Fatal(err)
				}
				select {
				case got = <-end:
					over = true
				case <-time.After(300 * time.Millisecond):
				}
			}
			if got.status == 0 {
				t.Errorf("it ended as if all were well: %q", got.stdout)
			}
			u.run(0, "restore", u.entry())
			u.asBefore(before)
			u.noEntry()
		})
	}
}

// killAfter kills a run of the program right after the nth request of a name
// was answered.
func (u *user) killAfter(request string, nth int, args ...string) {
	u.t.Helper()
	process := make(chan *os.Process, 1)
	u.fake.After(request, nth, func() { _ = (<-process).Kill() })
	run := u.start(args...)
	process <- run.cmd.Process
	// It may be faster than its end, where it asks nothing more.
	if got := run.end(); got.status != -1 && got.status != 0 {
		u.t.Errorf("the status is %d of a run that was killed; it wrote\n%s%s", got.status, got.stdout, got.stderr)
	}
}

// TestKilled holds that a removal that is killed, wherever it is, can be undone.
func TestKilled(t *testing.T) {
	for flavour, f := range everyFlavour {
		for name, at := range map[string]struct {
			request string
			nth     int
		}{
			"last look":    {"GET /containers/json", 2},
			"detachment 1": {disconnectRequest, 1},
			"detachment 2": {disconnectRequest, 2},
			"detachment 3": {disconnectRequest, 3},
			"removal":      {removeRequest, 1},
		} {
			t.Run(flavour+" after the "+name, func(t *testing.T) {
				t.Parallel()
				u := newUser(t, f, ward()...)
				before := u.places()
				u.killAfter(at.request, at.nth, "safe-rm", "--disconnect", "--yes", "back")
				for _, entry := range u.entries() {
					u.run(0, "restore", entry)
				}
				if !u.hasNetwork("back") {
					t.Error("the network is not back")
				}
				u.asBefore(before)
				u.noEntry()
			})
		}
	}
}

// TestKilledRestore holds the same of what undoes it: it can be done again, and
// goes on where it was.
func TestKilledRestore(t *testing.T) {
	for flavour, f := range everyFlavour {
		for name, at := range map[string]struct {
			request string
			nth     int
		}{
			"creation":     {createRequest, 1},
			"connection 1": {connectRequest, 1},
			"connection 2": {connectRequest, 2},
			"connection 3": {connectRequest, 3},
		} {
			t.Run(flavour+" after the "+name, func(t *testing.T) {
				t.Parallel()
				u := newUser(t, f, ward()...)
				before := u.places()
				u.run(0, "safe-rm", "--disconnect", "--yes", "back")
				if f.Podman && at.request == createRequest {
					at.request = "POST /libpod/networks/create"
				}
				u.killAfter(at.request, at.nth, "restore", "back")
				for _, entry := range u.entries() {
					u.run(0, "restore", "--yes", entry) // the network is there, with another ID
				}
				u.asBefore(before)
				u.noEntry()
			})
		}
	}
}

// TestPodmanIsAskedByName holds that Podman is asked to remove a network by its
// name: by its ID, it removes one that containers need.
func TestPodmanIsAskedByName(t *testing.T) {
	t.Parallel()
	for name, f := range everyFlavour {
		u := newUser(t, f, ward()...)
		u.run(0, "safe-rm", "old_net")
		want := "/networks/" + enginetest.ID("old_net")
		if f.Podman {
			want = "/networks/old_net"
		}
		for _, r := range u.fake.Requests() {
			if r.Name == removeRequest && !strings.HasSuffix(r.Path, want) {
				t.Errorf("%s: it asked %s, want …%s", name, r.Path, want)
			}
		}
	}
}
