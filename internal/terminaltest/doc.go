// Package terminaltest runs programs on terminals of their own, and types there. It
// judges nothing of what they write, and is for tests only.
package terminaltest
