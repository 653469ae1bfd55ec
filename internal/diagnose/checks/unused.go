package checks

import (
	"fmt"
	"time"

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
	f := Finding{
		About: networks(old),
		Says:  say("nothing needs %s, which were made more than %s ago", networks(old), age(x.facts.UnusedAge)),
		Fix:   Fix{Commands: []Command{{"netkit", "prune"}}},
	}
	if len(old) == 1 {
		f.Says = say("nothing needs %s, which was made more than %s ago", network(old[0]), age(x.facts.UnusedAge))
		f.Fix.Commands = []Command{{"netkit", "safe-rm", network(old[0])}}
	}
	if x.facts.UnusedAge == 0 {
		f.Says = say("nothing needs %s", networks(old))
	}
	x.found(f)
}

// age is how long a time is, in days or hours.
func age(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= 2*day {
		return fmt.Sprintf("%d days", d/day)
	}
	return d.Round(time.Minute).String()
}
