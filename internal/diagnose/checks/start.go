package checks

import (
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// startChecks are about containers that do not start, or would not start again.
var startChecks = []*Check{
	{
		ID: "network-gone", Title: "A container wants a network that is gone", Severity: Error,
		Why: `A stopped container keeps the ID of its network. Once the network was removed, by "docker network rm" or
"prune", which count running containers only, the container does not start any more. A new network of the same name
does not help, since it has another ID. One that runs meanwhile fails at its next start.`,
		Mend: `"docker netkit restore --heal" connects the container to the network that now has the name, or to one made
anew with what is still known of it.`,
		find: findNetworkGone,
	},
	{
		ID: "external-network-missing", Title: "A compose project's external network is missing", Severity: Error,
		Why: `The container was made by compose for a network that is not named as its project's own, and there is none of that
name. It does not start until there is one. Compose makes it where the project only names it so; external ones it never makes.`,
		Mend: `If the project declares the network external, make it: "docker network create NAME", with the subnet and options
that its other users expect. Else "docker compose up" makes it, with the labels that compose looks for.`,
		find: findExternalMissing,
	},
	{
		ID: "network-mode-gone", Title: "A container's network mode names a network that is gone", Severity: Error,
		Why: `Engines from 26 on look up the network that a container was made with ("run --network") at each start, also
when it is on other networks now. Where that is the ID of a network which is gone, nothing mends the container.`,
		Mend: `Where the mode is a name, make a network of that name. Where it is an ID, make the container anew.`,
		find: findModeGone,
	},
	{
		ID: "network-ambiguous", Title: "A container names a network by a name that several have", Severity: Error,
		Why: `A container that never ran knows its network by what was typed. Where several networks have the name, the
engine does not choose, and refuses to start the container.`,
		Mend: `Connect the container to the network by its ID, and take it off the name.`,
		find: func(x *exam) { x.hazards(diagnose.NameAmbiguous, ambiguous) },
	},
	{
		ID: "owner-gone", Title: "A container shares the network of a container that is gone", Severity: Error,
		Why: `A container made with "--network container:X" holds the ID of X. When X is removed, or made anew under the
same name, the ID leads nowhere: the container does not start, and if it runs, it has loopback only; but for the host's network, where
X used that, which stays.`,
		Mend: `Make the container anew. Compose does so with "docker compose up --force-recreate SERVICE".`,
		find: func(x *exam) { x.hazards(diagnose.OwnerGone, ownerGone) },
	},
	{
		ID: "owner-not-starting", Title: "A container shares the network of one that will not start", Severity: Error,
		Why:  `A container that shares the network of another starts only once that one runs.`,
		Mend: `Mend the other container first.`,
		find: func(x *exam) { x.hazards(diagnose.OwnerTroubled, ownerTroubled) },
	},
	{
		ID: "address-outside", Title: "A container wants an address that its network does not have", Severity: Error,
		Why: `A static address is kept with the container. When its network was made anew with another subnet, the engine
cannot give the address, and refuses to start the container.`,
		Mend: `Take the container off the network, and put it on again without the address, or with one of the new subnet.`,
		find: func(x *exam) { x.hazards(diagnose.AddressOutside, addressOutside) },
	},
	{
		ID: "namespace-left", Title: "A running container has lost the network that it shares", Severity: Error,
		Why: `The network of "--network container:X" is X's as long as X runs. When X stops, or is started again, X gets a
new network, and who shared the old one keeps running in what is left of it: loopback only. Nothing in "docker ps" shows
that.`,
		Mend:  `Start X if it is stopped, then restart the container.`,
		Needs: Needs{Settings: runningSharers}, find: findNamespaceLeft,
	},
	{
		ID: "no-network", Title: "A container is on no network", Severity: Warning,
		Why: `A container that was taken off its last network runs on with loopback only, and starts so, too. It reaches
nobody and is reached by nobody.`,
		Mend: `Connect it to a network. Where it is meant to be alone, make it with "--network none", and this check is
silent.`,
		find: findNoNetwork,
	},
	{
		ID: "restarting-needs-network", Title: "A network could be pruned from under a container that restarts", Severity: Warning,
		Why: `A container that crashes and is started again has no endpoint between two starts. In such a moment
"docker network prune" and "rm" take a network that nothing else uses, and the container never starts again.`,
		Mend: `Stop the container or mend its program. To remove networks, use "docker netkit safe-rm" and "prune", which
count it.`,
		find: findRestarting,
	},
}

// started is what finding makes happen: that a container does not start.
func started(c string) string { return "start " + c }

// hazards reports the hazards of a kind, each by itself.
func (x *exam) hazards(kind diagnose.HazardKind, finding func(*exam, *diagnose.Hazard) Finding) {
	for _, h := range x.troubled() {
		if h.Kind == kind {
			f := finding(x, &h)
			f.causes = append(f.causes, started(h.Container.ID))
			x.found(f)
		}
	}
}

// consequence is what follows for a container that will not start.
func consequence(c *topology.Container) string {
	if c.State.Up() {
		return "it runs on, and will not start again"
	}
	return "it will not start"
}

// consequenceAlone is the same for one that shares the network of a container which does
// not run: with that one, all but loopback is gone.
func consequenceAlone(c *topology.Container) string {
	if c.State.Up() {
		return "it runs on with loopback only, and will not start again"
	}
	return consequence(c)
}

// lost are containers that want one network which is gone.
type lost struct {
	id, name   string
	containers []*topology.Container
}

// lostNetworks groups hazards of these kinds by the network that is wanted.
func (x *exam) lostNetworks(take func(*diagnose.Hazard) bool) []*lost {
	var groups []*lost
	at := map[[2]string]*lost{}
	for _, h := range x.troubled() {
		if !take(&h) {
			continue
		}
		key := [2]string{h.NetworkID, h.NetworkName}
		if at[key] == nil {
			at[key] = &lost{id: h.NetworkID, name: h.NetworkName}
			groups = append(groups, at[key])
		}
		at[key].containers = append(at[key].containers, h.Container)
	}
	return groups
}

func findNetworkGone(x *exam) {
	for _, group := range x.lostNetworks(func(h *diagnose.Hazard) bool {
		return h.Kind == diagnose.NetworkGone || h.Kind == diagnose.NameGone && !external(h)
	}) {
		gone := Ref{Kind: KindNetwork, ID: group.id, Name: group.name}
		f := Finding{
			About: containers(group.containers),
			Says:  say("%s wants network %s, which is gone: %s", container(group.containers[0]), gone, consequence(group.containers[0])),
			Fix:   heal(group.containers),
		}
		if len(group.containers) > 1 {
			f.Says = say("network %s is gone: %s will not start", gone, containers(group.containers))
		}
		for _, c := range group.containers {
			f.causes = append(f.causes, started(c.ID))
		}
		x.found(f)
	}
	for _, h := range x.troubled() {
		if h.Kind == diagnose.MaybeElsewhere {
			x.unknown("%s wants network %s, which this engine does not list; other nodes of the swarm may have it",
				container(h.Container), Ref{Kind: KindNetwork, ID: h.NetworkID, Name: h.NetworkName})
		}
	}
	x.unread()
}

// unread says which objects could not be read, so that what they want is not known.
func (x *exam) unread() {
	for i := range x.Unread {
		gap := &x.Unread[i]
		switch gap.What {
		case "container":
			x.unknown("container %s could not be read: %s", Ref{Kind: KindContainer, ID: gap.ID, Name: gap.Name}, Foreign(gap.Reason))
		case "network", "networks":
			x.unknown("network %s could not be read: %s", Ref{Kind: KindNetwork, ID: gap.ID, Name: gap.Name}, Foreign(gap.Reason))
		}
	}
}

func heal(all []*topology.Container) Fix {
	command := Command{"netkit", "restore", "--heal"}
	for _, ref := range containers(all) {
		command = append(command, ref)
	}
	return Fix{Commands: []Command{command}, Mend: Mend{Heal: all}}
}

// external tells that compose made a container for a network which is not named as
// those of its own project.
func external(h *diagnose.Hazard) bool {
	return h.Container.Project != "" && !strings.HasPrefix(h.NetworkName, h.Container.Project+"_")
}

func findExternalMissing(x *exam) {
	for _, group := range x.lostNetworks(func(h *diagnose.Hazard) bool { return h.Kind == diagnose.NameGone && external(h) }) {
		missing := Ref{Kind: KindNetwork, Name: group.name}
		f := Finding{
			About: containers(group.containers),
			Says: say("%s of compose project %s waits for the network %s, which is not named as the project's own, and there is none",
				containers(group.containers), Foreign(group.containers[0].Project), missing),
			Fix: Fix{
				Does:     say("if the project declares it external, make it, as its other users expect it; else, in the project's directory, compose makes it"),
				Template: Command{"compose", "up", "--detach"},
			},
		}
		for _, c := range group.containers {
			f.causes = append(f.causes, started(c.ID))
		}
		x.found(f)
	}
}

func findModeGone(x *exam) {
	x.hazards(diagnose.ModeGone, func(_ *exam, h *diagnose.Hazard) Finding {
		f := Finding{
			About: []Ref{container(h.Container)},
			Says: say("%s was made with the network %s, and there is none: %s",
				container(h.Container), Ref{Kind: KindNetwork, Name: h.NetworkName}, consequence(h.Container)),
		}
		if h.Container.Mode.LooksLikeID() {
			f.Fix.Does = say("make the container anew; nothing else mends a mode that is an ID")
		} else {
			f.Fix = heal([]*topology.Container{h.Container})
		}
		return f
	})
}

func ambiguous(x *exam, h *diagnose.Hazard) Finding {
	var those []*topology.Network
	for _, n := range x.FindNetworks(h.NetworkName) {
		if n.Name == h.NetworkName {
			those = append(those, n)
		}
	}
	f := Finding{
		About: []Ref{container(h.Container)},
		Says: say("%s wants the network %s, and %d have that name: %s",
			container(h.Container), Ref{Kind: KindNetwork, Name: h.NetworkName}, len(those), consequence(h.Container)),
		cause: sameName(h.NetworkName),
	}
	f.Fix.Does = say("remove all but one of these networks; or connect the container to the one that is meant, by ID, and take it off the name")
	return f
}

func ownerGone(_ *exam, h *diagnose.Hazard) Finding {
	f := Finding{
		About: []Ref{container(h.Container)},
		Says: say("%s shares the network of container %s, which is gone: %s",
			container(h.Container), Foreign(topology.ShortID(h.OwnerID)), consequence(h.Container)),
	}
	if h.Container.State.Up() {
		// Which network that container used, nothing tells any more; the host's stays.
		f.Also = []Sentence{say("what it has left is loopback, or the network of the host, if that container used it")}
	}
	if h.OwnerID == "" {
		f.Says = say("%s shares a network in a circle of containers, which none of them has: %s", container(h.Container), consequence(h.Container))
	}
	f.Fix.Does = say("make the container anew")
	if h.Container.Project != "" && plainService(h.Container.Service) {
		f.Fix.Does = say("make the container anew; in the project's directory, compose does so")
		f.Fix.Template = Command{"compose", "up", "--detach", "--force-recreate", h.Container.Service}
	}
	return f
}

// plainService tells that a service's name can stand in a command as it is. Compose lets
// services have such names only; a label may hold anything.
func plainService(name string) bool {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r)
	}
	return name != "" && name[0] != '-' && strings.TrimFunc(name, plain) == ""
}

