package dockerconfig

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

const nobody = 65534

// TestReadOnly is of Linux only, where modes can be made to bind root, too, so that
// it is never skipped.
func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.json")
	write(t, path, "{}", 0o600)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	bindByModes(t, dir)
	if _, err := Change(t.Context(), path, setHooks); !errors.Is(err, fs.ErrPermission) || err.Error() != "cannot write "+path+": permission denied" {
		t.Errorf("%v", err)
	}
	holds(t, path, "{}")
	elsewhere := filepath.Join(dir, "a", "config.json")
	if _, err := Change(t.Context(), elsewhere, setHooks); !errors.Is(err, fs.ErrPermission) || err.Error() != "cannot write "+elsewhere+": permission denied" {
		t.Errorf("%v", err)
	}
	only(t, dir, "config.json")
}

// TestUnreadable: what cannot be read is not taken for empty.
func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.json")
	write(t, path, "{}", 0)
	bindByModes(t, dir)
	if _, err := Change(t.Context(), path, setHooks); !errors.Is(err, fs.ErrPermission) || !strings.HasPrefix(err.Error(), "cannot read "+path) {
		t.Errorf("%v", err)
	}
	only(t, dir, "config.json")
}

// TestPipe: a pipe in the file's place keeps nobody waiting.
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.json")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Change(t.Context(), path, setHooks); err == nil || !strings.Contains(err.Error(), "no regular file") {
		t.Errorf("%v", err)
	}
}

// bindByModes has the modes of files bind whoever runs the test: root gives its
// right to pass over them up, for this thread, and hands the directory to nobody.
func bindByModes(t *testing.T, dir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	for outer := filepath.Dir(dir); outer != os.TempDir() && outer != "/" && outer != "."; outer = filepath.Dir(outer) {
		if err := os.Chmod(outer, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
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
