package dockerconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func setHooks(d *Document) error { return d.Set("on", "features", "hooks") }

const withHooks = "{\n\t\"features\": {\n\t\t\"hooks\": \"on\"\n\t}\n}\n"

func change(t *testing.T, path string) {
	t.Helper()
	changed, err := Change(t.Context(), path, setHooks)
	if err != nil || !changed {
		t.Fatalf("%t, %v", changed, err)
	}
}

func holds(t *testing.T, path, want string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil || string(text) != want {
		t.Errorf("%s holds %q, %v; want %q", path, text, err, want)
	}
}

// only fails where something else than these names is left in a directory.
func only(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if e.Name() != ".netkit-lock" { // on Windows
			got = append(got, e.Name())
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(names) {
		t.Errorf("%s has %q, want %q", dir, got, names)
	}
}

func write(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestChangeMakesWhatIsNotThere(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, "a", ".docker", "config.json")
	change(t, path)
	holds(t, path, withHooks)
	only(t, filepath.Dir(path), "config.json")
	for name, want := range map[string]fs.FileMode{path: fileMode, filepath.Dir(path): dirMode, filepath.Join(home, "a"): dirMode} {
		info, err := os.Stat(name)
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if changed, err := Change(t.Context(), path, setHooks); changed || err != nil {
		t.Errorf("the second time: %t, %v", changed, err)
	}
}

// TestChangeLeavesNothing: where nothing is to be written, nothing is made.
func TestChangeLeavesNothing(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, ".docker", "config.json")
	if changed, err := Change(t.Context(), path, func(*Document) error { return nil }); changed || err != nil {
		t.Errorf("%t, %v", changed, err)
	}
	wrong := errors.New("wrong")
	if changed, err := Change(t.Context(), path, func(*Document) error { return wrong }); changed || !errors.Is(err, wrong) || !strings.Contains(err.Error(), path) {
		t.Errorf("%t, %v", changed, err)
	}
	only(t, home)
	if d, err := Read(path); err != nil || len(d.Text()) > 0 {
		t.Errorf("%v, %v", d, err)
	}
}

func TestChangeKeepsModeAndLinks(t *testing.T) {
	dir := t.TempDir()
	real := filepath.Join(dir, "elsewhere", "docker.json")
	if err := os.Mkdir(filepath.Dir(real), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, real, "", 0o640)
	link := filepath.Join(dir, "config.json")
	for from, to := range map[string]string{"second": "elsewhere/docker.json", "config.json": filepath.Join(dir, "second")} {
		if err := os.Symlink(to, filepath.Join(dir, from)); err != nil {
			t.Fatal(err)
		}
	}
	change(t, link)
	holds(t, real, withHooks)
	info, err := os.Stat(real)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	only(t, dir, "config.json", "elsewhere", "second")
	only(t, filepath.Dir(real), "docker.json")
	for _, name := range []string{"second", "config.json"} {
		if info, err := os.Lstat(filepath.Join(dir, name)); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s is no link any more: %v, %v", name, info.Mode(), err)
		}
	}
}

// TestChangeBehindDanglingLink: the file comes to be where the link leads.
func TestChangeBehindDanglingLink(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "config.json")
	if err := os.Symlink("later/docker.json", link); err != nil {
		t.Fatal(err)
	}
	change(t, link)
	holds(t, filepath.Join(dir, "later", "docker.json"), withHooks)
	if err := os.Remove(filepath.Join(dir, "later", "docker.json")); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(link), os.Symlink("config.json", link)); err != nil {
		t.Fatal(err)
	}
	if _, err := Change(t.Context(), link, setHooks); err == nil || !strings.Contains(err.Error(), "too many symbolic links") {
		t.Errorf("a link to itself: %v", err)
	}
}

// TestChangeRefuses: the error names the file, and the file stays as it is.
func TestChangeRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.json")
	write(t, path, "{\n\t\"a\": 1,\n}", 0o600)
	_, err := Change(t.Context(), path, setHooks)
	if err == nil || !strings.Contains(err.Error(), path+": line 3: ") {
		t.Errorf("%v", err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), path+": line 3: ") {
		t.Errorf("%v", err)
	}
	holds(t, path, "{\n\t\"a\": 1,\n}")
	only(t, dir, "config.json")

	for _, wrong := range []string{dir, filepath.Join(path, "config.json")} {
		if _, err := Change(t.Context(), wrong, setHooks); err == nil || !strings.Contains(err.Error(), wrong+": ") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	if err := os.Truncate(path, largest+1); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "it has more than 64 MB") {
		t.Errorf("%v", err)
	}
}

// TestChangeMeanwhile: another program writes between the reading and the writing.
func TestChangeMeanwhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.json")
	write(t, path, `{"a":1}`, 0o600)
	calls := 0
	changed, err := Change(t.Context(), path, func(d *Document) error {
		if calls++; calls < 3 {
			write(t, path, fmt.Sprintf(`{"a":1,"login":%d}`, calls), 0o600)
		}
		return setHooks(d)
	})
	if err != nil || !changed || calls != 3 {
		t.Errorf("%t, %v, after %d calls", changed, err, calls)
	}
	holds(t, path, `{"a":1,"login":2,"features":{"hooks":"on"}}`)
	_, err = Change(t.Context(), path, func(d *Document) error {
		calls++
		write(t, path, fmt.Sprintf(`{"n":%d}`, calls), 0o600)
		return d.Set("off", "features", "hooks")
	})
	if err == nil || !strings.Contains(err.Error(), "another program keeps changing it") {
		t.Errorf("%v", err)
	}
	holds(t, path, fmt.Sprintf(`{"n":%d}`, calls))
	// It is gone, or comes to be.
	calls = 0
	if _, err := Change(t.Context(), path, func(d *Document) error {
		if calls++; calls == 1 {
			if err := os.Remove(path); err != nil {
				t.Error(err)
			}
		}
		return setHooks(d)
	}); err != nil || calls != 2 {
		t.Errorf("%v, after %d calls", err, calls)
	}
	holds(t, path, withHooks)
	only(t, filepath.Dir(path), "config.json")
}

// TestChangeAtOnce: nothing is lost where many change the file at once.
func TestChangeAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.json")
	const many = 8
	var group sync.WaitGroup
	for i := range many {
		group.Go(func() {
			if _, err := Change(t.Context(), path, func(d *Document) error { return d.Set("x", "features", fmt.Sprint("n", i)) }); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	d, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if names, err := d.Names("features"); err != nil || len(names) != many {
		t.Errorf("%q, %v", names, err)
	}
	only(t, filepath.Dir(path), "config.json")
}
