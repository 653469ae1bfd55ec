package commands

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/docker/cli/cli"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/buildinfo"
	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

type doctorOptions struct {
	check, skip  []string
	list         bool
	severity     string
	failOn       string
	unusedAge    string
	format       string
	fix          bool
	dryRun       bool
	yes          bool
	verbose      bool
	noTrunc      bool
	from         string
	demo         bool
	least, fails checks.Severity
	age          time.Duration
}

// The formats of doctor, beside table and JSON.
const (
	formatTable = "table"
	formatShort = "short"
	formatSARIF = "sarif"
	formatJUnit = "junit"
)

func newDoctorCommand(s *session) *cobra.Command {
	var options doctorOptions
	cmd := &cobra.Command{
		Use:        "doctor [OPTIONS] [NETWORK|CONTAINER...]",
		SuggestFor: []string{"check", "lint", "diagnose", "health"},
		Short:      "Say what is wrong with the networks, or about to go wrong",
		Long: `Look for what is wrong with an engine's networks, or about to go wrong:
containers that will not start, ports that are open to all, subnets that run out
or overlap a VPN's, and more. Each finding has what mends it, and what follows
from it below. Nothing is changed, unless with --fix.

  error    something does not work, or will not start again
  warning  it works now, and is about to fail, or is open to whom it should not
  hint     nothing is wrong, and yet good to know; --severity hint shows it

With names, only what is about those networks and containers is shown. A check
that could not look says so: that is neither fine nor a finding. What belongs to
the engine's host, as its routes, is read only if the engine is on this machine.

--check and --skip take the ID of a check or a pattern ("published-*"), and can
be repeated; --list lists all checks. Each has a page in docs/checks.

--fix offers to mend what netkit can mend safely, one after the other:
containers that want a network which is gone, and endpoints that nobody has. It
shows what it would do, and asks; without a terminal it takes --yes.

Status: 0 nothing found at or above --fail-on; 1 failed;
2 something found; 125 wrong flags; 130 interrupted.`,
		Example: `  docker netkit doctor
  docker netkit doctor --severity hint --verbose
  docker netkit doctor shop_back db
  docker netkit doctor --check 'published-*' --fail-on warning
  docker netkit doctor --fix
  docker netkit doctor --format sarif > doctor.sarif`,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := newDoctor(s, cmd, options, args)
			if err != nil {
				return err
			}
			return s.orJSON(d.options.format == formatJSON, d.run(cmd.Context()))
		},
		ValidArgsFunction: s.completeTargets,
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&options.check, "check", nil, "Run these checks only (ID or pattern); can be repeated")
	flags.StringSliceVar(&options.skip, "skip", nil, "Leave these checks out (ID or pattern); can be repeated")
	flags.BoolVar(&options.list, "list", false, "List the checks, and look at nothing")
	flags.StringVar(&options.severity, "severity", checks.Warning.String(), `Show findings of this severity and worse: "hint", "warning" or "error"`)
	flags.StringVar(&options.failOn, "fail-on", checks.Error.String(), `End with status 2 on findings of this severity or worse: "hint", "warning", "error" or "never"`)
	flags.StringVar(&options.unusedAge, "unused-age", "30d", "How old a network that nothing needs may be (e.g. 30d, 12h)")
	flags.StringVar(&options.format, "format", formatTable, `Write "table", "short", "json", "sarif" or "junit"`)
	flags.BoolVar(&options.fix, "fix", false, "Offer to mend what can be mended safely")
	flags.BoolVar(&options.dryRun, "dry-run", false, "With --fix, show what would be done, and do nothing")
	flags.BoolVarP(&options.yes, "yes", "y", false, "With --fix, do not ask; it stands for the answer yes")
	flags.BoolVarP(&options.verbose, "verbose", "v", false, "Say why each finding matters, and how to see that it is mended")
	flags.BoolVar(&options.noTrunc, "no-trunc", false, "Do not cut names")
	flags.StringVar(&options.from, "from", "", `Look at a snapshot saved by "graph --format json" ("-": standard input)`)
	flags.BoolVar(&options.demo, "demo", false, "Look at a built-in sample instead of the engine")
	registerFlag(cmd, "check", completeChecks)
	registerFlag(cmd, "skip", completeChecks)
	registerFlag(cmd, "severity", cobra.FixedCompletions(checks.Severities(), cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder))
	registerFlag(cmd, "fail-on", cobra.FixedCompletions(append(checks.Severities(), never), cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder))
	registerFlag(cmd, "format", cobra.FixedCompletions([]string{formatTable, formatShort, formatJSON, formatSARIF, formatJUnit}, cobra.ShellCompDirectiveNoFileComp))
	registerFlag(cmd, "unused-age", cobra.FixedCompletions([]string{"7d", "30d", "90d"}, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder))
	registerFlag(cmd, "from", jsonFiles)
	return cmd
}

