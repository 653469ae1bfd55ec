package diagnose

import (
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// HazardKind names a reason for which a container will not start, or is
// already cut off.
type HazardKind string

const (
	// NetworkGone: the container holds the ID of a network that does not
	// exist any more. A new network of that name does not help.
	NetworkGone HazardKind = "network gone"
	// NameGone: the container never ran and names a network that does not
	// exist. A new network of that name helps.
	NameGone HazardKind = "no such network"
	// NameAmbiguous: the container never ran and names a network by a name
	// that several have.
	NameAmbiguous HazardKind = "ambiguous network"
	// OwnerGone: the container shares the network of a container that does
	// not exist any more.
	OwnerGone HazardKind = "owner gone"
	// MaybeElsewhere: the network is not on this node, which is right for a
	// network of the swarm and wrong for any other; this engine cannot tell.
	MaybeElsewhere HazardKind = "network not on this node"
)

// Hazard is a container that is in trouble for a network reason.
type Hazard struct {
	Kind      HazardKind
	Container *topology.Container
	// NetworkID and NetworkName are what the container wants, as far as it
	// knows; for OwnerGone they are empty.
	NetworkID, NetworkName string
	// OwnerID is, for OwnerGone, the ID of the container that is gone.
	OwnerID string
	// Namesake is a network that has the wanted name now, if there is just
	// one: connecting the container to it mends the hazard.
	Namesake *topology.Network
}

// Hazards lists the containers of a snapshot that are in trouble, in order of
// name. Tasks of swarm services are passed over: a finished task is never
// started again, so nothing that it lacks is missed.
func Hazards(ix *topology.Index) []Hazard {
	var hazards []Hazard
	for i := range ix.Containers {
		c := &ix.Containers[i]
		if c.IsTask() {
			continue
		}
		hazards = append(hazards, ofContainer(ix, c)...)
	}
	return hazards
}

func ofContainer(ix *topology.Index, c *topology.Container) []Hazard {
	var hazards []Hazard
	if owner, ok := c.Mode.Sharer(); ok && ix.Container(owner) == nil {
		hazards = append(hazards, Hazard{Kind: OwnerGone, Container: c, OwnerID: owner})
	}
	for _, a := range ix.Of(c.ID) {
		kind, troubled := kindOf(a)
		if !troubled {
			continue
		}
		hazard := Hazard{Kind: kind, Container: c, NetworkID: a.NetworkID, NetworkName: a.NetworkName}
		if namesakes := ix.FindNetworks(a.NetworkName); kind == NetworkGone && len(namesakes) == 1 && namesakes[0].Name == a.NetworkName {
			hazard.Namesake = namesakes[0]
		}
		hazards = append(hazards, hazard)
	}
	return hazards
}

func kindOf(a *topology.Attachment) (kind HazardKind, troubled bool) {
	switch a.State {
	case topology.Dangling:
		if a.NetworkID == "" {
			return NameGone, true
		}
		return NetworkGone, true
	case topology.Ambiguous:
		return NameAmbiguous, true
	case topology.Unverified:
		return MaybeElsewhere, true
	case topology.Live, topology.Configured:
	}
	return "", false
}
