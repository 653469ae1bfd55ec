package commands

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// chosenNetworks finds the one network that each word means, each once.
func chosenNetworks(ix *topology.Index, refs []string) ([]*topology.Network, error) {
	var chosen []*topology.Network
	seen := map[string]bool{}
	for _, ref := range refs {
		found := ix.FindNetworks(ref)
		switch {
		case len(found) == 0:
			return nil, unknownNetwork(ix, ref)
		case len(found) > 1:
			return nil, severalNetworks(ix, ref, found)
		case !seen[found[0].ID]:
			seen[found[0].ID] = true
			chosen = append(chosen, found[0])
		}
	}
	return chosen, nil
}

func unknownNetwork(ix *topology.Index, ref string) error {
	names := make([]string, len(ix.Networks))
	for i := range ix.Networks {
		names[i] = ix.Networks[i].Name
	}
	text := "no network " + quoteArg(ref)
	if near := nearest(names, []string{ref}); len(near) > 0 {
		return fmt.Errorf("%s; did you mean %s?", text, alternatives(near))
	}
	return fmt.Errorf("%s; see: docker netkit ls", text)
}

// severalNetworks lists all that a word means, by ID, so that the user chooses.
func severalNetworks(ix *topology.Index, ref string, found []*topology.Network) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d networks are meant by %s; choose one by its ID:", len(found), quoteArg(ref))
	for _, n := range found {
		use := diagnose.UseOf(ix, n)
		fmt.Fprintf(&b, "\n  %s  %s  %s  %s", render.Printable(n.ID), render.Printable(n.Driver), render.Cut(render.Printable(n.Name), render.NameWidth), use.Verdict)
		for _, pool := range n.IPAM.Pools {
			if !pool.Subnet.IsZero() {
				fmt.Fprintf(&b, "  %s", render.Printable(pool.Subnet.String()))
			}
		}
	}
	return fmt.Errorf("%s", b.String())
}

// completeNetworks offers the networks that can be removed.
func (s *session) completeNetworks(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	ix := s.index(cmd)
	if ix == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	offer := offers{taken: args}
	for i := range ix.Networks {
		n := &ix.Networks[i]
		use := diagnose.UseOf(ix, n)
		if use.Verdict == diagnose.Predefined || n.Implied {
			continue
		}
		word := n.Name
		if ix.MistakableNetwork(n.Name, n.ID) {
			word = n.ID
		}
		offer.add(word, n.Driver+" network, "+string(use.Verdict))
	}
	return offer.words, cobra.ShellCompDirectiveNoFileComp
}
