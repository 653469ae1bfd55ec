package journal

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/docker-netkit/docker-netkit/internal/removal"
)

// The journal may tell what runs where, so that it is for its user only.
const (
	dirMode  = 0o700
	fileMode = 0o600
)

// extension ends the names of entries.
const extension = ".json"

// Journal is the part of a journal that is about one engine.
type Journal struct{ dir string }

// Damaged is a file of the journal that cannot be read as an entry.
type Damaged struct {
	Path string
	Err  error
}

// Of gives the journal of the engine with this key, in a directory. Nothing is
// made there before something is written.
func Of(dir, engineKey string) *Journal {
	// A key may hold what no file name does.
	sum := sha256.Sum256([]byte(engineKey))
	const enough = 8
	return &Journal{dir: filepath.Join(dir, hex.EncodeToString(sum[:enough]))}
}

// Lock keeps other processes of this user from acting on the same engine until
// unlock is called, or until this process ends, however it ends.
func (j *Journal) Lock(ctx context.Context) (unlock func(), err error) {
	if err := os.MkdirAll(j.dir, dirMode); err != nil {
		return nil, fmt.Errorf("cannot keep a journal for undoing: %w", err)
	}
	lock := flock.New(filepath.Join(j.dir, "lock"), flock.SetPermissions(fileMode))
	const often = 50 * time.Millisecond
	if _, err := lock.TryLockContext(ctx, often); err != nil {
		return nil, fmt.Errorf("cannot lock the journal in %s, which keeps two from acting at once: %w", j.dir, err)
	}
	return func() { _ = lock.Unlock() }, nil
}

// Write keeps an entry. It is on the disk when this returns.
func (j *Journal) Write(e *removal.Entry) error {
	text, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return fmt.Errorf("cannot write an entry: %w", err)
	}
	if err := os.MkdirAll(j.dir, dirMode); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(j.dir, ".new-"+rand.Text()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), j.path(e.ID))
	}
	if err != nil {
		_ = os.Remove(file.Name())
		return err
	}
	return syncDir(j.dir)
}

func (j *Journal) path(id string) string { return filepath.Join(j.dir, id+extension) }

// syncDir sees it to the disk that a file has its name.
func syncDir(name string) error {
	dir, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	if err := dir.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, fs.ErrInvalid) {
		return err // Windows and some file systems sync no directories
	}
	return nil
}

// Forget drops an entry. One that is not there is dropped already.
func (j *Journal) Forget(id string) error {
	if !plainID(id) {
		return fmt.Errorf("%q is no ID of an entry", id)
	}
	if err := os.Remove(j.path(id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// plainID tells that an ID names a file of the journal and nothing elsewhere.
func plainID(id string) bool {
	return id != "" && !strings.ContainsFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
}

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
	text, err := os.ReadFile(path)
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
	return &e, nil
}

func sortEntries(entries []removal.Entry) {
	slices.SortStableFunc(entries, func(a, b removal.Entry) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID))
	})
}
