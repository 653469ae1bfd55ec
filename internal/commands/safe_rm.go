package commands

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/docker/cli/cli"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/sample"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

type safeRmOptions struct {
	disconnect   bool
	acceptBroken bool
	dryRun       bool
	yes          bool
	format       string
	from         string
	demo         bool
}

func newSafeRmCommand(s *session) *cobra.Command {
	var options safeRmOptions
	cmd := &cobra.Command{
		Use:        "safe-rm [OPTIONS] NETWORK [NETWORK...]",
		SuggestFor: []string{"rm", "remove", "delete"},
		Short:      "Remove networks without breaking any container",
		Long: `Remove networks, if nothing depends on them. Where something does, say what each
container would suffer, and remove nothing.

"docker network rm" counts running containers only. It removes a network that
stopped containers need, and those do not start again.

With --disconnect, running and stopped containers are taken off the networks
first, so that each still starts, with what other networks it has. Endpoints
that no container has are cleared. Some containers do not start again even so:
Docker 26 and newer look up the network that a container was made with. Those
take --accept-broken, too. No container is ever stopped or deleted.

Where nothing depends on the networks, nothing is asked. Before containers are
taken off, it is asked on a terminal; elsewhere --yes is the answer. --yes alone
lifts nothing that --disconnect and --accept-broken are for.

The engine is looked at again right before anything is done; if anything in the
plan has changed by then, nothing is done. What was removed can be brought back
with "docker netkit restore", with its containers.

Networks are named by name, ID, or the beginning of an ID. With --from or
--demo, only the plan is shown.

Status: 0 removed; 1 failed, or changed meanwhile; 2 refused, since something
depends on the networks; 125 wrong flags; 130 interrupted.`,
		Example: `  docker netkit safe-rm old_net
  docker netkit safe-rm --dry-run --disconnect shop_back
  docker netkit safe-rm --disconnect --yes shop_back shop_front`,
		Args: cli.RequiresMinArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneFormat(cmd, options.format, "table", "json"); err != nil {
				return err
			}
			if err := checkSaved(cmd); err != nil {
				return err
			}
			r := &safeRm{session: s, cmd: cmd, options: options, refs: args}
			return s.orJSON(r.json(), r.run(cmd.Context()))
		},
		ValidArgsFunction: s.completeNetworks,
	}
	flags := cmd.Flags()
	flags.BoolVar(&options.disconnect, "disconnect", false, "Take containers off the networks first, running and stopped")
	flags.BoolVar(&options.acceptBroken, "accept-broken", false, "Go on although some containers will not start again")
	flags.BoolVar(&options.dryRun, "dry-run", false, "Show what would be done, and do nothing")
	flags.BoolVarP(&options.yes, "yes", "y", false, "Do not ask; it stands for the answer yes")
	flags.StringVar(&options.format, "format", "table", `Write the plan and the result as "table" or "json"`)
	savedFlags(cmd, &options.from, &options.demo)
	registerFlag(cmd, "format", cobra.FixedCompletions([]string{"table", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// savedFlags let a command plan for a snapshot instead of an engine.
func savedFlags(cmd *cobra.Command, from *string, demo *bool) {
	cmd.Flags().StringVar(from, "from", "", `Plan for a snapshot saved by "graph --format json" ("-": standard input)`)
	cmd.Flags().BoolVar(demo, "demo", false, "Plan for a built-in sample")
	registerFlag(cmd, "from", jsonFiles)
}

// checkSaved refuses flags of which one says what the other denies.
func checkSaved(cmd *cobra.Command) error {
	if err := notEmpty(cmd, "from"); err != nil {
		return err
	}
	if err := notTogether(cmd, []string{"from", "demo"}); err != nil {
		return err
	}
	for _, saved := range []string{"from", "demo"} {
		for _, answer := range []string{"yes", "force"} {
			if cmd.Flags().Changed(saved) && cmd.Flags().Changed(answer) {
				return badUsage(cmd, "--%s only shows a plan, so that --%s has no meaning with it", saved, answer)
			}
		}
	}
	return nil
}

// oneFormat refuses a format that the command does not have.
func oneFormat(cmd *cobra.Command, value string, values ...string) error {
	for _, known := range values {
		if value == known {
			return nil
		}
	}
	return badUsage(cmd, "unknown --format %s; there is %s", quoteArg(value), alternatives(values))
}

// safeRm is one run of the command.
type safeRm struct {
	*session
	cmd     *cobra.Command
	options safeRmOptions
	refs    []string
	engine  *engine.Engine
	index   *topology.Index // of what was looked at last
}

// safeRmReport is what is written as JSON.
type safeRmReport struct {
	Plan *removal.Plan `json:"plan"`
	// Refused tells that something stands against the plan that was not allowed.
	Refused bool            `json:"refused"`
	Result  *removal.Result `json:"result,omitempty"`
	// Error says why nothing was done.
	Error string `json:"error,omitempty"`
}

func (r *safeRm) run(ctx context.Context) error {
	if r.options.demo || r.options.from != "" {
		return r.planSaved()
	}
	e, err := r.connect(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	r.engine = e
	plan, err := r.plan(ctx)
	if err != nil {
		return err
	}
	p := plan(removal.Options{Disconnect: r.options.disconnect, AcceptBroken: r.options.acceptBroken})
	if r.options.dryRun {
		return r.showOnly(p)
	}
	if !p.Free() {
		if p, err = r.agreed(ctx, r.offered(p, plan)); err != nil || p == nil {
			return err
		}
	}
	return r.apply(ctx, p)
}

// planSaved shows the plan for a snapshot.
func (r *safeRm) planSaved() error {
	snapshot, err := sampleOrSaved(r.session, r.options.from)
	if err != nil {
		return err
	}
	ix := topology.NewIndex(snapshot)
	networks, err := chosenNetworks(ix, r.refs)
	if err != nil {
		return err
	}
	r.index = ix
	return r.showOnly(removal.Make(ix, networks, removal.Options{Disconnect: r.options.disconnect, AcceptBroken: r.options.acceptBroken}))
}

// sampleOrSaved reads the snapshot of a file, or else the sample.
func sampleOrSaved(s *session, from string) (*topology.Snapshot, error) {
	if from == "" {
		return sample.Shop()
	}
	return s.saved(from)
}

// connect opens the engine within the timeout.
func (s *session) connect(ctx context.Context) (*engine.Engine, error) {
	ctx, cancel := s.within(ctx)
	defer cancel()
	return s.open(ctx)
}

// plan looks at the engine, and gives what plans with these options or others.
func (r *safeRm) plan(ctx context.Context) (func(removal.Options) *removal.Plan, error) {
	ctx, cancel := r.within(ctx)
	defer cancel()
	defer r.showBusy("Looking at who depends on it…")()
	ix, networks, err := removal.Look(ctx, r.engine, func(ix *topology.Index) ([]*topology.Network, error) {
		return chosenNetworks(ix, r.refs)
	})
	if err != nil {
		return nil, err
	}
	r.index = ix
	return func(options removal.Options) *removal.Plan { return removal.Make(ix, networks, options) }, nil
}

// asks tells that the user is asked.
func (r *safeRm) asks() bool { return r.mayAsk() && !r.json() && !r.options.yes }

// offered is the plan that is shown and asked for: where nothing but detaching is
// missing, and there is somebody to ask, that which detaches.
func (r *safeRm) offered(p *removal.Plan, plan func(removal.Options) *removal.Plan) *removal.Plan {
	detach := p.Options
	detach.Disconnect = true
	if r.asks() && !p.Allowed() && p.AllowedWith(detach) {
		return plan(detach)
	}
	return p
}

func (r *safeRm) json() bool { return r.options.format == "json" }

// showOnly is the end of a dry run.
func (r *safeRm) showOnly(p *removal.Plan) error {
	look := r.look()
	if r.json() {
		if err := r.writeJSON(safeRmReport{Plan: p, Refused: !p.Allowed()}); err != nil {
			return err
		}
	} else if err := render.RemovalPlan(r.Out(), p, &look); err != nil {
		return err
	}
	if !p.Allowed() {
		return refused(r.refusal(p))
	}
	return nil
}

// agreed shows what the plan means, and gives the plan that the user agrees to;
// none where the user does not.
func (r *safeRm) agreed(ctx context.Context, p *removal.Plan) (*removal.Plan, error) {
	look := r.lookOn(r.Err())
	if !r.json() {
		if err := render.RemovalPlan(r.Err(), p, &look); err != nil {
			return nil, err
		}
	}
	switch {
	case !p.Allowed():
		return nil, r.refuse(p, r.refusal(p))
	case r.options.yes:
		return p, nil
	case !r.asks():
		return nil, r.refuse(p, "Refused: there is no terminal to ask on; --yes says that all of this is meant.")
	}
	return r.ask(ctx, p)
}

// refusal says why the plan is not carried out, and which commands would go on.
func (r *safeRm) refusal(p *removal.Plan) string {
	look := r.lookOn(r.Err())
	lines := look.Fold(render.RefusalWords(p, &look))
	return strings.Join(append(lines, render.AdviceLines(render.RefusalAdvice(p, r.index, !r.mayAsk(), &look), &look)...), "\n")
}

func (r *safeRm) refuse(p *removal.Plan, text string) error {
	if r.json() {
		if err := r.writeJSON(safeRmReport{Plan: p, Refused: true}); err != nil {
			return err
		}
	}
	return refused(text)
}

// ask asks whether the plan that was shown is to be carried out.
func (r *safeRm) ask(ctx context.Context, p *removal.Plan) (*removal.Plan, error) {
	look := r.lookOn(r.Err())
	yes, err := r.confirm(ctx, strings.Join(look.Fold(question(p)), "\n"))
	if err != nil {
		return nil, err
	}
	if !yes {
		return nil, refused("Nothing was removed.")
	}
	return p, nil
}

func question(p *removal.Plan) string {
	detached := map[string]bool{}
	names := make([]string, len(p.Targets))
	for i := range p.Targets {
		names[i] = render.Cut(render.Printable(p.Targets[i].Network.Name), render.NameWidth)
		for _, step := range p.Targets[i].Steps {
			if step.Kind == removal.StepDetach {
				detached[step.Container] = true
			}
		}
	}
	what := "remove " + strings.Join(names, ", ")
	switch len(detached) {
	case 0:
		return "Clear the endpoints, and " + what + "?"
	case 1:
		return "Detach 1 container, and " + what + "?"
	}
	return fmt.Sprintf("Detach %d containers, and %s?", len(detached), what)
}

// apply carries the plan out, and says what became of it.
func (r *safeRm) apply(ctx context.Context, p *removal.Plan) error {
	w, err := r.worker(ctx, r.engine, "safe-rm")
	if err != nil {
		return err
	}
	w.Of.Product, w.Of.Version = p.Engine.Product, p.Engine.Version
	release := r.hold.take()
	defer release()
	done := r.showBusy("Removing…")
	result, err := w.Apply(ctx, p)
	done()
	if changed, ok := errors.AsType[*removal.ChangedError](err); ok {
		err = fmt.Errorf("nothing was done: %w; try again", changed)
	}
	if err != nil {
		if r.json() {
			if writeErr := r.writeJSON(safeRmReport{Plan: p, Error: err.Error()}); writeErr != nil {
				return writeErr
			}
		}
		return err
	}
	return r.report(p, result)
}

func (r *safeRm) report(p *removal.Plan, result *removal.Result) error {
	if r.json() {
		if err := r.writeJSON(safeRmReport{Plan: p, Result: result}); err != nil {
			return err
		}
	}
	look := r.lookOn(r.Err())
	for i := range result.Outcomes {
		if out := &result.Outcomes[i]; out.State == removal.Removed && !r.json() {
			_, _ = fmt.Fprintln(r.Out(), r.name(out.Network.Name))
		}
	}
	r.say(render.OutcomeLines(result, &look)...)
	if result.Failed() {
		return cli.StatusError{StatusCode: statusFailed}
	}
	return nil
}
