// Package hints knows what to say after a command of docker's own: who is on a
// network that could not be removed, and who does not start any more for one that
// was. It also knows how docker's configuration has it that netkit is asked.
//
// It asks no engine and writes no file. Where there is nothing useful to say, it
// says nothing.
package hints
