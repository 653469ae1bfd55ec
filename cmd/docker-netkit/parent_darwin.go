package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// parentArgs is the command line of the program that started this one, with its
// name; nil where it cannot be read.
func parentArgs() []string {
	data, err := unix.SysctlRaw("kern.procargs2", os.Getppid())
	if err != nil {
		return nil
	}
	return procArgs(data)
}
