package commands

import (
	"errors"
	"fmt"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/removal"
)

// forgetReport is what is written as JSON.
type forgetReport struct {
	Schema int `json:"schema"`
	// Refused tells that a word means several entries, which are listed then.
	Refused bool `json:"refused"`
	// Dropped tells that the entries are gone; they are not in a dry run.
	Dropped bool            `json:"dropped"`
	Entries []removal.Entry `json:"entries"`
}

// forgetEntries drops entries by name or by age.
func (r *restore) forgetEntries(refs []string) error {
	entries, err := r.toForget(refs)
	if several, ok := errors.AsType[*severalEntriesError](err); ok {
		if r.json() {
			if err := r.writeJSON(forgetReport{Schema: removal.Schema, Refused: true, Entries: several.entries}); err != nil {
				return err
			}
		}
		return refused(several.Error())
	}
	if err != nil {
		return err
	}
	dropped := []removal.Entry{}
	for i := range entries {
		if !r.options.dryRun {
			if err = r.journal.Forget(entries[i].ID); err != nil {
				err = fmt.Errorf("cannot drop entry %s: %w", entries[i].ID, err)
				break
			}
		}
		dropped = append(dropped, entries[i])
		if !r.json() {
			_, _ = fmt.Fprintln(r.Out(), entries[i].ID)
		}
	}
	if r.json() {
		err = errors.Join(r.writeJSON(forgetReport{Schema: removal.Schema, Dropped: !r.options.dryRun, Entries: dropped}), err)
	}
	return err
}

func (r *restore) toForget(refs []string) ([]removal.Entry, error) {
	entries, err := r.chosenToForget(refs)
	if err != nil || r.options.olderThan == "" {
		return entries, err
	}
	age, err := parseAge(r.options.olderThan)
	if err != nil {
		return nil, err
	}
	for i := range r.entries {
		if time.Since(r.entries[i].Time) > age {
			entries = append(entries, r.entries[i])
		}
	}
	return entries, nil
}