func ownerTroubled(x *exam, h *diagnose.Hazard) Finding {
	owner := Ref{Kind: KindContainer, ID: h.OwnerID, Name: topology.ShortID(h.OwnerID)}
	then := consequenceAlone(h.Container)
	if c := x.Container(h.OwnerID); c != nil {
		if owner = container(c); c.Mode == topology.NetworkHost {
			then = consequence(h.Container) // the host's network stays
		}
	}
	return Finding{
		About: []Ref{container(h.Container)},
		Says:  say("%s shares the network of %s, which will not start: %s", container(h.Container), owner, then),
		Fix:   Fix{Does: say("mend %s first", owner)},
		cause: started(h.OwnerID),
	}
}

func addressOutside(x *exam, h *diagnose.Hazard) Finding {
	n := x.Network(h.NetworkID)
	f := Finding{
		About: []Ref{container(h.Container)},
		Says: say("%s wants the address %s on %s, which no subnet there holds: %s",
			container(h.Container), h.Address, Ref{Kind: KindNetwork, ID: h.NetworkID, Name: h.NetworkName}, consequence(h.Container)),
	}
	if n != nil {
		f.About = append(f.About, network(n))
		f.Fix = Fix{
			Does: say("put it on the network anew without the address; its aliases there are lost with it"),
			Commands: []Command{
				{"network", "disconnect", network(n), container(h.Container)},
				{"network", "connect", network(n), container(h.Container)},
			},
		}
	}
	return f
}

