package topology

import (
	"slices"
	"strings"
	"time"
)

// ContainerState is the state of a container in the engine's own words.
type ContainerState string

// The states that engines report. Podman says stopped and initialized beside
// Docker's; a state that is none of these is kept as it came.
const (
	Created    ContainerState = "created"
	Running    ContainerState = "running"
	Paused     ContainerState = "paused"
	Restarting ContainerState = "restarting"
	Removing   ContainerState = "removing"
	Exited     ContainerState = "exited"
	Dead       ContainerState = "dead"
	Stopped    ContainerState = "stopped"
	Stopping   ContainerState = "stopping"
)

// Up tells that the container's processes exist, so that its endpoints do.
func (s ContainerState) Up() bool { return s == Running || s == Paused || s == Stopping }

// Container is one container of the engine, running or not.
type Container struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	Image   string         `json:"image,omitempty"`
	State   ContainerState `json:"state"`
	Created time.Time      `json:"created,omitzero"`
	// Mode is the network mode the container was made with. Podman's
	// container list does not tell it.
	Mode  NetworkMode `json:"network_mode,omitempty"`
	Ports []Ports     `json:"ports,omitempty"`
	// ExtraHosts are the lines that the user had added to the container's hosts
	// file, as NAME:ADDRESS; told by an inspect only.
	ExtraHosts []string `json:"extra_hosts,omitempty"`
	// Links are legacy links on the default bridge, as LINKED:ALIAS; told by an inspect
	// only.
	Links []string `json:"links,omitempty"`
	// Started is when it was last started; told by an inspect only.
	Started time.Time `json:"started,omitzero"`
	// Inspected tells that the fields below, ExtraHosts and Started were asked for.
	// Without it, none means that they are not known.
	Inspected bool `json:"inspected,omitzero"`
	// Restart is when the engine starts it again by itself: no, always,
	// on-failure or unless-stopped.
	Restart string `json:"restart,omitempty"`
	// StartError is what the engine said when it could not start it the last time.
	StartError string `json:"start_error,omitempty"`
	// ExitCode is the status with which its program ended, of one that is not up.
	ExitCode int `json:"exit_code,omitzero"`
	// Wanted are the ports that the container is to publish whenever it runs, also where
	// it does not or they lead nowhere; told by an inspect only. Those for which the
	// engine chooses the host's port are not among them.
	Wanted []Ports `json:"wanted_ports,omitempty"`
	// WantedAny are those for which the engine chooses the host's port.
	WantedAny []Ports `json:"wanted_any_port,omitempty"`
	// Project and Service are compose's, from the container's labels.
	Project string `json:"project,omitempty"`
	Service string `json:"service,omitempty"`
	// SwarmService and Task are set on tasks of a swarm service. The engine
	// never starts such a container again: the swarm makes a new task.
	SwarmService string `json:"swarm_service,omitempty"`
	Task         string `json:"task,omitempty"`
	Stack        string `json:"stack,omitempty"`
}

// Failed tells that its program ended by itself, and not well, as far as its status
// tells: one of 128 and more is of a signal, as "docker stop" sends.
func (c *Container) Failed() bool {
	const signals = 128
	return (c.State == Exited || c.State == Stopped) && c.ExitCode > 0 && c.ExitCode < signals
}

// HasHost tells that a name was added to the container's hosts file.
func (c *Container) HasHost(name string) bool {
	return slices.ContainsFunc(c.ExtraHosts, func(line string) bool {
		at := strings.IndexAny(line, ":=")
		return at > 0 && strings.EqualFold(line[:at], name)
	})
}

// HostValue is what the user had a name stand for in the container's hosts file: an
// address, or host-gateway; empty where the name was not added.
func (c *Container) HostValue(name string) string {
	for _, line := range c.ExtraHosts {
		if at := strings.IndexAny(line, ":="); at > 0 && strings.EqualFold(line[:at], name) {
			return strings.Trim(line[at+1:], "[]")
		}
	}
	return ""
}

// IsTask tells that the container is a task of a swarm service.
func (c *Container) IsTask() bool { return c.Task != "" || c.SwarmService != "" }

// Group is the compose project, or else the swarm stack, of the container.
func (c *Container) Group() string {
	if c.Project != "" {
		return c.Project
	}
	return c.Stack
}

// NetworkMode is HostConfig.NetworkMode: default, bridge, host, none, a name
// or ID of a network, or container:ID.
type NetworkMode string

// Sharer gives the ID of the container whose network namespace is shared, and
// whether one is. The ID goes stale when that container is made anew.
func (m NetworkMode) Sharer() (owner string, ok bool) {
	return strings.CutPrefix(string(m), "container:")
}

// MeansID tells that the mode is this ID of a network, or the beginning of it.
func (m NetworkMode) MeansID(id string) bool {
	return m != "" && id != "" && strings.HasPrefix(id, string(m))
}

// LooksLikeID tells that the mode is what IDs of networks are like, in full or as
// docker shortens them. A network may have such a name all the same.
func (m NetworkMode) LooksLikeID() bool {
	const short, full, ofSwarm = 12, 64, 25
	switch len(m) {
	case short, full:
		return strings.Trim(string(m), "0123456789abcdef") == ""
	case ofSwarm:
		return strings.Trim(string(m), "0123456789abcdefghijklmnopqrstuvwxyz") == ""
	}
	return false
}

// Ports is a run of consecutive ports of a container, exposed or published.
type Ports struct {
	// First is the first port inside the container.
	First uint16 `json:"port"`
	// Count is how many ports the run has; 0 means 1.
	Count uint16 `json:"count,omitzero"`
	// Protocol is tcp, udp or sctp.
	Protocol string `json:"protocol"`
	// HostPort is the first port on the host; 0 means that the ports are
	// exposed but not published.
	HostPort uint16 `json:"host_port,omitzero"`
	// HostIP is the host's address the ports are published on. Podman
	// gives none for "all".
	HostIP Address `json:"host_ip,omitzero"`
	// Ephemeral tells that the engine chose the host's port, so that it chooses
	// another when it publishes the port anew. It is told by an inspect only.
	Ephemeral bool `json:"ephemeral,omitzero"`
}

// Published tells that the ports lead in from the host.
func (p Ports) Published() bool { return p.HostPort != 0 }

// Len is how many ports the run has.
func (p Ports) Len() int { return max(1, int(p.Count)) }
