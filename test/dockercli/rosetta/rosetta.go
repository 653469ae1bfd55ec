// Package rosetta stands in for the real one, which only macOS uses.
package rosetta

// NativeArch is not known here.
func NativeArch() string { return "" }

// Available is false: this is no macOS.
func Available() bool { return false }

// Enabled is false: this is no macOS.
func Enabled() bool { return false }
