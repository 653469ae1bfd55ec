//go:build unix

package journal

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Nothing but a file of some size is read: else a pipe in the journal holds every
// command up, and a device eats all memory.
func TestOnlyFilesAreRead(t *testing.T) {
	for name, put := range map[string]func(path string) error{
		"a pipe":      func(path string) error { return exec.CommandContext(t.Context(), "mkfifo", path).Run() },
		"a directory": func(path string) error { return os.Mkdir(path, 0o700) },
		"a link to a device": func(path string) error {
			return os.Symlink("/dev/zero", path)
		},
		"a link to an entry": func(path string) error {
			return os.Symlink(strings.Replace(path, "cc", "aa", 1), path)
		},
		"a huge file": func(path string) error {
			return errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, 1<<40))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := Of(t.TempDir(), "one")
			write(t, j, entry("aa", 1))
			if err := put(j.path("cc")); err != nil {
				t.Fatal(err)
			}
			done := make(chan []Damaged, 1)
			go func() {
				_, damaged, _ := j.Entries()
				done <- damaged
			}()
			select {
			case damaged := <-done:
				if len(damaged) != 1 || damaged[0].Path != j.path("cc") {
					t.Errorf("damaged: %+v", damaged)
				}
			case <-time.After(10 * time.Second):
				t.Fatal("it is read without an end")
			}
		})
	}
}
