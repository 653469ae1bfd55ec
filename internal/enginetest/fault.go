package enginetest

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"
)

// Fault answers a request in place of the engine, or spoils what the engine
// answers.
type Fault func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc)

type injected struct {
	fault Fault
	met   bool
}

// Fail makes every request of this name ("GET /networks") meet the fault. A
// fault that nothing met by the end fails the test.
func (e *Engine) Fail(name string, fault Fault) {
	e.t.Helper()
	if !e.knows(name) {
		e.t.Fatalf("the fake engine has no request %q to fail", name)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults[name] = &injected{fault: fault}
}

func (e *Engine) reportUnmetFaults() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for name, f := range e.faults {
		if !f.met {
			e.t.Errorf("the fault on %q was met by no request", name)
		}
	}
}

func (e *Engine) faultOn(name string) Fault {
	e.mu.Lock()
	defer e.mu.Unlock()
	f := e.faults[name]
	if f == nil {
		return nil
	}
	f.met = true
	return f.fault
}

// Status is the engine's own error: a status and a message in JSON.
func Status(status int, message string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) { writeError(w, status, message) }
}

// Page is what a proxy answers in the engine's place: a page in HTML.
func Page(status int) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = w.Write([]byte("<html>\n<head><title>\x1b[31mproxy</title></head>\n</html>\n"))
	}
}

// Body is a reply of another body, with status 200 and as JSON.
func Body(text string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(text))
	}
}

// CutAt breaks the connection after that many bytes of the true reply; less
// than nothing counts from the end.
func CutAt(length int) Fault {
	return func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		writePart(w, r, answer, length)
		panic(http.ErrAbortHandler)
	}
}

// StallAt sends that many bytes of the true reply, and then nothing more.
func StallAt(length int) Fault {
	return func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		writePart(w, r, answer, length)
		<-r.Context().Done()
	}
}

func writePart(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc, length int) {
	whole := httptest.NewRecorder()
	answer(whole, r)
	for key, values := range whole.Header() {
		w.Header()[key] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(whole.Body.Len()))
	w.WriteHeader(whole.Code)
	text := whole.Body.Bytes()
	if length < 0 {
		length += len(text)
	}
	_, _ = bytes.NewReader(text[:min(max(length, 0), len(text))]).WriteTo(w)
	_ = http.NewResponseController(w).Flush()
}

// Hang takes the request and answers nothing.
func Hang() Fault {
	return func(_ http.ResponseWriter, r *http.Request, _ http.HandlerFunc) { <-r.Context().Done() }
}

// Delay answers after a while.
func Delay(by time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		select {
		case <-time.After(by):
			answer(w, r)
		case <-r.Context().Done():
		}
	}
}

// Reset breaks the connection before anything is answered; over TCP the peer
// gets a reset.
func Reset() Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	}
}
