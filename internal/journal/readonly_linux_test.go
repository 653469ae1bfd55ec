package journal

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// TestReadOnly is of Linux only, where modes can be made to bind root, too, so that
// it is never skipped.
func TestReadOnly(t *testing.T) {
	j := Of(t.TempDir(), "one")
	write(t, j, entry("aa", 1))
	if err := os.Chmod(j.dir, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(j.dir, 0o700) })
	bindByModes(t, j)
	if err := j.Write(entry("bb", 2)); !errors.Is(err, os.ErrPermission) {
		t.Errorf("Write: %v", err)
	}
	if err := j.Forget("aa"); !errors.Is(err, os.ErrPermission) {
		t.Errorf("Forget: %v", err)
	}
	entries, damaged := read(t, j)
	equal(t, "entries", ids(entries), []string{"aa"})
	equal(t, "damaged", damaged, []Damaged(nil))
}

// bindByModes has the modes of files bind whoever runs the test: root gives its
// right to pass over them up, for this thread, and hands the journal to nobody.
func bindByModes(t *testing.T, j *Journal) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	const nobody = 65534
	for dir := filepath.Dir(j.dir); dir != os.TempDir() && dir != "/" && dir != "."; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	err := filepath.WalkDir(j.dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, nobody, nobody)
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
