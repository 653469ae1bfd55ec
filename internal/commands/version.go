package commands

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/docker/cli/cli"
	"github.com/docker/cli/cli-plugins/metadata"
	flagsHelper "github.com/docker/cli/cli/flags"
	"github.com/docker/cli/templates"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/buildinfo"
	"github.com/docker-netkit/docker-netkit/internal/render"
)

// versions is what "version" shows. Engine is nil where none answers.
type versions struct {
	Plugin pluginVersion
	CLI    cliVersion
	Engine *engineVersion
}

type pluginVersion struct {
	Version, Commit, Go, Platform string
}

type cliVersion struct {
	// Version is empty where there is no docker CLI beside the plugin.
	Version, Path string
}

type engineVersion struct {
	Product, Version, API, MinAPI, Platform, Kernel, Endpoint, Context string
}

func newVersionCommand(s *session) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "version [OPTIONS]",
		Short: "Show the versions of the plugin, the docker CLI and the engine",
		Long: `Show the versions of the plugin, the docker CLI and the engine.

Status: 0 fine; 1 no engine answers (the other versions are shown all the
same); 125 wrong flags; 130 interrupted.`,
		Example: `  docker netkit version
  docker netkit version --format json
  docker netkit version --format '{{.Engine.Version}}'`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runVersion(cmd.Context(), cmd, s, format)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().StringVarP(&format, "format", "f", "", flagsHelper.InspectFormatHelp)
	registerFlag(cmd, "format", cobra.FixedCompletions([]string{"json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func runVersion(ctx context.Context, cmd *cobra.Command, s *session, format string) error {
	tmpl, err := versionTemplate(cmd, format)
	if err != nil {
		return err
	}
	v := versions{
		Plugin: pluginVersion{Version: buildinfo.Version(), Commit: buildinfo.Commit(), Go: buildinfo.GoVersion(), Platform: buildinfo.Platform()},
		CLI:    findCLI(ctx),
	}
	engine, engineErr := s.engineVersion(ctx)
	v.Engine = engine
	if err := tmpl(s.Out(), &v); err != nil {
		return err
	}
	return engineErr
}

func (s *session) engineVersion(ctx context.Context) (*engineVersion, error) {
	ctx, cancel := s.within(ctx)
	defer cancel()
	e, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	v, err := e.Version(ctx)
	if err != nil {
		return nil, err
	}
	return &engineVersion{
		Product: v.Product, Version: v.Version, API: v.API, MinAPI: v.MinAPI, Platform: v.OS + "/" + v.Arch, Kernel: v.Kernel,
		Endpoint: e.Endpoint().Host, Context: e.Endpoint().Context,
	}, nil
}

// cliPatience is how long the docker CLI may take to tell a version.
const cliPatience = 5 * time.Second

// findCLI asks the docker CLI that started the plugin, or else the one on the
// PATH, for its version.
func findCLI(ctx context.Context) cliVersion {
	path := os.Getenv(metadata.ReexecEnvvar)
	if path == "" {
		path = "docker"
	}
	found, err := exec.LookPath(path)
	if err != nil {
		return cliVersion{}
	}
	ctx, cancel := context.WithTimeout(ctx, cliPatience)
	defer cancel()
	// "Docker version 28.2.2, build e6534b4"
	said, err := exec.CommandContext(ctx, found, "--version").Output() //nolint:gosec // the docker CLI itself
	if err != nil {
		return cliVersion{Path: found}
	}
	words := strings.Fields(strings.TrimPrefix(string(said), "Docker version "))
	if len(words) == 0 {
		return cliVersion{Path: found}
	}
	return cliVersion{Version: strings.TrimSuffix(words[0], ","), Path: found}
}

func versionTemplate(cmd *cobra.Command, format string) (func(io.Writer, *versions) error, error) {
	switch format {
	case "":
		return writeVersions, nil
	case formatJSON:
		return func(w io.Writer, v *versions) error {
			text, err := json.MarshalIndent(v, "", "  ")
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(w, "%s\n", render.ASCIIControls(text))
			return err
		}, nil
	}
	tmpl, err := templates.Parse(format)
	if err != nil {
		return nil, badUsage(cmd, "cannot parse the template: %s", err)
	}
	return func(w io.Writer, v *versions) error {
		if v.Engine == nil {
			v.Engine = &engineVersion{} // so that its fields are empty, not wrong
		}
		if err := tmpl.Execute(w, v); err != nil {
			return fmt.Errorf("cannot fill in the template: %w", err)
		}
		_, err := fmt.Fprintln(w)
		return err
	}, nil
}

func writeVersions(w io.Writer, v *versions) error {
	lines := [][2]string{{"Plugin", v.Plugin.Version + also("commit", commitBeside(v.Plugin)) + also("", v.Plugin.Platform) + also("Go", v.Plugin.Go)}}
	switch {
	case v.CLI.Version != "":
		lines = append(lines, [2]string{"Docker CLI", v.CLI.Version + also("", v.CLI.Path)})
	case v.CLI.Path != "":
		lines = append(lines, [2]string{"Docker CLI", "unknown" + also("", v.CLI.Path)})
	default:
		lines = append(lines, [2]string{"Docker CLI", "none found"})
	}
	if e := v.Engine; e != nil {
		lines = append(lines, [2]string{"Engine", e.Product + " " + e.Version + also("API", e.API) + also("", e.Platform) + also("at", e.Endpoint)})
	} else {
		lines = append(lines, [2]string{"Engine", "none answers"})
	}
	for _, line := range lines {
		if _, err := fmt.Fprintf(w, "%-12s%s\n", line[0]+":", line[1]); err != nil {
			return err
		}
	}
	return nil
}

// commitBeside is the commit, unless the version tells it already.
func commitBeside(plugin pluginVersion) string {
	if strings.Contains(plugin.Version, strings.TrimSuffix(plugin.Commit, "-dirty")) {
		return ""
	}
	return plugin.Commit
}

// also adds a further fact, if there is one.
func also(what, value string) string {
	if value == "" {
		return ""
	}
	if what != "" {
		what += " "
	}
	return ", " + what + render.Cut(render.Printable(value), 200)
}
