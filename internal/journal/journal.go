package journal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

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
type Journal struct {
	dir string
	// Waits is called when another process has the lock and is waited for, with
	// its ID, or 0 where that is not known. It may be nil.
	Waits func(pid int)
}

// Damaged is a file of the journal that cannot be read as an entry.
type Damaged struct {
	Path string
	Err  error
}

// Of gives the journal of the engine with this key, in a directory. Nothing is
// made there before something is written.
func Of(dir, engineKey string) *Journal {
	return &Journal{dir: filepath.Join(dir, dirName(engineKey))}
}

// dirName is where the entries of an engine are: its key may hold what no file
// name does.
func dirName(engineKey string) string {
	sum := sha256.Sum256([]byte(engineKey))
	const enough = 8
	return hex.EncodeToString(sum[:enough])
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
