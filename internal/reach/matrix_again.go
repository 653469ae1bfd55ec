package reach

import (
	"context"
	"net/netip"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// askAgain asks the engine how those are now that were to answer and did not, or not
// always, and takes back what somebody did not stay for: before anything on the way is
// blamed.
func (m *Matrix) askAgain(ctx context.Context, lab Lab) error {
	changes := make([]changed, len(m.Containers))
	group, within := errgroup.WithContext(ctx)
	const sideBySide = 8
	group.SetLimit(sideBySide)
	for k, c := range m.Containers {
		receives, sends := m.unanswered(k), m.heardNothing(k)
		if len(receives) == 0 && !sends {
			continue
		}
		tried := receives
		if sends {
			tried = append(tried, m.own(c)...)
		}
		group.Go(func() error {
			// The kernel of one that is paused answers for it.
			changes[k] = changedSince(within, lab, m.Index, c, tried, Paused)
			return within.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i := range m.Cells {
		for j := range m.Cells[i] {
			if c := &m.Cells[i][j]; c.doubtful() {
				c.takeBack(changes[i], changes[j])
			}
		}
	}
	return nil
}

// unanswered are the addresses of a container that were to answer and did not.
func (m *Matrix) unanswered(receiver int) []netip.Addr {
	var tried []netip.Addr
	for i := range m.Cells {
		if c := &m.Cells[i][receiver]; c.doubtful() {
			tried = append(tried, c.Address)
		}
	}
	return tried
}

// heardNothing tells that all who were to answer a container did not: where some did,
// what the others do not answer is not its doing.
func (m *Matrix) heardNothing(sender int) bool {
	row := m.Cells[sender]
	return slices.ContainsFunc(row, func(c Cell) bool { return c.doubtful() }) &&
		!slices.ContainsFunc(row, func(c Cell) bool { return c.tried() && c.Foreseen != diagnose.ForecastNo && !c.doubtful() })
}

// own are the addresses of a container's namespace.
func (m *Matrix) own(c *topology.Container) []netip.Addr {
	owner := Namespace(m.Index, c)
	if owner == nil {
		return nil
	}
	var all []netip.Addr
	for _, a := range m.Index.Of(owner.ID) {
		all = append(all, a.IPv4.IP(), a.IPv6.IP())
	}
	return all
}

// doubtful tells that something was to answer and did not, or not always.
func (c *Cell) doubtful() bool {
	switch c.State {
	case Nothing, PortFails:
		return c.Foreseen != diagnose.ForecastNo
	case Answers:
		return c.Echoes.Received < c.Echoes.Sent
	case Self, AnswersTCP, AnswersPort, NotUp, CellUntested:
	}
	return false
}

// takeBack says what changed meanwhile. That something answered stays true.
func (c *Cell) takeBack(sender, receiver changed) {
	switch {
	case receiver.change != "":
		c.Failure = receiver.words("it", "the container whose network it shares")
	case sender.change != "":
		c.Failure = sender.words("the sender", "the container whose network the sender shares")
	default:
		return
	}
	if c.State != Answers {
		c.State = CellUntested
	}
}

func (c *changed) words(itself, owner string) string {
	who := itself
	if c.isOwner {
		who = owner
	}
	return who + " was " + string(c.change) + " while it was tested"
}
