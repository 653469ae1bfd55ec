package enginetest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Request is a request that came in.
type Request struct {
	// Name is the method and the path without the API's version and with
	// {id} for an ID: "GET /networks", "GET /containers/{id}/json".
	Name   string
	Path   string
	Query  url.Values
	Header http.Header
}

// Requests are those that came in so far, in order.
func (e *Engine) Requests() []Request {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.seen)
}

// Count tells how many requests came in so far, by name.
func (e *Engine) Count() map[string]int {
	counts := map[string]int{}
	for _, r := range e.Requests() {
		counts[r.Name]++
	}
	return counts
}

// Forget sets the counts to nothing.
func (e *Engine) Forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen = nil
	clear(e.peak)
}

// Peak is how many requests of a name were under way at once, at most.
func (e *Engine) Peak(name string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.peak[name]
}

// Await waits until a request of this name has come in.
func (e *Engine) Await(name string) {
	e.t.Helper()
	const patience = time.Minute
	timer := time.AfterFunc(patience, e.changed.Broadcast)
	defer timer.Stop()
	deadline := time.Now().Add(patience)
	e.mu.Lock()
	defer e.mu.Unlock()
	for !slices.ContainsFunc(e.seen, func(r Request) bool { return r.Name == name }) {
		if !time.Now().Before(deadline) {
			e.t.Fatalf("no %s came within %s", name, patience)
			return
		}
		e.changed.Wait()
	}
}

func (e *Engine) enter(name string, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen = append(e.seen, Request{Name: name, Path: r.URL.Path, Query: r.URL.Query(), Header: maps.Clone(r.Header)})
	e.underWay[name]++
	e.peak[name] = max(e.peak[name], e.underWay[name])
	e.changed.Broadcast()
}

func (e *Engine) leave(name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.underWay[name]--
}

// allowQuery fails the test for a query that would be passed over here and not
// by an engine.
func (e *Engine) allowQuery(r *http.Request, keys ...string) {
	for key := range r.URL.Query() {
		if !slices.Contains(keys, key) {
			e.t.Errorf("the fake engine does not know the query %q of %s", key, r.URL)
		}
	}
}

// nameOf is the name of a request by the pattern that it met.
func nameOf(pattern string) string { return strings.Replace(pattern, " /{version}/", " /", 1) }
