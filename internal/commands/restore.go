package commands

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/docker/cli/cli"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/journal"
	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

type restoreOptions struct {
	heal      bool
	forget    bool
	olderThan string
	dryRun    bool
	yes       bool
	format    string
}

func newRestoreCommand(s *session) *cobra.Command {
	var options restoreOptions
	cmd := &cobra.Command{
		SuggestFor: []string{"undo"},
		Use:        "restore [OPTIONS] [NETWORK|ENTRY...] | --heal [CONTAINER...]",
		Short:      "Bring removed networks back, with their containers",
		Long: `Bring networks back that netkit removed, and connect their containers again,
running and stopped, with their addresses and aliases. Without a name, list what
can be brought back from this engine.

What cannot be as it was is said: a container that is gone, an address or a
subnet that another has. On a terminal it is asked then whether to go on;
without one, --yes goes on. The rest is done all the same.

A network is named by its name, by its ID, or by its entry in the list. Where a
name has several entries, the newest is taken, and the older ones are named.

A running container gets the address that it had. Where the engine does not give
it the same by itself, it is asked for, and kept for the container from then on.
From Docker 25 on, a MAC that was chosen for a container cannot be given again,
and that one was chosen for a further network, the engine does not tell.

--heal mends containers that want a network which is gone, whoever removed it:
they are connected to the network that now has the name, or to one made anew
with what is still known. Without a container, all of them. It shows what it
would do, and asks; without a terminal it takes --yes.

--forget drops entries, by ID or name, or with --older-than by age. It does not
ask; --dry-run shows what would be dropped.

Status: 0 fine; 1 failed, in whole or in part; 2 refused, since nobody could be
asked, or a word means several entries; 125 wrong flags; 130 interrupted.`,
		Example: `  docker netkit restore
  docker netkit restore shop_back
  docker netkit restore --dry-run --format json shop_back
  docker netkit restore --heal --dry-run
  docker netkit restore --heal --yes web
  docker netkit restore --forget --older-than 30d`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkRestore(cmd, &options, args); err != nil {
				return err
			}
			r := &restore{session: s, cmd: cmd, options: options}
			return s.orJSON(r.json(), r.run(cmd.Context(), args))
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if options.heal {
				return s.completeHealable(cmd, args)
			}
			return s.completeEntries(cmd, args)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&options.heal, "heal", false, "Mend containers that want a network which is gone")
	flags.BoolVar(&options.forget, "forget", false, "Drop entries instead of restoring them")
	flags.StringVar(&options.olderThan, "older-than", "", "With --forget, drop those that are older (e.g. 30d, 12h)")
	flags.BoolVar(&options.dryRun, "dry-run", false, "Show what would be done, and do nothing")
	flags.BoolVarP(&options.yes, "yes", "y", false, "Do not ask; it stands for the answer yes")
	flags.StringVar(&options.format, "format", "table", `Write the plan and the result as "table" or "json"`)
	registerFlag(cmd, "format", cobra.FixedCompletions([]string{"table", "json"}, cobra.ShellCompDirectiveNoFileComp))
	registerFlag(cmd, "older-than", cobra.FixedCompletions([]string{"1d", "7d", "30d", "90d"}, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder))
	return cmd
}

func checkRestore(cmd *cobra.Command, options *restoreOptions, args []string) error {
	if err := oneFormat(cmd, options.format, "table", "json"); err != nil {
		return err
	}
	if err := notTogether(cmd, []string{"heal", "forget"}); err != nil {
		return err
	}
	if slices.Contains(args, "") {
		return badUsage(cmd, "an empty name names nothing")
	}
	switch {
	case options.olderThan != "" && !options.forget:
		return badUsage(cmd, "--older-than goes with --forget")
	case options.olderThan != "" && len(args) > 0:
		return badUsage(cmd, "--older-than chooses by age, and names choose by name; give one of both")
	case options.forget && options.olderThan == "" && len(args) == 0:
		return badUsage(cmd, "--forget needs an entry, or --older-than")
	}
	if _, err := parseAge(options.olderThan); err != nil {
		return badUsage(cmd, "%s", err)
	}
	return nil
}

