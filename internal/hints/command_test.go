package hints_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/hints"
)

func TestParseCommand(t *testing.T) {
	for _, test := range []struct {
		hooked, typed string
		act           hints.Act
		known         bool
		names         []string
	}{
		{"network rm", "network rm a b", hints.RemoveNetworks, true, []string{"a", "b"}},
		{"network rm", "network remove -f a", hints.RemoveNetworks, true, []string{"a"}},
		{"network rm", "network rm a --force -- -b", hints.RemoveNetworks, true, []string{"a", "-b"}},
		{"network rm", "network rm --force=true a", hints.RemoveNetworks, true, []string{"a"}},
		{"network rm", "network rm --later a", hints.RemoveNetworks, false, nil},
		{"network rm", "other rm a", hints.RemoveNetworks, false, nil},
		{"network rm", "network", hints.RemoveNetworks, false, nil},
		{"network rm", "", hints.RemoveNetworks, false, nil},
		{"network prune", "network prune --filter until=24h", hints.PruneNetworks, false, nil},
		{"system prune", "system prune", hints.PruneNetworks, false, nil},
		{"start", "start -ai --detach-keys ctrl-x db", hints.StartContainers, true, []string{"db"}},
		{"container start", "container start db", hints.StartContainers, true, []string{"db"}},
	} {
		c := hints.ParseCommand(test.hooked, strings.Fields(test.typed), nil, true)
		if c == nil || c.Act != test.act || c.NamesKnown != test.known || !slices.Equal(c.Names, test.names) || !c.Failed {
			t.Errorf("%s: %+v", test.typed, c)
		}
	}
	if c := hints.ParseCommand("image rm", []string{"image", "rm", "x"}, nil, true); c != nil {
		t.Errorf("%+v", c)
	}
	// Each command that docker is to ask for is known, and only those.
	for _, hooked := range slices.Concat(hints.Always, hints.Failed) {
		if hints.ParseCommand(hooked, nil, nil, false) == nil {
			t.Errorf("%s is not known", hooked)
		}
	}
}
