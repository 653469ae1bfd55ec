package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/docker/cli/cli-plugins/hooks"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/hints"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func someContainers(state topology.ContainerState, names ...string) []*topology.Container {
	all := make([]*topology.Container, len(names))
	for i, name := range names {
		all[i] = &topology.Container{ID: fmt.Sprintf("c%d%s", i, strings.Repeat("0", 62)), Name: name, State: state}
	}
	return all
}

func usedNetwork(name string, up, waiting []*topology.Container) hints.InUse {
	return hints.InUse{Network: &topology.Network{ID: strings.Repeat("a", 64), Name: name}, Up: up, Waiting: waiting}
}

func TestHintLines(t *testing.T) {
	running := func(names ...string) []*topology.Container { return someContainers(topology.Running, names...) }
	stopped := func(names ...string) []*topology.Container { return someContainers(topology.Exited, names...) }
	const toRemove = "To see what a removal would cost, and to take them off first:\n"
	const toMend = "To see how that can be mended, and to mend it:\n"
	for _, test := range []struct {
		name string
		hint hints.Hint
		want string
	}{
		{"nothing", hints.Hint{}, ""},
		{"one up", hints.Hint{InUse: []hints.InUse{usedNetwork("back", running("web"), nil)}}, "web is on back.\n" + toRemove + "  docker netkit safe-rm back"},
		{
			"several",
			hints.Hint{InUse: []hints.InUse{usedNetwork("back", running("api", "web"), stopped("db", "job"))}},
			"api and web are on back, and db and job need it to start.\n" + toRemove + "  docker netkit safe-rm back",
		},
		{"one waits", hints.Hint{InUse: []hints.InUse{usedNetwork("back", nil, stopped("db"))}}, "db needs back to start.\n" + toRemove + "  docker netkit safe-rm back"},
		{
			"many",
			hints.Hint{InUse: []hints.InUse{usedNetwork("back", running("a", "b", "c", "d", "e", "f"), nil)}},
			"a, b, c, d and 2 more are on back.\n" + toRemove + "  docker netkit safe-rm back",
		},
		{
			"nobody",
			hints.Hint{InUse: []hints.InUse{usedNetwork("back", nil, nil)}},
			"back is still there, and no container is known to be on it.\nTo see what keeps it:\n  docker netkit safe-rm back",
		},
		{
			"networks",
			hints.Hint{InUse: []hints.InUse{
				usedNetwork("n1", running("a"), nil), usedNetwork("n2", nil, nil), usedNetwork("n3", running("a"), nil), usedNetwork("n4", running("a"), nil), usedNetwork("n5", nil, nil),
			}},
			"a is on n1.\nn2 is still there, and no container is known to be on it.\na is on n3.\n2 more could not be removed, either.\n" + toRemove + "  docker netkit safe-rm n1 n2 n3",
		},
		{
			"a name that a shell would take apart",
			hints.Hint{InUse: []hints.InUse{usedNetwork("my net; rm -rf ~", running("a"), nil)}},
			"a is on my net; rm -rf ~.\n" + toRemove + "  docker netkit safe-rm " + strings.Repeat("a", 64),
		},
		{
			"lost",
			hints.Hint{Lost: stopped("db"), Networks: []string{"back"}},
			"db will not start: network back, which it wants, is gone.\n" + toMend + "  docker netkit restore --heal db",
		},
		{
			"lost, and up",
			hints.Hint{Lost: append(stopped("db"), running("web")...), Networks: []string{"back", "front"}},
			"db and web will not start again: networks back and front, which they want,\n  are gone.\n" + toMend + "  docker netkit restore --heal db web",
		},
		{
			"many lost",
			hints.Hint{Lost: stopped("a", "b", "c", "d", "e"), Networks: []string{"1", "2", "3", "4", "5", "6"}},
			"a, b, c, d and 1 more will not start: networks 1, 2, 3, 4 and 2 more, which\n  they want, are gone.\n" + toMend + "  docker netkit restore --heal",
		},
		{"doomed", hints.Hint{Doomed: stopped("db")}, "db will not start: it was made with --network and the ID of a network that\n  is gone; recreate it."},
		{
			"both doomed",
			hints.Hint{Doomed: stopped("db", "job")},
			"db and job will not start: they were made with the ID of a network that is\n  gone. Recreate them.",
		},
		{"not known what", hints.Hint{Unnamed: true}, "\"docker netkit safe-rm\" says who is on a network, and takes them off it\n  before it removes it."},
	} {
		t.Run(test.name, func(t *testing.T) {
			look := render.Look{Width: 76, Docker: "docker"}
			got := strings.Join(render.HintLines(topology.NewIndex(&topology.Snapshot{}), &test.hint, &look), "\n")
			if got != test.want {
				t.Errorf("%s\nwant\n%s", got, test.want)
			}
			look.Docker = ""
			if bare := strings.Join(render.HintLines(topology.NewIndex(&topology.Snapshot{}), &test.hint, &look), "\n"); strings.Contains(bare, "  docker ") || strings.HasSuffix(bare, ":") {
				t.Errorf("with no command that could be pasted: %s", bare)
			}
		})
	}
}

