package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/docker/cli/cli"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// mend offers the mends that netkit can do, one after the other, and looks again in the
// end where anything was done. It gives what is found then.
func (d *doctor) mend(ctx context.Context, ix *topology.Index, report *checks.Report) (*checks.Report, error) {
	var todo []*checks.Finding
	for _, f := range report.Findings() {
		if !f.Fix.Mend.IsZero() {
			todo = append(todo, f)
		}
	}
	if len(todo) == 0 {
		d.say("There is nothing that --fix can mend.")
		return report, nil
	}
	if !d.options.dryRun && !d.options.yes && !d.mayAsk() {
		return nil, refused(fmt.Sprintf("Refused: %s can be mended, and nobody can be asked; --yes goes on, and --dry-run shows what would be done", countFindings(len(todo))))
	}
	failed, done := false, false
	for _, f := range todo {
		d.say("")
		err := d.mendOne(ctx, ix, f, done)
		coded, isCoded := errors.AsType[cli.StatusError](err)
		switch {
		case err == nil:
			done = true
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case isCoded && coded.StatusCode == statusRefused:
			d.say("Left as it is.") // the user's own answer
		default:
			failed = true
			if text := err.Error(); text != "" {
				d.say(text)
			}
		}
	}
	if done && !d.options.dryRun {
		d.say("", "Looking again:")
		var err error
		if ix, report, err = d.examine(ctx); err != nil {
			return nil, err
		}
		if err := d.write(ix, report); err != nil {
			return nil, err
		}
	}
	if failed {
		return nil, cli.StatusError{StatusCode: statusFailed}
	}
	return report, nil
}

func countFindings(count int) string {
	if count == 1 {
		return "1 finding"
	}
	return fmt.Sprintf("%d findings", count)
}

// mendOne clears a network's endpoints, or heals containers. Healing gives a container all
// the networks that it lacks, so that after another mend some may be well already.
func (d *doctor) mendOne(ctx context.Context, ix *topology.Index, f *checks.Finding, after bool) error {
	if n := f.Fix.Mend.Clear; n != nil {
		return d.clear(ctx, ix, n)
	}
	lost := f.Fix.Mend.Heal
	if after && !d.options.dryRun {
		s, err := d.snapshot(ctx)
		if err != nil {
			return err
		}
		still := map[string]bool{}
		for _, c := range removal.Healable(topology.NewIndex(s)) {
			still[c.ID] = true
		}
		lost = slices.DeleteFunc(slices.Clone(lost), func(c *topology.Container) bool { return !still[c.ID] })
	}
	if len(lost) == 0 {
		return nil
	}
	ids := make([]string, len(lost))
	for i, c := range lost {
		ids[i] = c.ID
	}
	heal := &restore{session: d.session, cmd: d.cmd, options: restoreOptions{heal: true, yes: d.options.yes, dryRun: d.options.dryRun, format: formatTable}}
	return heal.run(ctx, ids)
}

// clear clears the endpoints of a network that nobody has.
func (d *doctor) clear(ctx context.Context, ix *topology.Index, n *topology.Network) error {
	endpoints := removal.Clearable(ix, n)
	for _, e := range endpoints {
		d.sayFolded(fmt.Sprintf("Clearing the endpoint %s of %s, which no container has", quoteArg(e.Name), quoteArg(n.Name)))
	}
	if d.options.dryRun {
		return nil
	}
	if !d.options.yes {
		if ok, err := d.confirm(ctx, "Clear it?"); err != nil || !ok {
			if err == nil {
				err = refused("")
			}
			return err
		}
	}
	e, err := d.connect(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	w, err := d.worker(ctx, e, "doctor")
	if err != nil {
		return err
	}
	release := d.hold.take()
	defer release()
	cleared, err := w.Clear(ctx, n.ID, endpoints)
	for _, endpoint := range cleared {
		d.say("Cleared " + render.Printable(endpoint.Name))
	}
	if err != nil {
		return fmt.Errorf("%s: not all endpoints were cleared: %w", quoteArg(n.Name), err)
	}
	return nil
}
