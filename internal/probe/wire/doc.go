// Package wire is the protocol between the plugin and netkit-probe: the program
// that measures from inside a container's network namespace.
//
// The probe writes a [Hello], then reads requests from its standard input and
// writes results to its standard output, each as one line of JSON. Requests are
// carried out side by side; each ends with a result that is Done. The end of the
// input, or a silence longer than [Silence], ends the probe.
//
// It is pure: values and their JSON, and no measuring.
package wire
