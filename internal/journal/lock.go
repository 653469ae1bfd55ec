package journal

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// patience is how long a lock is waited for without a word.
const patience = time.Second

// Lock keeps other processes of this user from acting on the same engine until
// unlock is called, or until this process ends, however it ends. Where another
// has the lock for longer than a moment, [Journal.Waits] is called.
func (j *Journal) Lock(ctx context.Context) (unlock func(), err error) {
	if err := os.MkdirAll(j.dir, dirMode); err != nil {
		return nil, fmt.Errorf("cannot keep a journal for undoing: %w", err)
	}
	path := filepath.Join(j.dir, "lock")
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		// To open a pipe would wait for ever.
		return nil, fmt.Errorf("cannot lock the journal: %s is no regular file; remove it", path)
	}
	lock := flock.New(path, flock.SetPermissions(fileMode))
	if j.Waits != nil {
		notice := time.AfterFunc(patience, func() { j.Waits(holder(path)) })
		defer notice.Stop()
	}
	const often = 50 * time.Millisecond
	if _, err := lock.TryLockContext(ctx, often); err != nil {
		return nil, fmt.Errorf("cannot lock the journal in %s, which keeps two from acting at once: %w", j.dir, err)
	}
	// Who has the lock is for people who wait. Some systems let nobody write
	// to a locked file, and then it is not told.
	_ = os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())), fileMode)
	return func() {
		_ = os.Truncate(path, 0)
		_ = lock.Unlock()
	}, nil
}

// holder is the process that has a lock; 0 where that is not known.
func holder(path string) int {
	file, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer func() { _ = file.Close() }()
	const enough = 32
	text, err := io.ReadAll(io.LimitReader(file, enough))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid < 1 {
		return 0
	}
	return pid
}
