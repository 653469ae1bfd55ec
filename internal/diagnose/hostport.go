package diagnose

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// HostPorts are the ports of the host that containers have, by the port.
type HostPorts map[hostPort][]portClaim

type hostPort struct {
	number   uint16
	protocol string
}

// portClaim is a port of the host that a container has or wants, at an address of the
// host; the zero one means every address.
type portClaim struct {
	container *topology.Container
	at        netip.Addr
}

// clashes tells that two claims to one port cannot both be had.
func (a portClaim) clashes(b portClaim) bool {
	switch {
	case a.container == b.container:
		return false
	case !a.at.IsValid() || !b.at.IsValid():
		return true
	case a.at.Is4() != b.at.Is4():
		return false
	}
	return a.at == b.at || a.at.IsUnspecified() || b.at.IsUnspecified()
}

// PortsHeld are the ports of the host that running containers have.
func PortsHeld(ix *topology.Index) HostPorts {
	held := HostPorts{}
	for i := range ix.Containers {
		if c := &ix.Containers[i]; c.State.Up() && !PortsOfOwner(ix, c) {
			eachHostPort(c.Ports, func(port hostPort, p topology.Ports) {
				held[port] = append(held[port], portClaim{c, p.HostIP.IP()})
			})
		}
	}
	return held
}

// PortsOfOwner tells that the ports of a container are those of another, whose network it
// shares: Podman lists them with both, as with each container of a pod [measured on 5.4].
func PortsOfOwner(ix *topology.Index, c *topology.Container) bool {
	owner, shares := ix.Owner(c)
	return shares && ix.Container(owner) != nil
}

// eachHostPort calls do with each single port of the host that is claimed.
func eachHostPort(all []topology.Ports, do func(hostPort, topology.Ports)) {
	for _, p := range all {
		for at := range p.Len() {
			if p.Published() {
				single := topology.Ports{First: p.First, HostPort: p.HostPort + uint16(at), Protocol: p.Protocol, HostIP: p.HostIP}
				do(hostPort{single.HostPort, p.Protocol}, single)
			}
		}
	}
}

// PortsTaken are ports of the host that a container wants and another one has.
type PortsTaken struct {
	Holder *topology.Container
	// Ports are single ones, each told once for all addresses.
	Ports []topology.Ports
}

// TakenFrom tells who has which of the ports that a container wants.
func (held HostPorts) TakenFrom(c *topology.Container, wanted []topology.Ports) []PortsTaken {
	var taken []PortsTaken
	eachHostPort(wanted, func(port hostPort, p topology.Ports) {
		for _, other := range held[port] {
			if !(portClaim{c, p.HostIP.IP()}).clashes(other) {
				continue
			}
			at := slices.IndexFunc(taken, func(t PortsTaken) bool { return t.Holder == other.container })
			if at < 0 {
				at, taken = len(taken), append(taken, PortsTaken{Holder: other.container})
			}
			p.HostIP = topology.Address{}
			if !slices.Contains(taken[at].Ports, p) {
				taken[at].Ports = append(taken[at].Ports, p)
			}
		}
	})
	return taken
}

// PortRivals are containers that want the same ports of the host.
type PortRivals struct {
	Containers []*topology.Container
	Ports      []topology.Ports
}

// RivalsForPorts groups containers that are not up by the ports for which they cannot
// all start.
func RivalsForPorts(stopped []*topology.Container) []*PortRivals {
	var order []hostPort
	claims := map[hostPort][]portClaim{}
	for _, c := range stopped {
		eachHostPort(c.Wanted, func(port hostPort, p topology.Ports) {
			if claims[port] == nil {
				order = append(order, port)
			}
			claims[port] = append(claims[port], portClaim{c, p.HostIP.IP()})
		})
	}
	var groups []*PortRivals
	by := map[string]*PortRivals{}
	for _, port := range order {
		rivals := rivalsIn(claims[port])
		if len(rivals) == 0 {
			continue
		}
		var ids strings.Builder
		for _, c := range rivals {
			ids.WriteString(c.ID + " ")
		}
		g := by[ids.String()]
		if g == nil {
			g = &PortRivals{Containers: rivals}
			by[ids.String()], groups = g, append(groups, g)
		}
		g.Ports = append(g.Ports, topology.Ports{HostPort: port.number, Protocol: port.protocol})
	}
	return groups
}

// rivalsIn are the containers whose claim to a port clashes with another's. Claims of one
// address are counted together.
func rivalsIn(claims []portClaim) []*topology.Container {
	owners := map[netip.Addr]map[*topology.Container]bool{}
	for _, c := range claims {
		if owners[c.at] == nil {
			owners[c.at] = map[*topology.Container]bool{}
		}
		owners[c.at][c.container] = true
	}
	var rivals []*topology.Container
	for _, mine := range claims {
		if len(rivals) > 0 && rivals[len(rivals)-1] == mine.container {
			continue
		}
		for at, others := range owners {
			if mine.clashes(portClaim{nil, at}) && (len(others) > 1 || !others[mine.container]) {
				rivals = append(rivals, mine.container)
				break
			}
		}
	}
	return rivals
}