// runningSharers are the containers that run in the network of another that runs,
// and those others: when each was started tells whether it is the same network still.
func runningSharers(ix *topology.Index) []*topology.Container {
	var found []*topology.Container
	seen := map[string]bool{}
	add := func(c *topology.Container) {
		if !seen[c.ID] {
			seen[c.ID] = true
			found = append(found, c)
		}
	}
	for i := range ix.Containers {
		c := &ix.Containers[i]
		id, shares := ix.Owner(c)
		if owner := ix.Container(id); shares && c.State.Up() && owner != nil && owner.State.Up() {
			add(c)
			add(owner)
		}
	}
	return found
}

func findNamespaceLeft(x *exam) {
	var unread []*topology.Container
	defer func() { x.unreadSettings(unread) }()
	for i := range x.Containers {
		c := &x.Containers[i]
		id, shares := x.Owner(c)
		owner := x.Container(id)
		if !shares || owner == nil || !c.State.Up() || c.IsTask() || owner.Mode == topology.NetworkHost {
			continue // the host's network stays
		}
		f := Finding{About: []Ref{container(c), container(owner)}, causes: []string{"left " + c.ID}}
		restart := Command{"restart", container(c)}
		switch {
		case !owner.State.Up() && owner.State != topology.Restarting:
			f.Says = say("%s shares the network of %s, which is stopped: %s runs on with loopback only", container(c), container(owner), container(c))
			f.Fix = Fix{Commands: []Command{{"start", container(owner)}, restart}}
			f.cause = started(owner.ID)
		case !owner.State.Up():
			x.unknown("%s shares the network of %s, which is restarting", container(c), container(owner))
			continue
		case !x.facts.Settings[c.ID] || !x.facts.Settings[owner.ID]:
			unread = append(unread, c)
			continue
		case x.Stale(c):
			f.Says = say("%s was started again after %s, and so has another network: %s runs on with loopback only", container(owner), container(c), container(c))
			f.Fix = Fix{Commands: []Command{restart}}
		default:
			continue
		}
		x.found(f)
	}
}

