package commands

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/docker/cli/cli-plugins/hooks"
	"github.com/docker/cli/cli/command"
	cliflags "github.com/docker/cli/cli/flags"
	"github.com/spf13/pflag"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/hints"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// HookCall is what docker asks for after one of its own commands.
type HookCall struct {
	// Request is docker's, as JSON.
	Request string
	// Parent is the command line of the docker that asks, without its own name;
	// nil where it is not known. The request tells neither what it was about nor
	// which engine it was for.
	Parent []string
}

// hintWidth is where hints are folded. Docker writes them, with an indent of
// four, to a terminal whose width is not known here.
const hintWidth = 76

// Hook gives the reply to docker: what to do next. It is empty where there is
// nothing to say. An error is for tests: docker's user asked for no hint, and is
// told of none that could not be had.
func Hook(ctx context.Context, call HookCall) (reply []byte, err error) {
	var request hooks.Request
	if err := json.Unmarshal([]byte(call.Request), &request); err != nil {
		return nil, fmt.Errorf("cannot read docker's request: %w", err)
	}
	words, known := []string(nil), false
	var flags *pflag.FlagSet
	options := cliflags.NewClientOptions()
	if call.Parent != nil {
		flags = dockerFlags(options)
		known = flags.Parse(call.Parent) == nil
		words = flags.Args()
	}
	cmd := hints.ParseCommand(request.RootCmd, words, request.Flags, request.CommandError != "")
	if cmd == nil {
		return nil, nil
	}
	if !known { // nor is it known which engine to ask
		return response(render.HintLines(topology.NewIndex(&topology.Snapshot{}), hints.Blind(cmd), &render.Look{Width: hintWidth}))
	}
	if !cmd.Worthwhile() {
		return nil, nil
	}
	options.SetDefaultOptions(flags)
	ix, err := hookIndex(ctx, options)
	if err != nil {
		return nil, err
	}
	look := render.Look{Width: hintWidth, ASCII: !utf8Locale(os.Getenv), Docker: dockerCommand(flags)}
	return response(render.HintLines(ix, hints.After(ix, cmd), &look))
}

// dockerFlags are the flags of docker itself, which stand before a command.
func dockerFlags(options *cliflags.ClientOptions) *pflag.FlagSet {
	flags := pflag.NewFlagSet("docker", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.SetInterspersed(false)
	options.InstallFlags(flags)
	return flags
}

// hookIndex reads the engine that the command was for. It sets up no more of the
// CLI than that takes: no telemetry, and no socket to the docker that waits.
func hookIndex(ctx context.Context, options *cliflags.ClientOptions) (*topology.Index, error) {
	var tap engine.Tap
	cli, err := command.NewDockerCli(
		command.WithBaseContext(ctx), command.WithAPIClientOptions(tap.Option()),
		command.WithInputStream(io.NopCloser(strings.NewReader(""))), command.WithCombinedStreams(io.Discard),
	)
	if err != nil {
		return nil, err
	}
	if err := cli.Initialize(options); err != nil {
		return nil, err
	}
	endpoint, err := engine.EndpointOf(cli)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(endpoint.Host, "ssh://") {
		// It takes longer than a hint may, and may ask for a password.
		return nil, errors.New("an engine over SSH is not asked for a hint")
	}
	e, err := engine.Open(ctx, cli, &tap)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	s, err := e.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return topology.NewIndex(s), nil
}

func response(lines []string) ([]byte, error) {
	if len(lines) == 0 {
		return nil, nil
	}
	return json.Marshal(hooks.Response{Type: hooks.NextSteps, Template: render.HintTemplate(strings.Join(lines, "\n"))})
}
