// Package render turns a snapshot, and what diagnose says of it, into text for
// people and machines: a tree, JSON, DOT, Mermaid, rows for templates.
//
// It is pure: it writes to the writer it is given and asks nobody. Whatever
// comes from an engine is hostile, and is escaped for the medium it goes to in
// the file named after that medium.
package render
