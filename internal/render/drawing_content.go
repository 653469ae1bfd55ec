package render

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/drawing"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Drawing lays out the selection, for SVG and PNG.
func Drawing(ix *topology.Index, sel *topology.Selection, look *Look) *drawing.Drawing {
	return drawing.Make(drawingContent(ix, sel, look))
}

// drawingContent puts into words what is to be laid out: the same objects and lines as
// in the formats for drawing programs, in the snapshot's order.
func drawingContent(ix *topology.Index, sel *topology.Selection, look *Look) *drawing.Content {
	b := &contentBuilder{
		diagramBuilder: buildDiagram(ix, sel, look), groupOf: map[string]string{},
		warnings: map[string]string{}, hazards: map[string][]string{}, notes: newTreeDrawer(ix, sel, look),
		content: &drawing.Content{
			Title: drawingTitle(&ix.Engine), Facts: drawingFacts(ix.Snapshot),
			Outside: "outside world", Loopback: "this engine's host", Words: drawingWords,
		},
	}
	for _, h := range b.notes.hazards {
		id := h.Container.ID
		b.hazards[id] = append(b.hazards[id], hazardText(ix, &h, look))
		if b.warnings[id] == "" {
			b.warnings[id] = hazardWords(&h)
		}
	}
	for i := range b.d.groups {
		b.addGroup(&b.d.groups[i])
	}
	b.addNodes()
	for i := range b.d.edges {
		b.addEdge(&b.d.edges[i])
	}
	b.addNotes()
	if !sel.Everything() {
		b.content.Words.Nowhere = "on no network drawn here"
	}
	b.content.Summary = plural(len(b.content.Networks), "network") + " and " + plural(len(b.content.Containers), "container") + ". " +
		strings.Join(b.content.Facts, "; ")
	return b.content
}

type contentBuilder struct {
	*diagramBuilder
	content  *drawing.Content
	groupOf  map[string]string // by a node's key
	warnings map[string]string // by a container's ID
	hazards  map[string][]string
	notes    *treeDrawer
}

func (b *contentBuilder) addGroup(g *diagramGroup) {
	key := b.keys.of("p_", g.project)
	b.content.Groups = append(b.content.Groups, drawing.Group{Key: key, Title: g.title, Detail: b.notes.kindOfProject(g.project)})
	for _, n := range g.nodes {
		b.groupOf[n.key] = key
	}
}

// addNodes adds networks and containers in the snapshot's order, whatever group they
// are in; then what is wanted and not there.
func (b *contentBuilder) addNodes() {
	nodes := map[string]*diagramNode{}
	all := func(visit func(*diagramNode)) {
		for i := range b.d.groups {
			for k := range b.d.groups[i].nodes {
				visit(&b.d.groups[i].nodes[k])
			}
		}
		for i := range b.d.nodes {
			visit(&b.d.nodes[i])
		}
	}
	all(func(n *diagramNode) { nodes[n.key] = n })
	for i := range b.ix.Networks {
		if node := nodes[b.keys.network(b.ix.Networks[i].ID)]; node != nil && node.network != nil {
			b.content.Networks = append(b.content.Networks, b.rail(node))
		}
	}
	all(func(n *diagramNode) {
		if n.kind == nodeGone {
			b.content.Networks = append(b.content.Networks, drawing.Network{
				Key: n.key, Kind: drawing.Gone, Name: n.name, Details: n.details, Identity: n.key,
				Summary: n.name + ": " + strings.Join(n.details, ", "),
			})
		}
	})
	for i := range b.ix.Containers {
		if node := nodes[b.keys.container(b.ix.Containers[i].ID)]; node != nil && node.container != nil {
			b.content.Containers = append(b.content.Containers, b.card(node))
		}
	}
}

func (b *contentBuilder) rail(node *diagramNode) drawing.Network {
	n := node.network
	made := drawing.Network{
		Key: node.key, Group: b.groupOf[node.key], Name: node.name, Addresses: subnets(n, false), Identity: n.ID,
	}
	switch node.kind { //nolint:exhaustive // the others are open
	case nodeMode:
		made.Kind = drawing.Mode
	case nodeClosed:
		made.Kind = drawing.Closed
	}
	if words := kind(n); words != "" {
		made.Details = append(made.Details, words)
	}
	on := len(b.ix.On(n.ID))
	made.Details = append(made.Details, plural(on, "container"))
	if made.Kind == drawing.Mode {
		made.Details = made.Details[:1]
	}
	if b.ix.Duplicate(n.Name) {
		made.Details = append(made.Details, shortID(n.ID))
	}
	summary := append([]string{"network " + node.name, kind(n), plural(on, "container")}, subnets(n, true)...)
	made.Summary = strings.Join(append(summary, label(n.ID, true)), "\n")
	return made
}

