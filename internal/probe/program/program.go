package program

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
)

const (
	// Within is the argument that makes the plugin be the probe.
	Within = "probe-from-within"
	// File is where the program is in its image.
	File = "/netkit-probe"

	before, after = "netkit-probe-linux-", ".gz"
)

// Program is a probe for the engines of one architecture.
type Program struct {
	// Arch is the architecture as Go names it; "arm" is of version 7.
	Arch string
	// Tag names the content of the image: 12 hexadecimal digits.
	Tag string
	// Command is what runs it in its image.
	Command []string

	image func() ([]byte, error)
}

// Tar is the image's root file system. It is made now: mostly, the engine has the
// image already, and its tag is all that is needed.
func (p *Program) Tar() (*bytes.Reader, error) {
	image, err := p.image()
	return bytes.NewReader(image), err
}

// MissingError is that this build has no probe for an engine.
type MissingError struct {
	// Arch is the engine's architecture, and Has what this build has probes for.
	Arch string
	Has  []string
}

// Error says how to get one.
func (e *MissingError) Error() string {
	has := "none"
	if len(e.Has) > 0 {
		has = "those for " + strings.Join(e.Has, ", ")
	}
	return fmt.Sprintf("this build has no probe for engines on linux/%s, but %s; to build one, in netkit's source: NETKIT_PROBES='%s' ./install.sh",
		e.Arch, has, platforms(append(slices.Clone(e.Has), e.Arch)))
}

func platforms(archs []string) string {
	names := make([]string, 0, len(archs))
	for _, arch := range archs {
		if arch == "arm" {
			arch = "arm/v7"
		}
		names = append(names, "linux/"+arch)
	}
	return strings.Join(names, " ")
}

// For gives the probe for an engine's architecture, as engines name it. It is a
// [MissingError] where there is none.
func For(arch string) (*Program, error) { return find(embedded, arch, os.Executable) }

func find(brought fs.FS, arch string, self func() (string, error)) (*Program, error) {
	arch = goName(arch)
	packed, err := open(brought, arch)
	if err != nil {
		return nil, err
	}
	if packed != nil {
		return made(arch, []string{File}, packed, func() ([]file, error) {
			data, err := unpack(packed, arch)
			return []file{{name: File, mode: executable, data: data}}, err
		}), nil
	}
	if runtime.GOOS != "linux" || arch != runtime.GOARCH {
		return nil, &MissingError{Arch: arch, Has: archs(brought)}
	}
	own, err := self()
	if err != nil {
		return nil, fmt.Errorf("cannot find the own program, which is to be the probe: %w", err)
	}
	files, err := withLibraries(own)
	if err != nil {
		return nil, err
	}
	var content []byte
	for _, f := range files {
		content = append(append(content, f.name...), f.data...)
	}
	return made(arch, []string{File, Within}, content, func() ([]file, error) { return files, nil }), nil
}

// layout is of the image around the program. It is raised where that changes, so
// that the tag does.
const layout = "1"

// made is a program whose content, packed or not, names its image.
func made(arch string, command []string, content []byte, files func() ([]file, error)) *Program {
	const digits = 12
	sum := sha256.New()
	_, _ = io.WriteString(sum, layout) // a hash takes everything
	_, _ = sum.Write(content)
	return &Program{
		Arch: arch, Tag: hex.EncodeToString(sum.Sum(nil))[:digits], Command: command,
		image: func() ([]byte, error) {
			all, err := files()
			if err != nil {
				return nil, err
			}
			return imageOf(all)
		},
	}
}

// goName is Go's name of an architecture. Docker has Go's names; the kernel, and
// Podman in places, have others.
func goName(arch string) string {
	arch = strings.ToLower(strings.TrimPrefix(arch, "linux/"))
	switch arch {
	case "x86_64", "x86-64":
		return "amd64"
	case "aarch64", "arm64/v8", "armv8", "arm64v8":
		return "arm64"
	case "armv7l", "armv7", "armhf", "arm/v7", "armv8l":
		return "arm"
	case "i386", "i486", "i586", "i686", "x86":
		return "386"
	case "ppc64el":
		return "ppc64le"
	}
	return arch
}

// Archs tells which architectures this build brings probes for, sorted.
func Archs() []string { return archs(embedded) }

func archs(brought fs.FS) []string {
	entries, err := fs.ReadDir(brought, "brought")
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		if name, ok := strings.CutPrefix(entry.Name(), before); ok {
			if arch, ok := strings.CutSuffix(name, after); ok {
				names = append(names, arch)
			}
		}
	}
	return names
}

// open gives the packed program for an architecture, or nil where there is none.
func open(brought fs.FS, arch string) ([]byte, error) {
	if !slices.Contains(archs(brought), arch) {
		return nil, nil //nolint:nilnil // it is not an error that there is none
	}
	return fs.ReadFile(brought, "brought/"+before+arch+after)
}

func unpack(packed []byte, arch string) ([]byte, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err == nil {
		var data []byte
		if data, err = io.ReadAll(unzipped); err == nil {
			return data, nil
		}
	}
	return nil, fmt.Errorf("the probe for %s in this build is damaged: %w", arch, err)
}
