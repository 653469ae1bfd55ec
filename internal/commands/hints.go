package commands

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/docker/cli/cli"
	"github.com/docker/cli/cli-plugins/plugin"
	"github.com/docker/cli/cli/config"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/dockerconfig"
	"github.com/docker-netkit/docker-netkit/internal/hints"
	"github.com/docker-netkit/docker-netkit/internal/render"
)

func newHintsCommand(s *session) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "hints [OPTIONS] on|off|status",
		Short: "Have docker say what to do next when removing a network failed or did harm",
		Long: `Have docker say what to do next after its own commands:

  network rm                  who is still on a network that was not removed,
                              and who does not start without one that was
  network and system prune    who does not start any more
  start that failed           how to mend it, where a network is gone

It says nothing where there is nothing useful to say. Docker shows hints on a
terminal only, from 26.1 on, and those after start from 29.3 on. The engine is
asked once for its networks and containers, and given 35 ms; one that is slower,
or reached over SSH, gives no hints.

"on" writes to docker's config.json, under plugins.netkit and features.hooks;
the rest of the file stays as it is, byte by byte. "off" takes that out again.
features.hooks becomes what it was before "on", unless it was on already,
somebody changed it since, or another plugin has hooks, too.

Status: 0 fine; 1 failed; 125 wrong flags; 130 interrupted.`,
		Example: `  docker netkit hints on
  docker netkit hints status
  docker netkit hints status --format json
  docker netkit hints off`,
		Args: cli.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneFormat(cmd, format, "table", formatJSON); err != nil {
				return err
			}
			if cmd.Flags().Changed("format") && args[0] != "status" {
				return badUsage(cmd, "--format is for status only")
			}
			switch args[0] {
			case "on":
				return s.hintsOn(cmd.Context())
			case "off":
				return s.hintsOff(cmd.Context())
			case "status":
				return s.orJSON(format == formatJSON, s.hintsStatus(cmd.Context(), format))
			}
			return badUsage(cmd, "there is no %s; there is on, off or status", quoteArg(args[0]))
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return []string{"on", "off", "status"}, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", `Write the status as "table" or "json"`)
	registerFlag(cmd, "format", cobra.FixedCompletions([]string{"table", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// configPath is docker's configuration, as --config, DOCKER_CONFIG or HOME say.
func configPath() string { return filepath.Join(config.Dir(), config.ConfigFileName) }

func (s *session) hintsOn(ctx context.Context) error {
	var before hints.Registration
	changed, err := dockerconfig.Change(ctx, configPath(), func(d *dockerconfig.Document) error {
		r, err := hints.Registered(d, Name)
		if err != nil {
			return err
		}
		before = *r
		return hints.TurnOn(d, Name)
	})
	if err != nil {
		return err
	}
	done := "Hints are on."
	if !changed {
		done = "Hints are on already."
	}
	_, _ = fmt.Fprintln(s.Out(), done)
	if _, off := hints.Hindered(noVariable, before.Feature); changed && off && len(before.Others) > 0 {
		s.sayFolded("Hints of other plugins show now, too: " + strings.Join(printables(before.Others), ", "))
	}
	for _, why := range s.hintsHindered(ctx, findCLI(ctx), "true") {
		s.sayFolded("But " + why)
	}
	return nil
}

func noVariable(string) string { return "" }

func printables(names []string) []string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = render.Cut(render.Printable(name), render.NameWidth)
	}
	return texts
}

func (s *session) hintsOff(ctx context.Context) error {
	path := configPath()
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		_, _ = fmt.Fprintln(s.Out(), "Hints are off already.")
		return nil
	}
	var kept bool
	changed, err := dockerconfig.Change(ctx, path, func(d *dockerconfig.Document) (err error) {
		kept, err = hints.TurnOff(d, Name)
		return err
	})
	if err != nil {
		return err
	}
	done := "Hints are off."
	if !changed {
		done = "Hints are off already."
	}
	_, _ = fmt.Fprintln(s.Out(), done)
	if kept {
		s.sayFolded("features.hooks stays on, as other plugins have hooks, too.")
	}
	return nil
}

// hintsState is what "hints status" tells.
type hintsState struct {
	On   bool   `json:"on"`
	File string `json:"file"`
	// Always and Failed are the commands after which docker asks.
	Always []string   `json:"always"`
	Failed []string   `json:"failed"`
	CLI    cliVersion `json:"cli"`
	// Hindered says why nothing shows all the same.
	Hindered []string `json:"hindered"`
}

