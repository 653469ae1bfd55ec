//go:build !windows

package commands

import "syscall"

// apart starts a process in a session of its own, which the terminal's signals do not
// reach.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
