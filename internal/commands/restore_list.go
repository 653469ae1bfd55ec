package commands

import (
	"fmt"
	"time"

	"github.com/docker/cli/cli/command/formatter/tabwriter"
	"github.com/docker/go-units"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/journal"
	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/render"
)

// list shows what can be brought back, the newest first.
func (r *restore) list() error {
	if r.json() {
		entries := r.entries
		if entries == nil {
			entries = []removal.Entry{}
		}
		return r.writeJSON(map[string]any{"schema": removal.Schema, "entries": entries})
	}
	if len(r.entries) == 0 {
		r.say("Nothing to restore: netkit removed no network from this engine.")
	} else if err := r.table(); err != nil {
		return err
	}
	r.sayOthers()
	return nil
}

func (r *restore) table() error {
	const gap = 3
	w := tabwriter.NewWriter(r.Out(), 0, 1, gap, ' ', 0)
	_, _ = fmt.Fprintln(w, "ENTRY\tNETWORK\tDRIVER\tCONTAINERS\tREMOVED\tBY")
	for i := len(r.entries) - 1; i >= 0; i-- {
		e := &r.entries[i]
		cell := func(text string) string { return render.Cut(render.Printable(text), render.NameWidth) }
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s ago\t%s\n", cell(e.ID), cell(e.Network.Name), cell(e.Network.Driver),
			len(e.Records), units.HumanDuration(time.Since(e.Time)), cell(e.Command))
	}
	return w.Flush()
}

// sayOthers counts what was removed from other engines.
func (r *restore) sayOthers() {
	all, _, err := journal.All(journalDir())
	if err != nil {
		return
	}
	if others := len(all) - len(r.entries); others == 1 {
		r.say("1 more was removed from another engine.")
	} else if others > 1 {
		r.say(fmt.Sprintf("%d more were removed from other engines.", others))
	}
}

// forgetEntries drops entries by name or by age.
func (r *restore) forgetEntries(refs []string) error {
	entries, err := r.chosen(refs)
	if err != nil {
		return err
	}
	if r.options.olderThan != "" {
		age, err := parseAge(r.options.olderThan)
		if err != nil {
			return err
		}
		for _, e := range r.entries {
			if time.Since(e.Time) > age {
				entries = append(entries, e)
			}
		}
	}
	for _, e := range entries {
		if !r.options.dryRun {
			if err := r.journal.Forget(e.ID); err != nil {
				return fmt.Errorf("cannot drop entry %s: %w", e.ID, err)
			}
		}
		_, _ = fmt.Fprintln(r.Out(), e.ID)
	}
	return nil
}

// completeEntries offers the networks that can be brought back.
func (s *session) completeEntries(cmd *cobra.Command, args []string) ([]string, cobra.ShellCompDirective) {
	ctx, cancel := s.within(cmd.Context())
	defer cancel()
	e, err := s.open(ctx)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer e.Close()
	of, err := identity(ctx, e)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	entries, _, err := journal.Of(journalDir(), of.Key).Entries()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	offer := offers{taken: args}
	for i := len(entries) - 1; i >= 0; i-- {
		entry := &entries[i]
		about := fmt.Sprintf("removed %s ago", units.HumanDuration(time.Since(entry.Time)))
		offer.add(entry.Network.Name, about)
		offer.add(entry.ID, render.Cut(render.Printable(entry.Network.Name), render.NameWidth)+", "+about)
	}
	return offer.words, cobra.ShellCompDirectiveNoFileComp
}

// completeHealable offers the containers that want a network which is gone.
func (s *session) completeHealable(cmd *cobra.Command, args []string) ([]string, cobra.ShellCompDirective) {
	ix := s.index(cmd)
	if ix == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	offer := offers{taken: args}
	for _, c := range removal.Healable(ix) {
		offer.add(c.Name, "will not start")
	}
	return offer.words, cobra.ShellCompDirectiveNoFileComp
}
