package reach

import (
	"net/netip"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// FindingKind names what was found out beyond the rungs.
type FindingKind string

const (
	// LoopbackOnly: the port listens on loopback addresses only, so that no other
	// namespace can connect.
	LoopbackOnly FindingKind = "listens on loopback only"
	// SocketsUnread: which ports the target listens on could not be read, so that
	// none was tested. Text is why.
	SocketsUnread FindingKind = "sockets not read"
	// ElsewhereOnly: it listens on an address that is not the one tried, such as
	// of one family only.
	ElsewhereOnly FindingKind = "listens on another address only"
	// NotListening: nothing in the target's namespace listens on the port.
	NotListening FindingKind = "nothing listens"
	// FirewallDrops: packets are foreseen to arrive, and are dropped on the way.
	FirewallDrops FindingKind = "dropped on the way"
	// FirewallRejects: a firewall says no.
	FirewallRejects FindingKind = "rejected on the way"
	// NoWay: the source, or a router, knows no way to the address, or finds nobody
	// who has it.
	NoWay FindingKind = "no way"
	// ICMPBlocked: TCP gets through, and ICMP does not.
	ICMPBlocked FindingKind = "icmp blocked"
	// LargeDropped: small packets arrive, and those of the interface's size do not.
	LargeDropped FindingKind = "large packets dropped"
	// WrongAnswer: the name resolves to addresses that the target does not have.
	WrongAnswer FindingKind = "name of another"
	// NoSuchContainer: the name is no container's, and resolves to nothing.
	NoSuchContainer FindingKind = "no such container"
	// NoAnswer: the servers that the source asks for names gave none in time.
	NoAnswer FindingKind = "resolver silent"
	// ByAddressOnly: the name does not resolve, and the address is reached.
	ByAddressOnly FindingKind = "reached by address only"
	// ByHostOnly: the published port on the host is reached.
	ByHostOnly FindingKind = "reached through the host only"
	// Unforeseen: it is reached, and was not expected to be.
	Unforeseen FindingKind = "not foreseen"
	// Lossy: some answers are missing.
	Lossy FindingKind = "loss"
	// Frozen: the target is paused; its kernel answers, its programs do not.
	Frozen FindingKind = "paused"
	// Busy: connections wait that its program has not taken, and the kernel drops
	// more of them.
	Busy FindingKind = "takes no more connections"
	// ChangedMeanwhile: a container did not stay as it was. The text is a [Change].
	ChangedMeanwhile FindingKind = "changed meanwhile"
	// ClosedAtOnce: connections are opened and closed at once, as by a proxy that
	// has nothing behind it.
	ClosedAtOnce FindingKind = "closed at once"
	// UDPSilent: no datagram came back, which need not mean anything.
	UDPSilent FindingKind = "udp silent"
	// OneFamily: one family of addresses is reached, and the other is not.
	OneFamily FindingKind = "one family only"
	// Several: the name means several containers.
	Several FindingKind = "several containers"
)

// Finding is something that explains what was measured, or that stands out.
type Finding struct {
	Kind    FindingKind
	Layer   Layer
	Port    Port
	Address netip.Addr
	// Listeners are the sockets that the finding is about.
	Listeners []wire.Listener
	Container *topology.Container
	// Name and Text are of the finding's kind: a name that was looked up, servers.
	Name string
	Text string
	// Path and Interface are MTUs.
	Path, Interface int
	// Outcome is, of a name, how the look-up ended.
	Outcome wire.Outcome
	// Percent is of answers that are missing.
	Percent int
}
