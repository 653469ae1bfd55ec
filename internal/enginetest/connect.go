package enginetest

import (
	"net/http"
	"net/netip"
	"strings"
)

type connectBody struct {
	Container      string
	EndpointConfig *endpointConfig
}

type endpointConfig struct {
	IPAMConfig *struct {
		IPv4Address, IPv6Address string
		LinkLocalIPs             []string
	}
	Links, Aliases []string
	DriverOpts     map[string]string
	MacAddress     string
	GwPriority     int
}

func (e *Engine) serveConnect(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	var body connectBody
	if !e.readBody(w, r, &body) {
		return
	}
	e.serveChange(w, http.StatusOK, func() ([]event, *refusal) {
		if e.flavour.Podman {
			return e.connectOnPodman(r.PathValue("id"), &body)
		}
		return e.connect(r.PathValue("id"), &body)
	})
}

// entryFor is the entry that a container gets for what a request asks.
func (b *connectBody) entryFor(key string) Endpoint {
	on := Endpoint{Network: key, connected: true}
	if c := b.EndpointConfig; c != nil {
		on.Aliases, on.Links, on.DriverOpts, on.shownMAC = c.Aliases, c.Links, c.DriverOpts, c.MacAddress
		on.GwPriority = c.GwPriority
		if c.IPAMConfig != nil {
			on.Static4, on.Static6, on.LinkLocal = c.IPAMConfig.IPv4Address, c.IPAMConfig.IPv6Address, c.IPAMConfig.LinkLocalIPs
		}
	}
	return on
}

// connect does it as Docker does. A container that is not up only gets an
// entry, which holds the network's name, whatever there is of that name.
func (e *Engine) connect(ref string, body *connectBody) ([]event, *refusal) {
	c := e.container(body.Container)
	if c == nil {
		return nil, e.noContainer(body.Container)
	}
	n, no := e.find(ref, toConnect)
	if no != nil || !c.up() && !e.present(n) {
		if !c.up() {
			on := body.entryFor(ref)
			on.connected = false // it gets no further names either
			c.put(on)
			no = nil
		}
		return nil, no
	}
	if no := e.conflict(c, n); no != nil {
		return nil, no
	}
	there := e.liveEntry(c, n)
	switch {
	case there != nil && !c.up():
		return nil, nil
	case there != nil && c.endpointOn(n) == there:
		return nil, refuse(http.StatusForbidden, "endpoint with name %s already exists in network %s", c.Name, n.Name)
	}
	on := body.entryFor(n.Name)
	if no := e.checkAsked(&on, n, c.up()); no != nil {
		return nil, no
	}
	if !c.up() {
		c.put(on)
		return nil, nil
	}
	if no := e.attach(c, &on, n); no != nil {
		if there == nil {
			on.failed = true
			c.put(on)
		}
		return nil, no
	}
	c.put(on)
	return []event{networkEvent("connect", n)}, nil
}

// liveEntry is the container's entry whose network is there and has this name.
func (e *Engine) liveEntry(c *Container, n *Network) *Endpoint {
	for i := range c.On {
		if there, no := e.wanted(&c.On[i]); no == nil && there.Name == n.Name {
			return &c.On[i]
		}
	}
	return nil
}

// conflict refuses what host, none and shared namespaces do not allow.
func (e *Engine) conflict(c *Container, n *Network) *refusal {
	switch {
	case n.Driver == "host":
		return e.conflictHost("connect")
	case strings.HasPrefix(c.Mode, "container:") && c.up(), c.Mode == "host" && c.entry("host") != nil:
		return refuse(http.StatusBadRequest, "container sharing network namespace with another container or host cannot be connected to any other network")
	case c.Mode == "host":
		return e.unknown("what becomes of a container in the host's network that is connected to another")
	case n.Name == "none", c.entry("none") != nil:
		return refuse(http.StatusBadRequest, "container cannot be connected to multiple networks with one of the networks in private (none) mode")
	}
	return nil
}

func (e *Engine) conflictHost(request string) *refusal {
	switch {
	case !e.flavour.speaks(48):
		return refuse(http.StatusBadRequest, "container cannot be disconnected from host network or connected to host network")
	case request == "connect":
		return refuse(http.StatusBadRequest, "cannot connect container to host network - container must be created in host network mode")
	}
	return refuse(http.StatusBadRequest, "cannot disconnect container from host network - container was created in host network mode")
}

