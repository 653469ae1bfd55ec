package probe

import (
	"sync"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// call holds the results of requests that somebody waits for, so that who is
// slow keeps nobody else waiting.
type call struct {
	// ready has a token when there are results.
	ready chan struct{}

	mu      sync.Mutex
	results []wire.Result
}

func newCall() *call { return &call{ready: make(chan struct{}, 1)} }

func (c *call) put(r wire.Result) {
	c.mu.Lock()
	c.results = append(c.results, r)
	c.mu.Unlock()
	select {
	case c.ready <- struct{}{}:
	default:
	}
}

// take gives what has come so far.
func (c *call) take() []wire.Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	results := c.results
	c.results = nil
	return results
}
