package checks

import (
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// swarmChecks are about overlays.
var swarmChecks = []*Check{
	{
		ID: "overlay-without-swarm", Title: "An overlay is there, and the engine is in no swarm", Severity: Warning,
		Why: `Overlays are the swarm's. When a node leaves its swarm, or the swarm is gone, what is left of an overlay has no
one to manage it: no container starts on it.`,
		Mend:  `Join the swarm again; or remove the network.`,
		Needs: Needs{Info: true},
		find:  findOverlayAlone,
	},
	{
		ID: "overlay-encrypted", Title: "An overlay is encrypted, and the kernel cannot", Severity: Error,
		Why: `With "--opt encrypted", nodes encrypt what they send each other with IPsec ESP. Where the kernel has no ESP, or a
firewall drops protocol 50, containers on two nodes do not reach each other, and nothing says so.`,
		Mend:  `Load the kernel's module ("modprobe esp4"), and let protocol 50 through; or make the network without encryption.`,
		Needs: Needs{Host: true}, find: findEncrypted,
	},
	{
		ID: "service-address", Title: "Services have virtual addresses, and the kernel cannot serve them", Severity: Error,
		Why: `A service's name resolves to one virtual address, which the kernel's IPVS spreads over the tasks; so do ports
published through the routing mesh. Without IPVS both answer "no route to host" or nothing, while each task answers at its
own address.`,
		Mend: `Load the kernel's module ("modprobe ip_vs"); or make services with "--endpoint-mode dnsrr" and ports with
"mode=host".`,
		Needs: Needs{Host: true}, find: findServiceAddress,
	},
}

func findOverlayAlone(x *exam) {
	role := x.Engine.Swarm
	if role == "" && x.facts.Engine != nil { // 20.10 tells it in /info only
		role = x.facts.Engine.Swarm
	}
	if role != topology.SwarmInactive && role != "" {
		return
	}
	var overlays []*topology.Network
	for i := range x.Networks {
		n := &x.Networks[i]
		if n.Ingress && role == "" {
			return // which is there in a swarm only
		}
		if n.Driver == "overlay" {
			overlays = append(overlays, n)
		}
	}
	if role == "" && len(overlays) > 0 {
		x.unknownSince(x.facts.NoEngine, "whether the engine is in a swarm, which %s needs, was not read", networks(overlays))
		return
	}
	for _, n := range overlays {
		x.found(Finding{
			About: []Ref{network(n)},
			Says:  say("%s is an overlay, and this engine is in no swarm: no container starts on it", network(n)),
			Fix: Fix{
				Does:     say("join the swarm again, or remove the network"),
				Commands: []Command{{"netkit", "safe-rm", network(n)}},
			},
		})
	}
}

func findEncrypted(x *exam) {
	for i := range x.Networks {
		n := &x.Networks[i]
		if _, encrypted := n.Opts["encrypted"]; n.Driver != "overlay" || !encrypted || n.Opts["encrypted"] == "false" {
			continue
		}
		switch {
		case x.facts.Host == nil:
			x.unknownSince(x.facts.NoHost, "whether the kernel can encrypt, as %s asks for, was not read", network(n))
		case x.facts.Host.ESP == topology.Unknown:
			x.unknown("whether the kernel can encrypt, as %s asks for, cannot be told", network(n))
		case x.facts.Host.ESP == topology.No:
			x.found(Finding{
				About: []Ref{network(n)},
				Says:  say("%s is encrypted, and this host's kernel has no ESP: containers on other nodes are not reached", network(n)),
				Fix:   Fix{Does: say("on each node: modprobe esp4; or make the network without --opt encrypted")},
			})
		}
	}
}

func findServiceAddress(x *exam) {
	var services []*topology.Container
	for i := range x.Containers {
		if c := &x.Containers[i]; c.SwarmService != "" && c.State.Up() {
			services = append(services, c)
		}
	}
	switch {
	case len(services) == 0:
	case x.facts.Host == nil:
		x.unknownSince(x.facts.NoHost, "whether the kernel has IPVS, which services' addresses need, was not read")
	case x.facts.Host.IPVS == topology.Unknown:
		x.unknown("whether the kernel has IPVS, which services' addresses need, cannot be told")
	case x.facts.Host.IPVS == topology.No:
		x.found(Finding{
			About: containers(services),
			Says:  say("tasks of services run here (%s), and this host's kernel has no IPVS: virtual addresses and the routing mesh do not answer", containers(services)),
			Fix:   Fix{Does: say("on each node: modprobe ip_vs; or make the services with --endpoint-mode dnsrr")},
		})
	}
}
