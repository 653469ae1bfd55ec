// Package browsertest finds a browser on this machine, and has pages of the tests' own
// report from it. It judges nothing of what they report, and is for tests only.
package browsertest
