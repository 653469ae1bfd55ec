// Package modetest lets tests be bound by the modes of files, also where root runs them.
// It changes nothing but the directory that it is given and the ways to it, and is for
// tests only.
package modetest
