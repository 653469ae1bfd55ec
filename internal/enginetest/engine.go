package enginetest

import (
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	socket  string
	routes  *http.ServeMux

	mu          sync.Mutex
	changed     *sync.Cond
	serving     int
	closed      bool
	down        bool // killed, and not revived yet
	held        int  // what must happen before anything else is answered
	server      *http.Server
	stop        context.CancelFunc
	hooks       []*hook
	made        int                   // networks that requests made
	removed     map[string]bool       // IDs of networks that were there
	infos       int                   // how often the engine told of itself
	given       map[string]netip.Addr // the last address of each network and subnet
	networks    []Network
	containers  []Container
	images      []Image
	imported    int // images, so far
	asked       []Made
	probe       func(source string, in io.Reader, out io.Writer)
	programs    sync.WaitGroup
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
		faults: map[string]*injected{}, subscribers: map[*subscriber]bool{}, given: map[string]netip.Addr{}, removed: map[string]bool{},
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
	e.socket = filepath.Join(dir, "docker.sock")
	e.listen()
	e.t.Cleanup(func() {
		e.close()
		e.finish()
		e.hangUp()
		e.programs.Wait()
		e.reportUnmetFaults()
		e.reportUnmetHooks()
	})
}

// begin tells whether a request is still to be served. None is after the test
// ended: what is wrong with it could not be told any more. None is of an engine
// that was killed since it came.
func (e *Engine) begin(r *http.Request) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for e.held > 0 && !e.closed {
		e.changed.Wait()
	}
	serve := !e.closed && e.serves(r)
	if serve {
		e.serving++
	}
	return serve
}

// serves tells whether the engine is still the one that the request came to.
func (e *Engine) serves(r *http.Request) bool {
	return !e.down && r.Context().Value(http.ServerContextKey) == e.server
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
	e.changed.Broadcast()
	for e.serving > 0 {
		e.changed.Wait()
	}
}

// Host is where the engine listens, as in DOCKER_HOST.
func (e *Engine) Host() string { return "unix://" + e.socket }

// ListenTCP makes the engine listen on a port of the loopback address too, and
// gives it as in DOCKER_HOST.
func (e *Engine) ListenTCP() (host string) {
	e.t.Helper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		e.t.Fatalf("the fake engine cannot listen: %v", err)
	}
	e.mu.Lock()
	server := e.server
	e.mu.Unlock()
	go func() { _ = server.Serve(listener) }()
	return "tcp://" + listener.Addr().String()
}

func (n Network) putInto(e *Engine) {
	n.ID = cmp.Or(n.ID, ID(n.Name))
	n.Driver = cmp.Or(n.Driver, "bridge")
	n.Scope = cmp.Or(n.Scope, "local")
	n.IPAMDriver = cmp.Or(n.IPAMDriver, "default")
	n.Stale = slices.Clone(n.Stale)
	for i := range n.Stale {
		n.Stale[i].ID = cmp.Or(n.Stale[i].ID, ID(n.Stale[i].Name))
	}
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

// container is the one with this ID, name or beginning of an ID, or nil. The
// engines look in this order, and take no beginning that two have.
func (e *Engine) container(ref string) *Container {
	var begins []*Container
	var named *Container
	for i := range e.containers {
		c := &e.containers[i]
		switch {
		case c.ID == ref:
			return c
		case c.Name == ref:
			named = c
		case ref != "" && strings.HasPrefix(c.ID, ref):
			begins = append(begins, c)
		}
	}
	if named == nil && len(begins) == 1 {
		return begins[0]
	}
	return named
}

func (c *Container) up() bool { return c.State == "running" || c.State == "paused" }
