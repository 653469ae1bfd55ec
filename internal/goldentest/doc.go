// Package goldentest holds what is written to files that say what is wanted. It decides
// nothing of what that is, and is for tests only.
package goldentest
