package commands

import (
	"bufio"
	"context"

	"github.com/docker/cli/cli"
	"github.com/docker/cli/cli/command/formatter"
	flagsHelper "github.com/docker/cli/cli/flags"
	"github.com/docker/cli/opts"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

type lsOptions struct {
	quiet   bool
	noTrunc bool
	format  string
	filter  opts.FilterOpt
	from    string
}

func newLsCommand(s *session) *cobra.Command {
	options := lsOptions{filter: opts.NewFilterOpt()}
	cmd := &cobra.Command{
		Use:     "ls [OPTIONS]",
		Aliases: []string{"list"},
		Short:   "List networks with who needs them",
		Long: `List networks with their subnets, who is on them, and whether they are needed.

The verdict counts containers in every state:
  in use        a running container is on it, or another network builds on it
  stopped only  only stopped containers want it; without it they do not start
  unused        nothing refers to it
  predefined    made and kept by the engine
  unknown       nothing on this node refers to it; others of the swarm may

Status: 0 fine; 1 failed; 125 wrong flags; 130 interrupted.`,
		Example: `  docker netkit ls
  docker netkit ls --filter project=shop
  docker netkit ls --format '{{.Name}}: {{.Verdict}}'
  docker netkit ls -q --filter dangling=true`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runLs(cmd.Context(), cmd, s, options)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	flags := cmd.Flags()
	flags.BoolVarP(&options.quiet, "quiet", "q", false, "Only display network IDs")
	flags.BoolVar(&options.noTrunc, "no-trunc", false, "Do not truncate the output")
	flags.StringVar(&options.format, "format", "", flagsHelper.FormatHelp)
	flags.VarP(&options.filter, "filter", "f", `Choose networks (e.g. "driver=bridge", "project=shop", "container=web")`)
	flags.StringVar(&options.from, "from", "", `Read a snapshot saved by "graph --format json" instead of the engine ("-": standard input)`)
	registerFlag(cmd, "filter", s.completeFilter)
	registerFlag(cmd, "format", cobra.FixedCompletions([]string{"table", "json"}, cobra.ShellCompDirectiveNoFileComp))
	registerFlag(cmd, "from", jsonFiles)
	return cmd
}

// registerFlag sets the completion of a flag. It fails only for a flag that
// does not exist, which is a mistake in this package.
func registerFlag(cmd *cobra.Command, name string, complete cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(name, complete); err != nil {
		panic(err)
	}
}

func jsonFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"json"}, cobra.ShellCompDirectiveFilterFileExt
}

// filterOf reads a --filter flag into the model's filter.
func filterOf(cmd *cobra.Command, flag *opts.FilterOpt) (topology.Filter, error) {
	values := map[string][]string{}
	for key, set := range flag.Value() {
		for value := range set {
			values[key] = append(values[key], value)
		}
	}
	filter, err := topology.ParseFilter(values)
	if err != nil {
		return filter, badUsage(cmd, "%s", err)
	}
	filter.Unused = func(ix *topology.Index, n *topology.Network) bool {
		return diagnose.UseOf(ix, n).Verdict == diagnose.Unused
	}
	return filter, nil
}

func runLs(ctx context.Context, cmd *cobra.Command, s *session, options lsOptions) error {
	if err := notEmpty(cmd, "from"); err != nil {
		return err
	}
	filter, err := filterOf(cmd, &options.filter)
	if err != nil {
		return err
	}
	snapshot, err := s.read(ctx, options.from)
	if err != nil {
		return err
	}
	ix := topology.NewIndex(snapshot)
	s.warnOfGaps(snapshot)
	format := options.format
	if format == "" {
		format = formatter.TableFormatKey
	}
	// The formatter writes a table cell by cell, each a system call.
	out := bufio.NewWriter(s.Out())
	if err := writeNetworks(formatter.Context{
		Output: out,
		Format: networkFormat(format, options.quiet),
		Trunc:  !options.noTrunc,
	}, s.Out().IsTerminal(), ix, &filter); err != nil {
		return err
	}
	return out.Flush()
}
