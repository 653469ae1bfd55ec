//go:build probes

package program

import "embed"

// The directory, and not *.gz, so that it builds where no probe was.
//
//go:embed all:bin
var embedded embed.FS
