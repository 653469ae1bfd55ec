package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/docker/go-units"

	"github.com/docker-netkit/docker-netkit/internal/journal"
	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/render"
)

// severalEntriesError tells that a word means several entries, of which none is
// to be preferred.
type severalEntriesError struct {
	ref     string
	entries []removal.Entry
}

// Error lists them, the newest first, so that the user chooses.
func (e *severalEntriesError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Refused: %d entries are meant by %s; choose by ID:", len(e.entries), quoteArg(e.ref))
	for _, entry := range slices.Backward(e.entries) {
		fmt.Fprintf(&b, "\n  %s  %s  removed %s by %s", entry.ID, entryNetwork(&entry), removedAgo(&entry), quoteArg(entry.Command))
	}
	return b.String()
}

func entryNetwork(e *removal.Entry) string {
	return render.Cut(render.Printable(e.Network.Name), render.NameWidth)
}

// removedAgo says when, in few columns: a minute ago, 3 weeks ago.
func removedAgo(e *removal.Entry) string {
	age := time.Since(e.Time)
	if age < time.Second {
		return "a moment ago"
	}
	return strings.TrimPrefix(units.HumanDuration(age), "About ") + " ago"
}

// meant lists the entries that a word means, the oldest first: the one of that
// ID; else those of the network of that ID or name; else those of which the ID,
// or that of their network, begins so. Those of the beginning of an ID have
// nothing else in common.
func (r *restore) meant(ref string) (found []removal.Entry, begins bool) {
	const least = 4 // of an ID's beginning: less is more likely a name
	for i, means := range []func(*removal.Entry) bool{
		func(e *removal.Entry) bool { return e.ID == ref },
		func(e *removal.Entry) bool { return e.Network.ID == ref },
		func(e *removal.Entry) bool { return e.Network.Name == ref },
		func(e *removal.Entry) bool {
			return len(ref) >= least && (strings.HasPrefix(e.ID, ref) || strings.HasPrefix(e.Network.ID, ref))
		},
	} {
		for j := range r.entries {
			if means(&r.entries[j]) {
				found = append(found, r.entries[j])
			}
		}
		if len(found) > 0 {
			const lastOf = 3
			return found, i == lastOf
		}
	}
	return nil, false
}

// chosen finds the entries that words mean. Of several for one network the
// newest is taken, and that is said.
func (r *restore) chosen(refs []string) ([]removal.Entry, error) {
	var chosen []removal.Entry
	for _, ref := range refs {
		found, begins := r.meant(ref)
		switch {
		case len(found) == 0:
			return nil, r.unknownEntry(ref)
		case len(found) > 1 && begins:
			return nil, &severalEntriesError{ref: ref, entries: found}
		}
		last := len(found) - 1
		if last > 0 {
			r.sayOlder(ref, &found[last], found[:last])
		}
		chosen = appendEntry(chosen, &found[last])
	}
	return chosen, nil
}

// chosenToForget finds the entries that words mean. What is dropped is gone, so
// that no word may mean several.
func (r *restore) chosenToForget(refs []string) ([]removal.Entry, error) {
	var chosen []removal.Entry
	for _, ref := range refs {
		found, _ := r.meant(ref)
		switch len(found) {
		case 0:
			return nil, r.unknownEntry(ref)
		case 1:
			chosen = appendEntry(chosen, &found[0])
		default:
			return nil, &severalEntriesError{ref: ref, entries: found}
		}
	}
	return chosen, nil
}

func appendEntry(chosen []removal.Entry, e *removal.Entry) []removal.Entry {
	if slices.ContainsFunc(chosen, func(other removal.Entry) bool { return other.ID == e.ID }) {
		return chosen
	}
	return append(chosen, *e)
}

func (r *restore) sayOlder(ref string, taken *removal.Entry, older []removal.Entry) {
	ids := make([]string, 0, len(older))
	for _, e := range slices.Backward(older) {
		ids = append(ids, e.ID)
	}
	count := "1 older one"
	if len(ids) > 1 {
		count = fmt.Sprintf("%d older ones", len(ids))
	}
	r.sayFolded(fmt.Sprintf("%s: the entry %s is taken, removed %s; there is %s: %s",
		quoteArg(ref), taken.ID, removedAgo(taken), count, strings.Join(ids, ", ")))
}

func (r *restore) unknownEntry(ref string) error {
	others, _, err := journal.All(journalDir())
	if err == nil {
		for _, e := range slices.Backward(others) {
			if e.Engine.Key != r.of.Key && (e.ID == ref || e.Network.Name == ref) {
				return fmt.Errorf("%s was removed from another engine, %s at %s; this one is %s; choose it with --context, -H or DOCKER_HOST",
					quoteArg(ref), quoteArg(e.Engine.Name), quoteArg(e.Engine.Endpoint), quoteArg(r.of.Name))
			}
		}
	}
	names := make([]string, len(r.entries))
	for i := range r.entries {
		names[i] = r.entries[i].Network.Name
	}
	if near := nearest(names, []string{ref}); len(near) > 0 {
		return fmt.Errorf("netkit removed no network %s from this engine; did you mean %s?", quoteArg(ref), alternatives(near))
	}
	return fmt.Errorf("netkit removed no network %s from this engine; \"docker netkit restore\" lists what it did, and --heal mends what others removed", quoteArg(ref))
}
