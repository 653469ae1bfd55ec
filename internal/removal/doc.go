// Package removal removes networks without harm, and brings them back.
//
// It plans, from a snapshot, what is to be done and what that means for whom;
// a plan is a value that can be shown, compared and kept. It applies a plan
// without deciding anything anew: it looks again right before it acts, and
// stops where the plan would be another one now. It never stops, starts or
// deletes a container.
//
// It asks the engine and keeps its records through interfaces only.
package removal
