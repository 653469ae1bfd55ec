package render

import (
	"fmt"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// reasonLines says why it is foreseen as it is. What the rungs show is not said
// again, and of a long chain only what decides.
func reasonLines(l *reach.Ladder, look *Look) []string {
	const most = 4
	var lines []string
	for i := range l.Foreseen.Reasons {
		if r := &l.Foreseen.Reasons[i]; tells(l, r) {
			lines = append(lines, chainWords(l.Foreseen, r, look), endedWords(l, r, look))
		}
	}
	if l.Target.Kind == reach.OfName && !l.Measured {
		lines = append(lines, "whether "+label(l.Target.Name, look.NoTrunc)+" resolves, only a measurement tells")
	}
	lines = unique(lines)
	return lines[:min(most, len(lines))]
}

// endedWords says of one that does not run that its program ended with an error: to
// start it once more hardly helps.
func endedWords(l *reach.Ladder, r *diagnose.Reason, look *Look) string {
	if r.Kind != diagnose.ReasonNotRunning || r.Container == nil || !r.Container.Failed() {
		return ""
	}
	words := fmt.Sprintf("the program of %s ended by itself, with status %d", containerName(r.Container, look), r.Container.ExitCode)
	if command := LogsCommand(l.Index, r.Container, look); command != "" {
		words += "; what it wrote last may tell why: " + command
	}
	return words
}

// apartToo says that both are on no network together, where that comes to light only
// once they run: a step under it puts them on one.
func apartToo(l *reach.Ladder, look *Look) string {
	fix := l.Foreseen.Fix
	if l.Verdict == reach.Reached || fix == nil || l.Target.Container == nil {
		return ""
	}
	for step := fix.Then; step != nil; step = step.Then {
		if step.Kind == diagnose.FixConnect || step.Kind == diagnose.FixConnectNew {
			return fmt.Sprintf("%s and %s share no network, either", containerName(l.From, look), containerName(l.Target.Container, look))
		}
	}
	return ""
}

// tells tells that a reason is worth saying: it is not about what the test does not
// get to, or does not need.
func tells(l *reach.Ladder, r *diagnose.Reason) bool {
	failed := l.FailedAt()
	switch {
	case failed != nil && failed.Layer == reach.Running:
		return aboutState(r.Kind)
	case r.Kind == diagnose.ReasonFamily && r.Network == nil:
		return len(l.Foreseen.Reasons) == 1 && (onlyIPv6(l) || l.Target.Kind == reach.OfAddress)
	case r.Kind == diagnose.ReasonAliasesUnknown:
		return l.Foreseen.Path != diagnose.NoPath
	case r.Kind == diagnose.ReasonHostNameNotGiven:
		named := l.Host != nil && l.Host.By == reach.HostByName
		return l.Verdict == reach.Reached && l.Foreseen.Path != diagnose.SameNamespace && !named
	}
	return true
}

// aboutState tells that a reason is about who runs, and whether: where one does not, the
// networks are not what is amiss.
func aboutState(kind diagnose.ReasonKind) bool {
	//exhaustive:ignore
	switch kind {
	case diagnose.ReasonNotRunning, diagnose.ReasonRestarting, diagnose.ReasonPaused, diagnose.ReasonOwnerDown, diagnose.ReasonOwnerRestarted,
		diagnose.ReasonOwnerGone, diagnose.ReasonNotRead, diagnose.ReasonSharer:
		return true
	}
	return false
}

// onlyIPv6 tells that IPv6 was tried, and nothing else.
func onlyIPv6(l *reach.Ladder) bool {
	only := false
	for i := range l.Rungs {
		if address := l.Rungs[i].Address; address.IsValid() {
			if address.Unmap().Is4() {
				return false
			}
			only = true
		}
	}
	return only
}

// chainWords says why something works, does not, or is not known; nothing where
// the rungs show it.
func chainWords(f *diagnose.Reach, r *diagnose.Reason, look *Look) string {
	who, network, other := containerName(r.Container, look), networkName(r.Network, look), networkName(r.Other, look)
	source := containerName(f.From, look)
	name := label(r.Name, look.NoTrunc)
	switch r.Kind {
	case diagnose.ReasonNotRunning, diagnose.ReasonSameNamespace, diagnose.ReasonSharedNetwork, diagnose.ReasonPublished, diagnose.ReasonAsHost,
		diagnose.ReasonHostGateway, diagnose.ReasonHostNameGiven:
		return ""
	case diagnose.ReasonRestarting:
		return who + " crashes and is started again and again: it is there only now and then"
	case diagnose.ReasonPaused:
		return who + " is paused: its kernel answers, its programs do not"
	case diagnose.ReasonOwnerDown:
		return who + " shares the network of a container that is not running, so it has loopback only"
	case diagnose.ReasonOwnerRestarted:
		return fmt.Sprintf("%s still has the network that %s had before it was restarted, and so loopback only; restart %s", who, name, who)
	case diagnose.ReasonOwnerGone:
		return who + " shares the network of a container that is gone: it has loopback only, or the host's network, if that one used it; make it anew"
	case diagnose.ReasonSharer:
		return who + " shares the network of " + name + ", so it is reached by the name " + name
	case diagnose.ReasonNoSharedNetwork:
		return fmt.Sprintf("%s and %s share no network", source, who)
	case diagnose.ReasonDefaultBridge:
		return "names do not resolve on the default bridge; a network of your own has names"
	case diagnose.ReasonNoNames:
		return network + " resolves no names"
	case diagnose.ReasonInternal:
		return network + " is internal: nothing gets out of it, and nothing in"
	case diagnose.ReasonICCOff:
		return network + " keeps its containers from each other (icc is off)"
	case diagnose.ReasonHostMode:
		return who + " uses the network of the host"
	case diagnose.ReasonNoneMode:
		return who + " has no network (--network none), and none can be added: to have one, make it anew without that"
	case diagnose.ReasonNoNetwork:
		return who + " is on no network"
	case diagnose.ReasonMacvlanHost:
		return "containers on " + network + " and their own host cannot reach each other (macvlan and ipvlan)"
	case diagnose.ReasonMacvlanMode:
		return "the mode of " + network + " keeps its containers apart, or leaves it to a switch outside"
	case diagnose.ReasonOutsideDecides:
		return "it is up to the network outside that " + network + " is part of"
	case diagnose.ReasonIsolated:
		return fmt.Sprintf("the engine keeps %s and %s from each other", other, network)
	case diagnose.ReasonIsolationUnknown:
		return fmt.Sprintf("whether %s and %s are kept from each other is not told", other, network)
	case diagnose.ReasonRouted:
		return fmt.Sprintf("the host passes packets on between %s and %s", other, network)
	case diagnose.ReasonUnfiltered:
		return fmt.Sprintf("the engine does not filter IPv6 between %s and %s", other, network)
	case diagnose.ReasonGatewayIsolated:
		return network + " has no address of the host"
	case diagnose.ReasonAddressOfUser:
		return "the engine gives the host no address on " + network + ", and does not tell whether the user did"
	case diagnose.ReasonOnlyPublished:
		return "from other networks, only published ports lead to " + who
	case diagnose.ReasonPublishedElsewhere:
		return who + " publishes its port on an address of the host that " + source + " cannot reach (loopback)"
	case diagnose.ReasonNoHairpin:
		return "a container's connection to its own published port is not led back to it"
	case diagnose.ReasonAliasElsewhere:
		return fmt.Sprintf("%s is a name of %s on %s only, and %s is not on that", name, who, network, source)
	case diagnose.ReasonAliasesUnknown:
		return "the names of " + who + " on " + network + " were not read"
	case diagnose.ReasonNoSuchName:
		return "no container in reach is called " + name + "; a name server outside or --add-host may know it"
	case diagnose.ReasonHostNameNotGiven:
		return "Docker on Linux gives the host no name; to have one, make " + source + " anew with --add-host host.docker.internal:host-gateway"
	case diagnose.ReasonFamily:
		if r.Network == nil {
			return source + " has no address of that kind (IPv4, IPv6)"
		}
		return source + " has no address of the kind that " + network + " has (IPv4, IPv6)"
	case diagnose.ReasonIPv6Off:
		return "no network of " + who + " has IPv6"
	case diagnose.ReasonNoNAT6:
		return "the engine does not translate IPv6 of " + network + ", so answers come back only where the outside knows the way"
	case diagnose.ReasonNoNAT:
		return "addresses of " + network + " are not translated, so answers come back only where the outside knows the way"
	case diagnose.ReasonAnswersDropped:
		return "addresses of " + network + " are not translated, and the engine drops what comes to them from outside, answers too"
	case diagnose.ReasonOverlay:
		return "the overlay " + network + " is reached by its members only"
	case diagnose.ReasonServiceAddress:
		return name + " is a service, whose address only a measurement tells"
	case diagnose.ReasonUnknownDriver:
		return "what the driver of " + network + " does is not known"
	case diagnose.ReasonUnknownEngine:
		return "what this engine does here is not known"
	case diagnose.ReasonNotRead:
		if r.Gap != nil {
			return GapText(*r.Gap)
		}
		return "part of what this depends on could not be read"
	}
	return string(r.Kind)
}

func containerName(c *topology.Container, look *Look) string {
	if c == nil {
		return "it"
	}
	return label(c.Name, look.NoTrunc)
}

func networkName(n *topology.Network, look *Look) string {
	if n == nil {
		return "its network"
	}
	return label(n.Name, look.NoTrunc)
}
