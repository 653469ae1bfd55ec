package dockerconfig

import (
	"context"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
)

// patience is how long another process may take that changes the file, too. It
// has nothing to do but that.
const patience = 30 * time.Second

// lock keeps other processes of netkit from changing the file at once. Docker
// itself takes no lock, so that this is not all that is needed. Where a lock
// cannot be had, as on some network file systems, it is done without.
func lock(ctx context.Context, dir string) (unlock func(), err error) {
	path := dir // which leaves no file behind
	if runtime.GOOS == "windows" {
		path = filepath.Join(dir, ".netkit-lock")
	}
	options := []flock.Option{flock.SetPermissions(fileMode)}
	if path == dir {
		options = append(options, flock.SetFlag(0))
	}
	l := flock.New(path, options...)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	const often = 10 * time.Millisecond
	if _, err := l.TryLockContext(ctx, often); ctx.Err() != nil {
		return nil, err
	}
	return func() { _ = l.Unlock() }, nil
}
