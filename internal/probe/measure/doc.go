// Package measure is what netkit-probe does: it measures the network from within
// the namespace that it runs in, as requests of package wire ask.
//
// It needs no privilege but what the namespace itself asks for. It changes
// nothing: no address, route or rule. Only Linux has such namespaces; elsewhere
// [Run] is an error.
package measure