func (s *session) hintsStatus(ctx context.Context, format string) error {
	path := configPath()
	d, err := dockerconfig.Read(path)
	if err != nil {
		return err
	}
	r, err := hints.Registered(d, Name)
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", path, err)
	}
	state := hintsState{On: r.On(), File: path, Always: orEmpty(r.Always), Failed: orEmpty(r.Failed), CLI: findCLI(ctx), Hindered: []string{}}
	if state.On {
		state.Hindered = orEmpty(s.hintsHindered(ctx, state.CLI, r.Feature))
		if !s.Out().IsTerminal() {
			state.Hindered = append(state.Hindered, "docker shows hints on a terminal only, and standard output is none here")
		}
		if !r.Complete() {
			state.Hindered = append(state.Hindered, `docker does not ask after each command that there are hints for; "docker netkit hints on" mends that`)
		}
	}
	if format == formatJSON {
		return s.writeJSON(&state)
	}
	return s.writeHintsState(&state)
}

func orEmpty(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}

func (s *session) writeHintsState(state *hintsState) error {
	onOff := "off"
	if state.On {
		onOff = "on"
	}
	lines := [][2]string{{"Hints", onOff + also("in", state.File)}}
	if len(state.Always) > 0 {
		lines = append(lines, [2]string{"After", strings.Join(printables(state.Always), ", ")})
	}
	if len(state.Failed) > 0 {
		lines = append(lines, [2]string{"If it failed", strings.Join(printables(state.Failed), ", ")})
	}
	lines = append(lines, [2]string{"Docker CLI", cliWords(state.CLI)})
	for _, line := range lines {
		if _, err := fmt.Fprintf(s.Out(), "%-14s%s\n", line[0]+":", line[1]); err != nil {
			return err
		}
	}
	look := s.look()
	for _, why := range state.Hindered {
		for _, line := range look.Fold("! " + why) {
			if _, err := fmt.Fprintln(s.Out(), line); err != nil {
				return err
			}
		}
	}
	if state.On {
		return nil
	}
	_, err := fmt.Fprintln(s.Out(), "To have them:  docker netkit hints on")
	return err
}

func cliWords(v cliVersion) string {
	text := "unknown"
	switch {
	case v.Path == "":
		return "none found"
	case v.Version != "":
		text = render.Printable(v.Version)
	}
	return text + also("", v.Path)
}

// hintsHindered says why no hints would show although they are on.
func (s *session) hintsHindered(ctx context.Context, found cliVersion, feature string) []string {
	var why []string
	if h, off := hints.Hindered(os.Getenv, feature); off {
		switch {
		case h.Variable != "":
			why = append(why, fmt.Sprintf("%s is %s in the environment, so that docker shows no hints; unset it", h.Variable, render.Printable(h.Value)))
		case h.Value == "":
			why = append(why, `features.hooks is not set, so that docker shows no hints; "docker netkit hints on" sets it`)
		default:
			why = append(why, fmt.Sprintf(`features.hooks is %s, so that docker shows no hints; "docker netkit hints on" sets it`, render.Printable(h.Value)))
		}
	}
	major, minor, known := numbers(found.Version)
	switch {
	case found.Path == "":
		why = append(why, "there is no docker CLI on the PATH, which would show them")
	case !known:
		why = append(why, "it is not known which version the docker CLI has; hints take 26.1 or newer")
	case major < 26 || major == 26 && minor < 1:
		why = append(why, "this docker CLI shows no hints; 26.1 and newer do")
	case major < 29 || major == 29 && minor < 3:
		why = append(why, "this docker CLI shows no hints after start; 29.3 and newer do")
	}
	if found.Path != "" && plugin.RunningStandalone() && !findsPlugin(ctx, found.Path) {
		why = append(why, "the docker CLI does not find netkit among its plugins, so that it cannot ask it; install it")
	}
	return why
}

// numbers are the first two of a version: 28 and 2 of 28.2.2+dfsg1.
func numbers(version string) (major, minor int, known bool) {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return 0, 0, false
	}
	major, err := strconv.Atoi(parts[0])
	if err != nil {
		return 0, 0, false
	}
	digits := len(parts[1]) - len(strings.TrimLeft(parts[1], "0123456789"))
	minor, err = strconv.Atoi(parts[1][:digits])
	return major, minor, err == nil
}

// findsPlugin asks the docker CLI for the plugin's version.
func findsPlugin(ctx context.Context, docker string) bool {
	ctx, cancel := context.WithTimeout(ctx, cliPatience)
	defer cancel()
	said, err := exec.CommandContext(ctx, docker, "--config", config.Dir(), Name, "--version").Output()
	return err == nil && strings.HasPrefix(string(said), "docker "+Name+" version")
}
