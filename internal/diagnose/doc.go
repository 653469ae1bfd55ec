// Package diagnose reasons about a snapshot: what each network is needed for,
// and what is wrong or about to go wrong.
//
// It is pure: it reads a topology and returns values. It never asks the
// engine, and it does not print; how a finding is worded on a screen is for
// package render.
package diagnose
