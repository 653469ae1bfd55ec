// Package explain tells what networks, containers and the ways between them are,
// in sentences, in English and in Brazilian Portuguese.
//
// Facts are plain values that know no language: what is said of a network or a
// container follows from a snapshot, by the reasoning of package diagnose, and by
// nothing else. So nothing is claimed here that a ping would contradict. Words are
// templates, one file for each kind and language, which make Markdown of facts.
//
// It is pure: it asks no engine, and knows no terminal.
package explain
