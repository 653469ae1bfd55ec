package topology

import (
	"slices"
	"strings"
)

// Selection is the part of a snapshot that a user wants to see.
type Selection struct {
	// everything tells that nothing was chosen, so that what belongs to no
	// network is wanted too.
	everything bool
	networks   map[string]bool
	containers map[string]bool
}

// Select finds what refs mean: networks, containers, projects, and services and
// networks by their names within a project; by name, ID or the beginning of an
// ID. A network that is gone means the containers that want it. A network is chosen with all that is on it, a
// container with its networks and neighbours, a project with its networks and
// those its containers are on. Without refs everything is chosen. The filter
// then takes networks away. Refs that mean nothing are returned.
func (ix *Index) Select(refs []string, filter *Filter) (sel Selection, unknown []string) {
	sel = Selection{networks: map[string]bool{}, containers: map[string]bool{}}
	sel.everything = len(refs) == 0 && filter.IsZero()
	if len(refs) == 0 {
		for i := range ix.Networks {
			sel.networks[ix.Networks[i].ID] = true
		}
	}
	for _, ref := range refs {
		if !ix.choose(&sel, ref) {
			unknown = append(unknown, ref)
		}
	}
	if !filter.IsZero() {
		for i := range ix.Networks {
			if n := &ix.Networks[i]; !filter.Match(ix, n) {
				delete(sel.networks, n.ID)
			}
		}
		if len(refs) == 0 {
			filter.chooseContainers(ix, &sel)
		}
	}
	return sel, unknown
}

// choose finds what a word means. What it names exactly counts, of whatever
// kind; only where it names nothing, it may be the beginning of an ID: two
// letters of a short name are the beginning of some ID only too often.
func (ix *Index) choose(sel *Selection, ref string) (found bool) {
	if ref == "" {
		return false // not what belongs to no project
	}
	networks, containers := ix.FindNetworks(ref), ix.FindContainers(ref)
	if exact(ref, networks, networkKey) {
		found = ix.chooseAll(sel, networks, nil)
	}
	if exact(strings.TrimPrefix(ref, "/"), containers, containerKey) {
		found = ix.chooseAll(sel, nil, containers)
	}
	for i := range ix.Networks {
		if n := &ix.Networks[i]; n.Project() == ref || n.Labels[LabelComposeNetwork] == ref {
			sel.networks[n.ID], found = true, true
		}
	}
	for i := range ix.Containers {
		if c := &ix.Containers[i]; c.Group() == ref || c.Service == ref || c.SwarmService == ref {
			ix.chooseContainer(sel, c)
			found = true
		}
	}
	return found || ix.chooseByGone(sel, ref) || ix.chooseAll(sel, networks, containers)
}

func (ix *Index) chooseAll(sel *Selection, networks []*Network, containers []*Container) (any bool) {
	for _, n := range networks {
		sel.networks[n.ID] = true
	}
	for _, c := range containers {
		ix.chooseContainer(sel, c)
	}
	return len(networks)+len(containers) > 0
}

// chooseByGone chooses the containers that want a network which is not there.
func (ix *Index) chooseByGone(sel *Selection, ref string) (found bool) {
	for i := range ix.Containers {
		if c := &ix.Containers[i]; ix.wantsInVain(c, ref) {
			ix.chooseContainer(sel, c)
			found = true
		}
	}
	return found
}

// wantsInVain tells that a container wants a network by this name or ID that
// is not there, so that the network stands for who wants it.
func (ix *Index) wantsInVain(c *Container, ref string) bool {
	return slices.ContainsFunc(ix.Of(c.ID), func(a *Attachment) bool {
		return !a.Resolved() && (a.NetworkName == ref || a.NetworkID != "" && strings.HasPrefix(a.NetworkID, ref))
	})
}

func (ix *Index) chooseContainer(sel *Selection, c *Container) {
	sel.containers[c.ID] = true
	for _, n := range ix.networksOf(c) {
		sel.networks[n.ID] = true
	}
}

// HasNetwork tells that the network is to be shown.
func (s *Selection) HasNetwork(id string) bool { return s.networks[id] }

// HasContainer tells that the container was chosen by itself or by its
// project, so that it is to be shown even where no network shows it.
func (s *Selection) HasContainer(id string) bool { return s.everything || s.containers[id] }

// Everything tells that nothing was left out.
func (s *Selection) Everything() bool { return s.everything }

// Subset is the selected part as a snapshot of its own: the networks, who is
// on them, who shares their namespaces, and the chosen containers that are on
// none. Attachments to networks outside the selection are left out.
func (ix *Index) Subset(sel *Selection) *Snapshot {
	if sel.everything {
		return ix.Snapshot
	}
	sub := &Snapshot{
		Schema: ix.Schema, TakenAt: ix.TakenAt, Engine: ix.Engine, Unread: ix.Unread, Partial: true,
		Networks: []Network{}, Containers: []Container{}, Attachments: []Attachment{},
	}
	for i := range ix.Networks {
		if sel.HasNetwork(ix.Networks[i].ID) {
			sub.Networks = append(sub.Networks, ix.Networks[i])
		}
	}
	kept := map[string]bool{}
	for i := range ix.Attachments {
		a := &ix.Attachments[i]
		if (a.Resolved() && sel.HasNetwork(a.NetworkID)) || (!a.Resolved() && sel.HasContainer(a.ContainerID)) {
			sub.Attachments = append(sub.Attachments, *a)
			kept[a.ContainerID] = true
		}
	}
	for i := range ix.Containers {
		// Without its owner, a sharer would look like one whose owner is gone.
		if c := &ix.Containers[i]; sel.HasContainer(c.ID) {
			kept[c.ID] = true
			if owner, shares := ix.Owner(c); shares {
				kept[owner] = true
			}
		}
	}
	for i := range ix.Containers {
		c := &ix.Containers[i]
		owner, shares := ix.Owner(c)
		if kept[c.ID] || (shares && kept[owner]) {
			sub.Containers = append(sub.Containers, *c)
		}
	}
	return sub
}

// Shown lists the containers of the selection in order: those on a chosen
// network, and those chosen by themselves.
func (ix *Index) Shown(sel *Selection) []*Container {
	var shown []*Container
	for i := range ix.Containers {
		c := &ix.Containers[i]
		onChosen := slices.ContainsFunc(ix.Of(c.ID), func(a *Attachment) bool { return a.Resolved() && sel.HasNetwork(a.NetworkID) })
		if onChosen || sel.HasContainer(c.ID) {
			shown = append(shown, c)
		}
	}
	return shown
}
