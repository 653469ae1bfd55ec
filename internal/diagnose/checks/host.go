package checks

import (
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// hostChecks are about the engine and the kernel that it runs on.
var hostChecks = []*Check{
	{
		ID: "ip-forward-off", Title: "The host does not forward IPv4", Severity: Error,
		Why: `Containers on bridges reach the outside, and published ports lead in, only if the kernel forwards packets. The
engine switches that on when it starts; a tool that applies its own sysctl settings later switches it off again. Nothing
fails then but every connection.`,
		Mend:  `On the host: "sysctl -w net.ipv4.ip_forward=1", and take out what switches it off (/etc/sysctl.d).`,
		Needs: Needs{Info: true, Host: true}, find: findForwarding,
	},
	{
		ID: "ipv6-forward-off", Title: "A network has IPv6, and the host does not forward it", Severity: Warning,
		Why: `Containers get IPv6 addresses, try them first, and reach nobody outside their network by them: each connection
waits before it falls back to IPv4.`,
		Mend:  `On the host: "sysctl -w net.ipv6.conf.all.forwarding=1"; or make the network without IPv6.`,
		Needs: Needs{Host: true}, find: findForwarding6,
	},
	{
		ID: "bridge-filter-off", Title: "The kernel does not filter what goes over a bridge", Severity: Warning,
		Why: `With bridge-nf-call-iptables off, packets between two containers on one bridge pass no firewall rule. Networks with
icc off do not keep their containers from each other then.`,
		Mend:  `On the host: "modprobe br_netfilter" and "sysctl -w net.bridge.bridge-nf-call-iptables=1".`,
		Needs: Needs{Info: true, Host: true}, find: findBridgeFilter,
	},
	{
		ID: "engine-warning", Title: "The engine warns of its network", Severity: Error,
		Why: `Engines look at their host when they are asked for their state ("docker info"), and warn of what does not work.
Those warnings are seldom read.`,
		Mend:  `It depends on the warning.`,
		Needs: Needs{Info: true}, find: findWarnings,
	},
	{
		ID: "engine-too-old", Title: "The engine is too old for something in use", Severity: Warning,
		Why: `Newer engines close holes that networks in use here have. Before 27, Docker made no firewall rules for IPv6, so that
containers on two networks reach each other by it, those of internal networks on 20.10, too. Before 28, ports that are
published on 127.0.0.1 could be reached by other machines of the same network.`,
		Mend: `Upgrade the engine; or make the networks without IPv6, and guard such ports by rules of your own firewall.`,
		find: findOldEngine,
	},
}

func findForwarding(x *exam) {
	e := x.facts.Engine
	if e == nil {
		x.unknownSince(x.facts.NoEngine, "the engine's state was not read")
		return
	}
	if e.Rootless {
		return // it has a namespace of its own, with forwarding of its own
	}
	forwards := x.kernel(e.Forwarding4, forwardingWords, func(h *Host) topology.Ternary { return h.Forwarding4 })
	podman := x.Engine.Product == topology.ProductPodman
	if podman && !x.routed() {
		return // it switches forwarding on with the first container
	}
	switch forwards {
	case topology.Unknown:
		x.unknownSince(x.facts.NoHost, "whether the host forwards IPv4 was not read, and the engine does not say what is so now")
	case topology.No:
		x.found(Finding{
			Says: say("the host does not forward IPv4: containers do not reach the outside, and published ports lead nowhere"),
			Fix:  Fix{Does: say("on the host: sysctl -w net.ipv4.ip_forward=1")},
		})
	case topology.Yes:
	}
}

// kernel tells what a switch of the host's kernel is. The host itself knows best; then the
// engine. What works by an engine's word may not do so any more: from 23 on, Docker looks
// once after its start [measured on 26.1, 28.5; 20.10 looks each time].
func (x *exam) kernel(told topology.Ternary, warning string, of func(*Host) topology.Ternary) topology.Ternary {
	const looksOnce = 23
	major := x.Engine.Major()
	switch {
	case x.facts.Host != nil && of(x.facts.Host) != topology.Unknown:
		return of(x.facts.Host)
	case told == topology.No, warned(x.facts.Engine, warning):
		return topology.No
	case told == topology.Yes && major > 0 && major < looksOnce && x.Engine.Product == topology.ProductDocker:
		return topology.Yes
	}
	return topology.Unknown
}

// routed tells that a container is up on a bridge that has a way out.
func (x *exam) routed() bool {
	for i := range x.Networks {
		if n := &x.Networks[i]; n.Driver == "bridge" && !n.Internal && diagnose.UseOf(x.Index, n).Running > 0 {
			return true
		}
	}
	return false
}

const (
	forwardingWords   = "IPv4 forwarding is disabled"
	bridgeFilterWords = "bridge-nf-call-ip"
)

func warned(e *Engine, words string) bool {
	return slices.ContainsFunc(e.Warnings, func(warning string) bool { return strings.Contains(warning, words) })
}

func findForwarding6(x *exam) {
	var with []*topology.Network
	for i := range x.Networks {
		if n := &x.Networks[i]; n.IPv6 && n.Driver == "bridge" && !n.Internal && len(x.On(n.ID)) > 0 {
			with = append(with, n)
		}
	}
	switch {
	case len(with) == 0:
	case x.facts.Host == nil || x.facts.Host.Forwarding6 == topology.Unknown:
		why := x.facts.NoHost
		if x.facts.Host != nil {
			why = "its settings could not be read"
		}
		x.unknownSince(why, "whether the host forwards IPv6, which %s has, was not read", networks(with))
	case x.facts.Host.Forwarding6 == topology.No:
		x.found(Finding{
			About: networks(with),
			Says:  say("%s has IPv6, and the host does not forward it", networks(with)),
			Fix:   Fix{Does: say("on the host: sysctl -w net.ipv6.conf.all.forwarding=1")},
		})
	}
}

func findBridgeFilter(x *exam) {
	e := x.facts.Engine
	if e == nil {
		x.unknownSince(x.facts.NoEngine, "the engine's state was not read")
		return
	}
	var meant []*topology.Network
	for i := range x.Networks {
		if n := &x.Networks[i]; diagnose.KeepsApart(n) {
			meant = append(meant, n)
		}
	}
	filters := x.kernel(e.BridgeFilter, bridgeFilterWords, func(h *Host) topology.Ternary { return h.BridgeFilter })
	f := Finding{
		About: networks(meant),
		Says:  say("%s is to keep its containers from each other, and does not: bridge-nf-call-iptables is off", networks(meant)),
		Fix:   Fix{Does: say("on the host: modprobe br_netfilter; sysctl -w net.bridge.bridge-nf-call-iptables=1")},
	}
	switch {
	case len(meant) == 0 && warned(e, bridgeFilterWords) && filters == topology.No:
		f.Severity = Hint
		f.Says = say("the kernel does not filter what goes over a bridge (bridge-nf-call-iptables is off)")
	case len(meant) == 0, filters == topology.Yes:
		return
	case filters == topology.Unknown:
		x.unknownSince(x.facts.NoHost, "whether the kernel filters what goes over a bridge, which %s needs, was not read", networks(meant))
		return
	case len(meant) > 1:
		f.Says = say("%s are to keep their containers from each other, and do not: bridge-nf-call-iptables is off", networks(meant))
	}
	x.found(f)
}

// networkWords are in warnings that are about networks.
var networkWords = []string{"iptables", "ip6tables", "nftables", "firewall", "bridge", "network", "forward", "ipv4", "ipv6"}

func findWarnings(x *exam) {
	if x.facts.Engine == nil {
		x.unknownSince(x.facts.NoEngine, "the engine's warnings were not read")
		return
	}
	for _, warning := range x.facts.Engine.Warnings {
		lower := strings.ToLower(warning)
		about := slices.ContainsFunc(networkWords, func(word string) bool { return strings.Contains(lower, word) })
		if !about || strings.Contains(warning, forwardingWords) || strings.Contains(warning, bridgeFilterWords) || strings.Contains(lower, "api is accessible") {
			continue
		}
		x.found(Finding{Severity: Warning, Says: say("the engine warns: %s", Foreign(warning))})
	}
	for _, warning := range x.facts.Engine.Warnings {
		if strings.Contains(strings.ToLower(warning), "api is accessible") {
			x.found(Finding{Severity: Error, Says: say("the engine warns: %s", Foreign(warning)), Fix: Fix{Does: say("let the engine listen on a socket, over SSH, or with TLS only")}})
		}
	}
}

func findOldEngine(x *exam) {
	if x.Engine.Product != topology.ProductDocker {
		return
	}
	major := x.Engine.Major()
	if major == 0 {
		x.unknown("the engine does not say which version it is")
		return
	}
	const filters6, last20 = 27, 20
	var with []*topology.Network
	for i := range x.Networks {
		n := &x.Networks[i]
		if n.IPv6 && n.Driver == "bridge" && (!n.Internal || major <= last20) && diagnose.UseOf(x.Index, n).Running > 0 {
			with = append(with, n)
		}
	}
	if major < filters6 && len(with) > 1 {
		x.found(Finding{
			About: networks(with),
			Says:  say("Docker %s keeps %s from each other by IPv4 only: by IPv6 their containers reach each other, unless it was started with ip6tables", Foreign(x.Engine.Version), networks(with)),
			Fix:   Fix{Does: say("upgrade the engine to 27 or newer")},
		})
	}
	var bound []*topology.Container
	for i := range x.Containers {
		c := &x.Containers[i]
		if c.State.Up() && slices.ContainsFunc(c.Ports, func(p topology.Ports) bool { return p.Published() && p.HostIP.IP().IsLoopback() }) {
			bound = append(bound, c)
		}
	}
	if !diagnose.GuardsLoopbackPorts(&x.Engine) && len(bound) > 0 {
		x.found(Finding{
			Severity: Hint,
			About:    containers(bound),
			Says: say("before Docker 28, other machines of the host's network can reach ports published on 127.0.0.1 (%s), by a route through the host",
				containers(bound)),
			Fix: Fix{Does: say("upgrade the engine to 28 or newer")},
		})
	}
}

// tunnel tells interfaces of VPNs by their usual names.
func tunnel(name string) bool {
	return slices.ContainsFunc([]string{"tun", "tap", "wg", "ppp", "utun", "tailscale", "zt", "nordlynx", "ipsec", "cscotun", "gpd", "vpn"}, func(prefix string) bool {
		return strings.HasPrefix(name, prefix)
	})
}
