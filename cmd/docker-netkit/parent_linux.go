package main

import (
	"os"
	"path/filepath"
	"strconv"
)

// parentArgs is the command line of the program that started this one, with its
// name; nil where it cannot be read.
func parentArgs() []string {
	list, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(os.Getppid()), "cmdline"))
	if err != nil {
		return nil
	}
	return words(list)
}
