package main

import (
	"slices"
	"strings"

	cliflags "github.com/docker/cli/cli/flags"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/docker-netkit/docker-netkit/internal/commands"
)

// standaloneArgs turns the arguments of "docker-netkit graph" into those with
// which docker starts a plugin, "docker-netkit netkit graph": the plugin's
// name goes behind the flags that docker itself takes (-H, --context, …).
func standaloneArgs(args []string) []string {
	if len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) {
		return slices.Concat(args[:1], standaloneArgs(args[1:]))
	}
	at := leadingDockerFlags(args)
	if at < len(args) && args[at] == commands.Name {
		return args
	}
	return slices.Concat(args[:at], []string{commands.Name}, args[at:])
}

// leadingDockerFlags counts the arguments at the beginning that are docker's
// own flags and their values.
func leadingDockerFlags(args []string) int {
	flags := pflag.NewFlagSet("docker", pflag.ContinueOnError)
	cliflags.NewClientOptions().InstallFlags(flags)
	at := 0
	for at < len(args) {
		flag, hasValue := dockerFlag(flags, args[at])
		if flag == nil {
			break
		}
		at++
		if !hasValue && flag.NoOptDefVal == "" && at < len(args) {
			at++
		}
	}
	return at
}

func dockerFlag(flags *pflag.FlagSet, arg string) (flag *pflag.Flag, hasValue bool) {
	if name, long := strings.CutPrefix(arg, "--"); long {
		name, _, hasValue = strings.Cut(name, "=")
		return flags.Lookup(name), hasValue
	}
	if len(arg) < 2 || arg[0] != '-' {
		return nil, false
	}
	return flags.ShorthandLookup(arg[1:2]), len(arg) > 2
}
