package enginetest

import (
	"cmp"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// T is the part of [testing.TB] that is needed, so that other kinds of test
// can be served too.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(f func())
}

// Engine is a fake engine that serves requests until the test ends.
type Engine struct {
	t       T
	flavour Flavour
	host    string
	server  *http.Server
	routes  *http.ServeMux

	mu          sync.Mutex
	changed     *sync.Cond
	serving     int
	closed      bool
	networks    []Network
	containers  []Container
	written     map[string][]byte // replies, until the state changes
	seen        []Request
	underWay    map[string]int
	peak        map[string]int
	faults      map[string]*injected
	subscribers map[*subscriber]bool
}

// Start serves an engine that has the predefined networks and these objects,
// networks first.
func Start(t T, flavour Flavour, objects ...Object) *Engine {
	t.Helper()
	e := &Engine{
		t: t, flavour: flavour,
		written: map[string][]byte{}, underWay: map[string]int{}, peak: map[string]int{},
		faults: map[string]*injected{}, subscribers: map[*subscriber]bool{},
	}
	e.changed = sync.NewCond(&e.mu)
	e.routes = e.makeRoutes()
	for _, n := range flavour.predefined() {
		n.putInto(e)
	}
	for _, o := range objects {
		o.putInto(e)
	}
	e.serve()
	return e
}

func (f Flavour) predefined() []Network {
	bridge := Bridge("bridge", "172.17.0.0/16", "172.17.0.1")
	if f.Podman {
		return []Network{bridge}
	}
	return []Network{bridge, {Name: "host", Driver: "host"}, {Name: "none", Driver: "null"}}
}

func (e *Engine) serve() {
	e.t.Helper()
	// Not the test's own directory: its name holds the test's, and the name
	// of a socket may have about a hundred bytes only.
	dir, err := os.MkdirTemp("", "engine")
	if err != nil {
		e.t.Fatalf("no place for the fake engine's socket: %v", err)
	}
	e.t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "docker.sock")
	listener, err := new(net.ListenConfig).Listen(context.Background(), "unix", socket)
	if err != nil {
		e.t.Fatalf("the fake engine cannot listen: %v", err)
	}
	e.host = "unix://" + socket
	ctx, stop := context.WithCancel(context.Background())
	e.server = &http.Server{
		Handler:           e,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: time.Minute,
		ErrorLog:          log.New(io.Discard, "", 0), // faults abort replies on purpose
	}
	go func() { _ = e.server.Serve(listener) }()
	e.t.Cleanup(func() {
		stop()
		_ = e.server.Close()
		e.finish()
		e.reportUnmetFaults()
	})
}

// begin tells whether a request is still to be served. None is after the test
// ended: what is wrong with it could not be told any more.
func (e *Engine) begin() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		e.serving++
	}
	return !e.closed
}

func (e *Engine) end() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.serving--
	e.changed.Broadcast()
}

// finish waits for the requests that are being served.
func (e *Engine) finish() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	for e.serving > 0 {
		e.changed.Wait()
	}
}

// Host is where the engine listens, as in DOCKER_HOST.
func (e *Engine) Host() string { return e.host }

// ListenTCP makes the engine listen on a port of the loopback address too, and
// gives it as in DOCKER_HOST.
func (e *Engine) ListenTCP() (host string) {
	e.t.Helper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		e.t.Fatalf("the fake engine cannot listen: %v", err)
	}
	go func() { _ = e.server.Serve(listener) }()
	return "tcp://" + listener.Addr().String()
}

func (n Network) putInto(e *Engine) {
	n.ID = cmp.Or(n.ID, ID(n.Name))
	n.Driver = cmp.Or(n.Driver, "bridge")
	n.Scope = cmp.Or(n.Scope, "local")
	if n.Created.IsZero() {
		n.Created = time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	}
	e.networks = append(e.networks, n)
}

func (c Container) putInto(e *Engine) {
	c.ID = cmp.Or(c.ID, ID(c.Name))
	c.On = append([]Endpoint(nil), c.On...)
	if c.Mode == "" {
		c.Mode = "none"
		if len(c.On) > 0 {
			c.Mode = c.On[0].Network
		}
	}
	for i := range c.On {
		if c.State != "created" || e.flavour.Podman {
			e.hold(&c.On[i])
		}
	}
	e.containers = append(e.containers, c)
}

// hold makes an endpoint keep its network's ID, as starting a container does.
func (e *Engine) hold(on *Endpoint) {
	if on.NetworkID != "" {
		return
	}
	on.NetworkID = ID(on.Network)
	for i := range e.networks {
		if n := &e.networks[i]; n.Name == on.Network {
			on.NetworkID = n.ID
			return
		}
	}
}

// network is the one with this ID, or nil.
func (e *Engine) network(id string) *Network {
	for i := range e.networks {
		if e.networks[i].ID == id {
			return &e.networks[i]
		}
	}
	return nil
}

// container is the one with this ID, name or beginning of an ID, or nil.
func (e *Engine) container(ref string) *Container {
	for i := range e.containers {
		if c := &e.containers[i]; c.ID == ref || c.Name == ref || (len(ref) >= 12 && len(ref) < 64 && c.ID[:len(ref)] == ref) {
			return c
		}
	}
	return nil
}

func (c *Container) up() bool { return c.State == "running" || c.State == "paused" }
