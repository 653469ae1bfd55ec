package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestPingUnread holds that ping ends at once where what it writes cannot be
// written, and leaves nothing.
func TestPingUnread(t *testing.T) {
	for _, args := range [][]string{{"-c", "0", "web", "api"}, {"-c", "100000", "web", "api"}, {"web", "api"}, {"--format", "json", "web", "api"}, {"--network", "shop_front"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = full.Close() }()
			fake := pinged(t, places["shop"])
			cmd := program(t, fake.Host(), append([]string{"ping"}, args...)...)
			var stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = full, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if got := statusOf(cmd.Wait()); got != 1 || !strings.Contains(stderr.String(), "no space left on device") {
				t.Errorf("the status is %d, want 1; it said %q", got, stderr.String())
			}
			if left := leftOf(fake); left != 0 {
				t.Errorf("%d helpers are left", left)
			}
		})
	}
}
