package program

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
)

func zipped(t *testing.T, data string) *fstest.MapFile {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := io.WriteString(w, data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: packed.Bytes()}
}

func imageTar(t *testing.T, p *Program) *bytes.Reader {
	t.Helper()
	image, err := p.Tar()
	if err != nil {
		t.Fatal(err)
	}
	return image
}

func noSelf() (string, error) { return "", errors.New("it asked for the own program") }

func TestEmbedded(t *testing.T) {
	t.Parallel()
	brought := fstest.MapFS{
		"brought/README":                     &fstest.MapFile{},
		"brought/netkit-probe-linux-mips.gz": zipped(t, "the probe"),
		"brought/netkit-probe-linux-arm.gz":  zipped(t, "another"),
	}
	p, err := find(brought, "mips", noSelf)
	if err != nil {
		t.Fatal(err)
	}
	if p.Arch != "mips" || len(p.Command) != 1 || p.Command[0] != "/netkit-probe" || len(p.Tag) != 12 {
		t.Errorf("%s %s %q", p.Arch, p.Tag, p.Command)
	}
	var names []string
	for reader := tar.NewReader(imageTar(t, p)); ; {
		head, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, head.Name)
		if head.Name != "netkit-probe" {
			continue
		}
		if data, err := io.ReadAll(reader); err != nil || string(data) != "the probe" || head.Mode != 0o755 {
			t.Errorf("%q, mode %o, %v", data, head.Mode, err)
		}
	}
	if got := strings.Join(names, " "); got != "dev/ etc/ proc/ sys/ tmp/ netkit-probe" {
		t.Errorf("the image has %s", got)
	}
	again, err := find(brought, "mips", noSelf)
	if err != nil || again.Tag != p.Tag {
		t.Errorf("the tag is another one the second time: %v", err)
	}
	other, err := find(brought, "armv7l", noSelf)
	if err != nil || other.Tag == p.Tag || other.Arch != "arm" {
		t.Errorf("%+v, %v", other, err)
	}
}

func TestDamaged(t *testing.T) {
	t.Parallel()
	cut := zipped(t, "the probe")
	cut.Data = cut.Data[:len(cut.Data)-1]
	p, err := find(fstest.MapFS{"brought/netkit-probe-linux-mips.gz": cut}, "mips", noSelf)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Tar(); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Error(err)
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	brought := fstest.MapFS{"brought/netkit-probe-linux-arm.gz": zipped(t, "x")}
	_, err := find(brought, "mips", noSelf)
	if missing, ok := errors.AsType[*MissingError](err); !ok || missing.Arch != "mips" {
		t.Fatal(err)
	}
	const want = "this build has no probe for engines on linux/mips, but those for arm; " +
		"to build one, in netkit's source: NETKIT_PROBES='linux/arm/v7 linux/mips' ./install.sh"
	if err.Error() != want {
		t.Error(err)
	}
	if _, err := find(fstest.MapFS{}, "mips", noSelf); err == nil || !strings.Contains(err.Error(), "but none;") {
		t.Error(err)
	}
}

// TestSelf holds that the plugin offers itself where it has nothing better, and
// the engine is of its kind.
func TestSelf(t *testing.T) {
	t.Parallel()
	p, err := find(fstest.MapFS{}, runtime.GOARCH, os.Executable)
	if runtime.GOOS != "linux" {
		if _, ok := errors.AsType[*MissingError](err); !ok {
			t.Error(err)
		}
		return
	}
	if err != nil || len(p.Command) != 2 || p.Command[1] != Within {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := find(fstest.MapFS{}, runtime.GOARCH, noSelf); err == nil {
		t.Error("no error")
	}
}

func TestLibraryMissing(t *testing.T) {
	t.Parallel()
	var c collection
	_, err := c.find("libnowhere.so.9", nil)
	if err == nil {
		t.Fatal("no error")
	}
	if got := needStatic("/x", err).Error(); !strings.Contains(got, "libnowhere.so.9") || !strings.Contains(got, "CGO_ENABLED=0") {
		t.Error(got)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64", "armv7l": "arm", "arm/v7": "arm",
		"linux/arm64": "arm64", "i686": "386", "386": "386", "ppc64le": "ppc64le", "s390x": "s390x", "riscv64": "riscv64",
	} {
		if got := goName(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}
