package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"unicode"
)

// UnreachableError tells that no engine answered at an endpoint.
type UnreachableError struct {
	Endpoint Endpoint
	Err      error
}

// Error is one line: what was tried, why it failed, how to choose another.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("no engine answers at %s: %s; start it, or choose another with --context, -H or DOCKER_HOST (docker context ls lists them)",
		e.Endpoint, oneLine(cause(e.Err)))
}

// Unwrap gives the reason.
func (e *UnreachableError) Unwrap() error { return e.Err }

// cause drops the wrapping that repeats the address or the request, which the
// message names already.
func cause(err error) string {
	for _, known := range []error{syscall.ENOENT, syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.ENETUNREACH} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if request, ok := errors.AsType[*url.Error](err); ok {
		// "Get http://docker.example.com/_ping: " is none of the user's doing.
		err = request.Err
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.Error()
	}
	switch {
	case strings.HasPrefix(err.Error(), "Cannot connect to the Docker daemon"):
		return "nothing accepts a connection there" // the client's text names the endpoint again
	case errors.Is(err, os.ErrPermission):
		return "permission denied (is this user in the group that owns the socket?)"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "no answer in time (--timeout waits longer)"
	}
	return err.Error()
}

// RequestError tells that an engine was reached, and that a request to it
// failed or its reply could not be used.
type RequestError struct {
	Endpoint Endpoint
	// Request is the method and the path.
	Request string
	// Status is the HTTP status of the reply; 0 where none came.
	Status int
	Err    error
}

// Error says what was asked, of whom, and what went wrong.
func (e *RequestError) Error() string {
	verb := "cannot read"
	if !e.reading() {
		verb = "no answer to"
	}
	return fmt.Sprintf("%s %s of the engine at %s: %s", verb, e.Request, e.Endpoint, oneLine(e.reason()))
}

func (e *RequestError) reason() string {
	switch {
	case errors.Is(e.Err, context.DeadlineExceeded), errors.Is(e.Err, os.ErrDeadlineExceeded):
		return "the reply did not come in time; a longer --timeout may help"
	case errors.Is(e.Err, io.ErrUnexpectedEOF), errors.Is(e.Err, io.EOF), errors.Is(e.Err, syscall.ECONNRESET),
		errors.Is(e.Err, syscall.EPIPE), errors.Is(e.Err, net.ErrClosed):
		if !e.reading() {
			return "the connection ended before the engine said what it did"
		}
		return "the reply was cut off; nothing is shown, since part of it would mislead; try again"
	}
	return e.Err.Error()
}

// reading tells that the request asks the engine for something, and changes nothing.
func (e *RequestError) reading() bool { return strings.HasPrefix(e.Request, http.MethodGet+" ") }

// Unwrap gives the reason.
func (e *RequestError) Unwrap() error { return e.Err }

// NotFound tells that the engine does not know what was asked for.
func (e *RequestError) NotFound() bool { return e.Status == http.StatusNotFound }

// Answered tells that the engine answered a request, only not with what was asked
// for: there is use in asking it for other things.
func Answered(err error) bool {
	failed, ok := errors.AsType[*RequestError](err)
	return ok && failed.answered()
}

// answered tells that the engine gave an answer of which no use can be made,
// so that asking for something else may still do; and not that the way to it
// or the caller's patience ended.
func (e *RequestError) answered() bool {
	_, misfit := errors.AsType[*json.UnmarshalTypeError](e.Err)
	return misfit || e.Status >= http.StatusBadRequest
}

// oneLine keeps foreign text (an engine's, a proxy's) from breaking the one
// line that an error is, or from sending control codes to the terminal.
func oneLine(text string) string {
	const most = 400
	text = strings.Join(strings.Fields(text), " ")
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
