//go:build unix

package dockerconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// likeOwner gives a file the owner and group that another has. Without that, a
// file that root writes for another user could not be read by that user any more.
func likeOwner(path string, other fs.FileInfo) error {
	want, ok := other.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	have, ok := info.Sys().(*syscall.Stat_t)
	if !ok || have.Uid == want.Uid && have.Gid == want.Gid {
		return nil
	}
	err = os.Lchown(path, int(want.Uid), int(want.Gid))
	if err == nil || !errors.Is(err, fs.ErrPermission) {
		return err
	}
	if have.Uid == want.Uid {
		return nil // only the group, which one need not be in
	}
	return fmt.Errorf("it belongs to another user (%d); do it as that user", want.Uid)
}