func findNoNetwork(x *exam) {
	for i := range x.Containers {
		c := &x.Containers[i]
		_, shares := c.Mode.Sharer()
		if shares || c.IsTask() || len(x.Of(c.ID)) > 0 || c.Mode == topology.NetworkHost || c.Mode == topology.NetworkNone {
			continue
		}
		if c.State == topology.Removing || c.State == topology.Dead || c.Mode == "" {
			continue // Podman tells no mode, and lists none for those that are meant to have none
		}
		what := "it has loopback only"
		if !c.State.Up() {
			what = "it will start with loopback only"
		}
		x.found(Finding{
			About: []Ref{container(c)},
			Says:  say("%s is on no network: %s", container(c), what),
			Fix: Fix{
				Does:     say("connect it to the network that it is to be on"),
				Template: Command{"network", "connect", "NETWORK", container(c)},
			},
		})
	}
}

func findRestarting(x *exam) {
	for i := range x.Networks {
		n := &x.Networks[i]
		if diagnose.UseOf(x.Index, n).Verdict != diagnose.StoppedOnly {
			continue
		}
		var restarting []*topology.Container
		for _, a := range x.On(n.ID) {
			if c := x.Container(a.ContainerID); c != nil && c.State == topology.Restarting {
				restarting = append(restarting, c)
			}
		}
		if len(restarting) == 0 {
			continue
		}
		x.found(Finding{
			About: append(containers(restarting), network(n)),
			Says:  say("%s crashes and restarts, and nothing else runs on %s: \"docker network prune\" could take the network between two starts", containers(restarting), network(n)),
			Fix:   Fix{Does: say("see why it crashes"), Commands: []Command{{"logs", "--tail", "20", container(restarting[0])}}},
		})
	}
}
