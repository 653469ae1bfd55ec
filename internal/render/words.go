package render

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// marks says in a few words what kind of network this is.
func marks(n *topology.Network) string {
	var words []string
	add := func(condition bool, word string) {
		if condition {
			words = append(words, word)
		}
	}
	add(n.Driver != "", label(n.Driver, false))
	add(n.Name == topology.NetworkBridge && n.Predefined(), "default")
	add(n.Scope != "" && n.Scope != "local", label(n.Scope, false)+" scope")
	add(n.Internal, "internal")
	add(n.Attachable, "attachable")
	add(n.Ingress, "ingress")
	add(n.ConfigOnly, "config only")
	add(n.ConfigFrom != "", "config from "+label(n.ConfigFrom, false))
	add(n.IPv4 == topology.No, "no ipv4")
	add(n.IPv6, "ipv6")
	return strings.Join(words, ", ")
}

// subnets lists the subnets of a network, each with its gateway if asked.
func subnets(n *topology.Network, withGateway bool) []string {
	var texts []string
	for _, pool := range n.IPAM.Pools {
		text := ""
		if !pool.Subnet.IsZero() {
			text = label(pool.Subnet.String(), false)
		}
		if withGateway && !pool.Gateway.IsZero() {
			text += " gw " + label(pool.Gateway.String(), false)
		}
		if text = strings.TrimSpace(text); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// addresses lists the addresses of an attachment: those it has, or else those
// it will ask for.
func addresses(a *topology.Attachment) []string {
	var texts []string
	for _, pair := range [][2]topology.Address{{a.IPv4, a.Static4}, {a.IPv6, a.Static6}} {
		now, asked := pair[0], pair[1]
		switch {
		case !now.IsZero():
			texts = append(texts, label(now.String(), false))
		case !asked.IsZero():
			texts = append(texts, label(asked.String(), false)+" on start")
		}
	}
	return texts
}

// stateWord names a state that is not simply running.
func stateWord(state topology.ContainerState) string {
	switch state {
	case topology.Running:
		return ""
	case topology.Exited, topology.Stopped:
		return "stopped"
	case topology.Created:
		return "created, not started yet"
	case topology.Paused, topology.Restarting, topology.Removing, topology.Dead, topology.Stopping:
		return string(state)
	case "":
		return "state unknown"
	}
	return label(string(state), false)
}

// published lists the ports that lead in from the host. Those on every address
// of both families are one, and say so with a star.
func published(ports []topology.Ports, arrow string) []string {
	var texts []string
	for _, p := range ports {
		if !p.Published() || (p.HostIP.IP() == netip.IPv6Unspecified() && slices.Contains(ports, onAllIPv4(p))) {
			continue
		}
		if p.HostIP.IP() == netip.IPv4Unspecified() && slices.Contains(ports, onAllIPv6(p)) {
			p.HostIP = topology.Address{}
		}
		text := hostSide(p.HostIP) + span(p.HostPort, p.Len()) + arrow + span(p.First, p.Len()) + "/" + label(p.Protocol, false)
		if !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// onAllIPv4 is the same ports published on every IPv4 address of the host.
func onAllIPv4(p topology.Ports) topology.Ports {
	p.HostIP = topology.ParseAddress("0.0.0.0")
	return p
}

// onAllIPv6 is the same ports published on every IPv6 address of the host.
func onAllIPv6(p topology.Ports) topology.Ports {
	p.HostIP = topology.ParseAddress("::")
	return p
}

// Published lists the ports that lead in from the host, for one line of text.
func Published(ports []topology.Ports) []string { return published(ports, "->") }

func hostSide(ip topology.Address) string {
	switch {
	case ip.IsZero():
		return "*:"
	case ip.IP().Is6():
		return "[" + ip.String() + "]:"
	}
	return label(ip.String(), false) + ":"
}

func span(first uint16, count int) string {
	if count == 1 {
		return strconv.Itoa(int(first))
	}
	return fmt.Sprintf("%d-%d", first, int(first)+count-1)
}

// plural counts things: 1 network, 2 networks.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// listing joins names, at most a few of them.
func listing(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + fmt.Sprintf(" +%d", len(names)-most)
}
