//go:build unix

package main

import (
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// A table that wraps cannot be read, so a narrow terminal gets fewer columns,
// and the verdict always.
func TestListFitsTheTerminal(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, shop()...)
	for _, c := range []struct {
		width        uint16
		has, hasNot  string
		args         []string
		mayBeTooWide bool
	}{
		{width: 160, has: "NETWORK ID"},
		{width: 90, has: "PROJECT", hasNot: "NETWORK ID"},
		{width: 72, has: "SUBNETS", hasNot: "PROJECT"},
		{width: 50, has: "STOPPED", hasNot: "SUBNETS"},
		{width: 50, has: "NETWORK ID", args: []string{"--no-trunc"}, mayBeTooWide: true},
	} {
		shown := onTerminal(t, c.width, fake.Host(), nil, append([]string{"ls"}, c.args...)...)
		header, _, _ := strings.Cut(shown, "\n")
		if !strings.Contains(header, c.has) || c.hasNot != "" && strings.Contains(header, c.hasNot) || !strings.Contains(header, "VERDICT") {
			t.Errorf("at %d columns the header is %s", c.width, header)
		}
		for _, line := range strings.Split(shown, "\n") {
			if len(strings.TrimRight(line, " \r")) > int(c.width) && !c.mayBeTooWide {
				t.Errorf("at %d columns this line is wider: %s", c.width, line)
			}
		}
	}
}
