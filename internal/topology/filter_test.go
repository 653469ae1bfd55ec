package topology_test

import (
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestFilter(t *testing.T) {
	all := []string{bridge, host, overlay, lonely, web10, back, front, twinA, twinB}
	for _, test := range []struct {
		name   string
		values map[string][]string
		want   []string
	}{
		{"nothing", nil, all},
		{"driver", map[string][]string{"driver": {"macvlan"}}, []string{web10}},
		{"drivers are alternatives", map[string][]string{"driver": {"macvlan", "overlay"}}, []string{overlay, web10}},
		{"a driver in full", map[string][]string{"driver": {"mac"}}, []string{}},
		{"scope", map[string][]string{"scope": {"swarm"}}, []string{overlay}},
		{"a scope in full", map[string][]string{"scope": {"swar"}}, []string{}},
		{"type builtin", map[string][]string{"type": {"builtin"}}, []string{bridge, host}},
		{"type custom", map[string][]string{"type": {"custom"}}, []string{overlay, lonely, web10, back, front, twinA, twinB}},
		{"both types", map[string][]string{"type": {"custom", "builtin"}}, all},
		{"part of a name", map[string][]string{"name": {"shop"}}, []string{back, front}},
		{"a name as expression", map[string][]string{"name": {"^net[0-9]$"}}, []string{lonely}},
		{"a name in another case", map[string][]string{"name": {"SHOP"}}, []string{}},
		{"an expression over the case", map[string][]string{"name": {"(?i)SHOP_B"}}, []string{back}},
		{"names are alternatives", map[string][]string{"name": {"net2", "twin"}}, []string{lonely, twinA, twinB}},
		{"no expression", map[string][]string{"name": {"["}}, []string{}},
		{"the beginning of an ID", map[string][]string{"id": {"^aa"}}, []string{back, front}},
		{"the end of an ID", map[string][]string{"id": {"2$"}}, []string{host, back, twinB}},
		{"an ID of nothing", map[string][]string{"id": {"^zz"}}, []string{}},
		{"a label", map[string][]string{"label": {"tier"}}, []string{lonely, back}},
		{"a label and its value", map[string][]string{"label": {"tier=back"}}, []string{back}},
		{"an empty value", map[string][]string{"label": {"empty="}}, []string{back}},
		{"another value", map[string][]string{"label": {"tier="}}, []string{}},
		{"labels are all wanted", map[string][]string{"label": {"tier", "empty"}}, []string{back}},
		{"a label of nothing", map[string][]string{"label": {"tie"}}, []string{}},
		{"dangling", map[string][]string{"dangling": {"true"}}, []string{lonely, web10, twinA, twinB}},
		{"dangling in digits", map[string][]string{"dangling": {"1"}}, []string{lonely, web10, twinA, twinB}},
		{"not dangling", map[string][]string{"dangling": {"false"}}, []string{bridge, host, overlay, back, front}},
		{"a project", map[string][]string{"project": {"shop"}}, []string{back, front}},
		{"a stack", map[string][]string{"project": {"mesh"}}, []string{overlay}},
		{"a project of nothing", map[string][]string{"project": {"sho"}}, []string{}},
		{"a container", map[string][]string{"container": {"api"}}, []string{back, front}},
		{"a stopped container", map[string][]string{"container": {"db"}}, []string{back}},
		{"a container's ID", map[string][]string{"container": {proxy}}, []string{front}},
		{"one that shares", map[string][]string{"container": {"vpn"}}, []string{back, front}},
		{"one whose owner is gone", map[string][]string{"container": {"orphan"}}, []string{}},
		{"a container of nothing", map[string][]string{"container": {"nobody"}}, []string{}},
		{"keys are all wanted", map[string][]string{"project": {"shop"}, "label": {"tier=back"}}, []string{back}},
		{"keys that no network meets together", map[string][]string{"project": {"shop"}, "driver": {"macvlan"}}, []string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			filter, err := topology.ParseFilter(test.values)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "zero", filter.IsZero(), len(test.values) == 0)
			ix := topology.NewIndex(sorted())
			got := []string{}
			for i := range ix.Networks {
				if filter.Match(ix, &ix.Networks[i]) {
					got = append(got, ix.Networks[i].ID)
				}
			}
			equal(t, "networks", got, test.want)
		})
	}
}

// A name that reads as an expression for other names is still its own.
func TestFilterFindsNameThatReadsAsExpression(t *testing.T) {
	for _, name := range []string{"a+b", "web(1)", "[x", "^", "a|b", `\d`, "*"} {
		filter, err := topology.ParseFilter(map[string][]string{"name": {name}})
		if err != nil {
			t.Fatal(err)
		}
		ix := topology.NewIndex(&topology.Snapshot{Networks: []topology.Network{{ID: "1", Name: name}}})
		if !filter.Match(ix, &ix.Networks[0]) {
			t.Errorf("name=%s does not find the network of that name", name)
		}
	}
}

func TestParseFilterRefuses(t *testing.T) {
	for _, test := range []struct {
		values map[string][]string
		want   string
	}{
		{map[string][]string{"nme": {"x"}}, `unknown filter key "nme"; the keys are container, dangling, driver, id, label, name, project, scope, type`},
		{map[string][]string{"type": {"bridge"}}, "filter type=bridge: want type=custom or type=builtin"},
		{map[string][]string{"dangling": {"maybe"}}, "filter dangling=maybe: want dangling=true or dangling=false"},
		{map[string][]string{"name": {"x"}, "dangling": {"true", ""}}, "filter dangling=: want dangling=true or dangling=false"},
	} {
		if _, err := topology.ParseFilter(test.values); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: got %v, want %s", test.values, err, test.want)
		}
	}
}
