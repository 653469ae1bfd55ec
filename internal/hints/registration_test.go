package hints_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/dockerconfig"
	"github.com/docker-netkit/docker-netkit/internal/hints"
)

const ours = `"netkit":{"hooks":"network rm,network prune,system prune","error-hooks":"start,container start"`

func document(t *testing.T, text string) *dockerconfig.Document {
	t.Helper()
	d, err := dockerconfig.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTurnOnAndOff(t *testing.T) {
	for _, test := range []struct {
		name, text, on string
		meanwhile      func(d *dockerconfig.Document) error
		off            string // the text, where it is empty
		kept           bool
	}{
		{name: "nothing there", text: `{"a":1}`, on: `{"a":1,"plugins":{` + ours + `,"hooks-feature-before":"absent"}},"features":{"hooks":"true"}}`},
		{name: "the feature is on", text: `{"features":{"hooks":"true"}}`, on: `{"features":{"hooks":"true"},"plugins":{` + ours + `}}}`},
		{name: "the feature is on in other letters", text: `{"features":{"hooks":"T"}}`, on: `{"features":{"hooks":"T"},"plugins":{` + ours + `}}}`},
		{name: "the feature is off", text: `{"features":{"hooks":"false"}}`, on: `{"features":{"hooks":"true"},"plugins":{` + ours + `,"hooks-feature-before":"false"}}}`},
		{name: "the feature is rubbish", text: `{"features":{"hooks":"yes"}}`, on: `{"features":{"hooks":"true"},"plugins":{` + ours + `,"hooks-feature-before":"yes"}}}`},
		{
			name: "another plugin has hooks", text: `{"plugins":{"scout":{"hooks":"pull"}}}`,
			on:  `{"plugins":{"scout":{"hooks":"pull"},` + ours + `,"hooks-feature-before":"absent"}},"features":{"hooks":"true"}}`,
			off: `{"plugins":{"scout":{"hooks":"pull"}},"features":{"hooks":"true"}}`, kept: true,
		},
		{
			name: "another plugin gets some", text: `{}`,
			on:        "{\n\t\"plugins\"",
			meanwhile: func(d *dockerconfig.Document) error { return d.Set("pull", "plugins", "scout", "error-hooks") },
			off:       "{\n\t\"plugins\": {\n\t\t\"scout\": {\n\t\t\t\"error-hooks\": \"pull\"\n\t\t}\n\t},\n\t\"features\": {\n\t\t\"hooks\": \"true\"\n\t}\n}", kept: true,
		},
		{
			name: "another plugin is set otherwise", text: `{"plugins":{"scout":{"x":"y"},"odd":{"hooks":1}}}`,
			on: `{"plugins":{"scout":{"x":"y"},"odd":{"hooks":1},` + ours + `,"hooks-feature-before":"absent"}},"features":{"hooks":"true"}}`,
		},
		{
			name: "somebody turned the feature off", text: `{"a":1}`, on: `{"a":1,`,
			meanwhile: func(d *dockerconfig.Document) error { return d.Set("false", "features", "hooks") },
			off:       `{"a":1,"features":{"hooks":"false"}}`,
		},
		{
			name: "of an older release", text: `{"plugins":{"netkit":{"hooks":"network rm","x":"y"}},"features":{"hooks":"true"}}`,
			on:  `{"plugins":{"netkit":{"hooks":"network rm,network prune,system prune","x":"y","error-hooks":"start,container start"}},"features":{"hooks":"true"}}`,
			off: `{"plugins":{"netkit":{"x":"y"}},"features":{"hooks":"true"}}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := document(t, test.text)
			for range 2 { // the second time changes nothing
				if err := hints.TurnOn(d, "netkit"); err != nil {
					t.Fatal(err)
				}
				if got := string(d.Text()); got != test.on && (test.meanwhile == nil || !strings.HasPrefix(got, test.on)) {
					t.Errorf("on: %s\nwant %s", got, test.on)
				}
			}
			r, err := hints.Registered(d, "netkit")
			if err != nil || !r.On() || !r.Complete() {
				t.Errorf("%+v, %v", r, err)
			}
			if test.meanwhile != nil {
				if err := test.meanwhile(d); err != nil {
					t.Fatal(err)
				}
			}
			kept, err := hints.TurnOff(d, "netkit")
			if err != nil || kept != test.kept {
				t.Errorf("kept %t, %v", kept, err)
			}
			want := test.off
			if want == "" {
				want = test.text
			}
			if got := string(d.Text()); got != want {
				t.Errorf("off: %s\nwant %s", got, want)
			}
			if kept, err := hints.TurnOff(d, "netkit"); err != nil || kept || string(d.Text()) != want {
				t.Errorf("off again: %t, %v, %s", kept, err, d.Text())
			}
			if r, err := hints.Registered(d, "netkit"); err != nil || r.On() {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

func TestRegistered(t *testing.T) {
	r, err := hints.Registered(document(t, `{"plugins":{"b":{"error-hooks":"x"},"netkit":{"hooks":"network rm"},"a":{"hooks":"x","error-hooks":"y"},"c":{"hooks":""}},"features":{"hooks":"1"}}`), "netkit")
	if err != nil || !r.On() || r.Complete() || r.Feature != "1" || !slices.Equal(r.Others, []string{"b", "a"}) || !slices.Equal(r.Always, []string{"network rm"}) || r.Failed != nil {
		t.Errorf("%+v, %v", r, err)
	}
	for _, text := range []string{`{"plugins":[]}`, `{"plugins":{"netkit":{"hooks":1}}}`, `{"features":{"hooks":true}}`, `{"features":{"hooks":"","hooks":""}}`} {
		_, err := hints.Registered(document(t, text), "netkit")
		if _, ok := errors.AsType[*dockerconfig.DamagedError](err); !ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestHindered(t *testing.T) {
	for _, test := range []struct {
		hooks, hints, feature string
		want                  hints.Hindrance
		off                   bool
	}{
		{"", "", "true", hints.Hindrance{Value: "true"}, false},
		{"", "", "", hints.Hindrance{}, true},
		{"", "", "no", hints.Hindrance{Value: "no"}, true},
		{"", "0", "true", hints.Hindrance{Variable: "DOCKER_CLI_HINTS", Value: "0"}, true},
		{"", "1", "false", hints.Hindrance{Variable: "DOCKER_CLI_HINTS", Value: "1"}, false},
		{"off", "1", "true", hints.Hindrance{Variable: "DOCKER_CLI_HOOKS", Value: "off"}, true},
		{"true", "0", "false", hints.Hindrance{Variable: "DOCKER_CLI_HOOKS", Value: "true"}, false},
	} {
		got, off := hints.Hindered(func(name string) string {
			return map[string]string{"DOCKER_CLI_HOOKS": test.hooks, "DOCKER_CLI_HINTS": test.hints}[name]
		}, test.feature)
		if got != test.want || off != test.off {
			t.Errorf("%+v: %+v, %t", test, got, off)
		}
	}
}
