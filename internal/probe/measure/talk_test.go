//go:build linux

package measure

import (
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// talk is a conversation with a probe.
type talk struct {
	t     *testing.T
	lines *wire.Writer
	next  int

	mu   sync.Mutex
	came map[int][]wire.Result
	done []int         // the requests whose last results came, in this order
	more chan struct{} // told that something came, or that no more will
}

func newTalk(t *testing.T, in io.Writer, out io.Reader) *talk {
	t.Helper()
	talk := &talk{t: t, lines: wire.NewWriter(in), came: map[int][]wire.Result{}, more: make(chan struct{}, 1)}
	reader := wire.NewReader(out)
	if err := reader.Greet(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			var r wire.Result
			if reader.Read(&r) != nil {
				return
			}
			talk.mu.Lock()
			talk.came[r.ID] = append(talk.came[r.ID], r)
			if r.Done {
				talk.done = append(talk.done, r.ID)
			}
			talk.mu.Unlock()
			select {
			case talk.more <- struct{}{}:
			default:
			}
		}
	}()
	return talk
}

// ask sends a request, and gives its ID.
func (p *talk) ask(request wire.Request) int {
	p.t.Helper()
	p.next++
	request.ID = p.next
	if err := p.lines.Write(request); err != nil {
		p.t.Fatal(err)
	}
	return request.ID
}

// until waits for results of a request that are enough.
func (p *talk) until(id int, enough func([]wire.Result) bool) []wire.Result {
	p.t.Helper()
	late := time.After(time.Minute)
	for {
		p.mu.Lock()
		came := p.came[id]
		p.mu.Unlock()
		if enough(came) {
			return came
		}
		select {
		case <-p.more:
		case <-late:
			p.t.Fatalf("of %d only came %+v", id, came)
		}
	}
}

// all waits for the last result of a request, and gives it and those before.
func (p *talk) all(id int) (before []wire.Result, last wire.Result) {
	p.t.Helper()
	came := p.until(id, func(came []wire.Result) bool { return len(came) > 0 && came[len(came)-1].Done })
	return came[:len(came)-1], came[len(came)-1]
}

// sooner tells that one request ended before another, by the order in which the probe
// told so: a busy machine holds up both.
func (p *talk) sooner(one, other int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	first, second := slices.Index(p.done, one), slices.Index(p.done, other)
	return first >= 0 && (second < 0 || first < second)
}
