// Package commands holds the command line, one file a command: its flags,
// completion and help, and what it calls below. It decides nothing about
// networks; that is for diagnose and the packages beside it.
package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/docker/cli/cli"
	"github.com/docker/cli/cli-plugins/plugin"
	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/buildinfo"
	"github.com/docker-netkit/docker-netkit/internal/engine"
)

// Name is the plugin's name, as in "docker netkit".
const Name = "netkit"

// Short says in a line what the plugin is for.
const Short = "See who is on which Docker network, test who reaches whom, and remove networks without harm"

// defaultTimeout is how long an engine may take. Engines with thousands of
// containers, or behind a slow line, take seconds; a dead one takes for ever.
const defaultTimeout = 30 * time.Second

// session is what every command needs: the docker CLI it runs in, and how it
// was asked to reach the engine.
type session struct {
	command.Cli
	tap     *engine.Tap
	hold    *Hold
	timeout time.Duration
	root    *cobra.Command
	silent  bool // no note of progress: the screen is taken

	answered bool // in JSON
}

// New makes the command "netkit" with all its subcommands. The context ends
// when the user interrupts. The tap and the hold may be nil.
func New(ctx context.Context, dockerCLI command.Cli, tap *engine.Tap, hold *Hold) *cobra.Command {
	s := &session{Cli: dockerCLI, tap: tap, hold: hold}
	root := &cobra.Command{
		Use:   Name + " [OPTIONS] COMMAND",
		Short: Short,
		Long: `See who is on which Docker network, which containers will not start, and
remove networks without harm to any.

netkit works beside "docker network". It counts stopped containers everywhere:
the native commands do not, and remove networks that such containers need.

Status: 0 fine; 1 failed; 125 wrong flags or no such command; 130 interrupted.`,
		TraverseChildren: true,
		Version:          buildinfo.Version(),
		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			cmd.SetContext(ctx)
			return plugin.PersistentPreRunE(cmd, args)
		},
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			if args[0] == "help" {
				return helpOn(cmd, args[1:])
			}
			return unknownCommand(cmd, args[0])
		},
	}
	root.Flags().Bool("version", false, "Print version information")
	root.SetVersionTemplate("docker netkit version {{.Version}}\n")
	root.PersistentFlags().DurationVar(&s.timeout, "timeout", defaultTimeout, "How long the engine may take to answer")
	registerFlag(root, "timeout", cobra.FixedCompletions([]string{"5s", "30s", "2m"}, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder))
	s.root = root
	root.AddCommand(
		newGraphCommand(s),
		newLsCommand(s),
		newSafeRmCommand(s),
		newPruneCommand(s),
		newPingCommand(s),
		newExplainCommand(s),
		newDoctorCommand(s),
		newRestoreCommand(s),
		newHintsCommand(s),
		newVersionCommand(s),
		newCompletionCommand(),
	)
	s.foldHelp(root)
	return root
}

// helpOn serves "docker netkit help graph", which cobra knows at the top only.
func helpOn(cmd *cobra.Command, names []string) error {
	found, rest, err := cmd.Find(names)
	if err != nil || len(rest) > 0 {
		return unknownCommand(cmd, strings.Join(names, " "))
	}
	return found.Help()
}

func unknownCommand(cmd *cobra.Command, name string) error {
	cmd.SuggestionsMinimumDistance = 2
	var b strings.Builder
	fmt.Fprintf(&b, "unknown command: %s %s", cmd.CommandPath(), quoteArg(name))
	near := knownElsewhere(cmd, name)
	if len(near) == 0 {
		near = cmd.SuggestionsFor(name)
	}
	if len(near) > 0 {
		fmt.Fprintf(&b, "\n\nDid you mean: %s %s", cmd.CommandPath(), strings.Join(near, ", or "+cmd.CommandPath()+" "))
	}
	fmt.Fprintf(&b, "\n\nRun '%s --help' for all commands", cmd.CommandPath())
	return cli.StatusError{Status: b.String(), StatusCode: statusBadUsage}
}

// knownElsewhere lists the commands that do what one of this name does in other
// programs.
func knownElsewhere(cmd *cobra.Command, name string) []string {
	var names []string
	for _, sub := range cmd.Commands() {
		if slices.Contains(sub.SuggestFor, strings.ToLower(name)) {
			names = append(names, sub.Name())
		}
	}
	return names
}
