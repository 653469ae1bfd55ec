package checks

import (
	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// unusedChecks are about what is left over.
var unusedChecks = []*Check{{
	ID: "unused-network", Title: "A network has been unused for long", Severity: Hint,
	Why: `Each network takes one of the engine's few address pools, and a route of the host, which may be the very one that a
VPN needs tomorrow.`,
	Mend: `"docker netkit prune" lists what nothing needs, stopped containers included, and removes what you tick.`,
	find: findUnused,
}}

func findUnused(x *exam) {
	var old []*topology.Network
	for i := range x.Networks {
		n := &x.Networks[i]
		if n.Created.IsZero() || diagnose.UseOf(x.Index, n).Verdict != diagnose.Unused {
			continue
		}
		if x.TakenAt.Sub(n.Created) >= x.facts.UnusedAge {
			old = append(old, n)
		}
	}
	if len(old) == 0 {
		return
	}
	const day = 24
	f := Finding{
		About: networks(old),
		Says:  say("nothing needs %s, for more than %d days since they were made", networks(old), int(x.facts.UnusedAge.Hours())/day),
		Fix:   Fix{Commands: []Command{{"netkit", "prune"}}},
	}
	if len(old) == 1 {
		f.Says = say("nothing needs %s, which was made more than %d days ago", network(old[0]), int(x.facts.UnusedAge.Hours())/day)
		f.Fix.Commands = []Command{{"netkit", "safe-rm", network(old[0])}}
	}
	x.found(f)
}
