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
	// ModeGone: the container's network mode names a network that does not
	// exist, by an ID or by another name than its attachments have. Engines
	// look it up on start. A network of that name helps; where it is an ID,
	// nothing but making the container anew does.
	ModeGone HazardKind = "network mode gone"
	// OwnerTroubled: the container shares the network of a container that
	// will not start.
	OwnerTroubled HazardKind = "owner will not start"
	// AddressOutside: the container wants an address that no subnet of its
	// network holds, as when the network was made anew with another subnet.
	AddressOutside HazardKind = "address outside"
	// MaybeElsewhere: the network is not in the engine's list, and that does
	// not prove that it is gone: it may be on other nodes of the swarm, or
	// part of the list could not be read.
	MaybeElsewhere HazardKind = "network not listed"
)

// Hazard is a container that is in trouble for a network reason.
type Hazard struct {
	Kind      HazardKind
	Container *topology.Container
	// NetworkID and NetworkName are what the container wants, as far as it
	// knows; for the owner's hazards they are empty.
	NetworkID, NetworkName string
	// OwnerID is, for the owner's hazards, the ID of the container whose
	// network is shared.
	OwnerID string
	// Address is, for AddressOutside, the address that is wanted.
	Address topology.Address
}

// Healable tells that the container starts again once it has a network of the name
// that it wants, or is put on one.
func (h *Hazard) Healable() bool {
	return h.Kind == NetworkGone || h.Kind == NameGone || h.Kind == ModeGone && !h.Container.Mode.LooksLikeID()
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
	hazards := ofOwner(ix, c)
	if modeGone(ix, c) {
		hazards = append(hazards, Hazard{Kind: ModeGone, Container: c, NetworkName: string(c.Mode)})
		if c.Mode.LooksLikeID() {
			return hazards // no network that it could be given mends that
		}
	}
	for _, a := range ix.Of(c.ID) {
		kind, troubled := kindOf(a)
		address := outside(ix, a)
		if !address.IsZero() {
			kind, troubled = AddressOutside, true
		}
		if !troubled {
			continue
		}
		hazards = append(hazards, Hazard{Kind: kind, Container: c, NetworkID: a.NetworkID, NetworkName: a.NetworkName, Address: address})
	}
	return hazards
}

// ofOwner are the hazards that come from the container whose network is shared.
func ofOwner(ix *topology.Index, c *topology.Container) []Hazard {
	id, shares := ix.Owner(c)
	if !shares {
		return nil
	}
	owner := ix.Container(id)
	if owner == nil {
		return []Hazard{{Kind: OwnerGone, Container: c, OwnerID: id}}
	}
	if owner.State.Up() {
		return nil
	}
	for _, h := range ofContainer(ix, owner) {
		if h.Kind != MaybeElsewhere {
			return []Hazard{{Kind: OwnerTroubled, Container: c, OwnerID: id}}
		}
	}
	return nil
}

// outside is the address that a container asks for on its next start and that
// its network cannot give. The engine then refuses to start it [measured on
// 20.10 and 28.5].
func outside(ix *topology.Index, a *topology.Attachment) topology.Address {
	n := ix.Network(a.NetworkID)
	if n == nil || a.State != topology.Configured {
		return topology.Address{}
	}
	for _, address := range []topology.Address{a.Static4, a.Static6} {
		if address.IP().IsValid() && !mayHold(n, address) {
			return address
		}
	}
	return topology.Address{}
}

// mayHold tells that a subnet of the network holds the address, or that this
// is not known.
func mayHold(n *topology.Network, address topology.Address) bool {
	known := false
	for _, pool := range n.IPAM.Pools {
		prefix := pool.Subnet.Prefix()
		if !prefix.IsValid() || prefix.Contains(address.IP()) {
			return true
		}
		known = known || prefix.Addr().Is4() == address.IP().Is4()
	}
	return !known
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
