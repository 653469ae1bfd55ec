package explain

import (
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Claim is what is foreseen of something, and why. It is the very forecast that a
// ping would be held against.
type Claim struct {
	Forecast diagnose.Forecast `json:"forecast"`
	Reasons  []Reason          `json:"reasons,omitempty"`
}

// Reason is one link of the chain that explains a claim, by names. A container or
// network that is not named is any one, as the claim is of any.
type Reason struct {
	Kind      diagnose.ReasonKind `json:"kind"`
	Container string              `json:"container,omitempty"`
	Network   string              `json:"network,omitempty"`
	// Other is, between two networks, the source's.
	Other string `json:"other_network,omitempty"`
	// Name is the name that the reason is about.
	Name string `json:"name,omitempty"`
	Port *Port  `json:"port,omitempty"`
	// Gap is what could not be read, in the engine's words.
	Gap string `json:"gap,omitempty"`
}

// Port is a run of ports of a container, and where on the host it is published.
type Port struct {
	Container string `json:"container,omitempty"`
	// First is the first port inside the container, and Count how many follow one
	// another, with it.
	First    uint16 `json:"port"`
	Count    int    `json:"count"`
	Protocol string `json:"protocol"`
	// HostPort is the first port on the host; 0 is one that the engine chooses.
	HostPort uint16 `json:"host_port"`
	// HostAddress is the host's address; empty means every one.
	HostAddress string `json:"host_address,omitempty"`
	// Loopback tells that only the host itself can use it.
	Loopback bool `json:"loopback,omitzero"`
	// ByRoute tells of such a port that the engine does not keep off other machines
	// which have a route to the container through the host.
	ByRoute bool `json:"by_route,omitzero"`
	// Leads tells whether it leads to the container now.
	Leads diagnose.Forecast `json:"leads"`
}

func portOf(c *topology.Container, p *topology.Ports) Port {
	port := Port{First: p.First, Count: p.Len(), Protocol: p.Protocol, HostPort: p.HostPort, Loopback: p.HostIP.IP().IsLoopback()}
	if c != nil && !diagnose.Thinks(c) {
		port.Container = c.Name
	}
	if !p.HostIP.IsZero() && !p.HostIP.IP().IsUnspecified() {
		port.HostAddress = p.HostIP.String()
	}
	return port
}

// portsOf are the ports of a container that are published, and whether they lead
// to it. One that is published on both families is one.
func portsOf(ix *topology.Index, c *topology.Container) []Port {
	var ports []Port
	for i := range c.Ports {
		if p := &c.Ports[i]; p.Published() {
			port := portOf(c, p)
			port.Leads = diagnose.PortsLead(ix, c)
			port.ByRoute = port.Loopback && !diagnose.GuardsLoopbackPorts(&ix.Engine)
			ports = appendPort(ports, port)
		}
	}
	return ports
}

func appendPort(ports []Port, port Port) []Port {
	for _, have := range ports {
		if have == port {
			return ports
		}
	}
	return append(ports, port)
}

func reasonOf(r *diagnose.Reason) Reason {
	reason := Reason{Kind: r.Kind}
	if r.Container != nil && !diagnose.Thinks(r.Container) {
		reason.Container = r.Container.Name
	}
	if r.Network != nil {
		reason.Network = r.Network.Name
	}
	if r.Other != nil {
		reason.Other = r.Other.Name
	}
	if r.Name != "" && r.Name[0] != 0 {
		reason.Name = r.Name
	}
	if r.Port != nil {
		port := portOf(r.Container, r.Port)
		reason.Port = &port
	}
	if r.Gap != nil {
		reason.Gap = gapText(r.Gap)
	}
	return reason
}

func reasonsOf(chain []diagnose.Reason) []Reason {
	var reasons []Reason
	for i := range chain {
		reason := reasonOf(&chain[i])
		double := false
		for k := range reasons {
			double = double || same(&reasons[k], &reason)
		}
		if !double {
			reasons = append(reasons, reason)
		}
	}
	return reasons
}

// same tells that two reasons say the same.
func same(a, b *Reason) bool {
	x, y := *a, *b
	if x.Port != nil && y.Port != nil && *x.Port == *y.Port {
		x.Port, y.Port = nil, nil
	}
	return x == y
}

// without is a claim without reasons of these kinds, which are about something
// else or are told elsewhere. The last reason is kept.
func (c Claim) without(kinds ...diagnose.ReasonKind) Claim {
	c.Reasons = without(c.Reasons, kinds...)
	return c
}

func without(reasons []Reason, kinds ...diagnose.ReasonKind) []Reason {
	kept := slices.DeleteFunc(slices.Clone(reasons), func(r Reason) bool { return slices.Contains(kinds, r.Kind) })
	if len(kept) == 0 {
		return reasons
	}
	return kept
}

func claimOf(f diagnose.Forecast, reasons []diagnose.Reason) Claim {
	return Claim{Forecast: f, Reasons: reasonsOf(reasons)}
}

func gapText(gap *topology.Gap) string {
	text := gap.What
	if gap.Name != "" {
		text += " " + gap.Name
	}
	if gap.Field != "" {
		text += ", " + gap.Field
	}
	return text + ": " + gap.Reason
}

// gapsOf are what could not be read and may change what is said of these.
func gapsOf(ix *topology.Index, ids ...string) []string {
	var gaps []string
	for i := range ix.Unread {
		gap := &ix.Unread[i]
		matters := gap.ID == "" || gap.What == "container" && gap.Field == ""
		for _, id := range ids {
			matters = matters || gap.ID == id
		}
		if matters {
			gaps = append(gaps, gapText(gap))
		}
	}
	return gaps
}
