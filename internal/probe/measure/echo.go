//go:build linux

package measure

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

const (
	usualSize     = 56
	usualInterval = time.Second
	// shortest is the least time between two echo requests: more often is a
	// flood, and not a measurement.
	shortest = time.Millisecond
	// remembered is how many requests back a duplicate is known as one. It is
	// below what the 16 bits of a sequence number can tell apart.
	remembered = 1 << 14
	// largestPacket is what IP can carry.
	largestPacket = 1<<16 - 1
)

// echoing is an Echo under way.
type echoing struct {
	*task
	pinger   *pinger
	total    tally
	sent     map[uint16]*request
	oldest   int // the first sequence that may be outstanding
	awaited  int // how many are outstanding
	sequence int // the last sent
}

// request is an echo request that was sent.
type request struct {
	sequence int
	at       time.Time
	answered bool
	over     bool // its result was told, and it was no reply
}

// echo sends echo requests, tells of each answer, and sums up.
func (t *task) echo(ctx context.Context) (*wire.Echoes, error) {
	switch t.Size {
	case 0:
		t.Size = usualSize
	case wire.NoData:
		t.Size = 0
	}
	if t.Interval == 0 {
		t.Interval = usualInterval
	}
	t.Interval = max(t.Interval, shortest)
	if t.Size < 0 || t.Size > largestPacket-v4Header-icmpHeader {
		return nil, errors.New("an echo request cannot have that size")
	}
	p, err := openPinger(t.Address)
	if errors.Is(err, unix.EAFNOSUPPORT) {
		return &wire.Echoes{Outcome: wire.NoRoute, Text: err.Error()}, nil
	}
	if err != nil {
		return nil, err
	}
	defer p.close()
	e := &echoing{task: t, pinger: p, sent: map[uint16]*request{}, oldest: 1}
	e.total.Raw = p.raw
	e.total.Source = sourceTo(t.Address)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	arrivals := make(chan arrival)
	t.session.tasks.Go(func() { p.listen(ctx, arrivals, t.Size) })
	err = e.run(ctx, arrivals)
	if err != nil {
		return nil, err
	}
	return e.total.sum(), nil
}

// listen passes on what arrives until the socket is closed.
func (p *pinger) listen(ctx context.Context, to chan<- arrival, size int) {
	const headers = 128
	buffer := make([]byte, size+headers)
	for {
		a, err := p.receive(buffer)
		if err != nil {
			return
		}
		select {
		case to <- a:
		case <-ctx.Done():
			return
		}
	}
}

func (e *echoing) run(ctx context.Context, arrivals <-chan arrival) error {
	// The first goes at once. The others keep to the time of the first, so that
	// late ones do not add up.
	next := time.NewTimer(0)
	defer next.Stop()
	expiry := time.NewTimer(e.Timeout)
	defer expiry.Stop()
	begun := time.Now()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-e.stop:
			return nil
		case a := <-arrivals:
			e.arrived(a)
		case <-next.C:
			e.sendNext()
			if e.Count == 0 || e.sequence < e.Count {
				due := begun.Add(time.Duration(e.sequence) * e.Interval)
				next.Reset(max(time.Until(due), shortest))
			}
		case <-expiry.C:
			e.expire()
		}
		if e.Count > 0 && e.sequence >= e.Count && e.awaited == 0 {
			return nil
		}
		if at, ok := e.deadline(); ok {
			expiry.Reset(time.Until(at))
		} else {
			expiry.Stop()
		}
	}
}

func (e *echoing) sendNext() {
	e.sequence++
	e.total.Sent++
	short := uint16(e.sequence) //nolint:gosec // it is meant to wrap
	delete(e.sent, short-remembered)
	at, err := e.pinger.send(short, e.Size)
	r := &request{sequence: e.sequence, at: at}
	e.sent[short] = r
	e.awaited++
	if err == nil {
		if !e.total.Source.IsValid() {
			e.total.Source = sourceTo(e.Address)
		}
		return
	}
	outcome, known := outcomeOf(err)
	if !known {
		outcome = wire.NoRoute // what is left is that the kernel cannot send there now
	}
	e.total.Text = err.Error()
	e.end(r, wire.Reply{Outcome: outcome})
}

// end tells what became of a request.
func (e *echoing) end(r *request, reply wire.Reply) {
	r.answered, r.over = reply.Outcome == wire.Reached, true
	e.awaited--
	e.tell(r, reply)
}

func (e *echoing) tell(r *request, reply wire.Reply) {
	reply.Sequence = r.sequence
	e.total.add(reply)
	e.write(wire.Result{Reply: &reply})
}

func (e *echoing) arrived(a arrival) {
	r := e.sent[a.sequence]
	if r == nil {
		return
	}
	took := a.took(r.at)
	switch {
	case a.failure != nil && !r.over:
		e.end(r, wire.Reply{Outcome: a.failure.outcome, From: a.from, Took: took})
	case a.failure != nil:
	case !r.over && took <= e.Timeout:
		e.end(r, e.reply(a, took))
	case r.answered:
		again := e.reply(a, took)
		again.Duplicate = true
		e.tell(r, again)
	}
	// What is left comes too late: it was told, or will be, that there was none.
}

func (e *echoing) reply(a arrival, took time.Duration) wire.Reply {
	from := a.from
	if from.Is6() && from.IsLinkLocalUnicast() {
		from = from.WithZone(e.Address.Zone())
	}
	return wire.Reply{Outcome: wire.Reached, From: from, Took: took, TTL: a.ttl, Size: a.size}
}

// deadline is when the oldest outstanding request is given up.
func (e *echoing) deadline() (at time.Time, ok bool) {
	for ; e.oldest <= e.sequence; e.oldest++ {
		r := e.sent[uint16(e.oldest)] //nolint:gosec // it is meant to wrap
		if r != nil && r.sequence == e.oldest && !r.over {
			return r.at.Add(e.Timeout), true
		}
	}
	return time.Time{}, false
}

// expire gives up what was not answered in time.
func (e *echoing) expire() {
	for now := time.Now(); ; {
		at, ok := e.deadline()
		if !ok || at.After(now) {
			return
		}
		e.end(e.sent[uint16(e.oldest)], wire.Reply{Outcome: wire.Silent}) //nolint:gosec // it is meant to wrap
	}
}

// headersTo is the length of the headers before the bytes of an echo.
func headersTo(address netip.Addr) int {
	if address.Unmap().Is4() {
		return v4Header + icmpHeader
	}
	return v6Header + icmpHeader
}
