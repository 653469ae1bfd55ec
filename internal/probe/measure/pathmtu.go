//go:build linux

package measure

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

const (
	// tries is how often each size is sent: one packet may be lost.
	tries = 2
	// perTry is how long one is waited for at most.
	perTry = 300 * time.Millisecond
	// perRound is how many sizes go out side by side.
	perRound = 8
	// What every link carries (RFC 791, RFC 8200), in bytes.
	leastV4, leastV6 = 68, 1280
)

// mtuSearch is a PathMTU under way. Sizes are of packets, with the IP header.
type mtuSearch struct {
	*task
	pinger   *pinger
	arrivals <-chan arrival
	sequence uint16
	sizes    map[uint16]int // by sequence, of all that were sent: answers may be late
	// below is a size that does not pass, as far as is known; greatest is the
	// largest that was answered, or 0.
	below, greatest int
	last            wire.Reply // of those that were not answered
	text            string
}

// pathMTU looks for the largest packet that comes to an address and back.
func (t *task) pathMTU(ctx context.Context) (*wire.MTU, error) {
	result := &wire.MTU{Outcome: wire.NoRoute}
	source := sourceTo(t.Address)
	if !source.IsValid() {
		result.Text = "there is no route to it"
		return result, nil
	}
	result.Interface = mtuTo(source, t.Address)
	p, err := openPinger(t.Address)
	if errors.Is(err, unix.EAFNOSUPPORT) {
		result.Text = err.Error()
		return result, nil
	}
	if err != nil {
		return nil, err
	}
	defer p.close()
	if err := p.wholeOnly(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	arrivals := make(chan arrival)
	t.session.tasks.Go(func() { p.listen(ctx, arrivals, largestPacket) })
	least := leastV4
	if t.Address.Unmap().Is6() {
		least = leastV6
	}
	top := largestPacket
	if result.Interface > 0 {
		top = min(max(result.Interface, least), largestPacket)
	}
	s := &mtuSearch{task: t, pinger: p, arrivals: arrivals, sizes: map[uint16]int{}, below: top + 1}
	if err := s.search(ctx, least, top); err != nil {
		return nil, err
	}
	result.Path, result.Outcome, result.Text = s.greatest, wire.Reached, ""
	if s.greatest == 0 {
		result.Outcome, result.Text = s.last.Outcome, s.text
	}
	return result, nil
}

// search narrows down what passes: a whole round of sizes at once, since what
// does not pass is known by waiting only.
func (s *mtuSearch) search(ctx context.Context, least, top int) error {
	if err := s.round(ctx, []int{top, least}); err != nil {
		return err
	}
	for s.greatest > 0 && s.below-s.greatest > 1 {
		var sizes []int
		for gap, i := s.below-s.greatest, perRound; i > 0; i-- {
			if size := s.greatest + gap*i/(perRound+1); size > s.greatest && (len(sizes) == 0 || sizes[len(sizes)-1] != size) {
				sizes = append(sizes, size)
			}
		}
		// What a router named is most likely right: that, and no more.
		if sizes[0] != s.below-1 {
			sizes = append([]int{s.below - 1}, sizes...)
		}
		if err := s.round(ctx, sizes); err != nil {
			return err
		}
		for _, size := range sizes {
			if size > s.greatest {
				s.below = min(s.below, size)
			}
		}
	}
	return nil
}

// round sends packets of these sizes, largest first, and waits for the answers.
func (s *mtuSearch) round(ctx context.Context, sizes []int) error {
	for range tries {
		outstanding := map[uint16]bool{}
		for _, size := range sizes {
			if size <= s.greatest || size >= s.below {
				continue
			}
			s.sequence++
			_, err := s.pinger.send(s.sequence, size-headersTo(s.Address))
			if err == nil {
				s.sizes[s.sequence], outstanding[s.sequence] = size, true
				continue
			}
			s.refused(size, err)
		}
		if err := s.await(ctx, outstanding); err != nil {
			return err
		}
	}
	return nil
}

func (s *mtuSearch) refused(size int, err error) {
	outcome, known := outcomeOf(err)
	if !known {
		outcome = wire.NoRoute
	}
	s.last, s.text = wire.Reply{Outcome: outcome}, err.Error()
	if outcome == wire.TooBig {
		s.below = min(s.below, size)
	}
}

// await takes answers until there is one for each, or the time is over.
func (s *mtuSearch) await(ctx context.Context, outstanding map[uint16]bool) error {
	over := time.NewTimer(min(s.Timeout, perTry))
	defer over.Stop()
	for len(outstanding) > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-over.C:
			s.last = wire.Reply{Outcome: wire.Silent}
			return nil
		case a := <-s.arrivals:
			delete(outstanding, a.sequence)
			size := s.sizes[a.sequence]
			switch {
			case a.failure == nil:
				s.greatest = max(s.greatest, size)
			case a.failure.outcome == wire.TooBig:
				s.below = min(s.below, size)
				if a.failure.mtu >= leastV4 && a.failure.mtu < s.below {
					s.below = a.failure.mtu + 1
				}
			default:
				s.last, s.text = wire.Reply{Outcome: a.failure.outcome, From: a.from}, a.failure.text()
			}
		}
	}
	return nil
}

// mtuTo is the MTU of the interface that a packet takes: the one that has its
// source, but the loopback's for an address of the namespace's own.
func mtuTo(source, to netip.Addr) int {
	interfaces, err := net.Interfaces()
	if err != nil {
		return 0
	}
	mtu := 0
	for _, i := range interfaces {
		for _, prefix := range prefixesOf(i) {
			switch prefix.Addr() {
			case to.Unmap().WithZone(""):
				return loopbackMTU(interfaces, i.MTU)
			case source.WithZone(""):
				mtu = i.MTU
			}
		}
	}
	return mtu
}

func loopbackMTU(interfaces []net.Interface, otherwise int) int {
	for _, i := range interfaces {
		if i.Flags&net.FlagLoopback != 0 {
			return i.MTU
		}
	}
	return otherwise
}
