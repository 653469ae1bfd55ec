package commands

import "syscall"

// apart starts a process in a group of its own, which the console's signals do not
// reach.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
