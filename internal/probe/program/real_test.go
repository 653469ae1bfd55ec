//go:build real && linux

package program

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
)

// These tests need root, for chroot: nothing but the image is there then.

// build builds a program of this module.
func build(t *testing.T, what string, env ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "program")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", out, "../../../cmd/"+what)
	cmd.Env = append(os.Environ(), env...)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return out
}

// run runs a program where there is its image only.
func run(t *testing.T, p *Program, args ...string) string {
	t.Helper()
	root := t.TempDir()
	for reader := tar.NewReader(imageTar(t, p)); ; {
		head, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(root, head.Name)
		if head.Typeflag == tar.TypeDir {
			err = os.Mkdir(name, 0o755)
		} else {
			var data []byte
			if data, err = io.ReadAll(reader); err == nil {
				err = os.WriteFile(name, data, head.FileInfo().Mode())
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	command := append(p.Command[:len(p.Command):len(p.Command)], args...)
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Err = nil // it is looked for in the new root, and not here
	cmd.Dir = "/"
	cmd.Env = []string{}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
	cmd.Stdin = strings.NewReader("")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	return said.String()
}

const hello = `{"netkit_probe":`

func TestEmbeddedRuns(t *testing.T) {
	data, err := os.ReadFile(build(t, "netkit-probe", "CGO_ENABLED=0"))
	if err != nil {
		t.Fatal(err)
	}
	brought := fstest.MapFS{"brought/" + before + runtime.GOARCH + after: zipped(t, string(data))}
	p, err := find(brought, runtime.GOARCH, noSelf)
	if err != nil {
		t.Fatal(err)
	}
	if said := run(t, p); !strings.HasPrefix(said, hello) {
		t.Error(said)
	}
}

// TestPluginRuns holds that the plugin runs as the probe, whether it is linked
// dynamically, as a plain go build does where there is a C compiler, or not.
func TestPluginRuns(t *testing.T) {
	for _, env := range []string{"CGO_ENABLED=1", "CGO_ENABLED=0"} {
		t.Run(env, func(t *testing.T) {
			file := build(t, "docker-netkit", env)
			p, err := find(fstest.MapFS{}, runtime.GOARCH, func() (string, error) { return file, nil })
			if err != nil {
				t.Fatal(err)
			}
			if said := run(t, p); !strings.HasPrefix(said, hello) {
				t.Error(said)
			}
		})
	}
}

// TestLibrariesOfLibraries takes a program whose libraries need others.
func TestLibrariesOfLibraries(t *testing.T) {
	program, err := exec.LookPath("ip")
	if err != nil {
		t.Fatal(err)
	}
	files, err := withLibraries(program)
	if err != nil {
		t.Fatal(err)
	}
	p := made(runtime.GOARCH, []string{File}, nil, func() ([]file, error) { return files, nil })
	if said := run(t, p, "-V"); !strings.Contains(said, "iproute2") {
		t.Error(said)
	}
}
