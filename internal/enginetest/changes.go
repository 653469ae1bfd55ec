package enginetest

import (
	"slices"
	"time"
)

// Create adds networks and containers while the engine runs.
func (e *Engine) Create(objects ...Object) {
	e.change(func() []event {
		var events []event
		for _, o := range objects {
			o.putInto(e)
			switch o := o.(type) {
			case Network:
				events = append(events, networkEvent("create", &e.networks[len(e.networks)-1]))
			case Container:
				events = append(events, containerEvent("create", &e.containers[len(e.containers)-1]))
				if o.State == "running" {
					events = append(events, containerEvent("start", &e.containers[len(e.containers)-1]))
				}
			}
		}
		return events
	})
}

// StartContainer lets a container run.
func (e *Engine) StartContainer(name string) {
	e.t.Helper()
	e.changeContainer(name, func(c *Container) []event {
		c.State = "running"
		for i := range c.On {
			e.hold(&c.On[i])
		}
		return append(e.connectEvents("connect", c), containerEvent("start", c))
	})
}

// StopContainer ends a container's processes.
func (e *Engine) StopContainer(name string) {
	e.t.Helper()
	e.changeContainer(name, func(c *Container) []event {
		c.State = "exited"
		return append([]event{containerEvent("die", c)}, e.connectEvents("disconnect", c)...)
	})
}

// ConnectContainer puts a container on a network, as a request would.
func (e *Engine) ConnectContainer(name, network string) {
	e.t.Helper()
	e.changeBy(func() ([]event, *refusal) {
		if e.flavour.Podman {
			return e.connectOnPodman(network, &connectBody{Container: name})
		}
		return e.connect(network, &connectBody{Container: name})
	})
}

// DisconnectContainer takes a container off a network, as a request would.
func (e *Engine) DisconnectContainer(name, network string) {
	e.t.Helper()
	e.changeBy(func() ([]event, *refusal) {
		if e.flavour.Podman {
			return e.disconnectOnPodman(network, name)
		}
		return e.disconnect(network, &disconnectBody{Container: name})
	})
}

// changeBy makes a change that the engine may refuse, which fails the test.
func (e *Engine) changeBy(do func() ([]event, *refusal)) {
	e.t.Helper()
	var no *refusal
	e.change(func() (events []event) {
		events, no = do()
		return events
	})
	if no != nil {
		e.t.Errorf("the fake engine refuses the change: %s", no.message)
	}
}

// RemoveContainer takes a container away.
func (e *Engine) RemoveContainer(name string) {
	e.t.Helper()
	e.changeContainer(name, func(c *Container) []event {
		gone := containerEvent("destroy", c)
		e.containers = slices.DeleteFunc(e.containers, func(other Container) bool { return other.ID == gone.id })
		return []event{gone}
	})
}

// RemoveNetwork takes a network away, whoever wants it: containers keep the ID
// they hold.
func (e *Engine) RemoveNetwork(name string) {
	e.t.Helper()
	e.change(func() []event {
		at := slices.IndexFunc(e.networks, func(n Network) bool { return n.Name == name })
		if at < 0 {
			e.t.Errorf("the fake engine has no network %q to remove", name)
			return nil
		}
		gone := networkEvent("destroy", &e.networks[at])
		e.removed[gone.id] = true
		e.networks = slices.Delete(e.networks, at, at+1)
		return []event{gone}
	})
}

// Emit sends an event that changes nothing here, such as exec_start.
func (e *Engine) Emit(kind, action, id string) {
	e.change(func() []event { return []event{{kind: kind, action: action, id: id}} })
}

func (e *Engine) changeContainer(name string, change func(*Container) []event) {
	e.t.Helper()
	e.change(func() []event {
		c := e.container(name)
		if c == nil {
			e.t.Errorf("the fake engine has no container %q to change", name)
			return nil
		}
		return change(c)
	})
}

// change changes the state and tells the subscribers, in one step.
func (e *Engine) change(do func() []event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	events := do()
	clear(e.written)
	for _, event := range events {
		for s := range e.subscribers {
			s.send(e.flavour, event)
		}
	}
}

func (e *Engine) connectEvents(action string, c *Container) []event {
	var events []event
	for _, on := range c.On {
		if n := e.network(on.NetworkID); n != nil {
			events = append(events, networkEvent(action, n))
		}
	}
	return events
}

// LoseImageName takes the name off an image, as another of that name does, and has
// it be made at this time.
func (e *Engine) LoseImageName(name, tag string, created time.Time) {
	e.t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	image := e.image(name + ":" + tag)
	if image == nil {
		e.t.Fatalf("the fake engine has no image %s:%s", name, tag)
	}
	image.Name, image.Tag, image.Created = "", "", created
}
