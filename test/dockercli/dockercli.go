//go:build tools

// Package dockercli pins the newest docker client, which no Debian release has
// yet, so that the tests can build it (see scripts/docker-clis).
package dockercli

import _ "github.com/docker/cli/cmd/docker"
