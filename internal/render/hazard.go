package render

import (
	"fmt"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Trouble is a hazard in words, or several that have one cause.
type Trouble struct {
	// Text says what is wrong, with what, and what follows from it.
	Text string
	// Known is false where it is not known whether anything is wrong.
	Known bool
	// Commands let the containers start again when they are pasted one after
	// the other. There are none where none is sure to.
	Commands []string
}

// Troubles puts hazards into words. Containers that want the same network,
// which is gone, are in trouble together, and are mended together.
func Troubles(ix *topology.Index, hazards []diagnose.Hazard, look *Look) []Trouble {
	var groups [][]diagnose.Hazard
	groupOf := map[string]int{}
	ids := idsByName(hazards)
	for _, h := range hazards {
		if len(ids[h.NetworkName]) > 1 {
			groups = append(groups, []diagnose.Hazard{h})
			continue
		}
		if h.Kind == diagnose.NetworkGone || h.Kind == diagnose.NameGone {
			if at, ok := groupOf[h.NetworkName]; ok {
				groups[at] = append(groups[at], h)
				continue
			}
			groupOf[h.NetworkName] = len(groups)
		}
		groups = append(groups, []diagnose.Hazard{h})
	}
	troubles := make([]Trouble, len(groups))
	for i, group := range groups {
		text := hazardText(ix, &group[0], look)
		if len(group) > 1 {
			text = groupText(group, look)
		}
		troubles[i] = Trouble{Text: text, Known: group[0].Kind != diagnose.MaybeElsewhere}
		if len(ids[group[0].NetworkName]) <= 1 {
			troubles[i].Commands = mendingCommands(ix, group, look)
		}
		if given := givenUp(ix, group); given != "" && len(troubles[i].Commands) > 0 && !healed(&group[0], look) {
			troubles[i].Text += "; these commands give up " + given
		}
	}
	return troubles
}

// Unstartable says in a line that containers want networks which are gone, and
// gives the command that mends them; none where none can be pasted.
func Unstartable(ix *topology.Index, lost []*topology.Container, look *Look) (text, command string) {
	if look.Docker != "" && !look.Offline {
		command = look.Docker + " netkit restore --heal"
	}
	if len(lost) > 1 {
		names := make([]string, len(lost))
		for i, c := range lost {
			names[i] = label(c.Name, look.NoTrunc)
		}
		return fmt.Sprintf("! %d containers want networks that are gone, without which they do not start: %s", len(lost), listing(names, mostNames)), command
	}
	if word := containerWord(ix, lost[0]); command != "" && word != "" {
		command += " " + word
	}
	return fmt.Sprintf("! %s wants a network that is gone, without which it does not start", label(lost[0].Name, look.NoTrunc)), command
}

// idsByName are the IDs of lost networks by their names. Where there are
// several, it is not known that they were one network.
func idsByName(hazards []diagnose.Hazard) map[string]map[string]bool {
	ids := map[string]map[string]bool{}
	for _, h := range hazards {
		if h.Kind == diagnose.NetworkGone {
			if ids[h.NetworkName] == nil {
				ids[h.NetworkName] = map[string]bool{}
			}
			ids[h.NetworkName][h.NetworkID] = true
		}
	}
	return ids
}

func hazardText(ix *topology.Index, h *diagnose.Hazard, look *Look) string {
	name := label(h.Container.Name, look.NoTrunc)
	consequence := "it will not start"
	if h.Container.State.Up() {
		consequence = "it runs on, and will not start again"
	}
	network := label(h.NetworkName, look.NoTrunc)
	if h.NetworkID != "" && h.NetworkID != h.NetworkName {
		network += " (" + shortID(h.NetworkID) + ")"
	}
	switch h.Kind {
	case diagnose.NetworkGone:
		return fmt.Sprintf("%s wants network %s, which is gone: %s", name, network, consequence)
	case diagnose.NameGone:
		return fmt.Sprintf("%s wants a network named %s, and there is none: %s", name, network, consequence)
	case diagnose.NameAmbiguous:
		return fmt.Sprintf("%s wants network %s, and several have that name: %s", name, network, consequence)
	case diagnose.AddressOutside:
		return fmt.Sprintf("%s wants address %s on %s, which no subnet there holds: %s", name, label(h.Address.String(), false), network, consequence)
	case diagnose.ModeGone:
		return fmt.Sprintf("%s was made with --network %s, and there is no such network: %s; recreate it", name, network, consequence)
	case diagnose.OwnerGone:
		if h.OwnerID == "" {
			return fmt.Sprintf("%s shares a network in a circle of containers, which none of them has: %s", name, consequence)
		}
		return fmt.Sprintf("%s shares the network of container %s, which is gone: %s; recreate it", name, shortID(h.OwnerID), consequence)
	case diagnose.OwnerTroubled:
		owner := shortID(h.OwnerID)
		if c := ix.Container(h.OwnerID); c != nil {
			owner = label(c.Name, look.NoTrunc)
		}
		return fmt.Sprintf("%s shares the network of %s, which will not start: %s", name, owner, consequence)
	case diagnose.MaybeElsewhere:
		return fmt.Sprintf("%s wants network %s, which the engine does not list; it is not known whether there is one (other nodes of a swarm may have it)", name, network)
	}
	return name + ": " + string(h.Kind)
}

func groupText(group []diagnose.Hazard, look *Look) string {
	network := label(group[0].NetworkName, look.NoTrunc)
	again := ""
	names := make([]string, len(group))
	for i, h := range group {
		names[i] = label(h.Container.Name, look.NoTrunc)
		if h.Container.State.Up() {
			again = " again"
		}
		if id := h.NetworkID; i == 0 && id != "" && id != h.NetworkName {
			network += " (" + shortID(id) + ")"
		}
	}
	last := len(names) - 1
	return fmt.Sprintf("network %s is gone: %s and %s will not start%s", network, strings.Join(names[:last], ", "), names[last], again)
}
