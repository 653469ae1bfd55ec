package program

import (
	"archive/tar"
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
)

const (
	executable = 0o755
	directory  = 0o755
	sticky     = 0o1777
)

// file is a file of an image, by its absolute path.
type file struct {
	name string
	mode int64
	data []byte
}

// imageOf makes the tar of a root file system. The same files make the same
// bytes: no time and no owner is in it.
func imageOf(files []file) ([]byte, error) {
	// Engines mount over the first of these. The rest are directories of files.
	directories := map[string]int64{"dev": directory, "etc": directory, "proc": directory, "sys": directory, "tmp": sticky}
	for _, f := range files {
		for dir := path.Dir(strings.TrimPrefix(f.name, "/")); dir != "."; dir = path.Dir(dir) {
			if directories[dir] == 0 {
				directories[dir] = directory
			}
		}
	}
	var image bytes.Buffer
	to := tar.NewWriter(&image)
	names := make([]string, 0, len(directories))
	for name := range directories {
		names = append(names, name)
	}
	slices.Sort(names) // a directory comes before what is in it
	for _, name := range names {
		if err := to.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: directories[name], Format: tar.FormatUSTAR}); err != nil {
			return nil, fmt.Errorf("cannot make the probe's image: %w", err)
		}
	}
	for _, f := range files {
		head := &tar.Header{
			Typeflag: tar.TypeReg, Name: strings.TrimPrefix(f.name, "/"), Mode: f.mode, Size: int64(len(f.data)), Format: tar.FormatPAX,
		}
		if err := to.WriteHeader(head); err != nil {
			return nil, fmt.Errorf("cannot make the probe's image: %w", err)
		}
		if _, err := to.Write(f.data); err != nil {
			return nil, fmt.Errorf("cannot make the probe's image: %w", err)
		}
	}
	if err := to.Close(); err != nil {
		return nil, fmt.Errorf("cannot make the probe's image: %w", err)
	}
	return image.Bytes(), nil
}
