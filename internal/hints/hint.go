package hints

import (
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Hint is what is worth saying after a command.
type Hint struct {
	// InUse are networks that could not be removed and are still there.
	InUse []InUse
	// Lost are containers that want a network which is gone, and do not start
	// without it. They can be mended. Networks are the names of what they want,
	// each once.
	Lost     []*topology.Container
	Networks []string
	// Doomed are containers that nothing mends: they were made with the ID of a
	// network that is gone.
	Doomed []*topology.Container
	// Unnamed tells that a removal failed and it is not known of what.
	Unnamed bool
}

// InUse is a network and who is on it.
type InUse struct {
	Network *topology.Network
	// Up are the containers on it that are up, and Waiting those that want it on
	// their next start.
	Up, Waiting []*topology.Container
}

// Empty tells that there is nothing to say.
func (h *Hint) Empty() bool {
	return len(h.InUse) == 0 && len(h.Lost) == 0 && len(h.Doomed) == 0 && !h.Unnamed
}

// Worthwhile tells that there may be something to say after the command, so that
// the engine is worth asking.
func (c *Command) Worthwhile() bool {
	if _, help := c.Flags["help"]; help {
		return false // docker only showed it
	}
	switch c.Act {
	case RemoveNetworks:
		return c.NamesKnown
	case PruneNetworks:
		return !c.Failed // one that the user did not agree to is said to have failed
	case StartContainers:
		return c.NamesKnown && c.Failed
	}
	return false
}

// Blind is what can be said without asking an engine, as where it is not known
// which one the command was for.
func Blind(c *Command) *Hint {
	_, help := c.Flags["help"]
	return &Hint{Unnamed: c.Act == RemoveNetworks && c.Failed && !help}
}

// After says what there is to say after a command, of what the engine has now.
func After(ix *topology.Index, c *Command) *Hint {
	h := &Hint{}
	if !c.Worthwhile() {
		return h
	}
	switch c.Act {
	case PruneNetworks:
		h.lost(ix, func(*topology.Container) bool { return true })
	case RemoveNetworks:
		if c.Failed {
			h.inUse(ix, c.Names)
		}
		h.lost(ix, lostBy(ix, c.Names))
	case StartContainers:
		asked := started(ix, c.Names)
		h.lost(ix, func(container *topology.Container) bool { return !container.State.Up() && asked[container.ID] })
	}
	return h
}

// inUse finds the networks of these names that are still there. Where a name
// means several, docker said so.
func (h *Hint) inUse(ix *topology.Index, names []string) {
	seen := map[string]bool{}
	for _, name := range names {
		found := ix.FindNetworks(name)
		if len(found) != 1 || seen[found[0].ID] {
			continue
		}
		n := found[0]
		seen[n.ID] = true
		if diagnose.UseOf(ix, n).Verdict == diagnose.Predefined {
			continue // nothing removes it
		}
		use := InUse{Network: n}
		add := func(c *topology.Container, up bool) {
			switch {
			case c.IsTask() && !up: // never started again
			case up:
				use.Up = append(use.Up, c)
			default:
				use.Waiting = append(use.Waiting, c)
			}
		}
		for _, a := range ix.On(n.ID) {
			c := ix.Container(a.ContainerID)
			if c == nil {
				continue
			}
			add(c, c.State.Up())
			for _, sharer := range ix.Sharers(c.ID) {
				add(sharer, c.State.Up() && sharer.State.Up())
			}
		}
		h.InUse = append(h.InUse, use)
	}
}

// lost finds the containers that lack a network and were meant.
func (h *Hint) lost(ix *topology.Index, meant func(*topology.Container) bool) {
	hazards := diagnose.Hazards(ix)
	for i := range hazards {
		hazard := &hazards[i]
		c := hazard.Container
		//exhaustive:ignore
		switch hazard.Kind {
		case diagnose.NetworkGone, diagnose.NameGone, diagnose.ModeGone:
		default:
			continue
		}
		if !meant(c) {
			continue
		}
		if hazard.Kind == diagnose.ModeGone && c.Mode.LooksLikeID() {
			h.Doomed = append(h.Doomed, c)
			continue
		}
		if len(h.Lost) == 0 || h.Lost[len(h.Lost)-1] != c { // the hazards of one follow each other
			h.Lost = append(h.Lost, c)
		}
		if !slices.Contains(h.Networks, hazard.NetworkName) {
			h.Networks = append(h.Networks, hazard.NetworkName)
		}
	}
}

// lostBy tells which containers want a network that was removed by one of these
// words, and is gone.
func lostBy(ix *topology.Index, words []string) func(*topology.Container) bool {
	names, ids := map[string]bool{}, map[string]bool{}
	for _, word := range words {
		names[word] = true
		byName := slices.ContainsFunc(ix.Attachments, func(a topology.Attachment) bool {
			return a.State == topology.Dangling && a.NetworkName == word
		})
		for i := range ix.Attachments {
			// A name goes before the beginning of an ID, as for the engine.
			if a := &ix.Attachments[i]; a.State == topology.Dangling && !byName && byID(ix, a, word) {
				ids[a.NetworkID] = true
				names[a.NetworkName] = true // which those hold that never ran
			}
		}
	}
	return func(c *topology.Container) bool {
		return slices.ContainsFunc(ix.Of(c.ID), func(a *topology.Attachment) bool {
			return a.State == topology.Dangling && (ids[a.NetworkID] || names[a.NetworkName])
		}) || names[string(c.Mode)]
	}
}

// byID tells that a container may want the network that had this ID, or one that
// begins so. Podman tells no ID of a network that is gone, but the name in its
// place [measured on 5.4].
func byID(ix *topology.Index, a *topology.Attachment, id string) bool {
	if ix.Engine.Product == topology.ProductPodman && a.NetworkID == a.NetworkName {
		return topology.NetworkMode(id).LooksLikeID()
	}
	return a.NetworkID != "" && strings.HasPrefix(a.NetworkID, id)
}

// started are the containers that were to be started, and those whose networks
// they share.
func started(ix *topology.Index, names []string) map[string]bool {
	ids := map[string]bool{}
	for _, name := range names {
		for _, c := range ix.FindContainers(name) {
			ids[c.ID] = true
			if owner, shares := ix.Owner(c); shares {
				ids[owner] = true
			}
		}
	}
	return ids
}
