//go:build real

package real

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// within opens something in the network namespace of a process: what is opened
// there stays there.
func within[T any](pid int, open func() (T, error)) (opened T, err error) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		// The thread is not given back, and so ends with this: it is elsewhere.
		runtime.LockOSThread()
		namespace, failed := os.Open(fmt.Sprintf("/proc/%d/ns/net", pid))
		if failed != nil {
			err = failed
			return
		}
		defer func() { _ = namespace.Close() }()
		if err = unix.Setns(int(namespace.Fd()), unix.CLONE_NEWNET); err != nil {
			return
		}
		opened, err = open()
	}()
	<-ended
	return opened, err
}
