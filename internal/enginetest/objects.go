package enginetest

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Object is what an engine holds: a [Network], a [Container] or an [Image].
type Object interface{ putInto(*Engine) }

// Network is a network of the engine. Its zero fields are filled as an engine
// would fill them.
type Network struct {
	Name string
	// ID is [ID] of the name where it is empty.
	ID string
	// Driver is bridge and Scope local where they are empty.
	Driver, Scope string
	Created       time.Time
	Pools         []Pool
	IPv6          bool
	Internal      bool
	Attachable    bool
	Ingress       bool
	ConfigOnly    bool
	ConfigFrom    string
	// NoIPv4 tells that it has no IPv4 addresses (API 1.48 and later).
	NoIPv4     bool
	Options    map[string]string
	Labels     map[string]string
	IPAMDriver string // default where it is empty
	// IPAMOptions are those of the driver that gives out the addresses.
	IPAMOptions map[string]string
	// NameServers are told by Podman's own API only.
	NameServers []string
	// Stale are endpoints that no container has.
	Stale []StaleEndpoint
	// Builds are the IDs of the steps of "docker build" that run on it.
	Builds []string
	// LoadBalancer tells that the swarm's load balancer has an endpoint.
	LoadBalancer bool
	// Peers are the names of the nodes of the swarm that it reaches.
	Peers []string
	// Services are the names of the services of the swarm that want it.
	Services []string
	// Raw is JSON that is written in place of this network.
	Raw string
}

// StaleEndpoint is an endpoint that no container has, as is left when an engine
// is killed.
type StaleEndpoint struct {
	Name string
	// ID is [ID] of the name where it is empty.
	ID string
	// IPv4 is the address that it keeps, if any.
	IPv4 string
}

// Pool is one range of addresses. It is text, since engines write text.
type Pool struct {
	Subnet, Range, Gateway string
	// Aux are the addresses that are not to be given out, by name.
	Aux map[string]string
	// Auto tells that the engine chose the subnet, and not the user.
	Auto bool
}

// Bridge is a bridge network with one subnet.
func Bridge(name, subnet, gateway string) Network {
	return Network{Name: name, Pools: []Pool{{Subnet: subnet, Gateway: gateway}}}
}

// Overlay is an attachable network of the swarm.
func Overlay(name, subnet string) Network {
	return Network{Name: name, ID: SwarmID(name), Driver: "overlay", Scope: "swarm", Attachable: true, Pools: []Pool{{Subnet: subnet}}}
}

// Container is a container of the engine, in any state.
type Container struct {
	Name string
	// ID is [ID] of the name where it is empty.
	ID string
	// State is the engine's word: created, running, paused, restarting,
	// removing, exited, dead; or stopped, from Podman.
	State string
	// Mode is HostConfig.NetworkMode; where it is empty, the first network.
	Mode string
	// MAC is the address that was asked for the container as a whole,
	// Config.MacAddress. It is that of the network of its mode.
	MAC   string
	On    []Endpoint
	Ports []Port
	// Restart is the policy of restarts: no where it is empty. StartError is what
	// the engine said when a start failed.
	Restart, StartError string
	// ExitCode is the status with which its program ended.
	ExitCode int

	Labels map[string]string
	// Image is fake where it is empty.
	Image string
	// Hostname is the name that the user chose for its host.
	Hostname string
	// Exposed are ports as "80/tcp" that only an inspect tells of: a list leaves out what
	// is exposed and not published where no network of the container leads out.
	Exposed []string
	// Started is when it was last started; an inspect tells nothing of it where it is
	// zero.
	Started time.Time
	// Created is some day in 2024 where it is zero.
	Created time.Time
	// Raw is JSON that is written in place of this container.
	Raw string

	inside *inside // of one that a request made
}

// Running is a container that runs.
func Running(name string, on ...Endpoint) Container {
	return Container{Name: name, State: "running", On: on}
}

// Stopped is a container that ran before.
func Stopped(name string, on ...Endpoint) Container {
	return Container{Name: name, State: "exited", On: on}
}

// NeverRan is a container that was created only.
func NeverRan(name string, on ...Endpoint) Container {
	return Container{Name: name, State: "created", On: on}
}

// Sharing is a running container in the network namespace of another.
func Sharing(name, owner string) Container {
	return Container{Name: name, State: "running", Mode: "container:" + ID(owner)}
}

// Endpoint is a container's place on a network. The addresses are those it has
// while it is up.
type Endpoint struct {
	// Network is the network as the user typed it.
	Network string
	// NetworkID is the ID the container holds. Where it is empty, it is that
	// of the network with that name; where there is none, [ID] of the name,
	// as of a network that is gone.
	NetworkID  string
	IPv4, IPv6 string
	// Static4, Static6 and LinkLocal are the addresses the user asked for.
	Static4, Static6 string
	LinkLocal        []string
	// MAC is the address the user asked for when the container was made.
	MAC        string
	Aliases    []string
	Links      []string // as name:alias
	DriverOpts map[string]string
	// GwPriority is which network gives the default route (API 1.48 and
	// later).
	GwPriority int

	connected bool   // by a request, and not when the container was made
	failed    bool   // the request failed, and left the entry without an endpoint
	shadow    bool   // a further entry of an endpoint, under what was typed
	shownMAC  string // asked for by such a request: Docker shows it until the start, and does not heed it
}

// On is an endpoint with an IPv4 address.
func On(network, ipv4 string) Endpoint { return Endpoint{Network: network, IPv4: ipv4} }

// Port is a port of a container: exposed, or published where Host is set.
type Port struct {
	Container, Host uint16
	// IP is the host's address; empty means all of them.
	IP string
	// Protocol is tcp where it is empty.
	Protocol string
}

// ID is the ID of what has this name, unless it was given another: 64 hex
// digits, the same in every run.
func ID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

// SwarmID is like [ID] for a network of the swarm: 25 letters and digits.
func SwarmID(name string) string { return "z" + ID(name)[:24] }
