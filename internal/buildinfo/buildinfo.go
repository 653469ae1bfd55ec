// Package buildinfo tells which build of the plugin this is. It holds nothing
// that changes while the plugin runs.
package buildinfo

import (
	"runtime"
	"runtime/debug"
	"strings"
)

// version is stamped in by the linker:
// -X github.com/docker-netkit/docker-netkit/internal/buildinfo.version=…
var version string

// Version is the version the build was stamped with, else the module's, else
// "dev".
func Version() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}

// Commit is the short hash of the commit it was built from, with "-dirty" for
// changes on top of it; empty where the build does not know.
func Commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	commit := settings["vcs.revision"]
	if len(commit) > 12 {
		commit = commit[:12]
	}
	if commit != "" && settings["vcs.modified"] == "true" {
		commit += "-dirty"
	}
	return commit
}

// GoVersion is the version of Go it was built with, and Platform what for.
func GoVersion() string { return strings.TrimPrefix(runtime.Version(), "go") }

// Platform is the operating system and architecture, as docker writes them.
func Platform() string { return runtime.GOOS + "/" + runtime.GOARCH }
