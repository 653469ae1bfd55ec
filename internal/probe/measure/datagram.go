//go:build linux

package measure

import (
	"context"
	"net"
	"net/netip"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// datagram sends a UDP datagram, and waits for what comes back.
func (t *task) datagram(ctx context.Context) (*wire.Answer, error) {
	errs := &errorsOf{v6: t.Address.Is6() && !t.Address.Is4In6()}
	defer errs.close()
	dialer := net.Dialer{Control: errs.control}
	from := time.Now()
	answer := &wire.Answer{}
	fail := func(err error) (*wire.Answer, error) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		answer.Took = time.Since(from)
		var known bool
		if answer.Outcome, known = outcomeOf(err); !known {
			return nil, err
		}
		answer.Text = plain(err)
		if e, told := errs.last(); told {
			answer.Outcome, answer.Text = e.outcome, e.text()
		}
		return answer, nil
	}
	conn, err := dialer.DialContext(ctx, "udp", netip.AddrPortFrom(t.Address.Unmap(), t.Port).String())
	if err != nil {
		return fail(err)
	}
	defer func() { _ = conn.Close() }()
	answer.Source = addressOf(conn.LocalAddr())
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	_ = conn.SetDeadline(from.Add(t.Timeout))
	if _, err := conn.Write(t.Data); err != nil {
		return fail(err)
	}
	const largest = 1 << 16
	data := make([]byte, largest)
	n, err := conn.Read(data)
	if err != nil {
		return fail(err)
	}
	answer.Outcome, answer.Took, answer.Data = wire.Reached, time.Since(from), data[:n]
	return answer, nil
}
