//go:build !probes

package program

import "embed"

var embedded embed.FS