// checkAsked refuses settings that the network cannot have, before anything is
// done. 26 and later tell all that is wrong, 20 the first.
func (e *Engine) checkAsked(on *Endpoint, n *Network, up bool) *refusal {
	var wrong []string
	asked := on.Static4 != "" || on.Static6 != ""
	for _, family := range []struct{ address, name string }{{on.Static4, "IPv4"}, {on.Static6, "IPv6"}} {
		if a, err := netip.ParseAddr(family.address); family.address != "" && (err != nil || a.Is4() != (family.name == "IPv4")) {
			wrong = append(wrong, "invalid "+family.name+" address: "+family.address)
		}
	}
	invalid := len(wrong) > 0
	if n.Name == "bridge" && len(on.Aliases) > 0 {
		wrong = append(wrong, "network-scoped alias is supported only for containers in user defined networks")
	}
	if n.Name == "bridge" && asked {
		wrong = append(wrong, "user specified IP address is supported on user defined networks only")
	}
	for _, family := range []struct {
		address string
		is4     bool
	}{{on.Static4, true}, {on.Static6, false}} {
		switch {
		case family.address == "":
		case !n.userChose(family.is4) || n.Name == "bridge":
			wrong = append(wrong, "user specified IP address is supported only when connecting to networks with user configured subnets")
		case !n.contains(family.address) && e.flavour.speaks(44):
			wrong = append(wrong, "no configured subnet or ip-range contain the IP address "+family.address)
		}
	}
	switch {
	case len(wrong) == 0:
		return nil
	case e.flavour.speaks(44):
		return refuse(http.StatusBadRequest, "invalid endpoint settings:\n%s", joined(wrong))
	case invalid && !up:
		return nil
	case invalid:
		return refuse(http.StatusInternalServerError, "I%s)", wrong[0][1:])
	}
	return refuse(http.StatusBadRequest, "%s", wrong[0])
}

// joined are the errors as 26 and later write several.
func joined(errors []string) string {
	if len(errors) == 1 {
		return errors[0]
	}
	return "* " + strings.Join(errors, "\n* ")
}

// attach gives the container an endpoint on the network.
func (e *Engine) attach(c *Container, on *Endpoint, n *Network) *refusal {
	if n.ConfigOnly {
		return refuse(http.StatusForbidden, "cannot create endpoint on configuration-only network")
	}
	if no := e.giveAddresses(c, on, n); no != nil {
		return no
	}
	on.NetworkID, on.Network, on.failed, on.shownMAC = n.ID, n.Name, false, ""
	return nil
}

// connectOnPodman keeps the network's ID, also where the container is not up.
func (e *Engine) connectOnPodman(ref string, body *connectBody) ([]event, *refusal) {
	c := e.container(body.Container)
	if c == nil {
		return nil, e.noContainer(body.Container)
	}
	n, no := e.find(ref, toConnect)
	if no != nil {
		return nil, no
	}
	on := body.entryFor(n.Name)
	on.NetworkID, on.MAC, on.shownMAC = n.ID, on.shownMAC, ""
	if on.Static4 != "" {
		if _, err := netip.ParseAddr(on.Static4); err != nil {
			return nil, refuse(http.StatusInternalServerError, "failed to parse the ipv4 address %q", on.Static4)
		}
	}
	switch {
	case c.Mode == "none" || c.Mode == "host" || strings.HasPrefix(c.Mode, "container:"):
		return nil, refuse(http.StatusInternalServerError, `"" is not supported: invalid network mode`)
	case c.entry(n.Name) != nil && c.up():
		return nil, refuse(http.StatusForbidden, "container %s is already connected to network %s: network is already connected", c.ID, n.Name)
	case c.entry(n.Name) != nil:
		return nil, nil
	case c.up() && on.Static4 != "" && !n.contains(on.Static4):
		return nil, refuse(http.StatusInternalServerError, "requested static ip %s not in any subnet on network %s", on.Static4, n.Name)
	}
	if c.up() {
		if no := e.attach(c, &on, n); no != nil {
			return nil, no
		}
	}
	c.put(on)
	return []event{networkEvent("connect", n)}, nil
}

func (e *Engine) noContainer(ref string) *refusal {
	if e.flavour.Podman {
		return refuse(http.StatusNotFound, "no container with name or ID %q found: no such container", ref)
	}
	return refuse(http.StatusNotFound, "No such container: %s", ref)
}
