package checks

import (
	"strconv"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// wireChecks are about what is below addresses: the size of packets, parents, and who
// is kept from whom.
var wireChecks = []*Check{
	{
		ID: "mtu-mismatch", Title: "A network takes larger packets than the way out", Severity: Warning,
		Why: `A packet that is larger than the next link takes must be announced as such by ICMP; many networks drop that. Then
connections open, small answers come, and large ones hang. VPNs, tunnels and clouds have links of less than 1500 bytes;
an engine's bridges have 1500 unless they are told.`,
		Mend: `Make the network with the smaller size: "--opt com.docker.network.driver.mtu=SIZE"; or set "mtu" in the engine's
configuration, for the default bridge.`,
		Needs: Needs{Host: true}, find: findMTU,
	},
	{
		ID: "macvlan-parent", Title: "A macvlan or ipvlan network has no parent", Severity: Error,
		Why: `Such a network is a further name on a network card, its parent. Without "--opt parent=…", Docker makes a dummy
for it: its containers reach each other and nobody else. Where the parent is gone, as a card that was renamed or a VLAN
that is not set up, no container on the network starts.`,
		Mend:  `Make the network anew with "--opt parent=CARD"; or bring the parent back.`,
		Needs: Needs{Host: true}, find: findParents,
	},
	{
		ID: "macvlan-host", Title: "The host does not reach containers on macvlan and ipvlan networks", Severity: Hint,
		Why: `The kernel keeps a card and the macvlans and ipvlans upon it from each other. Everybody on the wire reaches the
containers, but not their own host, and they do not reach it: a monitor or a proxy on the host sees nothing there.`,
		Mend: `Connect those containers that the host needs to a bridge network, too.`,
		find: findHostIsolation,
	},
	{
		ID: "icc-off", Title: "A network keeps its containers from each other", Severity: Hint,
		Why: `With "enable_icc=false", or "--icc=false" for the default bridge, containers on one network do not reach each
other, but for ports that are published on the host. Names resolve all the same, so that it looks like a program which does
not answer.`,
		Mend: `If it is not meant so, put those that are to talk on another network.`,
		find: findIccOff,
	},
}

const optionMTU = "com.docker.network.driver.mtu"

// mtuOf is the size of packets that a bridge takes, in bytes; 0 where that is not known.
// Where none is chosen, newer Podmans take that of the way out
// (containers/netavark#1281).
func (x *exam) mtuOf(n *topology.Network) int {
	const usual = 1500
	for _, option := range []string{optionMTU, "mtu"} { // Docker's name, and the one that Podman gives it
		if size, err := strconv.Atoi(n.Opts[option]); err == nil && size > 0 {
			return size
		}
	}
	if x.Engine.Product == topology.ProductPodman {
		return 0
	}
	return usual
}

func findMTU(x *exam) {
	var bridges []*topology.Network
	for i := range x.Networks {
		if n := &x.Networks[i]; n.Driver == "bridge" && !n.ConfigOnly && !n.Internal && len(x.On(n.ID)) > 0 {
			bridges = append(bridges, n)
		}
	}
	if len(bridges) == 0 {
		return
	}
	x.mixedMTU()
	if x.facts.Host == nil {
		x.unknownSince(x.facts.NoHost, "the host's interfaces were not read")
		return
	}
	out, ok := x.facts.Host.outgoing()
	if !ok || out.MTU == 0 {
		return // there is no way out that could be smaller
	}
	for _, n := range bridges {
		if mtu := x.mtuOf(n); mtu > out.MTU {
			x.found(Finding{
				About: []Ref{network(n)},
				Says:  say("%s takes packets of %d bytes, and the host's way out, %s, takes %d", network(n), mtu, Foreign(out.Name), out.MTU),
				Fix:   Fix{Does: say("make it anew with --opt %s=%d", Foreign(optionMTU), out.MTU)},
			})
		}
	}
}

// mixedMTU finds containers on networks of several sizes, of which at least one was
// chosen.
func (x *exam) mixedMTU() {
	seen := map[[2]string]bool{}
	for i := range x.Containers {
		c := &x.Containers[i]
		var first *topology.Network
		for _, a := range x.Of(c.ID) {
			n := x.Network(a.NetworkID)
			if n == nil || n.Driver != "bridge" {
				continue
			}
			if first == nil {
				first = n
				continue
			}
			one, other := x.mtuOf(first), x.mtuOf(n)
			key := [2]string{first.ID, n.ID}
			if one == other || one == 0 || other == 0 || seen[key] {
				continue
			}
			seen[key] = true
			x.found(Finding{
				Severity: Hint,
				About:    []Ref{network(first), network(n), container(c)},
				Says: say("%s is on %s, with packets of %d bytes, and on %s, with %d: what it passes on from one to the other may be too large",
					container(c), network(first), one, network(n), other),
				Fix: Fix{Does: say("give both networks the smaller size, where it passes packets on")},
			})
		}
	}
}

func findParents(x *exam) {
	for i := range x.Networks {
		n := &x.Networks[i]
		if !n.OnParent() || n.ConfigOnly || n.ConfigFrom != "" {
			continue
		}
		parent := n.Opts["parent"]
		switch {
		case parent == "" && !n.Internal && x.Engine.Product == topology.ProductDocker:
			x.found(Finding{
				Severity: Warning,
				About:    []Ref{network(n)},
				Says:     say("%s (%s) has no parent: its containers reach each other and nobody else", network(n), Foreign(n.Driver)),
				Fix:      Fix{Does: say("make it anew with --opt parent=CARD; if it is meant so, with --internal, which says so")},
			})
		case parent == "" && x.Engine.Product == topology.ProductPodman:
			x.unknown("the engine does not tell the parent of %s", network(n))
		case parent == "" || strings.HasPrefix(parent, "dm-"):
		case x.facts.Host == nil:
			x.unknownSince(x.facts.NoHost, "whether the host has %s, the parent of %s, was not read", Foreign(parent), network(n))
		case !x.facts.Host.hasInterface(parent):
			x.found(Finding{
				About: []Ref{network(n)},
				Says:  say("%s (%s) has the parent %s, which this host does not have: no container starts on it", network(n), Foreign(n.Driver), Foreign(parent)),
				Fix:   Fix{Does: say("bring %s back, or make the network anew with another parent", Foreign(parent))},
			})
		}
	}
}

func findHostIsolation(x *exam) {
	for i := range x.Networks {
		n := &x.Networks[i]
		var only []*topology.Container
		if n.OnParent() {
			for _, a := range x.On(n.ID) {
				if c := x.Container(a.ContainerID); c != nil && c.State.Up() && len(x.Of(c.ID)) == 1 {
					only = append(only, c)
				}
			}
		}
		if len(only) > 0 {
			x.found(Finding{
				About: append([]Ref{network(n)}, containers(only)...),
				Says:  say("the host and %s do not reach each other, since %s is a %s network", containers(only), network(n), Foreign(n.Driver)),
				Fix:   Fix{Does: say("connect those that the host needs to a bridge network, too")},
			})
		}
	}
}

func findIccOff(x *exam) {
	for i := range x.Networks {
		n := &x.Networks[i]
		if !diagnose.KeepsApart(n) {
			continue
		}
		var members []*topology.Container
		for _, a := range x.On(n.ID) { // in order of name, so that one that is there twice follows itself
			if c := x.Container(a.ContainerID); c != nil && (len(members) == 0 || members[len(members)-1] != c) {
				members = append(members, c)
			}
		}
		if len(members) > 1 {
			x.found(Finding{
				About: append([]Ref{network(n)}, containers(members)...),
				Says:  say("%s keeps its %d containers from each other: icc is off there", network(n), len(members)),
				Fix:   Fix{Does: say("put those that are to talk on another network, if it is not meant so")},
			})
		}
	}
}
