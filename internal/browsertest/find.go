package browsertest

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

// Find finds Chromium or a relative. NETKIT_BROWSER names another.
func Find(t *testing.T) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}
	if chosen := os.Getenv("NETKIT_BROWSER"); chosen != "" {
		names = []string{chosen}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("no browser (looked for %q): install chromium, or name one in NETKIT_BROWSER", names)
	return ""
}

// Profile is a directory for what the browser writes. Processes that it started may
// write there for a moment longer than it lives, so that removing it may take more than
// one try.
func Profile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "netkit-browser-") // t.TempDir has one try
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		const patience, pause = 20 * time.Second, 50 * time.Millisecond
		late := time.After(patience)
		for {
			err := os.RemoveAll(dir)
			if err == nil {
				return
			}
			select {
			case <-late:
				t.Errorf("what the browser wrote cannot be removed: %v", err)
				return
			case <-time.After(pause):
			}
		}
	})
	return dir
}
