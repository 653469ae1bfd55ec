package engine

import (
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// resolve finds the network of each wanted attachment, and fills the
// snapshot's attachments.
//
// Facts it rests on [measured on Docker 20.10, 26.1, 28.5 and Podman 5.4]:
//   - A container that ran before holds its network's ID, and nothing else
//     will do: a new network of the same name does not replace it.
//   - A container that never ran has no ID there, and the key is what the user
//     typed: a name, an ID or the beginning of one.
//   - The predefined networks get new IDs when the daemon starts, so that they
//     are known by name.
//   - Podman writes "host", "none" and "bridge" as IDs, and lists no network
//     host or none.
//   - Podman lists a container that shares another's namespace with the
//     attachments of that other, and no network mode; the other's short ID is
//     among the aliases.
func resolve(s *topology.Snapshot, wanted []topology.Attachment) {
	r := resolver{snapshot: s}
	if s.Engine.Product == topology.ProductPodman {
		wanted = r.sharersOfPodman(wanted)
		r.implied(wanted)
	}
	r.ix = topology.NewIndex(&topology.Snapshot{Networks: s.Networks})
	up := make(map[string]bool, len(s.Containers))
	for i := range s.Containers {
		up[s.Containers[i].ID] = s.Containers[i].State.Up()
	}
	s.Attachments = make([]topology.Attachment, 0, len(wanted))
	for i := range wanted {
		a := wanted[i]
		r.state(&a, up[a.ContainerID])
		a.Aliases = nil // Podman's list has them, but not all; see WithSettings
		s.Attachments = append(s.Attachments, a)
	}
	if s.Networks == nil {
		s.Networks = []topology.Network{}
	}
	if s.Containers == nil {
		s.Containers = []topology.Container{}
	}
}

type resolver struct {
	snapshot *topology.Snapshot
	ix       *topology.Index // of the networks
}

func (r *resolver) state(a *topology.Attachment, up bool) {
	candidates := r.candidates(a)
	switch {
	case len(candidates) == 1:
		a.ByName = a.NetworkID == ""
		a.NetworkID = candidates[0].ID
		a.State = topology.Live
		if !up {
			a.State = topology.Configured
			dropEndpoint(a)
		}
		if a.State == topology.Live && candidates[0].SwarmScope() {
			dropChosen(a)
		}
	case len(candidates) > 1:
		a.State = topology.Ambiguous
	case r.mayBeElsewhere(a):
		a.State = topology.Unverified
	default:
		a.State = topology.Dangling
	}
}

func (r *resolver) candidates(a *topology.Attachment) []*topology.Network {
	if n := r.ix.Network(a.NetworkID); n != nil {
		return []*topology.Network{n}
	}
	if a.NetworkID == "" {
		return r.ix.FindNetworks(a.NetworkName)
	}
	for _, name := range []string{a.NetworkName, a.NetworkID} {
		for _, n := range r.ix.FindNetworks(name) {
			if n.Predefined() && n.Name == name {
				return []*topology.Network{n}
			}
		}
	}
	return nil
}

// mayBeElsewhere tells that a network missing here may still exist in the
// swarm: a worker lists an overlay only while it has an endpoint on it, and
// starts a stopped container on it all the same [measured on 26.1 and 20.10].
// A manager lists every network of the swarm, so that there it is gone.
//
// Where a part of the network list could not be read, it may be in there.
func (r *resolver) mayBeElsewhere(a *topology.Attachment) bool {
	if slices.ContainsFunc(r.snapshot.Unread, func(g topology.Gap) bool { return g.What == "network" && g.ID == "" }) {
		return true
	}
	if a.NetworkID != "" && !topology.SwarmID(a.NetworkID) {
		return false
	}
	switch r.snapshot.Engine.Swarm {
	case topology.SwarmWorker:
		return true
	case topology.SwarmInactive, topology.SwarmManager:
		return false
	}
	// One that did not say when it was asked, either. That it has a part shows in
	// the ingress network.
	return a.NetworkID != "" || slices.ContainsFunc(r.snapshot.Networks, func(n topology.Network) bool { return n.Ingress })
}

// modesOfPodman are the network modes that Podman's containers name as if they
// were networks, and the drivers they stand for: of the engine's host, of no
// network, and in user space. A network that is gone looks the same but for its
// name [measured on 5.4].
var modesOfPodman = map[string]string{
	topology.NetworkHost: "host", topology.NetworkNone: "null",
	"slirp4netns": "slirp4netns", "pasta": "pasta",
}

// implied adds those modes as networks, since Podman does not list them.
func (r *resolver) implied(wanted []topology.Attachment) {
	have := map[string]bool{}
	for i := range r.snapshot.Networks {
		have[r.snapshot.Networks[i].Name] = true
	}
	for i := range wanted {
		id := wanted[i].NetworkID
		driver, isMode := modesOfPodman[id]
		if !isMode || have[id] {
			continue
		}
		have[id] = true
		r.snapshot.Networks = append(r.snapshot.Networks, topology.Network{ID: id, Name: id, Driver: driver, Scope: "local", Implied: true})
	}
}

// sharersOfPodman finds the containers that share another's namespace, gives
// them the network mode that says so, and takes away the attachments that are
// not theirs.
func (r *resolver) sharersOfPodman(wanted []topology.Attachment) []topology.Attachment {
	byShortID := make(map[string]*topology.Container, len(r.snapshot.Containers))
	byID := make(map[string]*topology.Container, len(r.snapshot.Containers))
	for i := range r.snapshot.Containers {
		c := &r.snapshot.Containers[i]
		byShortID[topology.ShortID(c.ID)] = c
		byID[c.ID] = c
	}
	own := wanted[:0:0]
	for i := range wanted {
		a := &wanted[i]
		owner := ownerAmong(a, byShortID)
		if owner == nil {
			own = append(own, *a)
			continue
		}
		byID[a.ContainerID].Mode = topology.NetworkMode("container:" + owner.ID)
	}
	return own
}

func ownerAmong(a *topology.Attachment, byShortID map[string]*topology.Container) *topology.Container {
	var owner *topology.Container
	for _, alias := range a.Aliases {
		if alias == topology.ShortID(a.ContainerID) {
			return nil
		}
		if c := byShortID[alias]; c != nil {
			owner = c
		}
	}
	return owner
}

// dropChosen takes away what looks like an address that the user asked for and
// may be one that the swarm chose: it is written into the same place, until the
// container stops [measured on Docker 20.10, 26.1, 28.5].
func dropChosen(a *topology.Attachment) {
	for _, pair := range []struct{ static, has *topology.Address }{{&a.Static4, &a.IPv4}, {&a.Static6, &a.IPv6}} {
		if !pair.static.IsZero() && *pair.static == *pair.has {
			*pair.static, a.StaticUnknown = topology.Address{}, true
		}
	}
}

// dropEndpoint takes away what only a container that is up has. Docker leaves
// it empty by itself; Podman may still tell the addresses of the last run.
func dropEndpoint(a *topology.Attachment) {
	a.EndpointID, a.MAC = "", ""
	a.IPv4, a.IPv6, a.PrefixLen4, a.PrefixLen6 = topology.Address{}, topology.Address{}, 0, 0
	a.Gateway4, a.Gateway6 = topology.Address{}, topology.Address{}
}
