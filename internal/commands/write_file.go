package commands

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// writeFile replaces a file as a whole, so that a reader finds the old content
// or the new. An existing file keeps its mode; a new one gets what the user's
// mask leaves. What is no regular file (a pipe, /dev/stderr) is written to.
func writeFile(name string, content []byte) error {
	if err := replaceFile(name, content); err != nil {
		return fmt.Errorf("cannot write the graph to %s: %w", quoteArg(name), cutPath(err))
	}
	return nil
}

// newFileMode is cut down by the user's mask when the file is made.
const newFileMode = 0o666

func replaceFile(name string, content []byte) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a directory")
	case !info.Mode().IsRegular():
		return os.WriteFile(name, content, newFileMode)
	default:
		// Replacing needs the directory only; a file that is not to be
		// written to is not to be replaced either.
		file, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_ = file.Close()
	}
	name = followLinks(name)
	made, err := os.OpenFile(filepath.Join(filepath.Dir(name), ".netkit-"+rand.Text()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, newFileMode)
	if err != nil {
		return err
	}
	err = fill(made, info, content)
	if err == nil {
		err = os.Rename(made.Name(), name)
	}
	if err != nil {
		_ = os.Remove(made.Name())
	}
	return err
}

// fill writes the content and sees it to the disk, with the mode of the file
// that is to be replaced, if there is one.
func fill(file *os.File, old fs.FileInfo, content []byte) error {
	_, err := file.Write(content)
	if err == nil && old != nil {
		err = file.Chmod(old.Mode().Perm())
	}
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// followLinks finds what a symbolic link means, also one that leads to a file
// which does not exist yet.
func followLinks(name string) string {
	const most = 40 // as many as Linux follows
	for range most {
		if there, err := filepath.EvalSymlinks(name); err == nil {
			return there
		}
		target, err := os.Readlink(name)
		if err != nil {
			return name
		}
		if !filepath.IsAbs(target) {
			dir := filepath.Dir(name)
			// "..", in a directory that is a link itself, is that of what it
			// leads to.
			if real, err := filepath.EvalSymlinks(dir); err == nil {
				dir = real
			}
			target = filepath.Join(dir, target)
		}
		name = target
	}
	return name
}

// cutPath takes the path out of an error that names the temporary file.
func cutPath(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	if at, ok := errors.AsType[*os.LinkError](err); ok {
		return at.Err
	}
	return err
}
