package checks

import (
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// nameChecks are about who is found by which name.
var nameChecks = []*Check{
	{
		ID: "duplicate-network-name", Title: "Several networks have one name", Severity: Warning,
		Why: `Engines before 25 let two networks have the same name. Every command by that name then fails with "network NAME is
ambiguous", compose's too, and containers that were made for the name do not start.`,
		Mend: `Remove those that are not needed, by ID.`,
		find: findDuplicates,
	},
	{
		ID: "default-bridge-names", Title: "Containers on the default bridge do not find each other by name", Severity: Warning,
		Why: `On the default bridge there is no DNS between containers: a name resolves only through a legacy link, which is a
line in the hosts file that points one way and is not kept when the other gets a new address. On a network of your own,
each container finds each other by its name.`,
		Mend: `Make a network, and connect the containers to it: "docker network create NAME", "docker network connect NAME
CONTAINER".`,
		Needs: Needs{Settings: onDefaultBridge}, find: findDefaultBridge,
	},
}

func sameName(name string) string { return "duplicate " + name }

func findDuplicates(x *exam) {
	var names []string
	byName := map[string][]*topology.Network{}
	for i := range x.Networks {
		n := &x.Networks[i]
		if byName[n.Name] == nil {
			names = append(names, n.Name)
		}
		byName[n.Name] = append(byName[n.Name], n)
	}
	for _, name := range names {
		same := byName[name]
		if len(same) < 2 {
			continue
		}
		ids := make([]string, len(same))
		for i, n := range same {
			ids[i] = topology.ShortID(n.ID)
		}
		f := Finding{
			About:  networks(same),
			Says:   say("%d networks are named %s: %s; each command by that name fails", len(same), Ref{Kind: KindNetwork, Name: name}, foreignList(ids)),
			causes: []string{sameName(name)},
			Fix:    Fix{Does: say("remove by ID what is not needed")},
		}
		for _, n := range same {
			if len(x.On(n.ID)) == 0 && len(x.MadeFor(n)) == 0 {
				f.Fix.Commands = []Command{{"netkit", "safe-rm", network(n)}}
				break
			}
		}
		x.found(f)
	}
}

// defaultBridge is the engine's own bridge, where names do not resolve [measured on
// Docker 20.10, 26.1, 28.5, Podman 5.4], or nil.
func defaultBridge(ix *topology.Index) *topology.Network {
	for i := range ix.Networks {
		if n := &ix.Networks[i]; n.Name == topology.NetworkBridge && n.Predefined() && n.Driver == "bridge" {
			return n
		}
	}
	return nil
}

func onDefaultBridge(ix *topology.Index) []*topology.Container {
	bridge := defaultBridge(ix)
	if bridge == nil {
		return nil
	}
	var found []*topology.Container
	for _, a := range ix.On(bridge.ID) {
		if c := ix.Container(a.ContainerID); c != nil && c.State.Up() {
			found = append(found, c)
		}
	}
	return found
}

func findDefaultBridge(x *exam) {
	bridge := defaultBridge(x.Index)
	members := onDefaultBridge(x.Index)
	if len(members) == 0 {
		return
	}
	var unread []*topology.Container
	for _, c := range members {
		switch {
		case !x.facts.Settings[c.ID]:
			unread = append(unread, c)
		case len(c.Links) > 0:
			var names []string
			for _, link := range c.Links {
				name, _, _ := strings.Cut(link, ":")
				names = append(names, name)
			}
			x.found(Finding{
				About: []Ref{container(c), network(bridge)},
				Says: say("%s finds %s by legacy links on the default bridge: the names lead one way, and are lost when such a container is made anew",
					container(c), foreignList(names)),
				Fix: Fix{Does: say("put both on a network of their own, and make the container anew without --link")},
			})
		}
	}
	x.unreadSettings(unread)
	groups := map[string][]*topology.Container{}
	var projects []string
	for _, c := range members {
		if groups[c.Project] == nil {
			projects = append(projects, c.Project)
		}
		groups[c.Project] = append(groups[c.Project], c)
	}
	for _, project := range projects {
		group := groups[project]
		if len(group) < 2 || sharesOther(x.Index, group, bridge) {
			continue
		}
		f := Finding{
			Severity: Hint,
			About:    append(containers(group), network(bridge)),
			Says:     say("%s are on the default bridge, and do not find each other by name", containers(group)),
			Fix: Fix{
				Does:     say("put those that are to find each other on a network of their own"),
				Commands: join(x.Index, group),
			},
		}
		if slices.ContainsFunc(group, func(c *topology.Container) bool { return len(c.Links) > 0 }) {
			f.Says = say("%s are on the default bridge, and find each other by name only as far as legacy links go", containers(group))
		}
		if project != "" {
			f.Severity = Warning
			f.Says = say("%s of compose project %s are on the default bridge, and do not find each other by name", containers(group), Foreign(project))
			f.Fix = Fix{Does: say(`take "network_mode: bridge" out of the project's file, and each service finds the others by name`)}
		}
		x.found(f)
	}
}

// join makes a network of a free name and connects the containers to it.
func join(ix *topology.Index, group []*topology.Container) []Command {
	name := "shared"
	for len(ix.FindNetworks(name)) > 0 {
		name += "_net"
	}
	const most = 10
	if len(group) > most {
		return nil // nobody pastes as many
	}
	commands := []Command{{"network", "create", name}}
	for _, c := range group {
		commands = append(commands, Command{"network", "connect", name, container(c)})
	}
	return commands
}

// sharesOther tells that all of the containers are on one further network, where they
// find each other.
func sharesOther(ix *topology.Index, group []*topology.Container, bridge *topology.Network) bool {
	counts := map[string]int{}
	for _, c := range group {
		for _, a := range ix.Of(c.ID) {
			if a.Resolved() && a.NetworkID != bridge.ID {
				counts[a.NetworkID]++
			}
		}
	}
	for _, count := range counts {
		if count == len(group) {
			return true
		}
	}
	return false
}
