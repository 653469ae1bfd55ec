// Package enginetest is a container engine for tests, as seen over HTTP: it
// holds networks and containers, changes them while it runs and when it is asked
// to, counts the requests it gets and fails them in the ways that engines,
// proxies and networks do.
//
// It writes what real engines write [measured on Docker 20.10, 26.1, 28.5 and
// Podman 5.4], down to what each of them leaves out. It does not pretend to
// work for requests it does not know: an unknown request, query or field of a
// body, and a fault that nothing met, fail the test, so that no test passes
// because the fake was asked for something else than the test's author thought.
package enginetest
