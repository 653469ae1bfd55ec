package render

import (
	"strconv"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/drawing"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func newDiagram(ix *topology.Index, sel *topology.Selection, look *Look) *diagram {
	d := buildDiagram(ix, sel, look).d
	d.orient()
	return d
}

// buildDiagram finds out what is drawn, all in the snapshot's order, and the lines from
// networks to containers.
func buildDiagram(ix *topology.Index, sel *topology.Selection, look *Look) *diagramBuilder {
	b := &diagramBuilder{
		ix: ix, sel: sel, look: look, d: &diagram{},
		groups: map[string]int{}, keys: diagramKeys{}, drawn: map[string]bool{},
	}
	for i := range ix.Networks {
		if n := &ix.Networks[i]; sel.HasNetwork(n.ID) && b.worth(n) {
			b.place(n.Project(), b.network(n))
		}
	}
	for i := range ix.Containers {
		if c := &ix.Containers[i]; b.wanted(c) {
			b.place(c.Group(), b.container(c))
		}
	}
	for i := range ix.Containers {
		if c := &ix.Containers[i]; b.drawn[b.keys.container(c.ID)] {
			b.sharing(c)
			b.ports(c)
		}
	}
	for i := range ix.Attachments {
		b.attachment(&ix.Attachments[i])
	}
	return b
}

type diagramBuilder struct {
	ix     *topology.Index
	sel    *topology.Selection
	look   *Look
	d      *diagram
	groups map[string]int
	keys   diagramKeys
	drawn  map[string]bool
}

// worth tells that a network is drawn: as in the tree, those with nobody on
// them only on request.
func (b *diagramBuilder) worth(n *topology.Network) bool {
	if b.look.All || !b.sel.Everything() || len(b.ix.On(n.ID)) > 0 {
		return true
	}
	switch diagnose.UseOf(b.ix, n).Verdict {
	case diagnose.Unused, diagnose.Predefined:
		return false
	case diagnose.InUse, diagnose.StoppedOnly, diagnose.UseUnknown:
	}
	return true
}

func (b *diagramBuilder) place(project string, node diagramNode) {
	b.drawn[node.key] = true
	if project == "" {
		b.d.nodes = append(b.d.nodes, node)
		return
	}
	at, ok := b.groups[project]
	if !ok {
		at = len(b.d.groups)
		b.groups[project] = at
		b.d.groups = append(b.d.groups, diagramGroup{key: "project" + strconv.Itoa(at), title: b.label(project), project: project})
	}
	b.d.groups[at].nodes = append(b.d.groups[at].nodes, node)
}

func (b *diagramBuilder) label(name string) string { return label(name, b.look.NoTrunc) }

func (b *diagramBuilder) network(n *topology.Network) diagramNode {
	node := diagramNode{key: b.keys.network(n.ID), kind: nodeNetwork, name: b.label(n.Name), network: n}
	node.tip = []string{"network " + node.name, label(n.ID, true)}
	switch {
	case isMode(n):
		node.kind = nodeMode
	case n.Internal:
		node.kind = nodeClosed
	}
	if words := kind(n); words != "" {
		node.details = append(node.details, words)
	}
	node.details = append(node.details, subnets(n, false)...)
	if b.ix.Duplicate(n.Name) {
		node.details = append(node.details, shortID(n.ID))
	}
	return node
}

func (b *diagramBuilder) container(c *topology.Container) diagramNode {
	node := diagramNode{key: b.keys.container(c.ID), kind: nodeHalted, name: b.label(c.Name), container: c}
	node.tip = []string{"container " + node.name, label(c.ID, true)}
	if c.Image != "" {
		node.tip = append(node.tip, "image "+b.label(c.Image))
	}
	if c.State.Up() {
		node.kind = nodeUp
	}
	if word := stateWord(c.State); word != "" {
		node.details = append(node.details, word)
	}
	if c.IsTask() {
		node.details = append(node.details, "task of "+b.label(c.SwarmService))
	}
	if owner, shares := c.Mode.Sharer(); shares {
		name := topology.ShortID(owner)
		if found := b.ix.Container(owner); found != nil {
			name = found.Name
		}
		node.details = append(node.details, "shares the network of "+b.label(name))
	}
	return node
}

