package enginetest

import (
	"encoding/json"
	"maps"
	"net/http"
	"time"
)

type event struct {
	kind, action, id, name string
	labels                 map[string]string // of a container
}

func networkEvent(action string, n *Network) event {
	return event{kind: "network", action: action, id: n.ID, name: n.Name}
}

func containerEvent(action string, c *Container) event {
	return event{kind: "container", action: action, id: c.ID, name: c.Name, labels: c.Labels}
}

// line is the event as the engine writes it; empty where it writes none.
func (v event) line(f Flavour) []byte {
	if f.Podman && v.kind == "network" {
		return nil // Podman's service sends none
	}
	attributes := map[string]string{"name": v.name}
	maps.Copy(attributes, v.labels)
	fields := map[string]any{
		"Type": v.kind, "Action": v.action, "scope": "local", "time": time.Now().Unix(), "timeNano": time.Now().UnixNano(),
		"Actor": map[string]any{"ID": v.id, "Attributes": attributes},
	}
	if v.kind == "container" {
		fields["status"], fields["id"] = v.action, v.id
	}
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	return append(text, '\n')
}

type subscriber struct {
	kinds map[string]bool // all where it is empty
	lines chan []byte
}

func (s *subscriber) send(f Flavour, v event) {
	if len(s.kinds) > 0 && !s.kinds[v.kind] {
		return
	}
	if line := v.line(f); line != nil {
		s.lines <- line
	}
}

// EndEvents ends every stream of events, as an engine does that shuts down.
func (e *Engine) EndEvents() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for s := range e.subscribers {
		delete(e.subscribers, s)
		close(s.lines)
	}
}

func (e *Engine) serveEvents(w http.ResponseWriter, r *http.Request) {
	const room = 1 << 12 // more than any test sends before it is read
	s := &subscriber{kinds: e.kindsOf(r), lines: make(chan []byte, room)}
	e.mu.Lock()
	e.subscribers[s] = true
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		delete(e.subscribers, s)
		e.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "application/json")
	stream := http.NewResponseController(w)
	_ = stream.Flush()
	for {
		select {
		case line, ok := <-s.lines:
			if !ok {
				return
			}
			_, _ = w.Write(line)
			_ = stream.Flush()
		case <-r.Context().Done():
			return
		}
	}
}

// kindsOf reads the filter of the types. Clients write a set, older ones a list.
func (e *Engine) kindsOf(r *http.Request) map[string]bool {
	e.allowQuery(r, "filters")
	text := r.URL.Query().Get("filters")
	if text == "" {
		return nil
	}
	var set struct{ Type map[string]bool }
	if err := json.Unmarshal([]byte(text), &set); err == nil {
		return set.Type
	}
	var list struct{ Type []string }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		e.t.Errorf("the fake engine does not know the filter %s", text)
	}
	kinds := map[string]bool{}
	for _, kind := range list.Type {
		kinds[kind] = true
	}
	return kinds
}
