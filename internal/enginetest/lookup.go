package enginetest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// match is what a reference to a network finds: by ID, by name, or by the
// beginning of an ID, in this order.
type match struct {
	networks []*Network
	by       string // name, ID prefix
}

func (e *Engine) lookUp(ref string) match {
	var named, begins []*Network
	for i := range e.networks {
		n := &e.networks[i]
		switch {
		case n.ID == ref:
			return match{networks: []*Network{n}}
		case n.Name == ref:
			named = append(named, n)
		case ref != "" && strings.HasPrefix(n.ID, ref):
			begins = append(begins, n)
		}
	}
	if len(named) > 0 {
		return match{networks: named, by: "name"}
	}
	return match{networks: begins, by: "ID prefix"}
}

// find is the one network that a reference finds. An engine has three ways to
// say that there are several.
func (e *Engine) find(ref, ambiguous string) (*Network, *refusal) {
	found := e.lookUp(ref)
	switch len(found.networks) {
	case 1:
		return found.networks[0], nil
	case 0:
		if e.flavour.Podman {
			return nil, refuse(http.StatusNotFound, "unable to find network with name or ID %s: network not found", ref)
		}
		return nil, refuse(http.StatusNotFound, "network %s not found", ref)
	}
	if e.flavour.Podman {
		return nil, e.unknown("what Podman says of %s, which is several networks", ref)
	}
	words := strings.NewReplacer("REF", ref, "COUNT", strconv.Itoa(len(found.networks)), "BY", found.by)
	if ambiguous == toConnect && found.by != "name" {
		ambiguous = toRemove
	}
	return nil, refuse(http.StatusBadRequest, "%s", words.Replace(ambiguous))
}

// The words for a reference that finds several networks, by request.
const (
	toInspect = "COUNT matches found based on BY: network REF is ambiguous"
	toRemove  = "network REF is ambiguous (COUNT matches found based on BY)"
	toConnect = "network REF is ambiguous (COUNT matches found on BY)"
)

// wanted is the network that an entry of a container that is not up is for.
// Docker holds its ID, if the container was up since, but knows the predefined
// ones by name. Podman holds names only.
func (e *Engine) wanted(on *Endpoint) (*Network, *refusal) {
	if on.NetworkID == "" || e.flavour.Podman || predefined(on.Network) {
		return e.find(on.Network, toConnect)
	}
	return e.find(on.NetworkID, toConnect)
}

func predefined(name string) bool { return slices.Contains([]string{"bridge", "host", "none"}, name) }

// entry is the container's entry of this name, or nil.
func (c *Container) entry(key string) *Endpoint {
	for i := range c.On {
		if c.On[i].Network == key {
			return &c.On[i]
		}
	}
	return nil
}

// put sets the container's entry of a name, over one that is there.
func (c *Container) put(on Endpoint) {
	if there := c.entry(on.Network); there != nil {
		*there = on
		return
	}
	c.On = append(c.On, on)
}

func (c *Container) drop(key string) {
	c.On = slices.DeleteFunc(c.On, func(on Endpoint) bool { return on.Network == key })
}

// endpointOn is the entry whose endpoint on the network is there now, or nil.
func (c *Container) endpointOn(n *Network) *Endpoint {
	for i := range c.On {
		if on := &c.On[i]; c.up() && !on.failed && !on.shadow && on.NetworkID == n.ID {
			return on
		}
	}
	return nil
}
