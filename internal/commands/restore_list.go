package commands

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/docker/cli/cli/command/formatter/tabwriter"
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

// table shows an entry a line. On a terminal that is too narrow, names and
// subnets are cut, so that no line wraps.
func (r *restore) table() error {
	const network, subnets = 1, 2
	rows := [][]string{{"ENTRY", "NETWORK", "SUBNETS", "CONTAINERS", "BY", "REMOVED"}}
	for _, e := range slices.Backward(r.entries) {
		rows = append(rows, []string{
			e.ID, entryNetwork(&e), entrySubnets(&e), strconv.Itoa(len(e.Records)),
			render.Cut(render.Printable(e.Command), render.NameWidth), removedAgo(&e),
		})
	}
	if width := r.look().Width; width > 0 {
		narrow(rows, []int{network, subnets}, width)
	}
	w := tabwriter.NewWriter(r.Out(), 0, 1, rowGap, ' ', 0)
	for _, row := range rows {
		_, _ = fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	return w.Flush()
}

// rowGap is how much room is between two columns.
const rowGap = 2

// narrow cuts the cells of some columns, always of the widest, until the rows fit
// into width columns, or nothing is left to be cut.
func narrow(rows [][]string, cut []int, width int) {
	widths := make([]int, len(rows[0]))
	total := rowGap * (len(widths) - 1)
	for i := range widths {
		for _, row := range rows {
			widths[i] = max(widths[i], render.Width(row[i]))
		}
		total += widths[i]
	}
	const least = 8
	for ; total > width; total-- {
		widest := slices.MaxFunc(cut, func(a, b int) int { return widths[a] - widths[b] })
		if widths[widest] <= least {
			break
		}
		widths[widest]--
	}
	for _, row := range rows {
		for _, i := range cut {
			row[i] = render.Cut(row[i], widths[i])
		}
	}
}

func entrySubnets(e *removal.Entry) string {
	var subnets []string
	for _, pool := range e.Network.IPAM.Pools {
		if !pool.Subnet.IsZero() {
			subnets = append(subnets, render.Printable(pool.Subnet.String()))
		}
	}
	return render.Cut(strings.Join(subnets, ","), render.NameWidth)
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
		about := "removed " + removedAgo(entry)
		offer.add(entry.Network.Name, about)
		offer.add(entry.ID, entryNetwork(entry)+", "+about)
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
