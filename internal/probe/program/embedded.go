//go:build probes

package program

import "embed"

// The directory, and not *.gz, so that it builds where no probe was. What is in it
// comes through go's -overlay.
//
//go:embed all:brought
var embedded embed.FS
