package enginetest

import (
	"net/http"
	"slices"
)

type disconnectBody struct {
	Container string
	Force     bool
}

func (e *Engine) serveDisconnect(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	var body disconnectBody
	if !e.readBody(w, r, &body) {
		return
	}
	e.serveChange(w, http.StatusOK, func() ([]event, *refusal) {
		if e.flavour.Podman {
			return e.disconnectOnPodman(r.PathValue("id"), body.Container)
		}
		return e.disconnect(r.PathValue("id"), &body)
	})
}

// disconnect does it as Docker does. With force, the name may be that of an
// endpoint that nobody has; a container of that name, or whose ID begins with
// it, comes first.
func (e *Engine) disconnect(ref string, body *disconnectBody) ([]event, *refusal) {
	c := e.container(body.Container)
	if c == nil && !body.Force {
		return nil, e.noContainer(body.Container)
	}
	n, no := e.find(ref, toConnect)
	switch {
	case c == nil && no != nil, c != nil && c.up() && no != nil:
		return nil, no
	case c == nil:
		if !n.dropStale(body.Container) {
			return nil, refuse(http.StatusNotFound, "endpoint %s not found", body.Container)
		}
		return nil, nil
	case !c.up() && !e.present(n):
		return e.forget(c, ref, nil)
	case !c.up():
		return e.forget(c, ref, n)
	case n.Driver == "host":
		return nil, e.conflictHost("disconnect")
	}
	gone := []event{networkEvent("disconnect", n)}
	if on := c.endpointOn(n); on != nil {
		c.drop(on.Network)
		return gone, nil
	}
	if body.Force && n.dropStale(c.Name) {
		return gone, nil
	}
	return nil, refuse(http.StatusInternalServerError, "container %s is not connected to network %s", c.ID, n.Name)
}

// present tells that the node has the network: one of the swarm only while a
// container is up on it here.
func (e *Engine) present(n *Network) bool {
	return n == nil || n.Scope != "swarm" || slices.ContainsFunc(e.containers, func(c Container) bool { return c.endpointOn(n) != nil })
}

// forget takes away the entry of a container that is not up: that of the
// network's name, whichever network it was for; or of what was typed, where no
// network is of that name.
func (e *Engine) forget(c *Container, key string, n *Network) ([]event, *refusal) {
	if n != nil {
		key = n.Name
	}
	if c.entry(key) == nil {
		return nil, refuse(http.StatusInternalServerError, "container %s is not connected to the network %s", c.ID, key)
	}
	c.drop(key)
	if n == nil || e.flavour.speaks(48) {
		return nil, nil // 28 sends no event of it
	}
	return []event{networkEvent("disconnect", n)}, nil
}

func (n *Network) dropStale(name string) bool {
	before := len(n.Stale)
	n.Stale = slices.DeleteFunc(n.Stale, func(s StaleEndpoint) bool { return s.Name == name })
	return len(n.Stale) < before
}

func (e *Engine) disconnectOnPodman(ref, container string) ([]event, *refusal) {
	c := e.container(container)
	if c == nil {
		return nil, e.noContainer(container)
	}
	n, no := e.find(ref, toConnect)
	switch {
	case no != nil:
		return nil, no
	case len(c.On) == 0:
		return nil, refuse(http.StatusNotFound, "container %s is not connected to network %s: network not found", c.ID, n.Name)
	case c.entry(n.Name) == nil:
		return nil, refuse(http.StatusInternalServerError, "container %s is not connected to network %s", container, n.Name)
	}
	c.drop(n.Name)
	return []event{networkEvent("disconnect", n)}, nil
}
