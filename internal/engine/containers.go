package engine

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// containerReader turns the engine's containers into the model's, and collects
// what networks they want, to be resolved when the networks are read too.
type containerReader struct {
	containers []topology.Container
	wanted     []topology.Attachment
	gaps       []topology.Gap
	helpers    []leftover
}

// lastSecond is the end of the year 9999.
const lastSecond = 253402300799

func (r *containerReader) take(e element[wireContainer]) {
	if e.err != nil {
		r.gaps = append(r.gaps, oddObject("container", e.index, e.value.ID, displayName(e.value), e.err))
	}
	switch {
	case isHelper(e.value.Labels.Helper, e.value.Names...):
		// Our own, and gone in a moment: nobody asks for it.
		r.helpers = append(r.helpers, leftover{e.value.ID, strings.ToLower(e.value.State), e.value.Created})
	case e.value.ID != "":
		r.add(e.value)
	case e.err == nil:
		r.gaps = append(r.gaps, oddObject("container", e.index, "", "", errNoID))
	}
}

func (r *containerReader) add(w *wireContainer) {
	c := topology.Container{
		ID: w.ID, Name: displayName(w), Image: w.Image,
		State: topology.ContainerState(strings.ToLower(w.State)),
		Mode:  topology.NetworkMode(w.HostConfig.NetworkMode),
		Ports: ports(w.Ports), Project: w.Labels.Project, Service: w.Labels.Service,
		SwarmService: w.Labels.SwarmService, Task: w.Labels.Task, Stack: w.Labels.Stack,
	}
	if !c.State.Up() {
		// Podman tells them still; nothing leads in to a stopped container.
		c.Ports = slices.DeleteFunc(c.Ports, topology.Ports.Published)
	}
	if w.Created > lastSecond {
		// JSON holds no later one, so that no snapshot could be saved.
		r.gaps = append(r.gaps, topology.Gap{
			What: "container", ID: c.ID, Name: c.Name, Field: "created",
			Text: strconv.FormatInt(w.Created, 10), Reason: "not a time",
		})
	} else if w.Created > 0 {
		c.Created = time.Unix(w.Created, 0).UTC()
	}
	r.containers = append(r.containers, c)
	for _, name := range slices.Sorted(maps.Keys(w.NetworkSettings.Networks)) {
		if endpoint := w.NetworkSettings.Networks[name]; endpoint != nil {
			r.want(&c, name, endpoint)
		} else {
			r.want(&c, name, &wireEndpoint{})
		}
	}
}

func (r *containerReader) want(c *topology.Container, name string, w *wireEndpoint) {
	a := topology.Attachment{
		NetworkID: w.NetworkID, NetworkName: name, ContainerID: c.ID, EndpointID: w.EndpointID,
		IPv4: topology.ParseAddress(w.IPAddress), IPv6: topology.ParseAddress(w.GlobalIPv6Address),
		PrefixLen4: w.IPPrefixLen, PrefixLen6: w.GlobalIPv6PrefixLen,
		Gateway4: topology.ParseAddress(w.Gateway), Gateway6: topology.ParseAddress(w.IPv6Gateway),
		MAC: w.MacAddress, GatewayPriority: w.GwPriority, Aliases: w.Aliases,
	}
	if w.IPAMConfig != nil {
		a.Static4 = topology.ParseAddress(w.IPAMConfig.IPv4Address)
		a.Static6 = topology.ParseAddress(w.IPAMConfig.IPv6Address)
	}
	for _, address := range []struct {
		field string
		value topology.Address
	}{
		{"IPv4 address", a.IPv4},
		{"IPv6 address", a.IPv6},
		{"IPv4 gateway", a.Gateway4},
		{"IPv6 gateway", a.Gateway6},
		{"static IPv4 address", a.Static4},
		{"static IPv6 address", a.Static6},
	} {
		if address.value.Odd() {
			text, _ := address.value.MarshalText()
			r.gaps = append(r.gaps, topology.Gap{
				What: "attachment", ID: c.ID, Name: c.Name, Field: address.field + " on " + name,
				Text: string(text), Reason: "not an address",
			})
		}
	}
	r.wanted = append(r.wanted, a)
}

// displayName is the container's own name; further names, with a second
// slash, are those that legacy links give it. Where the engine gives none, the
// ID stands in.
func displayName(w *wireContainer) string {
	for _, name := range w.Names {
		if bare := strings.TrimPrefix(name, "/"); bare != "" && !strings.Contains(bare, "/") {
			return bare
		}
	}
	if len(w.Names) > 0 {
		return strings.TrimPrefix(w.Names[0], "/")
	}
	return topology.ShortID(w.ID)
}