// asDocker shows a text as docker does: as a template, and at most ten lines.
func asDocker(t *testing.T, text string) []string {
	t.Helper()
	cmd := &cobra.Command{Use: "rm"}
	if err := cmd.ParseFlags([]string{"an argument"}); err != nil {
		t.Fatal(err)
	}
	lines, err := hooks.ParseTemplate(render.HintTemplate(text), cmd)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return lines
}

// TestHintLinesFit: whatever the names, docker shows all of it, commands come whole
// and nothing acts on the terminal.
func TestHintLinesFit(t *testing.T) {
	long := strings.Repeat("long-name ", 20)
	evil := "\x1b[31m{{arg . 0}}\n\"'`$(reboot)\u202e{{{" + long
	h := hints.Hint{
		InUse: []hints.InUse{
			usedNetwork(evil, someContainers(topology.Running, evil, evil, evil, evil, evil), someContainers(topology.Exited, evil, evil, evil, evil)),
			usedNetwork(long, someContainers(topology.Running, long, long, long, long), nil), usedNetwork(evil, nil, nil), usedNetwork(evil, nil, nil),
		},
		Lost: someContainers(topology.Exited, evil, long, evil), Networks: []string{evil, long, evil, evil, evil, evil},
		Doomed: someContainers(topology.Exited, evil, evil, evil, evil, evil),
	}
	look := render.Look{Width: 76, Docker: "docker"}
	lines := render.HintLines(topology.NewIndex(&topology.Snapshot{}), &h, &look)
	if len(lines) > 10 {
		t.Errorf("%d lines", len(lines))
	}
	shown := asDocker(t, strings.Join(lines, "\n"))
	if strings.Join(shown, "\n") != strings.Join(lines, "\n") {
		t.Errorf("docker shows\n%q\nand not\n%q", shown, lines)
	}
	text := strings.Join(lines, "\n")
	if strings.ContainsAny(text, "\x1b\u202e") {
		t.Errorf("%q", text)
	}
	for _, want := range []string{"\n  docker netkit safe-rm " + strings.Repeat("a", 64) + " ", "\n  docker netkit restore --heal c0"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// FuzzHintTemplate: docker's template engine gives back just the text.
func FuzzHintTemplate(f *testing.F) {
	for _, seed := range []string{"", "plain", "{{", "{{{", "{{{{", "{{arg . 0}}", "}}{{", "{{- x -}}", "{{/* */}}", "a {{\"{{\"}} b", "{ {", "{\n{{"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(text, "\n", " ")
		if strings.TrimSpace(text) == "" {
			return
		}
		if lines := asDocker(t, text); strings.Join(lines, "\n") != text {
			t.Errorf("%q became %q", text, lines)
		}
	})
}
