package commands

import (
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// completePing offers containers that are up, and behind the first what is no
// container.
func (s *session) completePing(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	for _, name := range []string{"network", "project", "all"} {
		if cmd.Flags().Changed(name) {
			return nil, cobra.ShellCompDirectiveNoFileComp // they name who is tested
		}
	}
	ix := s.index(cmd)
	if ix == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	offer := offers{taken: args}
	for i := range ix.Containers {
		c := &ix.Containers[i]
		if len(args) == 0 && !c.State.Up() {
			continue
		}
		word := c.Name
		if ix.MistakableContainer(c.Name, c.ID) {
			word = c.ID
		}
		offer.add(word, "container, "+string(c.State))
	}
	if len(args) > 0 {
		offer.add(reach.WordHost, "the engine's host")
		offer.add(reach.WordInternet, "the outside")
	}
	return offer.words, cobra.ShellCompDirectiveNoFileComp
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
