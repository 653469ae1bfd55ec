//go:build unix

package main

import (
	"bytes"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// TestPingSignalled holds that a signal at any step of the start of a helper on a
// slow engine leaves nothing: also where it is sent twice, as timeout does.
func TestPingSignalled(t *testing.T) {
	for _, request := range []string{"POST /images/create", "POST /containers/create", "POST /containers/{id}/attach", "POST /containers/{id}/start", "DELETE /containers/{id}"} {
		for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
			for _, count := range []string{"100000", "0"} {
				t.Run(fmt.Sprintf("%s/%s/-c %s", request, signal, count), func(t *testing.T) {
					t.Parallel()
					fake := pinged(t, places["shop"])
					const slow = 300 * time.Millisecond
					fake.FailNth(request, 1, enginetest.Delay(slow))
					args := []string{"ping", "-c", count, "-i", "0.01", "web", "api"}
					if request == "DELETE /containers/{id}" {
						args = []string{"ping", "web", "api"} // that comes to its end by itself
					}
					cmd := program(t, fake.Host(), args...)
					var stdout, stderr bytes.Buffer
					cmd.Stdout, cmd.Stderr = &stdout, &stderr
					if err := cmd.Start(); err != nil {
						t.Fatal(err)
					}
					fake.Await(request)
					for range 2 {
						if err := cmd.Process.Signal(signal); err != nil {
							t.Fatal(err)
						}
					}
					if got := statusOf(cmd.Wait()); got != 130 || stderr.Len() > 0 {
						t.Errorf("the status is %d, want 130; it wrote %q and said %q", got, stdout.String(), stderr.String())
					}
					if left := leftOf(fake); left != 0 {
						t.Errorf("%d helpers are left", left)
					}
				})
			}
		}
	}
}
