// Package probe measures from inside network namespaces: it has the engine run
// a helper container in each, with our program, speaks with that, and sees to it
// that nothing is left.
package probe
