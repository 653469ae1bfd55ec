package commands

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/explain"
)

// completeLanguages offers the languages by their names in themselves.
func completeLanguages(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{
		cobra.CompletionWithDesc(string(explain.English), "English"),
		cobra.CompletionWithDesc(string(explain.Portuguese), "português do Brasil"),
	}, cobra.ShellCompDirectiveNoFileComp
}

// completeExplain offers topics, networks and containers, and behind a container
// the others.
func (s *session) completeExplain(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	const none = cobra.ShellCompDirectiveNoFileComp
	chosen := func(flag string) bool { return cmd.Flags().Changed(flag) }
	topics, networks, containers := !chosen("network") && !chosen("container"), !chosen("topic") && !chosen("container"), !chosen("topic") && !chosen("network")
	if len(args) > 0 {
		topics, networks = false, false
	}
	if len(args) > 1 || len(args) == 1 && !containers {
		return nil, none
	}
	offer := offers{taken: args}
	lang := explain.LanguageOf(os.Getenv)
	if topics {
		for _, topic := range explain.Topics() {
			offer.add(topic.Name, topic.Summary(lang))
		}
	}
	if !networks && !containers {
		return offer.words, none
	}
	ix := s.index(cmd)
	if ix == nil {
		return offer.words, none
	}
	if networks {
		for i := range ix.Networks {
			n := &ix.Networks[i]
			word := n.Name
			if ix.MistakableNetwork(n.Name, n.ID) {
				word = n.ID
			}
			offer.add(word, n.Driver+" network")
		}
	}
	if containers {
		for i := range ix.Containers {
			c := &ix.Containers[i]
			word := c.Name
			if ix.MistakableContainer(c.Name, c.ID) {
				word = c.ID
			}
			offer.add(word, "container, "+string(c.State))
		}
	}
	return offer.words, none
}
