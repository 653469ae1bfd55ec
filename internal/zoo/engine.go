// Package zoo makes networks and containers of every kind on a real engine,
// for tests and benchmarks, and removes them again. It speaks the engine's API
// by itself, from 1.40 on, and knows nothing of the packages it is used to
// test: what they say is measured against it. It uses no engine that it was
// not told to, and touches nothing there that it did not make.
package zoo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// Variable names the environment variable that tells which engines may be
// used: their endpoints, comma-separated.
const Variable = "NETKIT_TEST_ENGINE"

// Endpoints are the engines that may be used. There is none that is used
// unasked: without the variable, this is an error.
func Endpoints() ([]string, error) {
	endpoints := strings.FieldsFunc(os.Getenv(Variable), func(r rune) bool { return r == ',' || r == ' ' })
	if len(endpoints) == 0 {
		return nil, errors.New(Variable + " names no engine: run `make test`, which starts one, or set it to an engine that tests may use (unix://…)")
	}
	return endpoints, nil
}

// Engine is a real engine behind a Unix socket.
type Engine struct {
	Endpoint string
	// Name is short and tells the engine from others: its product and version.
	Name string
	// Version is the engine's, and API the newest version it speaks.
	Version, API string
	Podman       bool
	socket       string
	http         *http.Client
}

// Connect finds out what engine there is.
func Connect(ctx context.Context, endpoint string) (*Engine, error) {
	socket, ok := strings.CutPrefix(endpoint, "unix://")
	if !ok {
		return nil, fmt.Errorf("the engine for tests must be at a Unix socket (unix://…), not at %s", endpoint)
	}
	e := &Engine{Endpoint: endpoint, socket: socket}
	e.http = &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", socket)
		},
		MaxIdleConnsPerHost: 16,
	}}
	var version struct {
		Version    string
		APIVersion string `json:"ApiVersion"`
		Components []struct{ Name string }
	}
	if err := e.Do(ctx, http.MethodGet, "/version", nil, &version); err != nil {
		return nil, err
	}
	e.Version, e.API = version.Version, version.APIVersion
	product := "docker"
	for _, c := range version.Components {
		if c.Name == "Podman Engine" {
			e.Podman, product = true, "podman"
		}
	}
	e.Name = product + "-" + e.Version
	return e, nil
}

// Socket is the path of the engine's socket.
func (e *Engine) Socket() string { return e.socket }

// AtLeast tells that the engine speaks this version of the API.
func (e *Engine) AtLeast(api string) bool {
	have, want := apiNumber(e.API), apiNumber(api)
	return have >= want
}

func apiNumber(version string) int {
	major, minor, _ := strings.Cut(version, ".")
	high, _ := strconv.Atoi(major)
	low, _ := strconv.Atoi(minor)
	return high*1000 + low
}

// StatusError is the engine's refusal.
type StatusError struct {
	Request string
	Status  int
	Message string
}

// Error is what was asked, and what the engine said.
func (e *StatusError) Error() string {
	return fmt.Sprintf("%s: %d %s", e.Request, e.Status, e.Message)
}

// Do makes a request. The body, if there is one, is sent as JSON, or as a tar
// where it is a reader; the reply is decoded where one is wanted.
func (e *Engine) Do(ctx context.Context, method, path string, body, reply any) error {
	var content io.Reader
	kind := "application/json"
	switch body := body.(type) {
	case nil:
	case io.Reader:
		content, kind = body, "application/x-tar"
	default:
		text, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		content = bytes.NewReader(text)
	}
	prefix := ""
	if e.API != "" {
		prefix = "/v" + e.API
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://engine"+prefix+path, content)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	req.Header.Set("Content-Type", kind)
	res, err := e.http.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		var refusal struct{ Message string }
		if json.Unmarshal(text, &refusal) != nil || refusal.Message == "" {
			refusal.Message = string(text)
		}
		return &StatusError{Request: method + " " + path, Status: res.StatusCode, Message: refusal.Message}
	}
	if reply == nil {
		return nil
	}
	if err := json.Unmarshal(text, reply); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

// Refused tells that an error is the engine's own refusal.
func Refused(err error) bool {
	var refusal *StatusError
	return errors.As(err, &refusal) && refusal.Status >= http.StatusBadRequest
}

// Gone tells that the engine has no such object.
func Gone(err error) bool {
	var refusal *StatusError
	return errors.As(err, &refusal) && refusal.Status == http.StatusNotFound
}

// Until calls ready until it says yes, or until the context ends.
func Until(ctx context.Context, what string, ready func() (bool, error)) error {
	const pause = 20 * time.Millisecond
	var last error
	for {
		ok, err := ready()
		if ok && err == nil {
			return nil
		}
		last = err
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting until %s: %w", what, errors.Join(ctx.Err(), last))
		case <-time.After(pause):
		}
	}
}

// ContainerState is what the engine says of a container now.
func (e *Engine) ContainerState(ctx context.Context, id string) (string, error) {
	var reply struct{ State struct{ Status string } }
	err := e.Do(ctx, http.MethodGet, "/containers/"+url.PathEscape(id)+"/json", nil, &reply)
	return reply.State.Status, err
}
