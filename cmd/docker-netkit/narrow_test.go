//go:build unix

package main

import (
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// A long name is cut where it would take the verdict's place, on a terminal only.
func TestListCutsNames(t *testing.T) {
	long := strings.Repeat("long_name_", 9)
	fake := enginetest.Start(t, enginetest.Docker28, enginetest.Bridge(long, "172.20.0.0/16", ""), enginetest.Bridge("old_net", "172.22.0.0/16", ""))
	for _, width := range []uint16{40, 60, 80, 100, 200} {
		shown := onTerminal(t, width, fake.Host(), nil, "ls")
		for line := range strings.Lines(shown) {
			line = strings.TrimRight(line, " \r\n")
			if columns := len([]rune(line)); columns > int(width) || !strings.HasSuffix(line, "unused") && !strings.HasSuffix(line, "predefined") && !strings.HasSuffix(line, "VERDICT") {
				t.Errorf("%d columns of %d: %s", columns, width, line)
			}
		}
		if !strings.Contains(shown, "old_net ") || width >= 100 && !strings.Contains(shown, "172.22.0.0/16") {
			t.Errorf("at %d columns it shows\n%s", width, shown)
		}
	}
	for _, got := range []string{
		onTerminal(t, 60, fake.Host(), nil, "ls", "--no-trunc"), onTerminal(t, 60, fake.Host(), nil, "ls", "--format", "{{.Name}}"),
	} {
		if !strings.Contains(got, long) {
			t.Errorf("it shows\n%s", got)
		}
	}
}

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
