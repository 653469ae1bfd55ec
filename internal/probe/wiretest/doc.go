// Package wiretest stands in for the probe in tests: a [Place] holds what is seen
// from one network namespace, as a table, and answers requests from it.
package wiretest
