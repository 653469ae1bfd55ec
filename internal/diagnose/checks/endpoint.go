package checks

import (
	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// endpointChecks are about places on networks that nobody has.
var endpointChecks = []*Check{{
	ID: "stale-endpoint", Title: "A network has an endpoint that no container has", Severity: Warning,
	Why: `When an engine is killed, it may leave the endpoint of a container behind. The endpoint keeps its address, and keeps
the network from being removed: "has active endpoints", with nobody on it.`,
	Mend: `"docker netkit doctor --fix", or "docker network disconnect --force NETWORK ENDPOINT", clears it. Never where a
container has the same name: the engine would take that container off the network.`,
	Needs: Needs{Endpoints: withEndpoints}, find: findStale,
}}

// withEndpoints are the networks that containers have endpoints on.
func withEndpoints(ix *topology.Index) []*topology.Network {
	var found []*topology.Network
	for i := range ix.Networks {
		n := &ix.Networks[i]
		if !n.Implied && !n.ConfigOnly && n.Driver != "host" && n.Driver != "null" {
			found = append(found, n)
		}
	}
	return found
}

func findStale(x *exam) {
	var unread []*topology.Network
	defer func() { x.unreadEndpoints(unread) }()
	for _, n := range withEndpoints(x.Index) {
		if !x.facts.Endpoints[n.ID] {
			unread = append(unread, n)
			continue
		}
		var names []string
		clearable := true
		for _, e := range n.Endpoints {
			if e.Kind != topology.Stale {
				continue
			}
			names = append(names, e.Name)
			clearable = clearable && e.Name != "" && !diagnose.TakenForContainer(x.Index, e.Name)
		}
		if len(names) == 0 {
			continue
		}
		f := Finding{
			About: []Ref{network(n)},
			Says:  say("%s has %d endpoints that no container has: %s", network(n), len(names), foreignList(names)),
		}
		if len(names) == 1 {
			f.Says = say("%s has an endpoint that no container has: %s", network(n), Foreign(names[0]))
		}
		switch {
		case n.SwarmScope():
			f.Fix.Does = say("clear it only if no other node of the swarm has the container")
		case clearable:
			f.Fix.Mend = Mend{Clear: n}
			f.Fix.Commands = []Command{{"netkit", "doctor", "--fix", "--check", "stale-endpoint", network(n)}}
		default:
			f.Fix.Does = say("a container has the same name, and the engine would take that one off: it can be cleared once no container is named so")
		}
		x.found(f)
	}
}

func foreignList(names []string) []Ref {
	refs := make([]Ref, len(names))
	for i, name := range names {
		refs[i] = Ref{Name: name}
	}
	return refs
}
