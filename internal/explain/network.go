package explain

import (
	"slices"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// NetworkFacts are what there is to say of one network.
type NetworkFacts struct {
	Kind    string      `json:"kind"` // network
	Name    string      `json:"name"`
	ID      string      `json:"id"`
	Driver  string      `json:"driver"`
	Scope   string      `json:"scope,omitempty"`
	What    NetworkKind `json:"what"`
	Created time.Time   `json:"created,omitzero"`
	// Project is the compose project or swarm stack that made it.
	Project string `json:"project,omitempty"`
	// ConfigFrom is the network that it has its settings from.
	ConfigFrom string           `json:"config_from,omitempty"`
	Internal   bool             `json:"internal,omitzero"`
	IPv4       topology.Ternary `json:"ipv4"`
	IPv6       bool             `json:"ipv6"`
	Podman     bool             `json:"podman,omitzero"`

	// Running and Stopped are who is on it, those who share the interfaces of a
	// member too.
	Running []Member `json:"running,omitempty"`
	Stopped []Member `json:"stopped,omitempty"`
	// Finished counts tasks of swarm services that were on it and ended: they are
	// never started again, and get no address.
	Finished int `json:"finished_tasks,omitzero"`
	// Services are swarm services that use it, and Nodes counts the other nodes of
	// the swarm that it reaches.
	Services []string `json:"services,omitempty"`
	Nodes    int      `json:"other_nodes,omitzero"`
	// Engine counts places on it that the engine has for its own ends.
	Engine int `json:"engine_endpoints,omitzero"`
	// Stale counts places on it that nobody has and that the engine counts.
	Stale int `json:"stale_endpoints,omitzero"`
	// Join is who may join it.
	Join JoinKind `json:"who_may_join"`
	// Reach is what a container on it would find; nil where none can be on it, or
	// its addresses are not known.
	Reach *NetworkReach `json:"reach,omitempty"`
	// Ports are the ports of the host that lead in, by this network or another of
	// the container's.
	Ports []NetworkPort `json:"ports,omitempty"`
	// ByMesh are the services of members that publish ports by the routing mesh.
	ByMesh []string `json:"services_by_mesh,omitempty"`
	Space  []Space  `json:"addresses,omitempty"`
	// Options are what was asked for when it was made.
	Options []Option `json:"options,omitempty"`
	Loss    Loss     `json:"without_it"`
	// Unread is what could not be read and may change what is said.
	Unread []string `json:"unread,omitempty"`
}

// NetworkKind is what a network is, to a reader.
type NetworkKind string

// The kinds of networks that are told apart.
const (
	KindDefaultBridge NetworkKind = "default bridge"
	KindBridge        NetworkKind = "bridge"
	KindHost          NetworkKind = "host"
	KindNone          NetworkKind = "none"
	KindMacvlan       NetworkKind = "macvlan"
	KindIPvlan        NetworkKind = "ipvlan"
	KindOverlay       NetworkKind = "overlay"
	KindIngress       NetworkKind = "ingress"
	KindSwarmGateway  NetworkKind = "swarm gateway"
	KindConfig        NetworkKind = "config only"
	KindOther         NetworkKind = "other"
)

// JoinKind is who may join a network.
type JoinKind string

// Who may join a network.
const (
	JoinAny      JoinKind = "any container"          // any of this engine, at any time
	JoinDefault  JoinKind = "any, and by default"    // those made without a network are on it
	JoinOnMaking JoinKind = "only when it is made"   // host and none: it cannot be left or joined later
	JoinServices JoinKind = "swarm services only"    // not attachable
	JoinSwarm    JoinKind = "services and any other" // attachable
	JoinEngine   JoinKind = "the engine itself"
	JoinNobody   JoinKind = "nobody"
)

// Member is a container on a network.
type Member struct {
	Name  string                  `json:"name"`
	State topology.ContainerState `json:"state"`
	IPv4  string                  `json:"ipv4,omitempty"`
	IPv6  string                  `json:"ipv6,omitempty"`
	// Owner is the container whose interfaces it shares.
	Owner string `json:"owner,omitempty"`
	// Troubled tells that it will not start, for a reason of networks.
	Troubled bool `json:"will_not_start,omitzero"`
	// Outside is whether it reaches the outside by IPv4, where that differs from what the network
	// gives: by another network of its own.
	Outside diagnose.Forecast `json:"outside_otherwise,omitempty"`
}

// NetworkPort is a port of the host that leads to a container on a network.
type NetworkPort struct {
	Port
	// Others are further networks of the container by which it may lead in instead.
	Others []string `json:"or_by_networks,omitempty"`
}

// OfNetwork finds the facts of a network.
func OfNetwork(ix *topology.Index, network *topology.Network) NetworkFacts {
	n := network
	f := NetworkFacts{
		Kind: "network", Name: n.Name, ID: n.ID, Driver: n.Driver, Scope: n.Scope, What: kindOf(ix, n), Created: n.Created,
		Project: n.Project(), ConfigFrom: n.ConfigFrom, Internal: n.Internal, IPv4: n.IPv4, IPv6: n.IPv6,
		Podman: ix.Engine.Product == topology.ProductPodman,
		Nodes:  n.Peers, Services: n.Services,
		Space: spacesOf(ix, n), Options: optionsOf(n), Loss: lossOf(ix, n), Unread: gapsOf(ix, n.ID),
	}
	if f.Nodes > 0 && len(n.Endpoints) > 0 {
		f.Nodes-- // this one counts, too
	}
	for i := range f.Space {
		f.IPv6 = f.IPv6 || f.Space[i].V6
	}
	for _, e := range n.Endpoints {
		switch e.Kind {
		case topology.Stale:
			f.Stale++
		case topology.OfEngine:
			f.Engine++
		case topology.OfContainer:
		}
	}
	if f.Stale+f.Engine > 0 || f.What == KindIngress || f.What == KindSwarmGateway {
		for i := range f.Space {
			f.Space[i].AtMost, f.Space[i].Next = true, "" // which addresses those have is not told
		}
	}
	f.Join = joinOf(n, f.What)
	if f.Join != JoinEngine {
		f.Reach = reachOfNetwork(ix, n)
	}
	f.members(ix, n)
	return f
}

func kindOf(ix *topology.Index, n *topology.Network) NetworkKind {
	switch {
	case n.ConfigOnly:
		return KindConfig
	case n.Ingress:
		return KindIngress
	case n.Name == topology.SwarmGateway && n.Driver == "bridge":
		return KindSwarmGateway
	case diagnose.DefaultBridge(ix, n):
		return KindDefaultBridge
	}
	switch n.Driver {
	case "bridge":
		return KindBridge
	case "host":
		return KindHost
	case "null":
		return KindNone
	case "macvlan":
		return KindMacvlan
	case "ipvlan":
		return KindIPvlan
	case "overlay":
		return KindOverlay
	}
	return KindOther
}

func joinOf(n *topology.Network, what NetworkKind) JoinKind {
	switch what {
	case KindConfig:
		return JoinNobody
	case KindIngress, KindSwarmGateway:
		return JoinEngine
	case KindHost, KindNone:
		return JoinOnMaking
	case KindDefaultBridge:
		return JoinDefault
	case KindBridge, KindMacvlan, KindIPvlan, KindOverlay, KindOther:
	}
	switch {
	case !n.SwarmScope():
		return JoinAny
	case n.Attachable:
		return JoinSwarm
	}
	return JoinServices
}

// members fills who is on the network, and the ports that lead to them.
func (f *NetworkFacts) members(ix *topology.Index, n *topology.Network) {
	troubled := map[string]bool{}
	for _, h := range diagnose.Hazards(ix) {
		troubled[h.Container.ID] = troubled[h.Container.ID] || h.Kind != diagnose.MaybeElsewhere
	}
	add := func(m Member, up bool) {
		if up {
			f.Running = append(f.Running, m)
		} else {
			f.Stopped = append(f.Stopped, m)
		}
	}
	for _, a := range ix.On(n.ID) {
		c := ix.Container(a.ContainerID)
		if c == nil {
			continue
		}
		up := c.State.Up()
		if finished(c) {
			f.Finished++
			continue
		}
		m := Member{Name: c.Name, State: c.State, IPv4: textOf(a.IPv4), IPv6: textOf(a.IPv6), Troubled: troubled[c.ID]}
		if up {
			m.Outside = f.otherwise(ix, c)
		} else {
			m.IPv4, m.IPv6 = textOf(a.Static4), textOf(a.Static6)
		}
		add(m, up)
		for _, sharer := range ix.Sharers(c.ID) {
			add(Member{Name: sharer.Name, State: sharer.State, Owner: c.Name, Troubled: troubled[sharer.ID]}, up && sharer.State.Up() && !ix.Stale(sharer))
		}
		f.addPorts(ix, n, c)
		if byMesh(ix, c) && !slices.Contains(f.ByMesh, c.SwarmService) {
			f.ByMesh = append(f.ByMesh, c.SwarmService)
		}
	}
	slices.Sort(f.ByMesh)
}

// finished tells that a container is a task of a swarm service that ended.
func finished(c *topology.Container) bool {
	return c.IsTask() && !c.State.Up() && c.State != topology.Created && c.State != topology.Restarting
}

// otherwise tells whether a member reaches the outside, where the network alone
// would have it otherwise.
func (f *NetworkFacts) otherwise(ix *topology.Index, c *topology.Container) diagnose.Forecast {
	if f.Reach == nil || len(ix.Of(c.ID)) < 2 {
		return ""
	}
	four, six := outsideClaims(ix, c)
	for _, pair := range [][2]*Claim{{f.Reach.IPv4, four}, {f.Reach.IPv6, six}} {
		if pair[0] != nil && pair[1] != nil && pair[0].Forecast != pair[1].Forecast {
			return pair[1].Forecast
		}
	}
	return ""
}

// addPorts adds the published ports of a member that lead to it, and that may do so
// by this network.
func (f *NetworkFacts) addPorts(ix *topology.Index, n *topology.Network, c *topology.Container) {
	var others []string
	for _, a := range ix.Of(c.ID) {
		if m := ix.Network(a.NetworkID); m != nil && m != n && a.State == topology.Live && diagnose.TakesPorts(ix, m) {
			others = append(others, m.Name)
		}
	}
	for _, port := range portsOf(ix, c) {
		if !c.State.Up() {
			continue
		}
		np := NetworkPort{Port: port, Others: others}
		if !slices.ContainsFunc(f.Ports, func(have NetworkPort) bool { return have.Port == port }) {
			f.Ports = append(f.Ports, np)
		}
	}
}

func textOf(a topology.Address) string {
	if a.IsZero() {
		return ""
	}
	return a.String()
}
