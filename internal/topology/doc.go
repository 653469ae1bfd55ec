// Package topology is the model of one engine's networks at one moment: what
// networks there are, what containers there are, and which wants which.
//
// It is pure: it reads nothing, asks nothing and judges nothing. A snapshot is
// filled by the collector, sorted once, and never changed afterwards; what it
// means is for package diagnose to say, and how it looks for package render.
package topology
