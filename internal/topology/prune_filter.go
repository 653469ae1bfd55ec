package topology

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PruneFilter chooses networks by the keys of "docker network prune --filter",
// with their meaning there: until, label and label!. All must be met.
type PruneFilter struct {
	until          time.Time
	labels, absent []string
}

// ParsePruneFilter checks keys and values. Durations count back from now, which
// is the engine's time.
func ParsePruneFilter(values map[string][]string, now time.Time) (PruneFilter, error) {
	var f PruneFilter
	for _, key := range slices.Sorted(maps.Keys(values)) {
		switch key {
		case "label":
			f.labels = values[key]
		case "label!":
			f.absent = values[key]
		case "until":
			if len(values[key]) > 1 {
				return f, fmt.Errorf("the filter until is given more than once")
			}
			until, err := parseMoment(values[key][0], now)
			if err != nil {
				return f, err
			}
			f.until = until
		default:
			return f, fmt.Errorf("unknown filter key %q; the keys are label, label! and until", key)
		}
	}
	return f, nil
}

// IsZero tells that the filter lets everything through.
func (f *PruneFilter) IsZero() bool {
	return f.until.IsZero() && len(f.labels) == 0 && len(f.absent) == 0
}

// Match tells whether the network meets the filter. One whose age is not known
// meets no until.
func (f *PruneFilter) Match(n *Network) bool {
	if !f.until.IsZero() && (n.Created.IsZero() || n.Created.After(f.until)) {
		return false
	}
	lacks := func(want string) bool { return !hasLabel(n.Labels, want) }
	if slices.ContainsFunc(f.labels, lacks) {
		return false
	}
	// As in the engine, what has all of the labels is left out.
	return len(f.absent) == 0 || slices.ContainsFunc(f.absent, lacks)
}

// parseMoment reads a time as docker does: a duration before now, seconds since
// 1970, or a date with as much of a time as is given, in local time where it
// names no zone.
func parseMoment(text string, now time.Time) (time.Time, error) {
	// "0" is a duration, and docker takes it for seconds all the same.
	if ago, err := time.ParseDuration(text); err == nil && text != "0" {
		return now.Add(-ago), nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02Z07:00"} {
		if moment, err := time.Parse(layout, text); err == nil {
			return moment, nil
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02"} {
		if moment, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return moment, nil
		}
	}
	whole, part, _ := strings.Cut(text, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("filter until=%s: want a duration (24h), a date (2006-01-02T15:04:05) or seconds since 1970", text)
	}
	const nanoDigits = 9
	nanos, err := strconv.ParseInt((part + strings.Repeat("0", nanoDigits))[:nanoDigits], 10, 64)
	if err != nil || strings.ContainsAny(part, "+-") {
		return time.Time{}, fmt.Errorf("filter until=%s: want a duration (24h), a date (2006-01-02T15:04:05) or seconds since 1970", text)
	}
	return time.Unix(seconds, nanos), nil
}
