package diagnose

import "github.com/docker-netkit/docker-netkit/internal/topology"

// ReasonKind names why something works, does not, or is not known.
type ReasonKind string

const (
	// ReasonNotRunning: Container is not up, so that it has no interfaces.
	ReasonNotRunning ReasonKind = "not running"
	// ReasonRestarting: Container is between two starts, and has interfaces only
	// now and then.
	ReasonRestarting ReasonKind = "restarting"
	// ReasonPaused: the kernel answers for Container, pings and connections both,
	// and the program in it does not.
	ReasonPaused ReasonKind = "paused"
	// ReasonSameNamespace: both have the interfaces of Container.
	ReasonSameNamespace ReasonKind = "same namespace"
	// ReasonOwnerDown: Container shares the interfaces of one that is not up, so
	// that it has loopback only.
	ReasonOwnerDown ReasonKind = "owner not running"
	// ReasonOwnerRestarted: Container shares the network of one, called Name, that
	// was restarted since, so that it has loopback only.
	ReasonOwnerRestarted ReasonKind = "owner restarted"
	// ReasonOwnerGone: the same of one that does not exist any more.
	ReasonOwnerGone ReasonKind = "owner gone"
	// ReasonSharer: Container shares the interfaces of another, and is known by
	// the names of that one only, which Name is the first of.
	ReasonSharer ReasonKind = "named after its owner"
	// ReasonSharedNetwork: both are on Network.
	ReasonSharedNetwork ReasonKind = "shared network"
	// ReasonNoSharedNetwork: no network has both.
	ReasonNoSharedNetwork ReasonKind = "no shared network"
	// ReasonDefaultBridge: Network is the default bridge, where names do not
	// resolve.
	ReasonDefaultBridge ReasonKind = "default bridge has no names"
	// ReasonNoNames: Network has no name server: Podman's macvlan, or made so.
	ReasonNoNames ReasonKind = "network has no names"
	// ReasonInternal: Network is internal, and nothing gets out of it or in.
	ReasonInternal ReasonKind = "internal"
	// ReasonICCOff: Network keeps its members from each other.
	ReasonICCOff ReasonKind = "icc off"
	// ReasonHostMode: Container has the interfaces of the host.
	ReasonHostMode ReasonKind = "host mode"
	// ReasonNoneMode: Container has loopback only.
	ReasonNoneMode ReasonKind = "none mode"
	// ReasonNoNetwork: Container is on no network, so it has loopback only.
	ReasonNoNetwork ReasonKind = "on no network"
	// ReasonMacvlanHost: the macvlan or ipvlan Network and its own host cannot
	// reach each other.
	ReasonMacvlanHost ReasonKind = "macvlan cannot reach its host"
	// ReasonMacvlanMode: Network's mode keeps its members apart, or leaves it to a
	// switch outside.
	ReasonMacvlanMode ReasonKind = "macvlan mode"
	// ReasonOutsideDecides: it is up to the network that Network is part of.
	ReasonOutsideDecides ReasonKind = "the network outside decides"
	// ReasonIsolated: the engine keeps Network and Other from each other.
	ReasonIsolated ReasonKind = "isolated bridges"
	// ReasonIsolationUnknown: Podman isolates Network from Other or not, as it was
	// asked when they were made, and the snapshot does not tell that.
	ReasonIsolationUnknown ReasonKind = "isolation not known"
	// ReasonRouted: the host passes packets on between Other and Network.
	ReasonRouted ReasonKind = "routed between bridges"
	// ReasonUnfiltered: the same, since the engine has no rules for IPv6.
	ReasonUnfiltered ReasonKind = "IPv6 is not filtered"
	// ReasonGatewayIsolated: Network has no address of the host.
	ReasonGatewayIsolated ReasonKind = "network has no gateway"
	// ReasonAddressOfUser: the engine gives the host no IPv4 address on Network, and does
	// not tell whether the user gave it one.
	ReasonAddressOfUser ReasonKind = "address left to the user"
	// ReasonOnlyPublished: from other networks, only published ports lead in.
	ReasonOnlyPublished ReasonKind = "only published ports"
	// ReasonPublished: Port leads from the host to Container.
	ReasonPublished ReasonKind = "published"
	// ReasonPublishedElsewhere: Port is published on an address that is not
	// reached from here: the host's loopback.
	ReasonPublishedElsewhere ReasonKind = "published on another address"
	// ReasonNoHairpin: Podman does not lead a container's connection to a port of
	// the host back to the container itself.
	ReasonNoHairpin ReasonKind = "own published port"
	// ReasonHostGateway: the address is the host's, on Network.
	ReasonHostGateway ReasonKind = "gateway is the host"
	// ReasonAliasElsewhere: Name is one of Container's on Network only, which the
	// source is not on.
	ReasonAliasElsewhere ReasonKind = "alias on another network"
	// ReasonAliasesUnknown: the names of Container on Network were not asked for.
	ReasonAliasesUnknown ReasonKind = "aliases not known"
	// ReasonNoSuchName: no container in reach has Name. The name servers outside
	// and --add-host may know it all the same.
	ReasonNoSuchName ReasonKind = "no such name"
	// ReasonHostNameNotGiven: Docker on Linux gives the host no name, unless
	// --add-host NAME:host-gateway does, of which the snapshot does not tell.
	ReasonHostNameNotGiven ReasonKind = "host name not given"
	// ReasonHostNameGiven: Podman names the host to every container.
	ReasonHostNameGiven ReasonKind = "host name given by the engine"
	// ReasonFamily: the source has no address of the kind that Network's is.
	ReasonFamily ReasonKind = "no address of that family"
	// ReasonIPv6Off: no network of Container has IPv6.
	ReasonIPv6Off ReasonKind = "IPv6 off"
	// ReasonNoNAT6: the engine does not translate IPv6, so that answers come back
	// only where the world outside knows a way to Network.
	ReasonNoNAT6 ReasonKind = "IPv6 not translated"
	// ReasonNoNAT: the same, as Network was made to be routed.
	ReasonNoNAT ReasonKind = "network not translated"
	// ReasonAnswersDropped: they are not translated, and the engine drops what comes to
	// addresses of Network from outside, answers too.
	ReasonAnswersDropped ReasonKind = "answers dropped"
	// ReasonAsHost: what the host reaches outside, Network's members reach.
	ReasonAsHost ReasonKind = "as the host"
	// ReasonOverlay: the overlay Network is reached by its members only.
	ReasonOverlay ReasonKind = "overlay"
	// ReasonServiceAddress: Name is a service, whose address the snapshot does not
	// tell.
	ReasonServiceAddress ReasonKind = "service address not known"
	// ReasonUnknownDriver: what Network's driver does is not known.
	ReasonUnknownDriver ReasonKind = "driver not known"
	// ReasonUnknownEngine: what this version or product does was not measured.
	ReasonUnknownEngine ReasonKind = "engine not known"
	// ReasonNotRead: part of what this depends on could not be read.
	ReasonNotRead ReasonKind = "not read"
)

// Reason is one link of the chain that explains a forecast.
type Reason struct {
	Kind      ReasonKind
	Container *topology.Container
	Network   *topology.Network
	// Other is, between two networks, the source's.
	Other *topology.Network
	// Name is the name that the reason is about.
	Name string
	Port *topology.Ports
	// Gap is what could not be read.
	Gap *topology.Gap
}

func hasReason(chain []Reason, reason Reason) bool {
	for _, r := range chain {
		if r == reason {
			return true
		}
	}
	return false
}

// insertReason puts a reason behind those that tell that one of both is not up,
// which decide before anything else.
func insertReason(chain []Reason, reason Reason) []Reason {
	at := 0
	for at < len(chain) && decidesAlone(chain[at].Kind) {
		at++
	}
	return append(chain[:at:at], append([]Reason{reason}, chain[at:]...)...)
}

func decidesAlone(kind ReasonKind) bool {
	switch kind { //nolint:exhaustive // the others explain a path
	case ReasonNotRunning, ReasonRestarting, ReasonPaused, ReasonOwnerDown, ReasonOwnerGone, ReasonNoneMode, ReasonNoNetwork, ReasonHostMode:
		return true
	}
	return false
}
