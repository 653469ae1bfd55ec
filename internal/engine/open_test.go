package engine_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/config"
	"github.com/docker/cli/cli/flags"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/enginetest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestMain keeps the settings of whoever runs the tests out of them.
func TestMain(m *testing.M) {
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "DOCKER_") {
			_ = os.Unsetenv(name)
		}
	}
	dir, err := os.MkdirTemp("", "config")
	if err != nil {
		panic(err)
	}
	config.SetDir(dir)
	defer func() { _ = os.RemoveAll(dir) }()
	m.Run()
}

// newCLI is the docker CLI set to an endpoint, as "docker -H" sets it.
func newCLI(t *testing.T, host string, tap *engine.Tap) command.Cli {
	t.Helper()
	options := []command.CLIOption{command.WithBaseContext(t.Context())}
	if tap != nil {
		options = append(options, command.WithAPIClientOptions(tap.Option()))
	}
	cli, err := command.NewDockerCli(options...)
	if err != nil {
		t.Fatal(err)
	}
	client := flags.NewClientOptions()
	client.Hosts = []string{host}
	if err := cli.Initialize(client); err != nil {
		t.Fatal(err)
	}
	return cli
}

// open connects to a fake engine.
func open(t *testing.T, fake *enginetest.Engine) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), newCLI(t, fake.Host(), nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// snapshot is what is read from a fake engine that holds these objects.
func snapshot(t *testing.T, flavour enginetest.Flavour, objects ...enginetest.Object) *topology.Snapshot {
	t.Helper()
	s, err := open(t, enginetest.Start(t, flavour, objects...)).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// attachments puts every attachment into words, so that whole sets can be
// compared: "web on front: live 172.20.0.2".
func attachments(s *topology.Snapshot) []string {
	ix := topology.NewIndex(s)
	texts := []string{}
	for i := range s.Attachments {
		a := &s.Attachments[i]
		network := "?" + a.NetworkName
		if n := ix.Network(a.NetworkID); n != nil {
			network = n.Name
		}
		text := fmt.Sprintf("%s on %s: %s", ix.Container(a.ContainerID).Name, network, a.State)
		for _, address := range []topology.Address{a.IPv4, a.IPv6} {
			if !address.IsZero() {
				text += " " + address.String()
			}
		}
		texts = append(texts, text)
	}
	slices.Sort(texts)
	return texts
}

// gaps puts what could not be read into words.
func gaps(s *topology.Snapshot) []string {
	texts := []string{}
	for _, g := range s.Unread {
		texts = append(texts, fmt.Sprintf("%s %s, %s %q: %s", g.What, g.Name, g.Field, g.Text, g.Reason))
	}
	slices.Sort(texts)
	return texts
}

func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n  %s\nwant:\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
