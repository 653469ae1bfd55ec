//go:build unix

package main

import (
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// TestRestoreListFitsTheTerminal holds that with usual names no line wraps in 80
// columns, that longer ones are cut, and that without a terminal nothing is.
func TestRestoreListFitsTheTerminal(t *testing.T) {
	long := strings.Repeat("long_name_", 9)
	u := newUser(t, enginetest.Docker28,
		enginetest.Bridge("shop_backend", "172.21.0.0/16", ""), enginetest.Bridge(long, "172.22.0.0/16", ""), enginetest.Bridge("v6", "fd05:1234:5678::/112", ""))
	u.run(0, "safe-rm", "shop_backend")
	shown := onTerminalOf(u, 80, "restore")
	for _, want := range []string{"ENTRY", "NETWORK", "SUBNETS", "CONTAINERS", "BY", "REMOVED", "shop_backend", "172.21.0.0/16", "safe-rm", " ago"} {
		if !strings.Contains(shown, want) {
			t.Errorf("it does not show %q but\n%s", want, shown)
		}
	}
	u.run(0, "safe-rm", long, "v6")
	shown = onTerminalOf(u, 80, "restore")
	for line := range strings.Lines(shown) {
		if width := len([]rune(strings.TrimRight(line, " \r\n"))); width > 80 {
			t.Errorf("%d columns: %s", width, line)
		}
	}
	if !strings.Contains(shown, "…") || !strings.Contains(shown, "shop_backend") {
		t.Errorf("it shows\n%s", shown)
	}
	if got := u.run(0, "restore"); !strings.Contains(got.stdout, "fd05:1234:5678::/112") {
		t.Errorf("it writes\n%s", got.stdout)
	}
}

// onTerminalOf is what a user sees on a terminal of some width.
func onTerminalOf(u *user, width uint16, args ...string) string {
	u.t.Helper()
	return onTerminal(u.t, width, u.fake.Host(), []string{"DOCKER_CONFIG=" + u.config, "NO_COLOR=1"}, args...)
}
