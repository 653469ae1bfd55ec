//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/probe/wiretest"
)

// pinged is an engine with the shop, whose helpers see places.
func pinged(t *testing.T, seen map[string]*wiretest.Place) *enginetest.Engine {
	t.Helper()
	fake := enginetest.Start(t, enginetest.Docker28, shop()...)
	fake.Probe(func(source string, in io.Reader, out io.Writer) {
		p := seen[source]
		if p == nil {
			p = &wiretest.Place{}
		}
		p.Serve(in, out)
	})
	return fake
}

// leftOf is how many containers there are beside those of the shop.
func leftOf(fake *enginetest.Engine) int {
	left := len(fake.Containers())
	for _, object := range shop() {
		if _, ok := object.(enginetest.Container); ok {
			left--
		}
	}
	return left
}

// TestPingUntilInterrupted holds that -c 0 goes on until Ctrl-C, and then sums up
// what was measured, with the status of that.
func TestPingUntilInterrupted(t *testing.T) {
	for name, c := range map[string]struct {
		seen map[string]*wiretest.Place
		want int
		last string
	}{
		"it answers":   {places["shop"], 0, "web -> api   reached"},
		"it is silent": {map[string]*wiretest.Place{"web": {Names: map[string]wire.Resolution{"api": wiretest.Named("172.20.0.2")}}}, 2, "FAILED at ICMP"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := pinged(t, c.seen)
			cmd := program(t, fake.Host(), "ping", "-c", "0", "web", "api")
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			var all []string
			for lines.Scan() {
				all = append(all, lines.Text())
				if strings.Contains(lines.Text(), "seq=1 ") { // it comes at once, and not at the end
					if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
						t.Fatal(err)
					}
				}
			}
			text := strings.Join(all, "\n")
			if got := statusOf(cmd.Wait()); got != c.want || stderr.Len() > 0 {
				t.Errorf("the status is %d, want %d; it said %q", got, c.want, stderr.String())
			}
			if !strings.Contains(text, "--- api ping statistics ---\n") || !strings.Contains(text, c.last) {
				t.Errorf("it wrote %s", text)
			}
			if left := leftOf(fake); left != 0 {
				t.Errorf("%d helpers are left", left)
			}
		})
	}
}

// TestPingCutShort holds that Ctrl-C ends a number of echo requests, too, and that
// what was measured is summed up then, with the status of an interruption.
func TestPingCutShort(t *testing.T) {
	for _, target := range []string{"api", "api:80", "http://api/"} { // the stand-in serves no page, and none is asked for
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			fake := pinged(t, places["shop"])
			cmd := program(t, fake.Host(), "ping", "-c", "100000", "web", target, "api")
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			var all []string
			for lines.Scan() {
				all = append(all, lines.Text())
				if strings.Contains(lines.Text(), "seq=1 ") {
					if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
						t.Fatal(err)
					}
				}
			}
			text := strings.Join(all, "\n")
			if got := statusOf(cmd.Wait()); got != 130 || stderr.Len() > 0 {
				t.Errorf("the status is %d, want 130; it said %q", got, stderr.String())
			}
			if strings.Count(text, " ping statistics ---\n") != 1 || !strings.Contains(text, "0% packet loss") || !strings.Contains(text, "web -> "+target+"   reached") {
				t.Errorf("it wrote %s", text)
			}
			if left := leftOf(fake); left != 0 {
				t.Errorf("%d helpers are left", left)
			}
		})
	}
}

// TestPingInterrupted holds that Ctrl-C ends anything else with 130, once the
// helpers are gone.
func TestPingInterrupted(t *testing.T) {
	for name, args := range map[string][]string{
		"one pair":     {"ping", "web", "api:80"},
		"for programs": {"ping", "--format", "json", "web", "api:80"},
		"with replies": {"ping", "-c", "5", "web", "api:80"},
		"many":         {"ping", "--network", "shop_front"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := enginetest.Start(t, enginetest.Docker28, shop()...)
			begun := make(chan struct{}, 16)
			fake.Probe(func(_ string, in io.Reader, out io.Writer) {
				if wire.NewWriter(out).Write(wire.Hello{Version: wire.Version}) != nil {
					return
				}
				lines := wire.NewReader(in)
				for {
					var r wire.Request
					if lines.Read(&r) != nil {
						return
					}
					begun <- struct{}{} // and no answer, ever
				}
			})
			cmd := program(t, fake.Host(), args...)
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			select {
			case <-begun:
			case err := <-ended:
				t.Fatalf("it ended before it asked a helper: %v; it wrote %q and said %q", err, stdout.String(), stderr.String())
			}
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			if got := statusOf(<-ended); got != 130 || stdout.Len() > 0 || stderr.Len() > 0 {
				t.Errorf("the status is %d, want 130; it wrote %q and said %q", got, stdout.String(), stderr.String())
			}
			if left := leftOf(fake); left != 0 {
				t.Errorf("%d helpers are left", left)
			}
		})
	}
}

// TestPingOnTerminal holds that what it waits for is told on a terminal and
// nowhere else, and that nothing that an engine says acts on it.
func TestPingOnTerminal(t *testing.T) {
	fake := pinged(t, places["shop"])
	text := onTerminal(t, 100, fake.Host(), nil, "ping", "--network", "shop_front")
	for _, want := range []string{"Starting helpers… 0 of 2, 0 done", "Starting helpers… 1 of 2, ", "Testing… 2 of 2 containers done", "rows send, columns receive"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in %q", want, text)
		}
	}
	evil := "\x1b]0;x\x07\n\u202e"
	fake = enginetest.Start(t, enginetest.Docker28, odd()...)
	fake.Probe(func(_ string, in io.Reader, out io.Writer) {
		(&wiretest.Place{
			Names:    map[string]wire.Resolution{"evil\x1b]0;x\x07": wiretest.Unnamed(wire.Outcome(evil))},
			Failures: map[string]string{"echo": evil, "connect": evil, "describe": evil},
		}).Serve(in, out)
	})
	for _, args := range [][]string{{"ping", "web", "evil\x1b]0;x\x07"}, {"ping", "evil\x1b]0;x\x07", "web:80"}, {"ping", "--all"}, {"ping", "-c", "2", "evil\x1b]0;x\x07", "web"}} {
		text, _ := shownOn(t, 100, fake.Host(), nil, args...)
		if !strings.Contains(text, "web") {
			t.Errorf("%q writes %q only", args, text)
		}
		for _, bad := range []string{"\x1b]", "\x07", "\u202e"} {
			if strings.Contains(text, bad) {
				t.Errorf("%q writes %q in %q", args, bad, text)
			}
		}
	}
}

// TestPingHeaders holds that helpers are asked for with the headers that the docker
// CLI is configured to send, too.
func TestPingHeaders(t *testing.T) {
	fake := pinged(t, places["shop"])
	cmd := program(t, fake.Host(), "ping", "web", "api")
	cmd.Env = append(cmd.Env, "DOCKER_CUSTOM_HEADERS=X-Key=value")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	var names []string
	for _, r := range fake.Requests() {
		if got := r.Header.Get("X-Key"); got != "value" {
			t.Errorf("%s has %q", r.Name, got)
		}
		names = append(names, r.Name)
	}
	for _, want := range []string{"POST /images/create", "POST /containers/create", "POST /containers/{id}/attach", "DELETE /containers/{id}"} {
		if !slices.Contains(names, want) {
			t.Errorf("there is no %s", want)
		}
	}
}
