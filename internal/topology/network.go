package topology

import (
	"strconv"
	"strings"
	"time"
)

// Network is one network of the engine, or a network mode that the engine
// treats as one.
type Network struct {
	// ID is the key. It is the engine's 64 hex digits, or 25 letters and
	// digits for a network of the swarm.
	ID string `json:"id"`
	// Name is for people: it may repeat and may hold any character.
	Name   string `json:"name"`
	Driver string `json:"driver"`
	// Scope is how far the network reaches: local, swarm or global.
	Scope   string    `json:"scope"`
	Created time.Time `json:"created,omitzero"`
	// Internal networks have no way to the outside.
	Internal bool `json:"internal,omitzero"`
	// Attachable overlay networks take containers beside services' tasks.
	Attachable bool `json:"attachable,omitzero"`
	// Ingress is the swarm's routing mesh for published ports.
	Ingress bool `json:"ingress,omitzero"`
	// ConfigOnly networks hold a configuration for others, and no endpoint.
	ConfigOnly bool `json:"config_only,omitzero"`
	// ConfigFrom names the config-only network this one takes its
	// configuration from.
	ConfigFrom string `json:"config_from,omitempty"`
	// IPv4 is not known from engines with an API below 1.48, where it
	// cannot be switched off.
	IPv4 Ternary           `json:"ipv4,omitzero"`
	IPv6 bool              `json:"ipv6,omitzero"`
	IPAM IPAM              `json:"ipam,omitzero"`
	Opts map[string]string `json:"options,omitempty"`
	// Labels holds every label, as the filter label= needs them.
	Labels map[string]string `json:"labels,omitempty"`
	// Native is the definition in the engine's own terms, where the API that is
	// common to engines does not hold all of it, and where it was asked for. It is
	// JSON, kept as text so that it stays as it was.
	Native string `json:"native,omitempty"`
	// Implied tells that containers name this network, but that the engine
	// does not list it: Podman's host and none.
	Implied bool `json:"implied,omitzero"`
	// Inspected tells that the fields below were asked for, which no list
	// tells. Without it, none means that they are not known.
	Inspected bool       `json:"inspected,omitzero"`
	Endpoints []Endpoint `json:"endpoints,omitempty"`
	// Peers counts the nodes of the swarm that the network reaches now.
	Peers int `json:"peers,omitzero"`
	// Services are the names of the swarm services that want the network.
	Services []string `json:"services,omitempty"`
}

// Endpoint is a place on a network that is taken, by a container or not.
type Endpoint struct {
	ID   string       `json:"id,omitempty"`
	Name string       `json:"name,omitempty"`
	Kind EndpointKind `json:"kind"`
	// ContainerID is set where a container has the endpoint.
	ContainerID string `json:"container_id,omitempty"`
}

// EndpointKind tells whose an endpoint is.
type EndpointKind string

const (
	// OfContainer: a container that is up has it.
	OfContainer EndpointKind = "container"
	// Stale: nobody has it, and yet the engine counts it.
	Stale EndpointKind = "stale"
	// OfEngine: the engine has it for its own ends: a load balancer of the
	// swarm, the way out of a container on an overlay, a step of a build.
	OfEngine EndpointKind = "engine"
)

// IPAM is how a network gives out addresses.
type IPAM struct {
	Driver string            `json:"driver,omitempty"`
	Opts   map[string]string `json:"options,omitempty"`
	Pools  []Pool            `json:"pools,omitempty"`
}

// IsZero tells that nothing is known about the addresses.
func (i IPAM) IsZero() bool { return i.Driver == "" && len(i.Opts) == 0 && len(i.Pools) == 0 }

// Pool is one range of addresses of a network.
type Pool struct {
	Subnet  Subnet             `json:"subnet,omitzero"`
	Range   Subnet             `json:"range,omitzero"`
	Gateway Address            `json:"gateway,omitzero"`
	Aux     map[string]Address `json:"aux_addresses,omitempty"`
}

// The labels by which compose and swarm stacks mark what is theirs.
const (
	LabelComposeProject = "com.docker.compose.project"
	LabelComposeNetwork = "com.docker.compose.network"
	LabelStackNamespace = "com.docker.stack.namespace"
)

// Project is the compose project, or else the swarm stack, that made the
// network; empty where neither did.
func (n *Network) Project() string {
	if project := n.Labels[LabelComposeProject]; project != "" {
		return project
	}
	return n.Labels[LabelStackNamespace]
}

// Predefined tells that the engine makes this network itself and does not let
// it be removed.
func (n *Network) Predefined() bool {
	if n.Scope == "swarm" || n.Scope == "global" {
		return false
	}
	switch n.Name {
	case NetworkBridge, NetworkHost, NetworkNone:
		return true
	case "nat": // the default of Windows engines
		return n.Driver == "nat"
	}
	return false
}

// Names of the predefined networks, which are network modes as well.
const (
	NetworkBridge = "bridge"
	NetworkHost   = "host"
	NetworkNone   = "none"
)

// SwarmGateway is the name of the bridge through which swarm tasks reach the
// outside. The engine makes it when the node joins a swarm.
const SwarmGateway = "docker_gwbridge"

// Switch tells what an option says that is on or off, in each spelling that Docker takes
// (0, f and False, too); it is unknown where the option is not there.
func (n *Network) Switch(option string) Ternary {
	on, err := strconv.ParseBool(n.Opts[option])
	if err != nil {
		return Unknown
	}
	return Known(on)
}

// OnParent tells a network that is made on a network card of the host, its parent:
// macvlan and ipvlan.
func (n *Network) OnParent() bool { return n.Driver == "macvlan" || n.Driver == "ipvlan" }

// SwarmScope tells that the network belongs to the whole swarm, so that nodes
// other than this one may use it.
func (n *Network) SwarmScope() bool { return n.Scope == "swarm" || n.Scope == "global" }

// SwarmID tells the ID of a network of the swarm from that of a local one.
func SwarmID(id string) bool {
	const length = 25
	return len(id) == length
}

// ShortID is the first twelve characters of an ID, as docker shows it.
func ShortID(id string) string {
	id = strings.TrimPrefix(id, "sha256:")
	if len(id) > 12 {
		return id[:12]
	}
	return id
}
