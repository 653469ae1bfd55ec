package topology_test

import (
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestPruneFilter(t *testing.T) {
	const rome = 3600
	local := time.Local
	time.Local = time.FixedZone("here", rome)
	defer func() { time.Local = local }()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	// Each was made an hour after the one before; of the last it is not known.
	networks := []topology.Network{
		{Name: "nine", Created: now.Add(-3 * time.Hour), Labels: map[string]string{"tier": "back", "keep": ""}},
		{Name: "ten", Created: now.Add(-2 * time.Hour), Labels: map[string]string{"tier": "front"}},
		{Name: "eleven", Created: now.Add(-time.Hour)},
		{Name: "ageless", Labels: map[string]string{"keep": "yes"}},
	}
	all := "nine ten eleven ageless"
	for _, test := range []struct {
		name   string
		values map[string][]string
		want   string
	}{
		{"nothing", nil, all},
		{"a label", map[string][]string{"label": {"tier"}}, "nine ten"},
		{"a label and its value", map[string][]string{"label": {"tier=back"}}, "nine"},
		{"an empty value", map[string][]string{"label": {"keep="}}, "nine"},
		{"a label of nothing", map[string][]string{"label": {"tie"}}, ""},
		{"labels are all wanted", map[string][]string{"label": {"tier", "keep"}}, "nine"},
		{"without a label", map[string][]string{"label!": {"tier"}}, "eleven ageless"},
		{"without a label and its value", map[string][]string{"label!": {"tier=back"}}, "ten eleven ageless"},
		{"without all of the labels", map[string][]string{"label!": {"tier", "keep"}}, "ten eleven ageless"},
		{"with one label, and without another", map[string][]string{"label": {"keep"}, "label!": {"tier"}}, "ageless"},
		{"a duration", map[string][]string{"until": {"90m"}}, "nine ten"},
		{"a duration of parts", map[string][]string{"until": {"2h0m1s"}}, "nine"},
		{"up to the moment", map[string][]string{"until": {"2h"}}, "nine ten"},
		{"no duration", map[string][]string{"until": {"0s"}}, "nine ten eleven"},
		{"a date with a zone", map[string][]string{"until": {"2026-11-21T10:30:00Z"}}, "nine ten"},
		{"a date with an offset", map[string][]string{"until": {"2026-11-21T10:30:00+01:00"}}, "nine"},
		{"a date with a fraction and a zone", map[string][]string{"until": {"2026-11-21T09:59:59.999999999Z"}}, "nine"},
		{"a date to the minute with a zone", map[string][]string{"until": {"2026-11-21T10:30Z"}}, "nine ten"},
		{"a day with a zone", map[string][]string{"until": {"2026-11-22Z"}}, "nine ten eleven"},
		{"a date without a zone", map[string][]string{"until": {"2026-11-21T11:30:00"}}, "nine ten"},
		{"a date with a fraction", map[string][]string{"until": {"2026-11-21T10:59:59.5"}}, "nine"},
		{"a date to the minute", map[string][]string{"until": {"2026-11-21T10:30"}}, "nine"},
		{"a day", map[string][]string{"until": {"2026-11-21"}}, ""},
		{"the next day", map[string][]string{"until": {"2026-11-22"}}, "nine ten eleven"},
		{"seconds", map[string][]string{"until": {"1795255200"}}, "nine ten"},
		{"the first second", map[string][]string{"until": {"0"}}, ""},
		{"seconds with a fraction", map[string][]string{"until": {"1795255199.999999999"}}, "nine"},
		{"seconds with a longer fraction", map[string][]string{"until": {"1795255199.99999999999"}}, "nine"},
		{"seconds with a short fraction", map[string][]string{"until": {"1795255200.5"}}, "nine ten"},
		{"keys are all wanted", map[string][]string{"until": {"90m"}, "label": {"tier=front"}}, "ten"},
	} {
		t.Run(test.name, func(t *testing.T) {
			filter, err := topology.ParsePruneFilter(test.values, now)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "zero", filter.IsZero(), len(test.values) == 0)
			var names []string
			for i := range networks {
				if filter.Match(&networks[i]) {
					names = append(names, networks[i].Name)
				}
			}
			equal(t, "networks", strings.Join(names, " "), test.want)
		})
	}
}

func TestParsePruneFilterRefuses(t *testing.T) {
	const wanted = ": want a duration (24h), a date (2006-01-02T15:04:05) or seconds since 1970"
	for _, test := range []struct {
		values map[string][]string
		want   string
	}{
		{map[string][]string{"name": {"x"}}, `unknown filter key "name"; the keys are label, label! and until`},
		{map[string][]string{"until": {"1h", "2h"}}, "the filter until is given more than once"},
		{map[string][]string{"until": {"yesterday"}}, "filter until=yesterday" + wanted},
		{map[string][]string{"until": {""}}, "filter until=" + wanted},
		{map[string][]string{"until": {"2026-13-01"}}, "filter until=2026-13-01" + wanted},
		{map[string][]string{"until": {"1795255200.x"}}, "filter until=1795255200.x" + wanted},
		{map[string][]string{"until": {"1795255200.-5"}}, "filter until=1795255200.-5" + wanted},
		{map[string][]string{"until": {"1.2.3"}}, "filter until=1.2.3" + wanted},
	} {
		if _, err := topology.ParsePruneFilter(test.values, time.Unix(0, 0)); err == nil || err.Error() != test.want {
			t.Errorf("%v: got %v, want %s", test.values, err, test.want)
		}
	}
}
