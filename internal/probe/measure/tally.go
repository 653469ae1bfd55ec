//go:build linux

package measure

import (
	"math"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// tally sums up replies.
type tally struct {
	wire.Echoes
	mean, squares float64 // Welford's, of the round trips in ns
	last          wire.Reply
}

func (t *tally) add(r wire.Reply) {
	if r.Duplicate {
		t.Duplicates++
		return
	}
	if r.Outcome != wire.Reached {
		t.last = r
		return
	}
	t.Received++
	if t.Received == 1 || r.Took < t.Min {
		t.Min = r.Took
	}
	t.Max = max(t.Max, r.Took)
	took := float64(r.Took)
	delta := took - t.mean
	t.mean += delta / float64(t.Received)
	t.squares += delta * (took - t.mean)
}

// sum gives the summary.
func (t *tally) sum() *wire.Echoes {
	e := t.Echoes
	switch {
	case e.Received > 0:
		e.Outcome = wire.Reached
		e.Avg = time.Duration(math.Round(t.mean))
		e.Jitter = time.Duration(math.Round(math.Sqrt(t.squares / float64(e.Received))))
	case t.last.Outcome != "":
		e.Outcome, e.From = t.last.Outcome, t.last.From
	default:
		e.Outcome = wire.Silent
	}
	return &e
}
