package render

import (
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// diagram is what the formats for drawing programs have in common: networks
// as hubs, containers as boxes, attachments as lines between them, the host's
// published ports as lines from the outside. How each is written is the
// format's affair.
type diagram struct {
	groups []diagramGroup
	nodes  []diagramNode // in no group
	edges  []diagramEdge
}

// diagramGroup is a compose project or swarm stack.
type diagramGroup struct {
	key, title string
	nodes      []diagramNode
}

type nodeKind uint8

const (
	nodeNetwork nodeKind = iota
	nodeClosed           // an internal network
	nodeUp
	nodeHalted
	nodeGone // something that is wanted and does not exist
	nodeOutside
)

type diagramNode struct {
	// key is unique and made of letters, digits and underscores only.
	key   string
	kind  nodeKind
	lines []string // printable; the first is the name
}

type edgeKind uint8

const (
	edgeLive edgeKind = iota
	edgeConfigured
	edgeDangling
	edgeShares
	edgePort
)

type diagramEdge struct {
	from, to string
	kind     edgeKind
	label    string
}

const outsideKey = "outside"

func newDiagram(ix *topology.Index, sel *topology.Selection, look *Look) *diagram {
	b := &diagramBuilder{ix: ix, sel: sel, look: look, d: &diagram{}, groups: map[string]int{}, drawn: map[string]bool{}}
	for i := range ix.Networks {
		if n := &ix.Networks[i]; sel.HasNetwork(n.ID) && b.worth(n) {
			b.place(n.Project(), b.network(n))
		}
	}
	for i := range ix.Containers {
		b.container(&ix.Containers[i])
	}
	for i := range ix.Attachments {
		b.attachment(&ix.Attachments[i])
	}
	b.missing()
	return b.d
}

type diagramBuilder struct {
	ix      *topology.Index
	sel     *topology.Selection
	look    *Look
	d       *diagram
	groups  map[string]int
	drawn   map[string]bool
	outside bool
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
		b.d.groups = append(b.d.groups, diagramGroup{key: "project" + numeral(at), title: label(project, b.look.NoTrunc)})
	}
	b.d.groups[at].nodes = append(b.d.groups[at].nodes, node)
}

func (b *diagramBuilder) network(n *topology.Network) diagramNode {
	node := diagramNode{key: networkKey(n.ID), kind: nodeNetwork, lines: []string{label(n.Name, b.look.NoTrunc), marks(n)}}
	if n.Internal {
		node.kind = nodeClosed
	}
	if b.ix.Duplicate(n.Name) {
		node.lines = append(node.lines, topology.ShortID(n.ID))
	}
	node.lines = append(node.lines, subnets(n, false)...)
	return node
}

func (b *diagramBuilder) container(c *topology.Container) {
	if !b.wanted(c) {
		return
	}
	node := diagramNode{key: containerKey(c.ID), kind: nodeHalted, lines: []string{label(c.Name, b.look.NoTrunc)}}
	if c.State.Up() {
		node.kind = nodeUp
	}
	if word := stateWord(c.State); word != "" {
		node.lines = append(node.lines, word)
	}
	b.place(c.Group(), node)
	if owner, shares := c.Mode.Sharer(); shares {
		to := containerKey(owner)
		if b.ix.Container(owner) == nil {
			b.gone(to, "container "+topology.ShortID(owner))
		}
		b.d.edges = append(b.d.edges, diagramEdge{from: node.key, to: to, kind: edgeShares, label: "shares its network"})
	}
	if ports := published(c.Ports, "->"); len(ports) > 0 {
		b.outside = true
		b.d.edges = append(b.d.edges, diagramEdge{from: outsideKey, to: node.key, kind: edgePort, label: listing(ports, 4)})
	}
}

// wanted tells that a container is drawn: it is on a network that is, shares
// the namespace of one that is, or was chosen by itself.
func (b *diagramBuilder) wanted(c *topology.Container) bool {
	if b.sel.HasContainer(c.ID) {
		return true
	}
	id := c.ID
	if owner, shares := c.Mode.Sharer(); shares {
		id = owner
	}
	for _, a := range b.ix.Of(id) {
		if a.Resolved() && b.sel.HasNetwork(a.NetworkID) {
			return true
		}
	}
	return false
}

func (b *diagramBuilder) attachment(a *topology.Attachment) {
	from, to := containerKey(a.ContainerID), networkKey(a.NetworkID)
	if !b.drawn[from] {
		return
	}
	edge := diagramEdge{from: from, to: to, label: strings.Join(append(addresses(a), aliasTexts(a, b.look)...), ", ")}
	switch a.State {
	case topology.Live:
		edge.kind = edgeLive
	case topology.Configured:
		edge.kind = edgeConfigured
	case topology.Dangling, topology.Ambiguous, topology.Unverified:
		edge.kind = edgeDangling
		edge.label = map[topology.AttachmentState]string{
			topology.Dangling: "gone", topology.Ambiguous: "ambiguous", topology.Unverified: "not on this node",
		}[a.State]
		if a.NetworkID == "" {
			edge.to = "name" + hexKey(a.NetworkName)
		}
		b.gone(edge.to, label(a.NetworkName, b.look.NoTrunc))
	}
	if b.drawn[edge.to] {
		b.d.edges = append(b.d.edges, edge)
	}
}

func aliasTexts(a *topology.Attachment, look *Look) []string {
	texts := make([]string, len(a.Aliases))
	for i, alias := range a.Aliases {
		texts[i] = label(alias, look.NoTrunc)
	}
	return texts
}

func (b *diagramBuilder) gone(key, name string) {
	if !b.drawn[key] {
		b.place("", diagramNode{key: key, kind: nodeGone, lines: []string{name, "not there"}})
	}
}

func (b *diagramBuilder) missing() {
	if b.outside {
		b.d.nodes = append(b.d.nodes, diagramNode{key: outsideKey, kind: nodeOutside, lines: []string{"outside", "by the host's ports"}})
	}
}

func networkKey(id string) string   { return "n_" + idKey(id) }
func containerKey(id string) string { return "c_" + idKey(id) }

// idKey is an ID as an identifier. An engine's IDs are letters and digits; a
// snapshot made by hand may hold anything.
func idKey(id string) string {
	for _, r := range id {
		if (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return hexKey(id)
		}
	}
	return id
}

func hexKey(text string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	b.WriteByte('x')
	for i := range len(text) {
		b.WriteByte(digits[text[i]>>4])
		b.WriteByte(digits[text[i]&15])
	}
	return b.String()
}

func numeral(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return numeral(n/10) + numeral(n%10)
}
