package enginetest

import (
	"math"
	"net/http"
	"slices"
)

// hook is what is to happen with one request of a name.
type hook struct {
	name, what string
	nth        int
	left       int // requests of the name until it is due
	before     func()
	after      func()
	fault      Fault
}

// Before does something right before the nth request of a name, counted from
// now, is answered. Like a fault, one that never happened fails the test.
func (e *Engine) Before(name string, nth int, do func()) {
	e.t.Helper()
	e.hook(&hook{name: name, what: "what was to happen before", nth: nth, before: do})
}

// After does something right after the nth request of a name, counted from now,
// was answered. The client has the reply by then, and no further request is
// answered before it is done: so it must not wait for one.
func (e *Engine) After(name string, nth int, do func()) {
	e.t.Helper()
	e.hook(&hook{name: name, what: "what was to happen after", nth: nth, after: do})
}

// FailNth makes only the nth request of this name, counted from now, meet the
// fault.
func (e *Engine) FailNth(name string, nth int, fault Fault) {
	e.t.Helper()
	e.hook(&hook{name: name, what: "the fault on", nth: nth, fault: fault})
}

func (e *Engine) hook(h *hook) {
	e.t.Helper()
	if !e.knows(h.name) {
		e.t.Fatalf("the fake engine has no request %q to wait for", h.name)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	h.left = h.nth
	e.hooks = append(e.hooks, h)
}

// due takes the hooks that are to happen with this request of the name.
func (e *Engine) due(name string) []*hook {
	e.mu.Lock()
	defer e.mu.Unlock()
	var due []*hook
	for _, h := range e.hooks {
		if h.name != name {
			continue
		}
		if h.left--; h.left == 0 {
			due = append(due, h)
		}
	}
	e.hooks = slices.DeleteFunc(e.hooks, func(h *hook) bool { return h.left == 0 })
	return due
}

func (e *Engine) reportUnmetHooks() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, h := range e.hooks {
		e.t.Errorf("%s request %d of %q was met by no request", h.what, h.nth, h.name)
	}
}

// hooked answers a request, and does what is to happen with it.
func (e *Engine) hooked(w http.ResponseWriter, r *http.Request, name string, answer http.HandlerFunc) {
	fault := e.faultOn(name)
	var after []func()
	for _, h := range e.due(name) {
		switch {
		case h.before != nil:
			h.before()
		case h.after != nil:
			after = append(after, h.after)
		default:
			fault = h.fault
		}
	}
	if e.gone(r) {
		panic(http.ErrAbortHandler) // what came before killed the engine
	}
	if len(after) == 0 {
		meet(w, r, fault, answer)
		return
	}
	e.holdOthers()
	defer func() {
		for _, do := range after {
			do()
		}
		e.release()
	}()
	if fault == nil {
		fault = whole
	}
	fault(w, r, answer)
}

// whole sends the true reply, now and not when the handler ends.
func whole(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
	writePart(w, r, answer, math.MaxInt)
}

func meet(w http.ResponseWriter, r *http.Request, fault Fault, answer http.HandlerFunc) {
	if fault != nil {
		fault(w, r, answer)
		return
	}
	answer(w, r)
}

func (e *Engine) gone(r *http.Request) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return !e.serves(r)
}

// holdOthers keeps further requests waiting until release.
func (e *Engine) holdOthers() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.held++
}

func (e *Engine) release() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.held--
	e.changed.Broadcast()
}
