package commands

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/docker/cli/cli"
	"github.com/docker/cli/cli/command/formatter"
	flagsHelper "github.com/docker/cli/cli/flags"
	"github.com/docker/cli/opts"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/removal"
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
  in use           a running container is on it, or another network builds on it
  stopped only     only containers that do not run want it; without it they do
                   not start
  restarting only  the same, and each of them crashes and is started again
  unused           nothing refers to it
  predefined       made and kept by the engine
  unknown          nothing running here is on it; what may need it was not read

RUNNING, STOPPED and RESTARTING count containers that share another's network,
too. RESTARTING is there if any container restarts again and again. A terminal
that is too narrow for all columns gets the most important ones, and long names
are cut, unless with --no-trunc.

Below the list it says which containers want a network that is gone, and what
mends them.

The keys of --filter are container, dangling, driver, id, label, name, project,
scope and type. dangling=true means the verdict unused, so it leaves out what
stopped containers need; that of "docker network ls" does not.

A TEMPLATE is filled in once for each network; its fields are .ID .Name .Driver
.Scope .IPv4 .IPv6 .Internal .Attachable .Ingress .Labels .Label .CreatedAt
.Age .Subnets .Gateways .Running .Stopped .Restarting .Project .Verdict

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

// excess is by how much the widest line is wider than the terminal, if there is
// one.
func (s *session) excess(text string) int {
	_, width := s.Out().GetTtySize()
	if !s.Out().IsTerminal() || width == 0 {
		return 0
	}
	widest := 0
	for line := range strings.Lines(text) {
		widest = max(widest, render.Width(strings.TrimRight(line, " \n")))
	}
	return widest - int(width)
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
	drawn, err := s.drawNetworks(ix, &options, &filter)
	if err != nil {
		return err
	}
	if _, err = s.Out().Write(drawn); err != nil {
		return err
	}
	if isTable(&options) && !options.quiet && filter.IsZero() {
		s.sayUnstartable(ix, options.demo || options.from != "")
	}
	return nil
}

// drawNetworks writes the widest table that fits the terminal. Long names are cut
// where that makes room, so that the verdict is always seen.
func (s *session) drawNetworks(ix *topology.Index, options *lsOptions, filter *topology.Filter) ([]byte, error) {
	// The formatter writes a table cell by cell, each a system call.
	var drawn bytes.Buffer
	write := func(format formatter.Format, nameWidth int) error {
		drawn.Reset()
		how := rowStyle{table: format.IsTable(), trunc: !options.noTrunc, toTerminal: s.Out().IsTerminal(), nameWidth: nameWidth}
		return writeNetworks(formatter.Context{Output: &drawn, Format: format, Trunc: how.trunc}, how, ix, filter)
	}
	formats := networkFormats(options, slices.ContainsFunc(ix.Containers, isRestarting))
	for i, format := range formats {
		if err := write(format, render.NameWidth); err != nil {
			return nil, err
		}
		excess := s.excess(drawn.String())
		if excess <= 0 || !isTable(options) || options.quiet || options.noTrunc {
			break
		}
		// A table with less in it is better than names that say little, unless
		// there is no other.
		least := 30
		if i == len(formats)-1 {
			least = len("NAME")
		}
		if width := longestName(ix, filter) - excess; width >= least {
			if err := write(format, width); err != nil {
				return nil, err
			}
			break
		}
	}
	return drawn.Bytes(), nil
}

func longestName(ix *topology.Index, filter *topology.Filter) int {
	longest := 0
	for i := range ix.Networks {
		if n := &ix.Networks[i]; !n.Implied && filter.Match(ix, n) {
			longest = max(longest, render.Width(render.Printable(n.Name)))
		}
	}
	return min(longest, render.NameWidth)
}

// sayUnstartable says beside the list, which has only networks that there are, who
// wants one that is gone.
func (s *session) sayUnstartable(ix *topology.Index, offline bool) {
	lost := removal.Healable(ix)
	if len(lost) == 0 || ix.Partial {
		return
	}
	look := s.lookOn(s.Err())
	look.Offline = offline
	text, command := render.Unstartable(ix, lost, &look)
	s.say(look.Fold(text)...)
	if command != "" {
		s.say("  " + command)
	}
}
