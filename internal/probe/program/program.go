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

	image []byte
}

// Tar is the image's root file system.
func (p *Program) Tar() *bytes.Reader { return bytes.NewReader(p.image) }

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
	data, err := unpack(brought, arch)
	if err != nil {
		return nil, err
	}
	if data != nil {
		return made(arch, []string{File}, []file{{name: File, mode: executable, data: data}})
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
	return made(arch, []string{File, Within}, files)
}

func made(arch string, command []string, files []file) (*Program, error) {
	image, err := imageOf(files)
	if err != nil {
		return nil, err
	}
	const digits = 12
	sum := sha256.Sum256(image)
	return &Program{Arch: arch, Tag: hex.EncodeToString(sum[:])[:digits], Command: command, image: image}, nil
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
	entries, err := fs.ReadDir(brought, "bin")
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

// unpack gives the program for an architecture, or nil where there is none.
func unpack(brought fs.FS, arch string) ([]byte, error) {
	if !slices.Contains(archs(brought), arch) {
		return nil, nil //nolint:nilnil // it is not an error that there is none
	}
	packed, err := brought.Open("bin/" + before + arch + after)
	if err != nil {
		return nil, err
	}
	defer func() { _ = packed.Close() }()
	unzipped, err := gzip.NewReader(packed)
	if err == nil {
		var data []byte
		if data, err = io.ReadAll(unzipped); err == nil {
			return data, nil
		}
	}
	return nil, fmt.Errorf("the probe for %s in this build is damaged: %w", arch, err)
}
