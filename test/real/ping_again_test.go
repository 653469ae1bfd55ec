//go:build real

package real

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestPingAsksAgain: what did not answer is not blamed on a firewall where the target
// did not stay as it was, or where its program takes no more connections.
func TestPingAsksAgain(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		p := buildPair(t, e)
		p.busy()
		for words, change := range map[string]func(context.Context, string) error{
			"was stopped": p.Stop,
			"was restarted": func(ctx context.Context, id string) error {
				if err := p.Stop(ctx, id); err != nil {
					return err
				}
				return p.Start(ctx, id)
			},
		} {
			g := p.endlessly("b:81")
			ok(t, change(t.Context(), p.b))
			ok(t, g.Process.Signal(os.Interrupt))
			status := g.end()
			text := g.stdout.String()
			if status != 1 || !strings.Contains(text, words+" while it was tested") || strings.Contains(text, "firewall") {
				t.Errorf("%s: it %s: status %d\n%s%s", e.Name, words, status, text[max(0, len(text)-700):], g.stderr.String())
			}
			if words == "was stopped" {
				ok(t, p.Start(t.Context(), p.b))
			}
			awaitListener(t, p.b, 80)
		}
		nothingLeft(t, e, p.a, p.b)
	})
}

// endlessly pings until it is interrupted.
func (p *pair) endlessly(target string) *going {
	p.t.Helper()
	g := start(p.t, p.environment(), append([]string{"ping"}, p.names([]string{"-c", "0", "-i", "0.1", "-W", "0.5", "a", target})...)...)
	g.says("seq=3")
	return g
}

// busy: a program that takes no connections, whose backlog is full.
func (p *pair) busy() {
	fd, err := within(pidOf(p.t, p.b), func() (int, error) {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err == nil {
			err = unix.Bind(fd, &unix.SockaddrInet4{Port: 90})
		}
		if err == nil {
			err = unix.Listen(fd, 0) // one waits, and no more
		}
		return fd, err
	})
	ok(p.t, err)
	defer func() { _ = unix.Close(fd) }()
	for {
		waits, err := within(pidOf(p.t, p.b), func() (net.Conn, error) { return net.DialTimeout("tcp", "127.0.0.1:90", time.Second) })
		if err != nil {
			break
		}
		p.t.Cleanup(func() { _ = waits.Close() })
	}
	got := p.ping("-W", "0.5", "a", "b:90")
	if got.status != 2 || !strings.Contains(got.stdout, "that its program has not taken") || strings.Contains(got.stdout, "firewall") {
		p.t.Errorf("%s: a full backlog: status %d\n%s%s", p.Engine.Name, got.status, got.stdout, got.stderr)
	}
}
