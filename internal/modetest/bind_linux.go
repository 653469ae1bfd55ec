package modetest

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// Bind has the modes of files bind whoever runs the test: root gives its right to pass
// over them up, for this thread, and hands the directory to nobody.
func Bind(t *testing.T, dir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	for outer := filepath.Dir(dir); outer != os.TempDir() && outer != "/" && outer != "."; outer = filepath.Dir(outer) {
		if err := os.Chmod(outer, 0o755); err != nil { //nolint:gosec // others must get through
			t.Fatal(err)
		}
	}
	const nobody = 65534
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, nobody, nobody) //nolint:gosec // a directory of the test's own
	})
	if err != nil {
		t.Fatal(err)
	}
	runtime.LockOSThread()
	if err := unix.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Setfsuid(0); err != nil {
			t.Error(err)
		}
		runtime.UnlockOSThread()
	})
}
