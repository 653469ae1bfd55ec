//go:build linux

package measure

import (
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// parseResolver reads a resolv.conf (resolv.conf(5)): the last of several search
// lists counts, and "domain" is one of a single entry.
func parseResolver(text string) wire.Resolver {
	var r wire.Resolver
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		switch fields[0] {
		case "nameserver":
			r.Servers = append(r.Servers, fields[1])
		case "search":
			r.Search = fields[1:]
		case "domain":
			r.Search = fields[1:2]
		case "options":
			r.Options = append(r.Options, fields[1:]...)
		}
	}
	return r
}
