//go:build linux

package measure

import (
	"errors"
	"io"
	"math"
	"net/netip"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// under is an Echo under way of which the requests were "sent" at this time.
func under(sentAt time.Time, count int) *echoing {
	lines := wire.NewWriter(io.Discard)
	e := &echoing{
		task: &task{Request: wire.Request{Timeout: time.Second, Count: count}, session: &session{lines: lines}},
		sent: map[uint16]*request{}, oldest: 1,
	}
	for range count {
		e.sequence++
		e.total.Sent++
		e.awaited++
		e.sent[uint16(e.sequence)] = &request{sequence: e.sequence, at: sentAt}
	}
	return e
}

func TestArrivals(t *testing.T) {
	t.Parallel()
	at := time.Now()
	const count = 5
	e := under(at, count)
	in := func(sequence uint16, after time.Duration) {
		e.arrived(arrival{sequence: sequence, at: at.Add(after), from: home})
	}
	in(1, 10*time.Millisecond)
	in(1, 11*time.Millisecond) // twice
	in(2, 20*time.Millisecond) // in order
	in(3, 2*time.Second)       // late, before that was noticed
	in(99, time.Millisecond)   // never sent
	e.arrived(arrival{sequence: 4, at: at, from: home, failure: &icmpError{outcome: wire.Unreachable}})
	in(4, time.Second/2) // a reply after an error
	e.sent[3].at, e.sent[5].at = at.Add(-time.Minute), at.Add(-time.Minute)
	e.expire()
	in(5, time.Millisecond) // late, after that was noticed
	s := e.total.sum()
	if s.Outcome != wire.Reached || s.Received != 2 || s.Duplicates != 1 || e.awaited != 0 {
		t.Errorf("%+v, %d outstanding", s, e.awaited)
	}
	if s.Min != 10*time.Millisecond || s.Max != 20*time.Millisecond || s.Avg != 15*time.Millisecond || s.Jitter != 5*time.Millisecond {
		t.Errorf("%+v", s)
	}
}

func TestNoneAnswered(t *testing.T) {
	t.Parallel()
	router := netip.MustParseAddr("192.0.2.1")
	var a tally
	if got := a.sum(); got.Outcome != wire.Silent {
		t.Errorf("%+v", got)
	}
	a.add(wire.Reply{Outcome: wire.Silent})
	a.add(wire.Reply{Outcome: wire.Unreachable, From: router})
	if got := a.sum(); got.Outcome != wire.Unreachable || got.From != router || got.Received != 0 {
		t.Errorf("%+v", got)
	}
}

// TestStamps holds that the kernel's stamp is used where it can be right only.
func TestStamps(t *testing.T) {
	t.Parallel()
	sent := time.Now()
	own := 10 * time.Millisecond
	for stamp, want := range map[int64]time.Duration{
		int64(2 * time.Millisecond): 2 * time.Millisecond,
		int64(-time.Hour):           own, // the clock was set back
		int64(time.Hour):            own,
	} {
		a := arrival{at: sent.Add(own), stamp: sent.UnixNano() + stamp}
		if got := a.took(sent); got != want {
			t.Errorf("%d: %s", stamp, got)
		}
	}
	if got := (arrival{at: sent.Add(own)}).took(sent); got != own {
		t.Errorf("without a stamp: %s", got)
	}
}

func TestPacket(t *testing.T) {
	t.Parallel()
	const identifier, sequence, size = 0x1234, 0xfffe, 57
	p := echoRequest(false, identifier, sequence, size)
	if len(p) != icmpHeader+size || checksum(p) != 0 {
		t.Errorf("% x: %x", p, checksum(p))
	}
	if h, ok := parseEcho(p, v4EchoRequest); !ok || h != (echoHeader{identifier, sequence}) {
		t.Errorf("%+v, %t", h, ok)
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	e := under(time.Now(), 1)
	e.sequence = math.MaxUint16 + 1
	e.sent[0] = &request{sequence: e.sequence, at: time.Now()}
	e.oldest, e.awaited = e.sequence, 1
	e.arrived(arrival{sequence: 0, at: time.Now(), from: home})
	if e.total.Received != 1 || e.awaited != 0 {
		t.Errorf("%+v", e.total)
	}
}

func TestOutcomesOfICMP(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v6         bool
		kind, code uint8
		want       wire.Outcome
	}{
		{false, 3, 0, wire.Unreachable},
		{false, 3, 1, wire.Unreachable},
		{false, 3, 3, wire.Refused},
		{false, 3, 4, wire.TooBig},
		{false, 3, 9, wire.Prohibited},
		{false, 3, 10, wire.Prohibited},
		{false, 3, 13, wire.Prohibited},
		{false, 11, 0, wire.Unreachable},
		{true, 1, 0, wire.Unreachable},
		{true, 1, 1, wire.Prohibited},
		{true, 1, 3, wire.Unreachable},
		{true, 1, 4, wire.Refused},
		{true, 2, 0, wire.TooBig},
	} {
		if got := outcomeOfICMP(c.v6, c.kind, c.code); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	if _, ok := outcomeOf(errors.New("no errno")); ok {
		t.Error("it takes any error for one of the network")
	}
}

// TestEchoStops needs a namespace that lets this user send echoes: as any does
// with root.
func TestEchoStops(t *testing.T) {
	t.Parallel()
	p, err := openPinger(home)
	if err != nil {
		t.Log("no ICMP here:", err)
		return
	}
	p.close()
	for _, address := range []string{"127.0.0.1", "::1"} {
		probe, _ := begin(t)
		id := probe.ask(wire.Request{Kind: wire.Echo, Address: netip.MustParseAddr(address), Interval: 5 * time.Millisecond})
		probe.until(id, func(came []wire.Result) bool { return len(came) > 3 })
		probe.ask(wire.Request{Kind: wire.Stop, Of: id})
		replies, last := probe.all(id)
		if e := last.Echoes; e == nil || e.Outcome != wire.Reached || e.Received != len(replies) || e.Duplicates != 0 {
			t.Errorf("%d replies, %+v", len(replies), last.Echoes)
		}
	}
}
