package program

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// libraryDirs are where the loaders of glibc and musl look by themselves, as
// patterns: Debian has a directory for each architecture.
var libraryDirs = []string{
	"/lib/*-linux-*", "/usr/lib/*-linux-*", "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib",
}

// withLibraries gives an executable as the probe, with the loader and the
// libraries that it needs where it is linked dynamically. They go to the paths
// that they have here, where the same loader looks for them.
func withLibraries(executableFile string) ([]file, error) {
	data, err := os.ReadFile(executableFile)
	if err != nil {
		return nil, fmt.Errorf("cannot read the own program, which is to be the probe: %w", err)
	}
	files := []file{{name: File, mode: executable, data: data}}
	program, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("cannot read the own program %s: %w", executableFile, err)
	}
	loader, err := loaderOf(program)
	if err != nil {
		return nil, needStatic(executableFile, err)
	}
	if loader == "" {
		return files, nil
	}
	c := collection{machine: program.Machine, class: program.Class, have: map[string]bool{}}
	if err := c.add(loader); err != nil {
		return nil, needStatic(executableFile, err)
	}
	if err := c.addNeeds(program, filepath.Dir(executableFile)); err != nil {
		return nil, needStatic(executableFile, err)
	}
	slices.SortFunc(c.files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return append(files, c.files...), nil
}

func needStatic(executableFile string, err error) error {
	return fmt.Errorf("%s cannot be the probe, since it is linked dynamically: %w; build it with CGO_ENABLED=0, or by ./install.sh", executableFile, err)
}

// loaderOf is the path of the loader that a program asks for; empty for a static
// one.
func loaderOf(program *elf.File) (string, error) {
	for _, segment := range program.Progs {
		if segment.Type != elf.PT_INTERP {
			continue
		}
		name := make([]byte, segment.Filesz)
		if _, err := segment.ReadAt(name, 0); err != nil {
			return "", fmt.Errorf("cannot read which loader it needs: %w", err)
		}
		return strings.TrimRight(string(name), "\x00"), nil
	}
	return "", nil
}

// collection is the libraries found so far.
type collection struct {
	machine elf.Machine
	class   elf.Class
	files   []file
	have    map[string]bool // by the name that others need them by
}

// add takes a library, and what that one needs.
func (c *collection) add(name string) error {
	if c.have[filepath.Base(name)] {
		return nil
	}
	c.have[filepath.Base(name)] = true
	data, err := os.ReadFile(name) //nolint:gosec // the loader and libraries of our own program
	if err != nil {
		return err
	}
	library, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	c.files = append(c.files, file{name: name, mode: executable, data: data})
	return c.addNeeds(library, filepath.Dir(name))
}

// addNeeds takes what a program or library in a directory needs.
func (c *collection) addNeeds(of *elf.File, origin string) error {
	needs, err := of.ImportedLibraries()
	if err != nil {
		return err
	}
	var first []string
	for _, tag := range []elf.DynTag{elf.DT_RPATH, elf.DT_RUNPATH} {
		paths, err := of.DynString(tag)
		if err != nil {
			return err
		}
		for _, path := range paths {
			for dir := range strings.SplitSeq(path, ":") {
				dir = strings.ReplaceAll(strings.ReplaceAll(dir, "${ORIGIN}", origin), "$ORIGIN", origin)
				if filepath.IsAbs(dir) {
					first = append(first, dir)
				}
			}
		}
	}
	for _, need := range needs {
		if c.have[need] {
			continue
		}
		found, err := c.find(need, first)
		if err != nil {
			return err
		}
		if err := c.add(found); err != nil {
			return err
		}
	}
	return nil
}

// find looks for a library of the program's kind.
func (c *collection) find(name string, first []string) (string, error) {
	if filepath.IsAbs(name) {
		return name, nil
	}
	for _, pattern := range slices.Concat(first, libraryDirs) {
		matches, err := filepath.Glob(filepath.Join(pattern, name))
		if err != nil {
			continue // no pattern: a directory with a bracket in its name
		}
		for _, match := range matches {
			library, err := elf.Open(match)
			if err != nil {
				continue
			}
			fits := library.Machine == c.machine && library.Class == c.class
			_ = library.Close()
			if fits {
				return match, nil
			}
		}
	}
	return "", fmt.Errorf("its library %s is nowhere: %w", name, errors.ErrUnsupported)
}
