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
		known, wantsValue := dockerFlag(flags, args[at])
		if !known {
			break
		}
		at++
		if wantsValue && at < len(args) {
			at++
		}
	}
	return at
}

// dockerFlag tells whether an argument is a flag of docker's, and whether its
// value is the argument that follows.
func dockerFlag(flags *pflag.FlagSet, arg string) (known, wantsValue bool) {
	if name, long := strings.CutPrefix(arg, "--"); long {
		name, _, hasValue := strings.Cut(name, "=")
		flag := flags.Lookup(name)
		return flag != nil, flag != nil && !hasValue && flag.NoOptDefVal == ""
	}
	letters, short := strings.CutPrefix(arg, "-")
	if !short || letters == "" {
		return false, false
	}
	for i := range len(letters) {
		flag := flags.ShorthandLookup(letters[i : i+1])
		if flag == nil {
			return false, false
		}
		if flag.NoOptDefVal == "" { // what follows in the argument is its value
			return true, i == len(letters)-1
		}
	}
	return true, false
}
