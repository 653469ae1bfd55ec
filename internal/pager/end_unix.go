//go:build unix

package pager

import (
	"os"
	"syscall"
)

// end asks the pager to end, so that it gives the terminal back.
func end(pager *os.Process) error { return pager.Signal(syscall.SIGTERM) }
