package commands

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/docker/cli/cli"
	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/opts"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/picker"
	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

type pruneOptions struct {
	includeStopped bool
	dryRun         bool
	yes            bool
	format         string
	filter         opts.FilterOpt
	from           string
	demo           bool
}

func newPruneCommand(s *session) *cobra.Command {
	options := pruneOptions{filter: opts.NewFilterOpt()}
	cmd := &cobra.Command{
		Use:   "prune [OPTIONS]",
		Short: "Choose among the networks that nothing needs, and remove just those",
		Long: `Choose among the networks that nothing needs, and remove just those.

On a terminal, the networks are a list to tick: space ticks, a ticks all, /
searches, enter removes what is ticked, q leaves. With --yes, nothing is asked:
all that are offered are removed. --force is the same, since docker's own prune
calls it so. Without a terminal nobody can be asked, and it takes one of them.

"docker network prune" also removes networks that stopped containers need, and
those do not start again. Here they are left out, unless --include-stopped
offers them, with who would break.

The filters are those of "docker network prune", and the pruneFilters of
docker's configuration count here, too:
  until=24h             made before that; also a date, or seconds since 1970
  label=KEY[=VALUE]     has the label
  label!=KEY[=VALUE]    has it not

With --from or --demo, only the plan is shown.

Each network is looked at again right before it is removed. One that came into
use meanwhile is passed over. "docker netkit restore" brings networks back.

Status: 0 fine; 1 failed; 2 refused, since nobody could be asked or nothing was
chosen; 125 wrong flags; 130 interrupted.`,
		Example: `  docker netkit prune
  docker netkit prune --dry-run --filter until=24h
  docker netkit prune --yes --filter label!=keep
  docker netkit prune --include-stopped --dry-run`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneFormat(cmd, options.format, "table", "json"); err != nil {
				return err
			}
			if err := checkSaved(cmd); err != nil {
				return err
			}
			p := &prune{session: s, cmd: cmd, options: options}
			return s.orJSON(p.json(), p.run(cmd.Context()))
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	flags := cmd.Flags()
	flags.BoolVar(&options.includeStopped, "include-stopped", false, "Offer networks, too, that only stopped containers need; those break")
	flags.BoolVar(&options.dryRun, "dry-run", false, "Show what would be removed, and remove nothing")
	flags.BoolVarP(&options.yes, "yes", "y", false, "Remove all that are offered, and do not ask")
	flags.StringVar(&options.format, "format", "table", `Write the plan and the result as "table" or "json"`)
	flags.BoolVarP(&options.yes, "force", "f", false, "The same as --yes, as docker's own prune calls it")
	flags.Var(&options.filter, "filter", `Choose networks (e.g. "until=24h", "label!=keep")`)
	savedFlags(cmd, &options.from, &options.demo)
	registerFlag(cmd, "format", cobra.FixedCompletions([]string{"table", "json"}, cobra.ShellCompDirectiveNoFileComp))
	registerFlag(cmd, "filter", cobra.FixedCompletions([]string{"until=", "label=", "label!="}, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveNoSpace))
	return cmd
}

// prune is one run of the command.
type prune struct {
	*session
	cmd     *cobra.Command
	options pruneOptions
	engine  *engine.Engine
}

// pruneReport is what is written as JSON.
type pruneReport struct {
	Plan    *removal.PrunePlan `json:"plan"`
	Refused bool               `json:"refused"`
	Result  *removal.Pruned    `json:"result,omitempty"`
	// Error says why the rest was not done.
	Error string `json:"error,omitempty"`
}

func (p *prune) json() bool { return p.options.format == "json" }

func (p *prune) run(ctx context.Context) error {
	if p.options.demo || p.options.from != "" {
		return p.planSaved()
	}
	e, err := p.connect(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	p.engine = e
	filter, err := p.filter(e.Now())
	if err != nil {
		return err
	}
	plan, err := p.plan(ctx, &filter)
	if err != nil {
		return err
	}
	offered := plan.Unneeded
	if p.options.includeStopped {
		offered = append(offered[:len(offered):len(offered)], plan.StoppedOnly...)
	}
	ask := p.mayAsk() && p.Out().IsTerminal() && !p.json()
	if p.options.dryRun || !ask {
		if err := p.show(plan, e.Now()); err != nil {
			return err
		}
	}
	switch {
	case p.options.dryRun, len(offered) == 0 && !ask:
		if !p.options.dryRun {
			p.sayNothing(plan)
		}
		return nil
	case p.options.yes:
	case !ask:
		return p.refuse(plan, len(offered))
	default:
		if offered, err = p.choose(ctx, plan, offered); err != nil {
			return err
		}
	}
	return p.apply(ctx, plan, offered)
}

// planSaved shows the plan for a snapshot.
func (p *prune) planSaved() error {
	snapshot, err := sampleOrSaved(p.session, p.options.from)
	if err != nil {
		return err
	}
	filter, err := p.filter(snapshot.TakenAt)
	if err != nil {
		return err
	}
	plan := removal.PlanPrune(topology.NewIndex(snapshot), filter.Match)
	p.options.dryRun = true
	return p.show(plan, snapshot.TakenAt)
}

// filter reads --filter, with the filters of docker's configuration.
func (p *prune) filter(now time.Time) (topology.PruneFilter, error) {
	values := map[string][]string{}
	for key, set := range command.PruneFilters(p.Cli, p.options.filter.Value()) {
		for value := range set {
			values[key] = append(values[key], value)
		}
	}
	filter, err := topology.ParsePruneFilter(values, now)
	if err != nil {
		return filter, badUsage(p.cmd, "%s", err)
	}
	return filter, nil
}

func (p *prune) plan(ctx context.Context, filter *topology.PruneFilter) (*removal.PrunePlan, error) {
	ctx, cancel := p.within(ctx)
	defer cancel()
	defer p.showBusy("Looking for networks that nothing needs…")()
	return removal.LookForPrune(ctx, p.engine, filter.Match)
}

// show writes the three groups: to standard output where they are the result,
// else beside it.
func (p *prune) show(plan *removal.PrunePlan, now time.Time) error {
	switch {
	case p.json() && p.options.dryRun:
		return p.writeJSON(pruneReport{Plan: plan})
	case p.json():
		return nil
	case p.options.dryRun:
		look := p.look()
		return render.PruneGroups(p.Out(), plan, now, &look)
	}
	look := p.lookOn(p.Err())
	return render.PruneGroups(p.Err(), plan, now, &look)
}

func (p *prune) sayNothing(plan *removal.PrunePlan) {
	if p.json() {
		_ = p.writeJSON(pruneReport{Plan: plan})
		return
	}
	p.say("Nothing to remove.")
}

// refuse says that nobody can be asked, and which command would go on.
func (p *prune) refuse(plan *removal.PrunePlan, count int) error {
	if p.json() {
		if err := p.writeJSON(pruneReport{Plan: plan, Refused: true}); err != nil {
			return err
		}
	}
	what := "remove the network that nothing needs"
	if count > 1 {
		what = fmt.Sprintf("remove those %d", count)
	}
	look := p.lookOn(p.Err())
	why := "Refused: there is no terminal to choose on"
	command, ok := p.yesCommand(look.Docker)
	if !ok {
		lines := look.Fold(why + "; the same command with --yes would " + what + ".")
		return refused(strings.Join(lines, "\n"))
	}
	lines := look.Fold(why + ".")
	return refused(strings.Join(append(lines, render.AdviceLines([]render.Advice{{Command: command, Meaning: what}}, &look)...), "\n"))
}

// yesCommand is this very command with --yes. It is not ok where a part of it
// cannot be pasted: without a filter, it would remove what was not offered.
func (p *prune) yesCommand(docker string) (command string, ok bool) {
	words := []string{docker, "netkit", "prune"}
	if p.options.includeStopped {
		words = append(words, "--include-stopped")
	}
	filters := p.options.filter.Value()
	for _, key := range slices.Sorted(maps.Keys(filters)) {
		for _, value := range slices.Sorted(maps.Keys(filters[key])) {
			word, ok := render.ShellWord(key + "=" + value)
			if !ok {
				return "", false
			}
			words = append(words, "--filter", word)
		}
	}
	return strings.Join(append(words, "--yes"), " "), docker != ""
}

// choose shows the list to tick.
func (p *prune) choose(ctx context.Context, plan *removal.PrunePlan, offered []removal.NetworkPlan) ([]removal.NetworkPlan, error) {
	look := p.lookOn(p.Err())
	if len(offered) == 0 {
		if err := render.PruneGroups(p.Err(), plan, p.engine.Now(), &look); err != nil {
			return nil, err
		}
		p.say("Nothing to remove.")
		return nil, nil
	}
	if err := p.showLeftOut(plan, &look); err != nil {
		return nil, err
	}
	items := make([]picker.Item, len(offered))
	for i := range offered {
		items[i] = pickerItem(&offered[i], p.engine.Now(), &look)
	}
	chosen, ok, err := picker.Pick(ctx, p.In(), p.Out(), picker.Look{ASCII: look.ASCII, Colour: look.Colour}, picker.Texts{
		Titles: p.titles(plan), Columns: []string{"NETWORK", "AGE", "SUBNET", "PROJECT"}, Action: removeCount, Empty: "no network matches",
	}, items)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, refused("Nothing was removed.")
	}
	picked := make([]removal.NetworkPlan, len(chosen))
	for i, at := range chosen {
		picked[i] = offered[at]
	}
	return picked, nil
}

// showLeftOut writes the groups that the list does not offer. They stand where
// the list was, once that is left.
func (p *prune) showLeftOut(plan *removal.PrunePlan, look *render.Look) error {
	left := *plan
	left.Unneeded = nil
	if p.options.includeStopped {
		left.StoppedOnly = nil
	}
	if len(left.StoppedOnly)+len(left.Kept) == 0 {
		return nil
	}
	return render.PruneGroups(p.Err(), &left, p.engine.Now(), look)
}

// titles say what is in the list and what is not, the longest first.
func (p *prune) titles(plan *removal.PrunePlan) []string {
	const short = "Networks that nothing needs"
	stopped, kept := len(plan.StoppedOnly), len(plan.Kept)
	notUp := render.NotUp(plan.StoppedOnly)
	switch {
	case stopped == 0:
		return []string{fmt.Sprintf("%s; %d more are kept", short, kept), short}
	case p.options.includeStopped:
		return []string{fmt.Sprintf("Networks that nothing, or only %s containers, need", notUp), "Networks that nothing running needs"}
	}
	return []string{
		fmt.Sprintf("%s; %d more are kept, and %d that only %s containers need", short, kept, stopped, notUp),
		fmt.Sprintf("%s; kept are %d, and %d for %s containers", short, kept, stopped, notUp),
		fmt.Sprintf("%s; %d more are kept", short, kept+stopped),
		short,
	}
}

func removeCount(chosen int) string {
	if chosen == 1 {
		return "remove 1 network"
	}
	return fmt.Sprintf("remove %d networks", chosen)
}

func pickerItem(t *removal.NetworkPlan, now time.Time, look *render.Look) picker.Item {
	item := picker.Item{
		Name: render.Printable(t.Network.Name), Facts: render.NetworkFacts(&t.Network, now, look),
		Detail: []string{"Nothing depends on it. It can be brought back with docker netkit restore."},
	}
	if effects := render.EffectLines(t, look); len(effects) > 0 {
		item.Warning = len(t.Effects) > 0
		item.Detail = effects
	}
	return item
}

func (p *prune) apply(ctx context.Context, plan *removal.PrunePlan, chosen []removal.NetworkPlan) error {
	if len(chosen) == 0 {
		return nil
	}
	w, err := p.worker(ctx, p.engine, "prune")
	if err != nil {
		return err
	}
	w.Of.Product, w.Of.Version = plan.Engine.Product, plan.Engine.Version
	release := p.hold.take()
	defer release()
	done := p.showBusy(fmt.Sprintf("Removing %d networks…", len(chosen)))
	result, err := w.Prune(ctx, chosen)
	done()
	if reportErr := p.report(plan, result, err); err == nil {
		err = reportErr
	}
	return err
}

func (p *prune) report(plan *removal.PrunePlan, result *removal.Pruned, failure error) error {
	if p.json() {
		report := pruneReport{Plan: plan, Result: result}
		if failure != nil {
			report.Error = failure.Error()
		}
		if err := p.writeJSON(report); err != nil {
			return err
		}
	} else {
		p.deleted(result)
	}
	look := p.lookOn(p.Err())
	p.say(render.PassedLines(result.Passed, &look)...)
	p.say(render.OutcomeLines(&result.Result, &look)...)
	if result.Failed() {
		return cli.StatusError{StatusCode: statusFailed}
	}
	return nil
}

// deleted ends as the native prune does.
func (p *prune) deleted(result *removal.Pruned) {
	var names []string
	for i := range result.Outcomes {
		if out := &result.Outcomes[i]; out.State == removal.Removed {
			names = append(names, p.name(out.Network.Name))
		}
	}
	if len(names) > 0 {
		_, _ = fmt.Fprintf(p.Out(), "Deleted Networks:\n%s\n\n", strings.Join(names, "\n"))
	}
}
