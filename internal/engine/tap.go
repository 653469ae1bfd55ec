package engine

import (
	"net/http"
	"sync"

	"github.com/moby/moby/client"
)

// Tap remembers which headers the docker CLI's own client sends (user agent,
// HttpHeaders of its configuration, DOCKER_CUSTOM_HEADERS), so that our
// requests pass wherever its requests do.
type Tap struct {
	mu     sync.Mutex
	header http.Header
}

// Option is to be given to the CLI's client when it is made.
func (t *Tap) Option() client.Opt {
	return client.WithHTTPRequestHook(func(req *http.Request) error {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.header == nil {
			t.header = req.Header.Clone()
		}
		return nil
	})
}

// headers gives what was seen; nothing, where the client was not made with
// [Tap.Option] or sent no request yet.
func (t *Tap) headers() http.Header {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.header.Clone()
}
