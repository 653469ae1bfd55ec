package journal

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/removal"
)

// Entries lists the engine's entries, the oldest first, and what cannot be read.
func (j *Journal) Entries() ([]removal.Entry, []Damaged, error) { return readDir(j.dir) }

// Named lists the engine's entries of networks of a name, the oldest first.
func (j *Journal) Named(network string) ([]removal.Entry, error) {
	entries, _, err := j.Entries()
	return slices.DeleteFunc(entries, func(e removal.Entry) bool { return e.Network.Name != network }), err
}

// All lists the entries of every engine in a directory.
func All(dir string) ([]removal.Entry, []Damaged, error) {
	engines, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read the journal: %w", err)
	}
	var entries []removal.Entry
	var damaged []Damaged
	for _, engine := range engines {
		if !engine.IsDir() {
			continue
		}
		some, odd, err := readDir(filepath.Join(dir, engine.Name()))
		if err != nil {
			damaged = append(damaged, Damaged{Path: filepath.Join(dir, engine.Name()), Err: err})
		}
		entries, damaged = append(entries, some...), append(damaged, odd...)
	}
	sortEntries(entries)
	return entries, damaged, nil
}

func readDir(dir string) ([]removal.Entry, []Damaged, error) {
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read the journal: %w", err)
	}
	var entries []removal.Entry
	var damaged []Damaged
	for _, file := range files {
		id, isEntry := strings.CutSuffix(file.Name(), extension)
		if !isEntry || !plainID(id) {
			continue // the lock, and what was being written when a process ended
		}
		path := filepath.Join(dir, file.Name())
		entry, err := readEntry(path, id)
		if err != nil {
			damaged = append(damaged, Damaged{Path: path, Err: err})
			continue
		}
		entries = append(entries, *entry)
	}
	sortEntries(entries)
	return entries, damaged, nil
}

func readEntry(path, id string) (*removal.Entry, error) {
	text, err := readFile(path)
	if err != nil {
		return nil, err
	}
	var e removal.Entry
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, fmt.Errorf("it is no whole entry: %w", err)
	}
	if err := e.Check(); err != nil {
		return nil, err
	}
	if e.ID != id {
		return nil, fmt.Errorf("it is named %s, and holds the entry %q", id, e.ID)
	}
	if dirName(e.Engine.Key) != filepath.Base(filepath.Dir(path)) {
		return nil, fmt.Errorf("it is of another engine, %q at %q", e.Engine.Name, e.Engine.Endpoint)
	}
	return &e, nil
}

// largest is how large an entry may be: a network with a hundred thousand
// containers takes less.
const largest = 64 << 20

// readFile reads a file that is one: a pipe or a device would be waited for, or
// read, without an end.
func readFile(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	tooLarge := fmt.Errorf("it is larger than an entry may be, which is %d MiB", largest>>20)
	switch {
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no regular file")
	case info.Size() > largest:
		return nil, tooLarge
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, largest+1))
	if err == nil && len(text) > largest {
		err = tooLarge // it grows while it is read
	}
	return text, err
}

// sortEntries puts the oldest first.
func sortEntries(entries []removal.Entry) {
	slices.SortStableFunc(entries, func(a, b removal.Entry) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID))
	})
}
