package render

import "github.com/docker-netkit/docker-netkit/internal/topology"

// diagram is what the formats for drawing programs have in common: networks
// as hubs, containers around them, attachments as lines between the two, the
// host's published ports as arrows from the outside. How each is written is
// the format's affair.
type diagram struct {
	groups []diagramGroup
	nodes  []diagramNode // in no group
	edges  []diagramEdge
}

// diagramGroup is a compose project or swarm stack.
type diagramGroup struct {
	key, title string
	project    string // as it is, and not printable
	nodes      []diagramNode
}

type nodeKind uint8

const (
	nodeNetwork nodeKind = iota
	nodeClosed           // an internal network
	nodeMode             // host and none: no network of containers
	nodeUp
	nodeHalted
	nodeGone // something that is wanted and does not exist
	nodeOutside
)

// hub tells that containers hang on it.
func (k nodeKind) hub() bool { return k == nodeNetwork || k == nodeClosed || k == nodeMode }

type diagramNode struct {
	// key is unique and made of letters, digits and underscores only.
	key  string
	kind nodeKind
	// name, details and tip are printable. The tip is what a picture shows
	// when pointed at, where it can.
	name         string
	details, tip []string
	// network or container is what the node stands for, if it exists.
	network   *topology.Network
	container *topology.Container
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
	lines    []string // printable
}