// wanted tells that a container is drawn: it is on a network that is, shares
// the namespace of one that is, or was chosen by itself.
func (b *diagramBuilder) wanted(c *topology.Container) bool {
	if b.sel.HasContainer(c.ID) {
		return true
	}
	id := c.ID
	if owner, shares := b.ix.Owner(c); shares {
		id = owner
	}
	for _, a := range b.ix.Of(id) {
		if a.Resolved() && b.sel.HasNetwork(a.NetworkID) {
			return true
		}
	}
	return false
}

func (b *diagramBuilder) sharing(c *topology.Container) {
	owner, shares := c.Mode.Sharer()
	if !shares {
		return
	}
	edge := diagramEdge{from: b.keys.container(owner), to: b.keys.container(c.ID), kind: edgeShares}
	if b.ix.Container(owner) == nil {
		edge.kind, edge.lines = edgeDangling, consequence(c, topology.Dangling)
		b.gone(edge.from, shortID(owner), "no such container")
	}
	b.connect(edge)
}

// ports draws the ways in. A port on the host's loopback address is none from
// the outside: only the host itself gets there.
func (b *diagramBuilder) ports(c *topology.Container) {
	var world, host []topology.Ports
	for _, p := range c.Ports {
		if ip := p.HostIP.IP(); ip.IsValid() && ip.IsLoopback() {
			host = append(host, p)
		} else {
			world = append(world, p)
		}
	}
	b.waysIn(c, world, diagramNode{key: drawing.OutsideKey, name: "outside", details: []string{"through published ports"}})
	b.waysIn(c, host, diagramNode{key: drawing.LoopbackKey, name: "this host only", details: []string{"through ports on its loopback"}})
}

func (b *diagramBuilder) waysIn(c *topology.Container, ports []topology.Ports, from diagramNode) {
	const most = 4
	lines := published(ports, " → ")
	if len(lines) == 0 {
		return
	}
	if len(lines) > most && !b.look.NoTrunc {
		lines = append(lines[:most:most], "and "+strconv.Itoa(len(lines)-most)+" more")
	}
	if !b.drawn[from.key] {
		from.kind = nodeOutside
		b.place("", from)
	}
	b.connect(diagramEdge{from: from.key, to: b.keys.container(c.ID), kind: edgePort, lines: lines})
}

func (b *diagramBuilder) attachment(a *topology.Attachment) {
	edge := diagramEdge{from: b.keys.network(a.NetworkID), to: b.keys.container(a.ContainerID)}
	c := b.ix.Container(a.ContainerID)
	if c == nil || !b.drawn[edge.to] {
		return
	}
	edge.lines = addresses(a)
	for _, alias := range a.Aliases {
		edge.lines = append(edge.lines, "alias "+b.label(alias))
	}
	switch a.State {
	case topology.Live:
		edge.kind = edgeLive
	case topology.Configured:
		edge.kind = edgeConfigured
	case topology.Dangling, topology.Ambiguous, topology.Unverified:
		edge.kind, edge.lines = edgeDangling, consequence(c, a.State)
		edge.from = b.keys.wanted(a)
		//exhaustive:ignore
		b.gone(edge.from, b.label(a.NetworkName), absence(a.State))
	}
	b.connect(edge)
}

// absence says why a network that is wanted is not to be had.
func absence(state topology.AttachmentState) string {
	switch state {
	case topology.Ambiguous:
		return "several networks have this name"
	case topology.Unverified:
		return "not on this node"
	case topology.Dangling, topology.Live, topology.Configured:
	}
	return "no such network"
}

// consequence says what a container's missing network, or owner, means for it.
func consequence(c *topology.Container, state topology.AttachmentState) []string {
	switch {
	case c.IsTask():
		return nil // the swarm never starts it again
	case state == topology.Unverified:
		return []string{"may not start"}
	case c.State.Up():
		return []string{"will not start again"}
	}
	return []string{"will not start"}
}

func (b *diagramBuilder) gone(key, name, why string) {
	if !b.drawn[key] {
		b.place("", diagramNode{key: key, kind: nodeGone, name: name, details: []string{why}})
	}
}

func (b *diagramBuilder) connect(edge diagramEdge) {
	if b.drawn[edge.from] && b.drawn[edge.to] {
		b.d.edges = append(b.d.edges, edge)
	}
}
