package explain

import (
	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Loss is what would break without a network.
type Loss struct {
	// Kept are why the engine, or good sense, would not let it go, whoever is on it.
	Kept []diagnose.ObstacleKind `json:"obstacles,omitempty"`
	// Effects are what each container would suffer.
	Effects []Effect `json:"effects,omitempty"`
}

// Effect is what a container would suffer.
type Effect struct {
	Container string `json:"container"`
	Up        bool   `json:"up"`
	// Owner is the container whose interfaces it shares.
	Owner string `json:"owner,omitempty"`
	// Fate is what becomes of it.
	Fate Fate `json:"fate"`
	// Keeps are the networks that are left to it, and Ports the published ports
	// that would stop answering.
	Keeps []string `json:"keeps,omitempty"`
	Ports []Port   `json:"ports,omitempty"`
	// ForGood tells that it was made with the ID of the network, so that no other
	// network would do.
	ForGood bool `json:"for_good,omitzero"`
}

// Fate is what becomes of a container without a network.
type Fate string

const (
	// FateCutOff: it runs on, and is on the network no more.
	FateCutOff Fate = "cut off"
	// FateCutOffForGood: the same, and it does not start again once it stopped.
	FateCutOffForGood Fate = "cut off, will not start again"
	// FateRunsOn: it is up and not on the network now, and runs on.
	FateRunsOn Fate = "runs on"
	// FateRunsOnForGood: the same, and it does not start again once it stopped.
	FateRunsOnForGood Fate = "runs on, will not start again"
	// FateNoStart: it is not up, and does not start again.
	FateNoStart Fate = "will not start"
	// FateAlready: it would not start anyway.
	FateAlready Fate = "will not start anyway"
	// FateNone: it is not up, and starts all the same.
	FateNone Fate = "starts all the same"
)

func lossOf(ix *topology.Index, n *topology.Network) Loss {
	var loss Loss
	if n.Implied {
		loss.Kept = []diagnose.ObstacleKind{diagnose.IsPredefined}
		return loss
	}
	found := diagnose.Losses(ix, []*topology.Network{n})[0]
	for _, o := range found.Obstacles {
		loss.Kept = append(loss.Kept, o.Kind)
	}
	if n.Predefined() {
		return loss // nobody asks what would be: it stays
	}
	for i := range found.Effects {
		loss.Effects = append(loss.Effects, effectOf(ix, &found.Effects[i]))
	}
	return loss
}

func effectOf(ix *topology.Index, e *diagnose.Effect) Effect {
	effect := Effect{Container: e.Container.Name, Up: e.Container.State.Up(), ForGood: e.ForGood}
	if e.Owner != nil {
		effect.Owner = e.Owner.Name
	}
	for _, a := range e.Keeps {
		if n := ix.Network(a.NetworkID); n != nil {
			effect.Keeps = append(effect.Keeps, n.Name)
		}
	}
	for i := range e.Ports {
		effect.Ports = appendPort(effect.Ports, portOf(e.Container, &e.Ports[i]))
	}
	switch {
	case effect.Up && (e.Attachment == nil || e.Attachment.State != topology.Live || e.Owner != nil && !e.Owner.State.Up()):
		effect.Fate = FateRunsOn
		if e.Before.Will() && !e.Left.Will() {
			effect.Fate = FateRunsOnForGood
		}
	case effect.Up && e.Before.Will() && !e.Left.Will():
		effect.Fate = FateCutOffForGood
	case effect.Up:
		effect.Fate = FateCutOff
	case !e.Before.Will():
		effect.Fate = FateAlready
	case !e.Left.Will():
		effect.Fate = FateNoStart
	default:
		effect.Fate = FateNone
	}
	return effect
}
