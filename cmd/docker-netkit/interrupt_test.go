//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// TestInterrupt holds that Ctrl-C ends the program, whatever it waits for, with status
// 130 and nothing to say. What it waits for never comes, and there is no time-out: it is
// the signal that ends it, or nothing does.
func TestInterrupt(t *testing.T) {
	for name, c := range map[string]struct {
		request string
		fault   enginetest.Fault
		args    []string
	}{
		"during the ping":           {"HEAD /_ping", enginetest.Hang(), []string{"graph"}},
		"before a reply":            {"GET /networks", enginetest.Hang(), []string{"graph"}},
		"in the middle of a reply":  {"GET /containers/json", enginetest.StallAt(100), []string{"netkit", "ls"}},
		"before an inspection":      {"GET /containers/{id}/json", enginetest.Hang(), []string{"graph", "--aliases"}},
		"in an inspection":          {"GET /containers/{id}/json", enginetest.StallAt(50), []string{"graph", "--aliases"}},
		"before the version":        {"GET /version", enginetest.Hang(), []string{"version", "--format", "json"}},
		"with a file to be written": {"GET /networks", enginetest.Hang(), []string{"graph", "-o", "graph.txt"}},
	} {
		for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			t.Run(name+"/"+signal.String(), func(t *testing.T) {
				t.Parallel()
				fake := enginetest.Start(t, enginetest.Docker28, shop()...)
				fake.Fail(c.request, c.fault)
				cmd := program(t, fake.Host(), append(c.args, "--timeout", "0")...)
				cmd.Dir = t.TempDir()
				var stderr bytes.Buffer
				cmd.Stderr = &stderr
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				fake.Await(c.request)
				if err := cmd.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				defer time.AfterFunc(patience, func() { _ = cmd.Process.Kill() }).Stop()
				err := cmd.Wait()
				if got := statusOf(err); got != 130 {
					t.Errorf("the status is %d (%v), want 130", got, err)
				}
				if stderr.Len() != 0 {
					t.Errorf("it said %q", stderr.String())
				}
				if left, _ := filepath.Glob(filepath.Join(cmd.Dir, "*")); len(left) != 0 {
					t.Errorf("it left %q behind", left)
				}
			})
		}
	}
}

// TestNotInterrupted holds the other side: with nothing to wait for, the very
// same commands end with 0.
func TestNotInterrupted(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, shop()...)
	for _, args := range [][]string{{"graph"}, {"netkit", "ls"}, {"graph", "--aliases"}, {"version", "--format", "json"}} {
		if err := program(t, fake.Host(), args...).Run(); err != nil {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func statusOf(err error) int {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	if err != nil {
		return -1
	}
	return 0
}

// TestBrokenPipe holds that a reader that goes away ("graph | head -1") is no
// reason to hang.
func TestBrokenPipe(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, many(1000)...)
	cmd := program(t, fake.Host(), "graph")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	_ = r.Close()
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		if err == nil {
			t.Error("it ended as if all were written")
		}
	case <-time.After(patience):
		t.Error("it hangs")
	}
}
