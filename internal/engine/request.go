package engine

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// reply is an answer whose status is fine and whose body is JSON, not read yet.
type reply struct {
	header http.Header
	body   io.ReadCloser
}

// get asks the engine for a path below the API's version.
func (e *Engine) get(ctx context.Context, path string, query url.Values) (*reply, error) {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return e.getAt(ctx, e.base, path)
}

// getJSON asks the engine for a path, and reads the reply into a value: only those parts
// of it that the value has, so that what is odd elsewhere in it does no harm.
func (e *Engine) getJSON(ctx context.Context, path string, into any) (http.Header, error) {
	reply, err := e.get(ctx, path, nil)
	if err != nil {
		return nil, err
	}
	defer reply.body.Close()
	if err := json.NewDecoder(reply.body).Decode(into); err != nil {
		return nil, e.wrap(ctx, path, notJSON(err))
	}
	return reply.header, nil
}

// getAt asks the engine for a path below another base.
func (e *Engine) getAt(ctx context.Context, base, path string) (*reply, error) {
	resp, err := e.do(ctx, base, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	if err := usable(resp); err != nil {
		_ = resp.Body.Close()
		return nil, e.failed(ctx, path, resp.StatusCode, err)
	}
	return &reply{header: resp.Header, body: resp.Body}, nil
}

// do sends a request to a path below a base, with a body in JSON if there is one,
// and gives the reply whatever its status.
func (e *Engine) do(ctx context.Context, base, method, path string, body any) (*http.Response, error) {
	var content io.Reader = http.NoBody
	header := http.Header{}
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, e.failedAt(ctx, method, path, 0, err)
		}
		content = bytes.NewReader(text)
		header.Set("Content-Type", "application/json")
	}
	return e.send(ctx, base, method, path, header, content)
}

// send sends a request with these headers beside those of every request, and
// gives the reply whatever its status.
func (e *Engine) send(ctx context.Context, base, method, path string, header http.Header, content io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, base+path, content)
	if err != nil {
		return nil, e.failedAt(ctx, method, path, 0, err)
	}
	for _, values := range []http.Header{e.header, header} {
		maps.Copy(req.Header, values)
	}
	resp, err := e.http.Do(req)
	if err != nil {
		// url.Error repeats the request, with the stand-in host in it.
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err
		}
		return nil, e.failedAt(ctx, method, path, 0, err)
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		e.heed(resp.Header) // an engine does not tell of itself there
	}
	return resp, nil
}

// failed is the error of a request to read something.
func (e *Engine) failed(ctx context.Context, path string, status int, err error) error {
	return e.failedAt(ctx, http.MethodGet, path, status, err)
}

// failedAt is the error of a request. When the context has ended, that is why:
// what the connection says of being closed meanwhile is no news.
func (e *Engine) failedAt(ctx context.Context, method, path string, status int, err error) error {
	if ended := ctx.Err(); ended != nil {
		err = ended
	}
	path, _, _ = strings.Cut(path, "?")
	return &RequestError{Endpoint: e.endpoint, Request: method + " " + path, Status: status, Err: err}
}

// usable tells why a reply cannot be read as the engine's: its own error, or
// something between it and us that answered in its place.
func usable(resp *http.Response) error {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	isJSON := kind == "application/json" || kind == "application/x-ndjson" || kind == "application/json-seq"
	if resp.StatusCode == http.StatusOK && (isJSON || kind == "") {
		return nil
	}
	start, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if !isJSON && len(start) > 0 && kind != "text/plain" {
		return fmt.Errorf("the reply (status %s) is %s and not the engine's JSON, as when a proxy answers in its place", resp.Status, kind)
	}
	var message struct{ Message string }
	if err := json.Unmarshal(start, &message); err == nil && message.Message != "" {
		return fmt.Errorf("the engine says: %s (status %d)", message.Message, resp.StatusCode)
	}
	if len(start) == 0 {
		return fmt.Errorf("status %s and an empty reply", resp.Status)
	}
	return fmt.Errorf("status %s: %s", resp.Status, start)
}

// element is an object of a list: whole, or as much of it as fits T and why
// the rest does not.
type element[T any] struct {
	index int
	value *T
	err   error
}

// list reads a JSON array object by object into values of type T. Each is
// handed to take, also one of which only a part fits; only a reply that is no
// whole array is an error. Taking goes on beside decoding, which is the larger
// part of the work with thousands of containers.
func list[T any](body io.Reader, take func(element[T])) error {
	const ahead = 128
	elements := make(chan element[T], ahead)
	taken := make(chan struct{})
	go func() {
		defer close(taken)
		for e := range elements {
			take(e)
		}
	}()
	err := decodeList(body, elements)
	close(elements)
	<-taken
	return err
}

func decodeList[T any](body io.Reader, elements chan<- element[T]) error {
	dec := json.NewDecoder(bufio.NewReaderSize(body, 1<<16))
	start, err := dec.Token()
	if err != nil {
		return notJSON(err)
	}
	if start == nil {
		return atEnd(dec) // null: an empty list, as some engines write it
	}
	if start != json.Delim('[') {
		return fmt.Errorf("the reply is no list, it begins with %v", start)
	}
	for index := 0; dec.More(); index++ {
		var value T
		if err := dec.Decode(&value); err != nil {
			if _, misfit := errors.AsType[*json.UnmarshalTypeError](err); !misfit {
				return notJSON(err)
			}
			elements <- element[T]{index, &value, err}
			continue
		}
		elements <- element[T]{index, &value, nil}
	}
	if _, err := dec.Token(); err != nil {
		return notJSON(err)
	}
	return atEnd(dec)
}

func atEnd(dec *json.Decoder) error {
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more follows after the list, as when the engine fails in the middle of it")
	}
	return nil
}

func notJSON(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("the reply is no valid JSON at byte %d: %w", syntax.Offset, err)
	}
	return err
}
