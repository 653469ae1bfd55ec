package dockerconfig

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A configuration may hold passwords, so that a new one is for its user only, as
// docker makes it.
const (
	dirMode  = 0o700
	fileMode = 0o600
)

// largest is how many bytes a config.json may have. What is larger is none.
const largest = 64 << 20

// Read reads a config.json. One that is not there is an empty one.
func Read(path string) (*Document, error) {
	text, err := content(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &Document{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, cause(err))
	}
	d, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	return d, nil
}

// Change changes a config.json, and tells whether that made a difference. Where
// it did not, nothing is written. Another program may change the file meanwhile:
// then the change is made anew, on what that wrote.
func Change(ctx context.Context, path string, change func(*Document) error) (bool, error) {
	target, err := behindLinks(path)
	if err != nil {
		return false, fmt.Errorf("cannot write %s: %w", path, cause(err))
	}
	made, err := makeDir(filepath.Dir(target))
	if err != nil {
		return false, fmt.Errorf("cannot write %s: %w", path, cause(err))
	}
	defer made.withdrawn(target)
	unlock, err := lock(ctx, filepath.Dir(target))
	if err != nil {
		return false, fmt.Errorf("cannot write %s: another process is at it: %w", path, err)
	}
	defer unlock()
	const tries = 5
	for range tries {
		written, changed, err := once(path, target, change)
		if err != nil || written {
			return changed, err
		}
	}
	return false, fmt.Errorf("cannot write %s: another program keeps changing it; try again", path)
}

// once makes the change. It has not written where the file changed meanwhile.
func once(path, target string, change func(*Document) error) (written, changed bool, err error) {
	before, err := content(target)
	there := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, false, fmt.Errorf("cannot read %s: %w", path, cause(err))
	}
	d, err := Parse(before)
	if err == nil {
		err = change(d)
	}
	if err != nil {
		return false, false, fmt.Errorf("cannot change %s: %w", path, err)
	}
	if there && bytes.Equal(before, d.Text()) || !there && d.blank() {
		return true, false, nil
	}
	beside, err := writeBeside(target, d.Text())
	if err != nil {
		return false, false, fmt.Errorf("cannot write %s: %w", path, cause(err))
	}
	defer func() { _ = os.Remove(beside) }() // there only where it was not moved
	now, err := content(target)
	if there != (err == nil) || !bytes.Equal(before, now) {
		return false, false, nil
	}
	if err := os.Rename(beside, target); err != nil {
		return false, false, fmt.Errorf("cannot write %s: %w", path, cause(err))
	}
	syncDir(filepath.Dir(target))
	return true, true, nil
}

// writeBeside writes the text to a new file beside the target, with its mode and
// owner, and sees it to the disk.
func writeBeside(target string, text []byte) (string, error) {
	mode := fs.FileMode(fileMode)
	owned := inherit // a new file
	info, err := os.Stat(target)
	if err == nil {
		mode, owned = info.Mode().Perm(), likeOwner
	} else if info, err = os.Stat(filepath.Dir(target)); err != nil {
		return "", err
	}
	file, err := os.OpenFile(filepath.Join(filepath.Dir(target), ".config-"+rand.Text()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return "", err
	}
	_, err = file.Write(text)
	err = errors.Join(err, owned(file.Name(), info), os.Chmod(file.Name(), mode), file.Sync(), file.Close())
	if err != nil {
		_ = os.Remove(file.Name())
		return "", err
	}
	return file.Name(), nil
}

// content reads a regular file: to open a pipe would wait for ever.
func content(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	if info.Size() > largest {
		return nil, fmt.Errorf("it has more than %d MB", largest>>20)
	}
	return os.ReadFile(path)
}

// behindLinks is the file that a path means, also where that is not there yet:
// the link is to stay one.
func behindLinks(path string) (string, error) {
	const most = 40 // as systems have it
	for range most {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		}
		to, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			// The directory itself may be a link, which ".." would not follow.
			dir, err := filepath.EvalSymlinks(filepath.Dir(path))
			if err != nil {
				return "", err
			}
			to = filepath.Join(dir, to)
		}
		path = to
	}
	return "", errors.New("too many symbolic links")
}

// madeDirs are directories that were made, the outermost first.
type madeDirs []string

// makeDir makes a directory and what leads to it, for the owner of what was there.
func makeDir(dir string) (madeDirs, error) {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is no directory", dir)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	made, err := makeDir(filepath.Dir(dir))
	if err != nil {
		return made, err
	}
	outer, err := os.Stat(filepath.Dir(dir))
	if err != nil {
		return made, err
	}
	if err := os.Mkdir(dir, dirMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return made, err
	}
	return append(made, dir), inherit(dir, outer)
}

// inherit gives what root makes to whom the directory belongs that it is in, as
// where sudo keeps the HOME of a user. Anybody else makes it for themselves.
func inherit(path string, dir fs.FileInfo) error {
	if os.Geteuid() != 0 {
		return nil
	}
	return likeOwner(path, dir)
}

// withdrawn takes them away again where nothing came of it.
func (m madeDirs) withdrawn(target string) {
	if _, err := os.Lstat(target); err == nil {
		return
	}
	for i := len(m) - 1; i >= 0; i-- {
		_ = os.Remove(m[i]) // only where it is empty
	}
}

// syncDir sees it to the disk that a file has its name, where the system can.
func syncDir(name string) {
	if dir, err := os.Open(name); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
}

// cause leaves out of an error the name of the file that it is about: it may be
// one beside that which the user knows.
func cause(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err
	}
	return err
}
