// Package real tests the plugin on real engines: those that the environment
// variable NETKIT_TEST_ENGINE names. `make test` starts one; nothing is ever
// done to an engine that was not named.
//
// The tests have the build tag "real", so that `go test ./...` by itself does
// not hold them, and they fail where no engine is named: they are never
// skipped. Further variables:
//
//	NETKIT_TEST_CLIS   docker clients to test with, comma-separated
//	                   (default: the one on the PATH)
//	NETKIT_TEST_SWARM  the manager and a worker of a swarm, comma-separated
//	                   (default: the tests make a swarm of one node)
package real
