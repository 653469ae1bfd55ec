//go:build real && linux

package real

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestHintsOfAnotherUser: what root writes where HOME is another user's, as sudo may
// leave it, that user can still read; and nobody replaces the file of another.
func TestHintsOfAnotherUser(t *testing.T) {
	setUp(t)
	if os.Geteuid() != 0 {
		t.Fatal("needs root, as the tests of the probe do")
	}
	const user = 65534
	dir := t.TempDir() // which others are to enter, unlike the bench's own
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	plugin := filepath.Join(dir, "docker-netkit")
	program, err := os.ReadFile(bench.plugin)
	if err == nil {
		err = os.WriteFile(plugin, program, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(dir, "home")
	if err := os.Mkdir(home, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(home, user, user); err != nil {
		t.Fatal(err)
	}
	hints := func(as uint32, what string) (string, error) {
		var stderr bytes.Buffer
		cmd := exec.CommandContext(t.Context(), plugin, "hints", what)
		cmd.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}
		cmd.Stderr = &stderr
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: as, Gid: as}}
		err := cmd.Run()
		return stderr.String(), err
	}
	config := filepath.Join(home, ".docker", "config.json")
	if said, err := hints(0, "on"); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	for _, path := range []string{config, filepath.Dir(config)} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); !ok || stat.Uid != user || stat.Gid != user || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %+v", path, info.Sys())
		}
	}
	if said, err := hints(user, "off"); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if err := os.Chown(config, 0, 0); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(config, 0o644); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	said, err := hints(user, "on")
	if err == nil || !strings.Contains(said, config+": it belongs to another user (0)") {
		t.Errorf("%v: %s", err, said)
	}
	if after, err := os.ReadFile(config); err != nil || !bytes.Equal(before, after) {
		t.Errorf("%q, %v", after, err)
	}
	entries, err := os.ReadDir(filepath.Dir(config))
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}
