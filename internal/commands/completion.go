package commands

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// completionTimeout bounds how long a press of the tab key may ask an engine.
const completionTimeout = 3 * time.Second

// newCompletionCommand writes completion scripts for "docker-netkit" started by
// itself. For "docker netkit", docker's own completion asks the plugin.
func newCompletionCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "completion SHELL",
		Short:     "Write the completion script for docker-netkit as a command of its own",
		Long:      "Write the completion script for docker-netkit as a command of its own: bash, zsh, fish or powershell.\n\"docker netkit\" needs none: docker's own completion covers it.",
		Hidden:    true,
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(cmd *cobra.Command, args []string) error {
			// The script is named after its root command, which is docker's
			// here, so one of the right name is made for it.
			named := &cobra.Command{Use: "docker-netkit"}
			switch out := cmd.OutOrStdout(); args[0] {
			case "bash":
				return named.GenBashCompletionV2(out, true)
			case "zsh":
				return named.GenZshCompletion(out)
			case "fish":
				return named.GenFishCompletion(out, true)
			case "powershell":
				return named.GenPowerShellCompletionWithDesc(out)
			}
			return fmt.Errorf("no completion for shell %s; there is bash, zsh, fish, powershell", quoteArg(args[0]))
		},
	}
}

// index reads the engine for a completion. Nothing is said when it fails: a
// completion has nowhere to say it.
func (s *session) index(cmd *cobra.Command) *topology.Index {
	quick := *s
	quick.timeout = min(completionTimeout, s.timeout)
	snapshot, err := quick.snapshot(cmd.Context())
	if err != nil {
		return nil
	}
	return topology.NewIndex(snapshot)
}

// completeTargets offers networks, containers and projects.
func (s *session) completeTargets(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	ix := s.index(cmd)
	if ix == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	offer := offers{taken: args}
	for _, project := range ix.Projects() {
		offer.add(project, "project")
	}
	for i := range ix.Networks {
		n := &ix.Networks[i]
		offer.add(n.Name, n.Driver+" network")
	}
	for i := range ix.Containers {
		c := &ix.Containers[i]
		offer.add(c.Name, "container, "+string(c.State))
	}
	return offer.words, cobra.ShellCompDirectiveNoFileComp
}

// offers collects completions, each once, and none that a shell would garble.
type offers struct {
	taken []string
	words []string
	seen  map[string]bool
}

func (o *offers) add(word, description string) {
	if o.seen == nil {
		o.seen = map[string]bool{}
		for _, word := range o.taken {
			o.seen[word] = true
		}
	}
	if _, ok := render.ShellWord(word); !ok || word == "" || o.seen[word] {
		return
	}
	o.seen[word] = true
	o.words = append(o.words, cobra.CompletionWithDesc(word, description))
}

// completeFilter offers the keys of --filter, and values for the key typed.
func (s *session) completeFilter(cmd *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	key, _, hasKey := strings.Cut(toComplete, "=")
	if !hasKey {
		var keys []string
		for _, key := range topology.FilterKeys() {
			keys = append(keys, key+"=")
		}
		return keys, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	var offer offers
	add := func(value string) { offer.add(key+"="+value, "") }
	switch key {
	case "type":
		add("custom")
		add("builtin")
	case "dangling":
		add("true")
		add("false")
	default:
		if ix := s.index(cmd); ix != nil {
			filterValues(ix, key, add)
		}
	}
	return offer.words, cobra.ShellCompDirectiveNoFileComp
}

func filterValues(ix *topology.Index, key string, add func(string)) {
	switch key {
	case "project":
		for _, project := range ix.Projects() {
			add(project)
		}
		return
	case "container":
		for i := range ix.Containers {
			add(ix.Containers[i].Name)
		}
		return
	}
	for i := range ix.Networks {
		n := &ix.Networks[i]
		switch key {
		case "driver":
			add(n.Driver)
		case "scope":
			add(n.Scope)
		case "name":
			add(n.Name)
		case "id":
			add(n.ID)
		case "label":
			for label, value := range n.Labels {
				add(label + "=" + value)
			}
		}
	}
}
