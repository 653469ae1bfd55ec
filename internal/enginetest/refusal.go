package enginetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// refusal is why an engine does not do what it was asked for.
type refusal struct {
	status  int
	message string
}

func refuse(status int, format string, args ...any) *refusal {
	return &refusal{status: status, message: fmt.Sprintf(format, args...)}
}

// unknown fails the test, since nothing was measured of what is asked for.
func (e *Engine) unknown(format string, args ...any) *refusal {
	what := fmt.Sprintf(format, args...)
	e.t.Errorf("the fake engine does not know %s", what)
	return refuse(http.StatusInternalServerError, "the fake engine does not know %s", what)
}

func (e *Engine) writeRefusal(w http.ResponseWriter, no *refusal) {
	if !e.flavour.Podman {
		writeError(w, no.status, no.message)
		return
	}
	// Podman tells the innermost error once more.
	cause := no.message
	if _, inner, wrapped := strings.Cut(cause, ": "); wrapped {
		cause = inner
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(no.status)
	_, _ = w.Write(mustJSON(map[string]any{"cause": cause, "message": no.message, "response": no.status}))
}

// readBody reads what a request brings. It fails the test for a field that would
// be passed over here and not by an engine.
func (e *Engine) readBody(w http.ResponseWriter, r *http.Request, into any) bool {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil && dec.More() {
		err = errors.New("more than one object")
	}
	if err != nil {
		e.t.Errorf("the fake engine does not know the body of %s %s: %v", r.Method, r.URL, err)
		writeError(w, http.StatusBadRequest, err.Error())
	}
	return err == nil
}

// noBody fails the test for a body where none is known.
func (e *Engine) noBody(r *http.Request) {
	if text, _ := io.ReadAll(r.Body); len(text) > 0 {
		e.t.Errorf("the fake engine does not know the body of %s %s: %s", r.Method, r.URL, text)
	}
}

// serveChange answers a request that changes something.
func (e *Engine) serveChange(w http.ResponseWriter, status int, do func() ([]event, *refusal)) {
	var no *refusal
	e.change(func() (events []event) {
		events, no = do()
		return events
	})
	switch {
	case no != nil && no.status == http.StatusNotModified:
		w.WriteHeader(no.status)
	case no != nil:
		e.writeRefusal(w, no)
	case e.flavour.Podman && status == http.StatusOK:
		_, _ = w.Write([]byte("OK\n"))
	default:
		w.WriteHeader(status)
	}
}