func (b *contentBuilder) card(node *diagramNode) drawing.Container {
	c := node.container
	made := drawing.Container{
		Key: node.key, Group: b.groupOf[node.key], Name: node.name, Mark: markOf(c.State), Up: c.State.Up(),
		State: stateWord(c.State), Warning: b.warnings[c.ID], Owner: b.owner(c),
	}
	if c.Image != "" {
		made.Details = append(made.Details, b.label(c.Image))
	}
	if c.IsTask() {
		made.Details = append(made.Details, "task of "+b.label(c.SwarmService))
	}
	if others := b.undrawn(c); len(others) > 0 {
		made.Details = append(made.Details, "also on "+listing(others, 3))
	}
	if holder := b.holder(c); holder != nil && made.Owner == "" {
		made.Details = append(made.Details, "shares the network of "+b.label(holder.Name))
	}
	summary := []string{"container " + node.name, cmp.Or(made.State, "running")}
	if c.Image != "" {
		summary = append(summary, "image "+b.label(c.Image))
	}
	if c.Project != "" {
		summary = append(summary, "project "+b.label(c.Project))
	}
	if c.Service != "" {
		summary = append(summary, "service "+b.label(c.Service))
	}
	for _, a := range b.ix.Of(c.ID) {
		if a.Resolved() {
			on := append([]string{"on " + b.label(a.NetworkName)}, addresses(a)...)
			summary = append(summary, strings.Join(on, " "))
		}
	}
	summary = append(summary, b.hazards[c.ID]...)
	made.Summary = strings.Join(append(summary, label(c.ID, true)), "\n")
	return made
}

// undrawn are the names of networks on which a container is, and which were not chosen.
func (b *contentBuilder) undrawn(c *topology.Container) []string {
	var names []string
	for _, a := range b.ix.Of(c.ID) {
		if a.Resolved() && !b.drawn[b.keys.network(a.NetworkID)] {
			names = append(names, b.label(a.NetworkName))
		}
	}
	return names
}

// holder is the container whose network this one shares, if it shares that of one that
// is there.
func (b *contentBuilder) holder(c *topology.Container) *topology.Container {
	id, shares := c.Mode.Sharer()
	if !shares {
		return nil
	}
	return b.ix.Container(id)
}

// owner is the key of the container whose card holds this one: the one at the end of
// the chain, if that is drawn.
func (b *contentBuilder) owner(c *topology.Container) string {
	found := ""
	for range b.ix.Containers {
		next := b.holder(c)
		if next == nil || !b.drawn[b.keys.container(next.ID)] {
			return found
		}
		c, found = next, b.keys.container(next.ID)
	}
	return "" // a circle
}

func markOf(state topology.ContainerState) drawing.Mark {
	switch state {
	case topology.Running, topology.Stopping:
		return drawing.Running
	case topology.Paused:
		return drawing.Paused
	case topology.Created:
		return drawing.Created
	case topology.Restarting:
		return drawing.Restarting
	case topology.Dead, topology.Removing:
		return drawing.Dead
	case topology.Exited, topology.Stopped:
		return drawing.Stopped
	}
	return drawing.Unknown
}

func (b *contentBuilder) addEdge(e *diagramEdge) {
	switch e.kind {
	case edgeShares:
		// The card of the owner holds that of the sharer.
	case edgePort:
		b.content.Ways = append(b.content.Ways, drawing.Way{
			Key: e.from + "_" + e.to, Container: e.to, Loopback: e.from == drawing.LoopbackKey, Lines: e.lines,
		})
	case edgeLive, edgeConfigured, edgeDangling:
		made := drawing.Attachment{Key: e.from + "_" + e.to, Network: e.from, Container: e.to, Lines: e.lines}
		switch e.kind { //nolint:exhaustive // the others are none
		case edgeConfigured:
			made.Kind = drawing.OnStart
		case edgeDangling:
			made.Kind, made.Lines = drawing.InVain, nil // the card says what it means
		}
		b.content.Attachments = append(b.content.Attachments, made)
	}
}

// addNotes says what the drawing leaves out, and what is not known.
func (b *contentBuilder) addNotes() {
	add := func(warning bool, text string) {
		b.content.Notes = append(b.content.Notes, drawing.Note{Text: text, Warning: warning})
	}
	for i := range b.ix.Networks {
		if n := &b.ix.Networks[i]; b.sel.HasNetwork(n.ID) {
			b.notes.collapsed(n)
		}
	}
	if len(b.content.Networks)+len(b.content.Containers) == 0 {
		add(false, b.notes.nothing())
	}
	for _, branch := range append(b.notes.oneLine(b.notes.unused, "unused"), b.notes.oneLine(b.notes.unsure, unsureWords)...) {
		add(false, branch.facts[0].text)
	}
	const most = 10
	for i, gap := range b.ix.Unread {
		if i == most {
			add(true, fmt.Sprintf("and %s more", plural(len(b.ix.Unread)-most, "gap")))
			break
		}
		add(true, GapText(gap))
	}
}
