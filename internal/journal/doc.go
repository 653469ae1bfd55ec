// Package journal keeps on the disk what is needed to undo removals, an entry a
// file, apart for each engine.
//
// An entry is whole or not there: it is written beside its place, synced, and
// then moved. A file that cannot be read is reported and left alone; it never
// keeps the others from being read. The journal knows nothing of what entries
// mean.
package journal
