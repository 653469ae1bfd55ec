package enginetest

import (
	"net/http"
	"slices"
	"strings"
)

func (e *Engine) serveStart(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	e.noBody(r)
	e.serveLifecycle(w, r, e.start)
}

func (e *Engine) serveStop(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r, "t")
	e.noBody(r)
	e.serveLifecycle(w, r, func(c *Container) ([]event, *refusal) {
		if !c.up() {
			return nil, refuse(http.StatusNotModified, "")
		}
		return append(e.halt(c), containerEvent("stop", c)), nil
	})
}

func (e *Engine) serveKill(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	e.noBody(r)
	ref := r.PathValue("id")
	e.serveChange(w, http.StatusNoContent, func() ([]event, *refusal) {
		c := e.container(ref)
		switch {
		case c == nil && e.flavour.Podman:
			return nil, e.noContainer(ref)
		case c == nil:
			return nil, e.notKilled(ref, e.noContainer(ref))
		case c.up():
			return append([]event{containerEvent("kill", c)}, e.halt(c)...), nil
		case e.flavour.Podman:
			return nil, refuse(http.StatusConflict, "can only kill running containers. %s is in state %s: container state improper", c.ID, c.State)
		}
		return nil, e.notKilled(ref, refuse(http.StatusConflict, "Container %s is not running", c.ID))
	})
}

// notKilled is a refusal of Docker's, which begins in small letters from 26 on.
func (e *Engine) notKilled(ref string, no *refusal) *refusal {
	prefix := "Cannot kill container: "
	if e.flavour.speaks(44) {
		prefix = "cannot kill container: "
		no.message = strings.Replace(no.message, "Container ", "container ", 1)
	}
	no.message = prefix + ref + ": " + no.message
	return no
}

func (e *Engine) serveLifecycle(w http.ResponseWriter, r *http.Request, do func(*Container) ([]event, *refusal)) {
	ref := r.PathValue("id")
	e.serveChange(w, http.StatusNoContent, func() ([]event, *refusal) {
		if c := e.container(ref); c != nil {
			return do(c)
		}
		return nil, e.noContainer(ref)
	})
}

// start lets a container run that can get all its networks. What it got before
// one that it cannot get, it holds by ID from then on. An entry under the
// beginning of an ID stays beside the one under the name that it gets, so that
// the next start fails [measured on 20, 26, 28].
func (e *Engine) start(c *Container) ([]event, *refusal) {
	if c.up() {
		return nil, refuse(http.StatusNotModified, "")
	}
	if c.inside != nil {
		return e.startInside(c)
	}
	order := slices.Clone(c.On)
	slices.SortStableFunc(order, func(a, b Endpoint) int { return first(b, c) - first(a, c) })
	var events []event
	var shadows []Endpoint
	got := map[string]bool{}
	for _, on := range order {
		if e.flavour.Podman && isMode(on.Network) {
			continue // no network there
		}
		n, no := e.wanted(&on)
		if no == nil {
			no = e.findMode(c)
		}
		if no == nil && got[n.ID] {
			no = refuse(http.StatusForbidden, "endpoint with name %s already exists in network %s", c.Name, n.Name)
		}
		key := on.Network
		if no == nil {
			no = e.attach(c, &on, n)
		}
		if no != nil {
			return nil, e.notStarted(no)
		}
		got[n.ID] = true
		switch {
		case key == n.ID:
			c.drop(key)
		case key != n.Name:
			shadow := on
			shadow.Network, shadow.shadow = key, true
			shadows = append(shadows, shadow)
		}
		c.put(on)
		events = append(events, networkEvent("connect", n))
	}
	for _, shadow := range shadows {
		c.put(shadow)
	}
	c.State = "running"
	return append(events, containerEvent("start", c)), nil
}

// first is 1 for the network of the container's mode, which comes first.
func first(on Endpoint, c *Container) int {
	if on.Network == c.Mode {
		return 1
	}
	return 0
}

// findMode refuses a container whose mode names a network that is gone: 26 and
// later look it up with each network that they connect.
func (e *Engine) findMode(c *Container) *refusal {
	if !e.flavour.speaks(44) || predefined(c.Mode) || c.Mode == "default" || strings.HasPrefix(c.Mode, "container:") {
		return nil
	}
	if _, no := e.find(c.Mode, toConnect); no != nil {
		return refuse(no.status, "could not find a network matching network mode %s: %s", c.Mode, no.message)
	}
	return nil
}

func (e *Engine) notStarted(no *refusal) *refusal {
	switch {
	case e.flavour.Podman:
		no.status = http.StatusInternalServerError
	case e.flavour.speaks(48):
		no.message = "failed to set up container networking: " + no.message
	}
	return no
}

// halt ends a container's processes. The addresses that it was given go back.
func (e *Engine) halt(c *Container) []event {
	events := append([]event{containerEvent("die", c)}, e.connectEvents("disconnect", c)...)
	c.State = "exited"
	for i := range c.On {
		c.On[i].IPv4, c.On[i].IPv6, c.On[i].shadow = "", "", false
	}
	return events
}
