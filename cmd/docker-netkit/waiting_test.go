//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/gofrs/flock"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// TestWaiting holds that a run which waits for another one says for which, goes
// on when that is done, and ends on Ctrl-C.
func TestWaiting(t *testing.T) {
	for name, interrupt := range map[string]bool{"until it is free": false, "until Ctrl-C": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUser(t, enginetest.Docker28, ward()...)
			u.run(0, "safe-rm", "old_net")
			u.run(0, "restore", "old_net")
			locks, err := filepath.Glob(filepath.Join(u.config, "netkit", "journal", "*", "lock"))
			if err != nil || len(locks) != 1 {
				t.Fatalf("the locks are %q (%v)", locks, err)
			}
			lock := flock.New(locks[0])
			if err := lock.Lock(); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = lock.Unlock() }()
			if err := os.WriteFile(locks[0], []byte("4711"), 0o600); err != nil {
				t.Fatal(err)
			}
			u.fake.Forget()

			waits := func() *dialog {
				d := u.talk("safe-rm", "old_net")
				d.await("Another docker netkit is acting on this engine (pid 4711); waiting…")
				return d
			}
			if interrupt {
				d := waits() // for ever: the lock stays taken
				d.Signal(syscall.SIGINT)
				d.ends(130)
				u.changedNothing()
				u.noEntry()
				return
			}
			d := waits()
			if err := lock.Unlock(); err != nil {
				t.Fatal(err)
			}
			if shown := d.ends(0); !strings.Contains(shown, "Undo: docker netkit restore old_net") {
				t.Errorf("it shows %q", shown)
			}
		})
	}
}
