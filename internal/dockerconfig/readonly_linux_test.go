package dockerconfig

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/docker-netkit/docker-netkit/internal/modetest"
)

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
	modetest.Bind(t, dir)
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
	modetest.Bind(t, dir)
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
