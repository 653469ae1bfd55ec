package enginetest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Made is what a request asked for a container.
type Made struct {
	Image, User                             string
	Entrypoint                              []string
	Tty, OpenStdin, StdinOnce               bool
	AttachStdin, AttachStdout, AttachStderr bool
	Labels                                  map[string]string
	HostConfig                              struct {
		NetworkMode, IpcMode, UsernsMode string
		AutoRemove, ReadonlyRootfs, Init bool
		RestartPolicy                    struct{ Name string }
		LogConfig                        struct{ Type string }
		CapAdd, CapDrop, SecurityOpt     []string
		Memory, PidsLimit                int64
	}
}

// Made are what the requests asked for that made containers so far, in order.
func (e *Engine) Made() []Made {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.asked)
}

func (e *Engine) serveCreateContainer(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r, "name")
	var body Made
	if !e.readBody(w, r, &body) {
		return
	}
	var no *refusal
	var id string
	e.change(func() []event {
		var c *Container
		if c, no = e.createContainer(r.URL.Query().Get("name"), &body); no != nil {
			return nil
		}
		id = c.ID
		return []event{containerEvent("create", c)}
	})
	if no != nil {
		e.writeRefusal(w, no)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write(mustJSON(map[string]any{"Id": id, "Warnings": []string{}}))
}

func (e *Engine) createContainer(name string, body *Made) (*Container, *refusal) {
	source, shares := strings.CutPrefix(body.HostConfig.NetworkMode, "container:")
	switch {
	case body.Tty || !shares && body.HostConfig.NetworkMode != "host":
		return nil, e.unknown("how to make a container with a terminal, or of the network mode %q", body.HostConfig.NetworkMode)
	case e.image(body.Image) == nil:
		return nil, e.noImage(body.Image, toCreate)
	case shares && e.flavour.Podman && e.container(source) == nil:
		return nil, refuse(http.StatusInternalServerError,
			"container create: looking up container to share net namespace with: no container with name or ID %q found: no such container", source)
	case e.container(name) != nil:
		return nil, e.unknown("what an engine says of the name %s that is in use", name)
	}
	e.asked = append(e.asked, *body)
	Container{
		Name: name, ID: ID(fmt.Sprint(name, ", made ", len(e.asked))), State: "created", Mode: body.HostConfig.NetworkMode,
		Labels: body.Labels, Image: body.Image, Created: time.Now(), inside: &inside{autoRemove: body.HostConfig.AutoRemove},
	}.putInto(e)
	return &e.containers[len(e.containers)-1], nil
}

func (e *Engine) serveDeleteContainer(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r, "force", "v")
	e.noBody(r)
	ref, force := r.PathValue("id"), r.URL.Query().Get("force") == "1"
	e.serveChange(w, http.StatusNoContent, func() ([]event, *refusal) {
		c := e.container(ref)
		switch {
		case c == nil && e.flavour.Podman:
			return nil, refuse(http.StatusNotFound, "no container with ID or name %q found: no such container", ref)
		case c == nil:
			return nil, e.noContainer(ref)
		case c.up() && !force:
			return nil, e.notRemoved(c)
		}
		return e.takeAway(c), nil
	})
}

// notRemoved is a refusal of a container that runs.
func (e *Engine) notRemoved(c *Container) *refusal {
	switch {
	case e.flavour.Podman:
		return refuse(http.StatusInternalServerError,
			"cannot remove container %s as it is running - running or paused containers cannot be removed without force: container state improper", c.ID)
	case e.flavour.speaks(48):
		return refuse(http.StatusConflict, "cannot remove container %q: container is running: stop the container before removing or force remove", c.Name)
	case e.flavour.speaks(44):
		return refuse(http.StatusConflict, "cannot remove container %q: container is running: stop the container before removing or force remove", "/"+c.Name)
	}
	return refuse(http.StatusConflict, "You cannot remove a running container %s. Stop the container before attempting removal or force remove", c.ID)
}

// takeAway removes a container, whatever it does.
func (e *Engine) takeAway(c *Container) []event {
	var events []event
	if c.up() {
		events = e.halt(c)
	}
	if c.inside != nil {
		c.inside.close()
	}
	gone := containerEvent("destroy", c)
	e.containers = slices.DeleteFunc(e.containers, func(other Container) bool { return other.ID == gone.id })
	return append(events, gone)
}

// imageOf is the name of the container's image.
func imageOf(c *Container) string { return cmp.Or(c.Image, "fake") }

// createdAt is when the container was made, as a list tells it.
func createdAt(c *Container) int64 {
	if c.Created.IsZero() {
		const someday = 1715000000
		return someday
	}
	return c.Created.Unix()
}
