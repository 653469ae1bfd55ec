// Package engine is the only part that talks to a container engine. It reads
// what is needed into a topology, and makes narrow, named changes by ID.
//
// It draws no conclusion from what it reads, and it does not use the typed
// lists of the engine's client: those fail as a whole when a single address of
// a single network does not parse (moby#52991). The client gives the
// connection, the negotiated version and the headers; the replies are decoded
// here, object by object, and what cannot be read becomes a gap.
package engine
