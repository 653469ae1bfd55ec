package enginetest

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// inside is what is in a container that a request made.
type inside struct {
	autoRemove bool
	conn       net.Conn // what is attached, if anything
	input      *bufio.Reader
}

func (i *inside) close() {
	if i.conn != nil {
		_ = i.conn.Close()
	}
}

// Probe sets what runs in the containers that requests make: it is told the
// name of the container whose network namespace it is in, or "host", and what is
// attached. When it returns, the container ends. The output is an [*Output].
func (e *Engine) Probe(run func(source string, in io.Reader, out io.Writer)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.probe = run
}

// Output is what the program in a container writes to.
type Output struct {
	mu   sync.Mutex
	conn net.Conn
}

// Write writes to the standard output.
func (o *Output) Write(text []byte) (int, error) { return o.frame(1, text) }

// Complain writes to the standard error.
func (o *Output) Complain(text string) { _, _ = o.frame(2, []byte(text)) }

func (o *Output) frame(stream byte, text []byte) (int, error) {
	frame := []byte{stream, 0, 0, 0}
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(text))) //nolint:gosec // no test writes 4 GB
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, err := o.conn.Write(append(frame, text...)); err != nil {
		return 0, err
	}
	return len(text), nil
}

func (e *Engine) serveAttach(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r, "stream", "stdin", "stdout", "stderr")
	e.noBody(r)
	id := r.PathValue("id")
	e.mu.Lock()
	no := e.notAttached(id)
	e.mu.Unlock()
	switch {
	case no != nil && e.flavour.Podman:
		e.writeRefusal(w, no)
		return
	case no != nil:
		w.Header().Set("Content-Type", "application/vnd.docker.raw-stream")
		w.WriteHeader(no.status)
		_, _ = w.Write([]byte(no.message + "\r\n"))
		return
	case r.Header.Get("Upgrade") != "tcp":
		e.t.Errorf("the fake engine does not know an attach without an upgrade to tcp")
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		e.t.Errorf("the fake engine cannot take over the connection: %v", err)
		return
	}
	// Nobody may start the container between the reply and what comes of it.
	e.mu.Lock()
	defer e.mu.Unlock()
	c := e.container(id)
	if c == nil || c.inside == nil || e.down {
		_ = conn.Close()
		return
	}
	c.inside.conn, c.inside.input = conn, buffered.Reader
	_, _ = io.WriteString(conn, "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
}

func (e *Engine) notAttached(id string) *refusal {
	c := e.container(id)
	if c == nil {
		return e.noContainer(id)
	}
	if source, shares := strings.CutPrefix(c.Mode, "container:"); shares && e.flavour.Podman {
		if s := e.container(source); s == nil || s.State != "running" {
			return refuse(http.StatusInternalServerError,
				"preparing container %s for attach: some dependencies of container %s are not started: %s: container state improper", id, id, source)
		}
	}
	if c.inside == nil || c.inside.conn != nil {
		return e.unknown("what is inside of the container %s", c.Name)
	}
	return nil
}

// startInside lets a container run that a request made.
func (e *Engine) startInside(c *Container) ([]event, *refusal) {
	source := "host"
	if id, shares := strings.CutPrefix(c.Mode, "container:"); shares {
		owner := e.container(id)
		if no := e.notJoined(id, owner); no != nil {
			if c.inside.autoRemove && !e.flavour.Podman {
				return e.takeAway(c), no
			}
			return nil, no
		}
		source = owner.Name
	}
	if e.probe == nil || c.inside.conn == nil {
		return nil, e.unknown("what runs in the container %s: Probe tells, and an attach", c.Name)
	}
	c.State = "running"
	run, id := e.probe, c.ID
	in, out := c.inside.input, &Output{conn: c.inside.conn}
	e.programs.Go(func() {
		run(source, in, out)
		e.change(func() []event {
			if ended := e.container(id); ended != nil {
				return e.exit(ended)
			}
			return nil
		})
	})
	return []event{containerEvent("start", c)}, nil
}

// exit is what comes of the end of the container's program.
func (e *Engine) exit(c *Container) []event {
	if c.inside.autoRemove {
		return e.takeAway(c)
	}
	c.inside.close()
	return e.halt(c)
}

// notJoined refuses to share a namespace that is not there.
func (e *Engine) notJoined(id string, owner *Container) *refusal {
	switch {
	case owner != nil && owner.up():
		return nil
	case e.flavour.Podman:
		return e.unknown("what Podman starts beside a container: it refused the attach")
	case owner == nil && e.flavour.speaks(48):
		return refuse(http.StatusInternalServerError, "joining network namespace of container: No such container: %s", id)
	case owner == nil:
		return refuse(http.StatusNotFound, "No such container: %s", id)
	case e.flavour.speaks(48):
		return refuse(http.StatusConflict, "cannot join network namespace of a non running container: container %s is %s", owner.Name, owner.State)
	}
	return refuse(http.StatusConflict, "cannot join network of a non running container: %s", id)
}

// hangUp breaks the connections to what is in the containers that requests made.
func (e *Engine) hangUp() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range e.containers {
		if c := &e.containers[i]; c.inside != nil {
			c.inside.close()
		}
	}
}

// labelFilter reads a filter by labels, and gives what passes it.
func (e *Engine) labelFilter(r *http.Request) func(labels map[string]string) bool {
	var filter struct {
		Label []string `json:"label"`
	}
	if text := r.URL.Query().Get("filters"); text != "" {
		dec := json.NewDecoder(strings.NewReader(text))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&filter); err != nil {
			e.t.Errorf("the fake engine does not know the filter %s", text)
		}
	}
	return func(labels map[string]string) bool {
		return !slices.ContainsFunc(filter.Label, func(key string) bool {
			_, has := labels[key]
			return !has
		})
	}
}
