package commands

import (
	"bytes"
	"context"
	"strings"

	"github.com/docker/cli/cli"
	"github.com/docker/cli/cli/command/formatter"
	flagsHelper "github.com/docker/cli/cli/flags"
	"github.com/docker/cli/opts"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/sample"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

type lsOptions struct {
	quiet   bool
	noTrunc bool
	format  string
	filter  opts.FilterOpt
	from    string
	demo    bool
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
  unknown       nothing that runs here is on it; what may need it was not read

RUNNING and STOPPED count containers that share another's network, too. A
terminal that is too narrow for all columns gets the most important ones.

The keys of --filter are container, dangling, driver, id, label, name, project,
scope and type. dangling=true means the verdict unused, so it leaves out what
stopped containers need; that of "docker network ls" does not.

A TEMPLATE is filled in once for each network; its fields are .ID .Name .Driver
.Scope .IPv4 .IPv6 .Internal .Attachable .Ingress .Labels .Label .CreatedAt
.Age .Subnets .Gateways .Running .Stopped .Project .Verdict

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
	flags.BoolVar(&options.demo, "demo", false, "List a built-in sample instead of the engine")
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

// listed gets the snapshot from where the options say.
func (s *session) listed(ctx context.Context, options *lsOptions) (*topology.Snapshot, error) {
	if options.demo {
		return sample.Shop()
	}
	return s.read(ctx, options.from)
}

// fits tells that no line is wider than the terminal, if there is one.
func (s *session) fits(text string) bool {
	_, width := s.Out().GetTtySize()
	if !s.Out().IsTerminal() || width == 0 {
		return true
	}
	for line := range strings.Lines(text) {
		if render.Width(strings.TrimRight(line, " \n")) > int(width) {
			return false
		}
	}
	return true
}

func runLs(ctx context.Context, cmd *cobra.Command, s *session, options lsOptions) error {
	if err := notEmpty(cmd, "from"); err != nil {
		return err
	}
	if err := notTogether(cmd, []string{"from", "demo"}); err != nil {
		return err
	}
	if err := checkRowFormat(cmd, options.format); err != nil {
		return err
	}
	filter, err := filterOf(cmd, &options.filter)
	if err != nil {
		return err
	}
	snapshot, err := s.listed(ctx, &options)
	if err != nil {
		return err
	}
	ix := topology.NewIndex(snapshot)
	s.warnOfGaps(snapshot)
	// The formatter writes a table cell by cell, each a system call.
	var drawn bytes.Buffer
	for _, format := range networkFormats(&options) {
		drawn.Reset()
		if err := writeNetworks(formatter.Context{Output: &drawn, Format: format, Trunc: !options.noTrunc},
			s.Out().IsTerminal(), ix, &filter); err != nil {
			return err
		}
		if s.fits(drawn.String()) {
			break
		}
	}
	_, err = s.Out().Write(drawn.Bytes())
	return err
}
