package commands

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// completePing offers who can be a source, and behind the first word what can be a
// target; behind a colon, the ports of it that are known.
func (s *session) completePing(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	for _, name := range []string{"network", "project", "all"} {
		if cmd.Flags().Changed(name) {
			return nil, cobra.ShellCompDirectiveNoFileComp // they name who is tested
		}
	}
	source, target := "", ""
	if len(args) > 0 {
		source = args[0]
		target, _, _ = strings.Cut(typed, ":")
		if !strings.Contains(typed, ":") {
			target = ""
		}
	}
	ix := s.pingIndex(cmd, source, target)
	if ix == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	offer := offers{taken: args}
	switch {
	case target != "":
		offerPorts(ix, &offer, source, target)
	case source == "":
		offerContainers(ix, &offer, func(c *topology.Container) bool { return c.State.Up() })
		offerServices(ix, &offer, true)
	default:
		offerContainers(ix, &offer, func(*topology.Container) bool { return true })
		offerServices(ix, &offer, false)
		offerAliases(ix, &offer, source)
		offer.add(reach.WordHost, "the engine's host")
		offer.add(reach.WordInternet, "the outside")
	}
	return offer.words, cobra.ShellCompDirectiveNoFileComp
}

// pingIndex reads what there is to be offered. With a source, its neighbours are
// inspected, and with a target that: only an inspect tells aliases, and all ports. It
// is nil where nothing could be read.
func (s *session) pingIndex(cmd *cobra.Command, source, target string) *topology.Index {
	if file, demo := cmd.Flags().Lookup("from"), cmd.Flags().Lookup("demo"); file.Changed || demo.Changed {
		snapshot, err := sampleOrSaved(s, file.Value.String())
		if err != nil || file.Value.String() == "-" {
			return nil
		}
		return topology.NewIndex(snapshot)
	}
	quick := *s
	quick.timeout = min(completionTimeout, s.timeout)
	ctx, cancel := quick.within(cmd.Context())
	defer cancel()
	e, err := quick.open(ctx)
	if err != nil {
		return nil
	}
	defer e.Close()
	snapshot, err := e.Snapshot(ctx)
	if err != nil {
		return nil
	}
	ix := topology.NewIndex(snapshot)
	if read, err := e.WithSettings(ctx, snapshot, worthInspecting(ix, source, target)); err == nil {
		return topology.NewIndex(read)
	}
	return ix
}

// worthInspecting are the neighbours of a source, as many as a press of a key may wait
// for, or those whom a target may mean.
func worthInspecting(ix *topology.Index, source, target string) []*topology.Container {
	if found := ix.FindContainers(target); target != "" && len(found) > 0 {
		return found
	}
	from, err := reach.FindSource(ix, source)
	if source == "" || err != nil || from == nil {
		return nil
	}
	const most = 40
	var found []*topology.Container
	if owner := reach.Namespace(ix, from); owner != nil {
		for _, own := range ix.Of(owner.ID) {
			for _, a := range ix.On(own.NetworkID) {
				if c := ix.Container(a.ContainerID); c != nil && a.State == topology.Live && len(found) < most && !slices.Contains(found, c) {
					found = append(found, c)
				}
			}
		}
	}
	return found
}

func offerContainers(ix *topology.Index, offer *offers, fits func(*topology.Container) bool) {
	for i := range ix.Containers {
		c := &ix.Containers[i]
		if !fits(c) {
			continue
		}
		word := c.Name
		if ix.MistakableContainer(c.Name, c.ID) {
			word = c.ID
		}
		offer.add(word, "container, "+string(c.State))
	}
}

// offerServices offers services with a container that is up: a source is to be the only
// one of its service.
func offerServices(ix *topology.Index, offer *offers, alone bool) {
	up := map[string]int{}
	var names []string
	for i := range ix.Containers {
		c := &ix.Containers[i]
		for _, name := range []string{c.Service, c.SwarmService} {
			if name == "" || !c.State.Up() {
				continue
			}
			if up[name] == 0 {
				names = append(names, name)
			}
			up[name]++
		}
	}
	for _, name := range names {
		if len(ix.FindContainers(name)) == 0 && (!alone || up[name] == 1) {
			offer.add(name, "service")
		}
	}
}

// offerAliases offers the further names on the networks of a source.
func offerAliases(ix *topology.Index, offer *offers, source string) {
	from, err := reach.FindSource(ix, source)
	if err != nil || from == nil {
		return
	}
	owner := reach.Namespace(ix, from)
	if owner == nil {
		return
	}
	for _, own := range ix.Of(owner.ID) {
		for _, a := range ix.On(own.NetworkID) {
			c := ix.Container(a.ContainerID)
			if c == nil || a.State != topology.Live || len(ix.FindContainers(c.Name)) != 1 {
				continue
			}
			for _, alias := range a.Aliases {
				offer.add(alias, "alias of "+render.Printable(c.Name))
			}
		}
	}
}

// offerPorts offers the ports of a target that are known.
func offerPorts(ix *topology.Index, offer *offers, source, target string) {
	from, err := reach.FindSource(ix, source)
	if err != nil || from == nil {
		return
	}
	words, err := reach.ParseWords(target)
	if err != nil {
		return
	}
	found, err := reach.FindTarget(ix, from, words)
	if err != nil || found.Container == nil {
		return
	}
	const many = 16
	for _, run := range found.Container.Ports {
		for i := range min(run.Len(), many) {
			text := fmt.Sprintf("%s:%d", target, int(run.First)+i)
			switch run.Protocol {
			case "tcp":
			case "udp":
				text += "/udp"
			default:
				continue
			}
			why := "exposed"
			if run.Published() {
				why = "published"
			}
			offer.add(text, why)
		}
	}
}

// completeNetworkNames offers the networks that have containers.
func (s *session) completeNetworkNames(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return s.completeFrom(cmd, func(ix *topology.Index, offer *offers) {
		for i := range ix.Networks {
			if n := &ix.Networks[i]; len(ix.On(n.ID)) > 0 {
				word := n.Name
				if ix.MistakableNetwork(n.Name, n.ID) {
					word = n.ID
				}
				offer.add(word, n.Driver+" network")
			}
		}
	})
}

// completeProjects offers compose projects and stacks.
func (s *session) completeProjects(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return s.completeFrom(cmd, func(ix *topology.Index, offer *offers) {
		for _, project := range ix.Projects() {
			offer.add(project, "project")
		}
	})
}

func (s *session) completeFrom(cmd *cobra.Command, fill func(*topology.Index, *offers)) ([]string, cobra.ShellCompDirective) {
	var offer offers
	if ix := s.index(cmd); ix != nil {
		fill(ix, &offer)
	}
	return offer.words, cobra.ShellCompDirectiveNoFileComp
}
