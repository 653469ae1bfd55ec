// Package reach finds out whether a container reaches something, and says where
// it stops: what is foreseen from the snapshot, what was measured from inside the
// source's network namespace, and what follows where the two differ.
//
// It decides what to measure next and what the answers mean. What measures is
// behind the interface [Lab]; how it is worded is for package render.
package reach