// parseAge reads a duration, with days as docker's users know them from "until".
func parseAge(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	const day = 24 * time.Hour
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if count, err := time.ParseDuration(days + "h"); err == nil && count >= 0 && count <= math.MaxInt64/24 {
			return count * 24, nil
		}
	}
	if age, err := time.ParseDuration(text); err == nil && age >= 0 {
		return age, nil
	}
	return 0, fmt.Errorf("--older-than %s: want an age such as 30d or 12h (a day is %s)", quoteArg(text), day)
}

// restore is one run of the command.
type restore struct {
	*session
	cmd     *cobra.Command
	options restoreOptions
	engine  *engine.Engine
	of      removal.EngineRef
	journal *journal.Journal
	entries []removal.Entry
}

// restoreReport is what is written as JSON.
type restoreReport struct {
	Plans   []*removal.RestorePlan `json:"plans"`
	Refused bool                   `json:"refused"`
	Results []*removal.Restored    `json:"results,omitempty"`
	// Entries are those that a word means, where it means several.
	Entries []removal.Entry `json:"entries,omitempty"`
	// Error says why the rest was not done.
	Error string `json:"error,omitempty"`
}

func (r *restore) json() bool { return r.options.format == "json" }

func (r *restore) run(ctx context.Context, args []string) error {
	e, err := r.connect(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	r.engine = e
	if err := r.readJournal(ctx); err != nil {
		return err
	}
	switch {
	case r.options.forget:
		return r.forgetEntries(args)
	case r.options.heal:
		return r.healContainers(ctx, args)
	case len(args) == 0:
		return r.list()
	}
	return r.restoreEntries(ctx, args)
}

// readJournal reads the journal of this engine. What is damaged is said, and passed
// over.
func (r *restore) readJournal(ctx context.Context) (err error) {
	ctx, cancel := r.within(ctx)
	defer cancel()
	if r.of, err = identity(ctx, r.engine); err != nil {
		return err
	}
	r.journal = r.journalOf(r.of.Key)
	entries, damaged, err := r.journal.Entries()
	for _, d := range damaged {
		r.sayFolded(fmt.Sprintf("! an entry of the journal is damaged and passed over: %s: %s", quoteArg(d.Path), quoteArg(d.Err.Error())))
	}
	r.entries = entries
	return err
}

func (r *restore) restoreEntries(ctx context.Context, refs []string) error {
	entries, err := r.chosen(refs)
	if several, ok := errors.AsType[*severalEntriesError](err); ok {
		if r.json() {
			if err := r.writeJSON(restoreReport{Plans: []*removal.RestorePlan{}, Refused: true, Entries: several.entries}); err != nil {
				return err
			}
		}
		return refused(several.Error())
	}
	if err != nil {
		return err
	}
	whole := make([]*removal.Entry, len(entries))
	for i := range entries {
		whole[i] = removal.WithOlder(&entries[i], r.entries)
	}
	whole = removal.InOrder(whole)
	ix, err := r.lookAt(ctx, func(ix *topology.Index) []*topology.Container {
		return append(removal.Recorded(ix, whole), removal.Latecomers(ix, whole)...)
	})
	if err != nil {
		return err
	}
	jobs := make([]restoreJob, len(whole))
	for i, plan := range removal.PlanRestores(ix, whole) {
		replan := func(ix *topology.Index) *removal.RestorePlan { return removal.PlanRestore(ix, r.newest(whole[i])) }
		jobs[i] = restoreJob{plan: plan, replan: replan}
	}
	return r.carryOut(ctx, jobs, false)
}

// newest is an entry as it is now: bringing back a network that shared the name
// changes it.
func (r *restore) newest(entry *removal.Entry) *removal.Entry {
	entries, err := r.journal.Named(entry.Network.Name)
	if err != nil {
		return entry
	}
	for i := range entries {
		if entries[i].ID == entry.ID {
			return removal.WithOlder(&entries[i], entries)
		}
	}
	return entry
}

// restoreJob is a plan, and how to make it anew.
type restoreJob struct {
	plan   *removal.RestorePlan
	replan func(*topology.Index) *removal.RestorePlan
}

// lookAt reads the engine, with the settings of the containers that choose names.
func (r *restore) lookAt(ctx context.Context, choose func(*topology.Index) []*topology.Container) (*topology.Index, error) {
	ctx, cancel := r.within(ctx)
	defer cancel()
	defer r.showBusy("Reading networks and containers…")()
	s, err := r.engine.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if s, err = r.engine.WithSettings(ctx, s, choose(topology.NewIndex(s))); err != nil {
		return nil, err
	}
	return topology.NewIndex(s), nil
}

// carryOut shows the plans, asks where it must, and does them one after the
// other.
func (r *restore) carryOut(ctx context.Context, jobs []restoreJob, always bool) error {
	plans := make([]*removal.RestorePlan, len(jobs))
	doubtful := always
	for i := range jobs {
		plans[i] = jobs[i].plan
		doubtful = doubtful || doubtfulRestore(plans[i])
	}
	if r.options.dryRun {
		return r.showPlans(plans)
	}
	if doubtful && !r.options.yes {
		if err := r.ask(ctx, plans); err != nil {
			return err
		}
	}
	w := &removal.Worker{Engine: r.engine, Journal: r.journal, Of: r.of, Timeout: r.timeout, Command: "restore"}
	release := r.hold.take()
	defer release()
	results, err := r.restoreAll(ctx, w, jobs)
	failed := err != nil
	for _, result := range results {
		failed = failed || result.Failed() || result.ID == ""
		r.report(result)
	}
	if r.json() {
		report := restoreReport{Plans: plans, Results: results}
		if err != nil {
			report.Error = err.Error()
		}
		if err := r.writeJSON(report); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	if failed {
		return cli.StatusError{StatusCode: statusFailed}
	}
	return nil
}

// restoreAll carries out one plan after the other, until one cannot be begun. An
// engine may refuse to connect a container before the network that it was made
// with is there, which may be that of a later plan: so what failed is tried once
// more in the end.
func (r *restore) restoreAll(ctx context.Context, w *removal.Worker, jobs []restoreJob) (results []*removal.Restored, err error) {
	defer r.showBusy("Restoring…")()
	for _, job := range jobs {
		if ctx.Err() != nil {
			return results, ctx.Err()
		}
		result, err := w.Restore(ctx, job.plan, job.replan)
		if changed, ok := errors.AsType[*removal.ChangedError](err); ok {
			return results, fmt.Errorf("nothing was done for %s: %w; try again", quoteArg(job.plan.Network.Name), changed)
		}
		if err != nil {
			return results, err
		}
		results = append(results, result)
	}
	for i, job := range jobs {
		if len(jobs) > 1 && ctx.Err() == nil && results[i].Failed() {
			w.Retry(ctx, results[i], job.replan)
		}
	}
	return results, nil
}

// doubtfulRestore tells that something will not be as it was, so that it is to
// be asked for.
func doubtfulRestore(p *removal.RestorePlan) bool {
	moves := func(s removal.RestoreStep) bool { return s.Moves }
	return len(p.Lacks) > 0 || slices.ContainsFunc(p.Steps, moves)
}

func (r *restore) showPlans(plans []*removal.RestorePlan) error {
	if r.json() {
		return r.writeJSON(restoreReport{Plans: plans})
	}
	look := r.look()
	return render.RestorePlans(r.Out(), plans, &look)
}

func (r *restore) ask(ctx context.Context, plans []*removal.RestorePlan) error {
	look := r.lookOn(r.Err())
	if r.json() {
		if err := r.writeJSON(restoreReport{Plans: plans, Refused: true}); err != nil {
			return err
		}
		return refused("Refused: not all can be as it was; --yes goes on.")
	}
	if err := render.RestorePlans(r.Err(), plans, &look); err != nil {
		return err
	}
	if !r.mayAsk() {
		return refused("Refused: there is no terminal to ask on; --yes goes on.")
	}
	yes, err := r.confirm(ctx, "Go on?")
	if err != nil {
		return err
	}
	if !yes {
		return refused("Nothing was done.")
	}
	return nil
}

func (r *restore) report(result *removal.Restored) {
	if !r.json() && result.ID != "" {
		look := r.look()
		_, _ = fmt.Fprintln(r.Out(), render.RestoredSummary(result, &look))
	}
	look := r.lookOn(r.Err())
	r.say(render.RestoredLines(result, &look)...)
}