// never is the word for no severity at all.
const never = "never"

func completeChecks(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var words []string
	for _, check := range checks.All() {
		words = append(words, cobra.CompletionWithDesc(check.ID, check.Title))
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// doctor is one run of the command.
type doctor struct {
	*session
	cmd     *cobra.Command
	options doctorOptions
	checks  []*checks.Check
	targets []string
}

func newDoctor(s *session, cmd *cobra.Command, options doctorOptions, args []string) (*doctor, error) {
	d := &doctor{session: s, cmd: cmd, options: options, targets: args}
	o := &d.options
	if err := notTogether(cmd, []string{"from", "demo", "fix"}, []string{"list", "fix"}); err != nil {
		return nil, err
	}
	if err := notEmpty(cmd, "from"); err != nil {
		return nil, err
	}
	if err := oneFormat(cmd, o.format, formatTable, formatShort, formatJSON, formatSARIF, formatJUnit); err != nil {
		return nil, err
	}
	switch {
	case (o.dryRun || o.yes) && !o.fix:
		return nil, badUsage(cmd, "--dry-run and --yes go with --fix")
	case o.fix && o.format != formatTable:
		return nil, badUsage(cmd, "--fix goes with --format table only")
	case slices.Contains(args, ""):
		return nil, badUsage(cmd, "an empty name names nothing")
	}
	var ok bool
	if o.least, ok = checks.ParseSeverity(o.severity); !ok {
		return nil, badUsage(cmd, "unknown --severity %s; there is %s", quoteArg(o.severity), alternatives(checks.Severities()))
	}
	if o.fails, ok = checks.ParseSeverity(o.failOn); !ok && o.failOn != never {
		return nil, badUsage(cmd, "unknown --fail-on %s; there is %s", quoteArg(o.failOn), alternatives(append(checks.Severities(), never)))
	}
	var err error
	if o.age, err = parseAge(o.unusedAge); err != nil {
		return nil, badUsage(cmd, "--unused-age %s: want an age such as 30d or 12h", quoteArg(o.unusedAge))
	}
	d.checks, err = chosenChecks(cmd, o.check, o.skip)
	return d, err
}

// chosenChecks are the checks that the patterns choose.
func chosenChecks(cmd *cobra.Command, only, skip []string) ([]*checks.Check, error) {
	match := func(patterns []string) (map[string]bool, error) {
		found := map[string]bool{}
		for _, pattern := range patterns {
			count := len(found)
			for _, check := range checks.All() {
				ok, err := path.Match(pattern, check.ID)
				if err != nil {
					return nil, badUsage(cmd, "%s is no pattern: %s", quoteArg(pattern), err)
				}
				if ok {
					found[check.ID] = true
				}
			}
			if len(found) == count {
				return nil, unknownCheck(cmd, pattern)
			}
		}
		return found, nil
	}
	wanted, err := match(only)
	if err != nil {
		return nil, err
	}
	unwanted, err := match(skip)
	if err != nil {
		return nil, err
	}
	var chosen []*checks.Check
	for _, check := range checks.All() {
		if (len(only) == 0 || wanted[check.ID]) && !unwanted[check.ID] {
			chosen = append(chosen, check)
		}
	}
	if len(chosen) == 0 {
		return nil, badUsage(cmd, "no check is left")
	}
	return chosen, nil
}

func unknownCheck(cmd *cobra.Command, pattern string) error {
	var ids []string
	for _, check := range checks.All() {
		ids = append(ids, check.ID)
	}
	if near := nearest(ids, []string{pattern}); len(near) > 0 {
		return badUsage(cmd, "no check %s; did you mean %s?", quoteArg(pattern), alternatives(near))
	}
	return badUsage(cmd, "no check %s, or it was named already; \"docker netkit doctor --list\" lists them", quoteArg(pattern))
}

func (d *doctor) run(ctx context.Context) error {
	if d.options.list {
		return d.listChecks()
	}
	ix, report, err := d.examine(ctx)
	if err != nil {
		return err
	}
	if err := d.write(ix, report); err != nil {
		return err
	}
	if d.options.fix {
		if report, err = d.mend(ctx, ix, report); err != nil {
			return err
		}
	}
	if worst := report.Worst(); d.options.fails != 0 && worst >= d.options.fails {
		return cli.StatusError{StatusCode: statusRefused}
	}
	return nil
}

func (d *doctor) listChecks() error {
	if d.options.format == formatJSON {
		type item struct {
			ID       string          `json:"id"`
			Title    string          `json:"title"`
			Severity checks.Severity `json:"severity"`
			Why      string          `json:"why"`
			Mend     string          `json:"mend"`
		}
		items := make([]item, len(d.checks))
		for i, check := range d.checks {
			items[i] = item{check.ID, check.Title, check.Severity, strings.Join(strings.Fields(check.Why), " "), strings.Join(strings.Fields(check.Mend), " ")}
		}
		return d.writeJSON(items)
	}
	width := 0
	for _, check := range d.checks {
		width = max(width, len(check.ID))
	}
	look := d.look()
	for _, check := range d.checks {
		line := fmt.Sprintf("%-*s  %-7s  %s", width, check.ID, check.Severity, check.Title)
		if look.Width > 0 {
			line = render.Cut(line, look.Width)
		}
		if _, err := fmt.Fprintln(d.Out(), line); err != nil {
			return err
		}
	}
	return nil
}

// examine reads what the checks need, and runs them.
func (d *doctor) examine(ctx context.Context) (*topology.Index, *checks.Report, error) {
	facts, err := d.facts(ctx)
	if err != nil {
		return nil, nil, err
	}
	report := checks.Run(facts, d.checks)
	if len(d.targets) > 0 {
		refs, err := doctorTargets(facts.Index, d.targets)
		if err != nil {
			return nil, nil, err
		}
		report.Only(func(f *checks.Finding) bool {
			return slices.ContainsFunc(refs, func(ref checks.Ref) bool { return f.Touches(ref.Kind, ref.ID) })
		})
	}
	return facts.Index, report, nil
}

// doctorTargets are the objects that words name.
func doctorTargets(ix *topology.Index, words []string) ([]checks.Ref, error) {
	var refs []checks.Ref
	var unknown []string
	for _, word := range words {
		count := len(refs)
		for _, n := range ix.FindNetworks(word) {
			refs = append(refs, checks.Ref{Kind: checks.KindNetwork, ID: n.ID, Name: n.Name})
		}
		for _, c := range ix.FindContainers(word) {
			refs = append(refs, checks.Ref{Kind: checks.KindContainer, ID: c.ID, Name: c.Name})
		}
		if len(refs) == count {
			unknown = append(unknown, word)
		}
	}
	if len(unknown) > 0 {
		return nil, unknownTargets(ix, unknown)
	}
	return refs, nil
}

func (d *doctor) write(ix *topology.Index, report *checks.Report) error {
	look := d.look()
	look.NoTrunc = d.options.noTrunc
	look.Offline = d.options.demo || d.options.from != ""
	var drawn bytes.Buffer
	switch d.options.format {
	case formatJSON:
		return d.writeJSON(render.DoctorReport(ix, report, &look))
	case formatSARIF:
		text, err := json.MarshalIndent(render.DoctorSARIF(ix, report, buildinfo.Version(), &look), "", "  ")
		if err != nil {
			return fmt.Errorf("cannot write the report as SARIF: %w", err)
		}
		drawn.Write(append(render.ASCIIControls(text), '\n'))
	case formatJUnit:
		fails := d.options.fails
		if fails == 0 {
			fails = checks.Error + 1
		}
		text, err := render.DoctorJUnit(ix, report, fails, &look)
		if err != nil {
			return fmt.Errorf("cannot write the report as XML: %w", err)
		}
		drawn.Write(text)
	case formatShort:
		writeLines(&drawn, render.DoctorShort(ix, report, d.options.least, &look))
	default:
		writeLines(&drawn, render.Doctor(ix, report, d.options.least, d.options.verbose, &look))
	}
	_, err := d.Out().Write(drawn.Bytes())
	return err
}

func writeLines(w io.Writer, lines []string) {
	for _, line := range lines {
		_, _ = fmt.Fprintln(w, line) // into memory
	}
}

// errPartial tells that a snapshot does not hold the whole engine.
var errPartial = errors.New(`the snapshot is a selection, so that what it lacks may exist all the same; save a whole one: docker netkit graph --format json`)
