//go:build real

package real

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestPingDeadName: a name that does not exist, where the engine's own upstream is
// out of reach, keeps nobody longer than asked for. Docker 20 waits for such an
// upstream for 10 s. Compared is what the same takes with a name that is there: it
// fails where the answer comes later than the time asked for, and half as much.
func TestPingDeadName(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		const wait = 2 * time.Second
		p := buildPair(t, e)
		host := p.live("host", &zoo.Container{Mode: "host"})
		// A bridge with nothing behind it, and somebody who is said to be there:
		// packets go, and neither an answer nor a refusal comes.
		device := fmt.Sprintf("nkd%d", os.Getpid())
		inNamespace(t, host, "ip", "link", "add", device, "type", "bridge")
		defer inNamespace(t, host, "ip", "link", "del", device)
		inNamespace(t, host, "ip", "addr", "add", "198.51.100.1/24", "dev", device)
		inNamespace(t, host, "ip", "link", "set", device, "up")
		inNamespace(t, host, "ip", "neigh", "add", "198.51.100.53", "lladdr", "02:00:00:00:00:53", "dev", device, "nud", "permanent")
		p.live("asker", &zoo.Container{HostConfig: map[string]any{"Dns": []string{"198.51.100.53"}}})

		took := func(status int, target string) (*measured, time.Duration) {
			began := time.Now()
			said := p.measure(status, "-W", "2", p.Name("asker"), target)
			return said, time.Since(began)
		}
		took(0, "b") // imports the image
		_, alive := took(0, "b")
		said, dead := took(2, "no-such-name.example.com")
		t.Logf("%s: %s with a name that is there, %s with a dead one: %s", e.Name, alive, dead, said.rung(t, "name").Resolution.IPv4.Outcome)
		if dead-alive > wait+wait/2 {
			t.Errorf("%s: %s longer than with a name that is there, and only %s were asked for", e.Name, dead-alive, wait)
		}
		if said.Verdict != "not reached" || said.FailedAt != "name" {
			t.Errorf("%s: %s at %s", e.Name, said.Verdict, said.FailedAt)
		}
		nothingLeft(t, e, p.people()...)
	})
}
