// Package checks examines a snapshot for what is wrong with an engine's networks,
// or about to go wrong. Each check is a value: an ID that stays, why it matters,
// what it has to know, and a function that finds. It is pure: it asks nothing and
// changes nothing, and refuses to guess. What it was not told is "could not check",
// which is neither fine nor a finding.
package checks
