package diagnose

import (
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// ObstacleKind names what stands against the removal of a network.
type ObstacleKind string

const (
	// IsPredefined: the engine makes it itself and does not let it go.
	IsPredefined ObstacleKind = "predefined"
	// IsIngress: services publish their ports through it.
	IsIngress ObstacleKind = "ingress"
	// IsSwarmGateway: containers on overlays reach the outside through it.
	IsSwarmGateway ObstacleKind = "swarm gateway"
	// Configures: other networks take their configuration from it.
	Configures ObstacleKind = "configures others"
	// ServesServices: services of the swarm want it.
	ServesServices ObstacleKind = "swarm services"
	// ServesNodes: other nodes of the swarm have endpoints on it.
	ServesNodes ObstacleKind = "other nodes"
	// StoppedElsewhere: containers that are not up may want it on other nodes of
	// the swarm, which nobody can see from here.
	StoppedElsewhere ObstacleKind = "stopped on other nodes"
	// NotHere: only a manager of the swarm removes it.
	NotHere ObstacleKind = "not a manager"
	// HasStale: endpoints that nobody has keep the engine from removing it.
	// They can be cleared.
	HasStale ObstacleKind = "stale endpoints"
	// HasStaleNamed: an endpoint that nobody has carries the name of a
	// container, and clearing goes by name.
	HasStaleNamed ObstacleKind = "stale endpoint with a container's name"
	// HasPaused: a paused container is on it, of which the engine lets nothing be
	// taken.
	HasPaused ObstacleKind = "paused containers"
	// NotKnown: something could not be read that may depend on it, or that is
	// needed to bring it back.
	NotKnown ObstacleKind = "unknown"
)

// Obstacle is something that stands against the removal of a network, whoever
// depends on it.
type Obstacle struct {
	Kind ObstacleKind
	// Names are what it is about: networks, services, endpoints.
	Names []string
	// Count is, for what is about other nodes, how many.
	Count int
	// Gap is what could not be read.
	Gap *topology.Gap
}

func obstacles(ix *topology.Index, n *topology.Network, gone map[string]bool, effects []Effect) []Obstacle {
	var found []Obstacle
	add := func(kind ObstacleKind, names ...string) {
		found = append(found, Obstacle{Kind: kind, Names: names})
	}
	if n.Predefined() || n.Implied {
		add(IsPredefined)
	}
	if n.Ingress {
		add(IsIngress)
	}
	if n.Name == topology.SwarmGateway && n.Driver == "bridge" && inSwarm(ix) {
		add(IsSwarmGateway)
	}
	if others := configured(ix, n, gone); len(others) > 0 {
		add(Configures, others...)
	}
	if len(n.Services) > 0 {
		add(ServesServices, n.Services...)
	}
	if n.SwarmScope() && ix.Engine.Swarm == topology.SwarmWorker {
		add(NotHere)
	}
	if here := len(n.Endpoints) > 0; n.Peers > 1 || n.Peers == 1 && !here {
		others := n.Peers
		if here {
			others--
		}
		found = append(found, Obstacle{Kind: ServesNodes, Count: others})
	}
	if paused := stuck(ix, effects); len(paused) > 0 {
		add(HasPaused, paused...)
	}
	// A network that takes no containers is wanted by services only, which a
	// manager knows.
	if n.SwarmScope() && n.Attachable && ix.Engine.SwarmNodes > 1 {
		found = append(found, Obstacle{Kind: StoppedElsewhere, Count: ix.Engine.SwarmNodes - 1})
	}
	for _, e := range n.Endpoints {
		switch {
		case e.Kind != topology.Stale:
		case e.Name == "" || TakenForContainer(ix, e.Name):
			add(HasStaleNamed, e.Name)
		default:
			add(HasStale, e.Name)
		}
	}
	return append(found, unknowns(ix, n, effects)...)
}

// stuck are the containers that the engine does not take off a network while they
// are paused: Podman says that it did, and the interface and the network's subnet
// stay [measured on 5.4].
func stuck(ix *topology.Index, effects []Effect) []string {
	var names []string
	for _, e := range effects {
		if ix.Engine.Product == topology.ProductPodman && e.Owner == nil && e.Attachment != nil && e.Container.State == topology.Paused {
			names = append(names, e.Container.Name)
		}
	}
	return names
}

// inSwarm tells that the engine is a node of a swarm. One that does not say so
// has the ingress network.
func inSwarm(ix *topology.Index) bool {
	switch ix.Engine.Swarm {
	case topology.SwarmInactive:
		return false
	case topology.SwarmManager, topology.SwarmWorker:
		return true
	}
	return slices.ContainsFunc(ix.Networks, func(n topology.Network) bool { return n.Ingress })
}

// configured are the networks that take their configuration from n and stay.
func configured(ix *topology.Index, n *topology.Network, gone map[string]bool) []string {
	if !n.ConfigOnly {
		return nil
	}
	var names []string
	for i := range ix.Networks {
		other := &ix.Networks[i]
		if from := other.ConfigFrom; from != "" && (from == n.Name || from == n.ID) && !gone[other.ID] {
			names = append(names, other.Name)
		}
	}
	return names
}

// TakenForContainer tells that the engine would take this name of an endpoint
// for a container: by its name, or by the beginning of its ID.
func TakenForContainer(ix *topology.Index, name string) bool {
	return slices.ContainsFunc(ix.Containers, func(c topology.Container) bool {
		return c.Name == name || strings.HasPrefix(c.ID, name)
	})
}

// unknowns are what could not be read and matters: a container that may want
// the network, a part of the network, or of an attachment that is to be undone.
func unknowns(ix *topology.Index, n *topology.Network, effects []Effect) []Obstacle {
	var found []Obstacle
	affected := map[string]bool{}
	for _, e := range effects {
		affected[e.Container.ID] = true
	}
	for i := range ix.Unread {
		gap := &ix.Unread[i]
		matters := false
		switch gap.What {
		case "container":
			matters = gap.Field != "created"
		case "network", "endpoints", "services", "nodes":
			matters = gap.Field != "created" && (gap.ID == n.ID || gap.ID == "")
		case "attachment", "settings":
			matters = affected[gap.ID]
		}
		if matters {
			found = append(found, Obstacle{Kind: NotKnown, Gap: gap})
		}
	}
	if ix.Partial {
		found = append(found, Obstacle{Kind: NotKnown, Gap: &topology.Gap{What: "the rest of the engine", Reason: "the snapshot is a selection"}})
	}
	for _, e := range n.Endpoints {
		if e.Kind == topology.OfContainer && !affected[e.ContainerID] {
			found = append(found, Obstacle{Kind: NotKnown, Gap: &topology.Gap{
				What: "container", ID: e.ContainerID, Name: e.Name, Reason: "it is on the network, and the list of containers does not say so",
			}})
		}
	}
	return found
}
