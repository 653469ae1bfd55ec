package journal

import (
	"errors"
	"os"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/modetest"
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
	modetest.Bind(t, j.dir)
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
