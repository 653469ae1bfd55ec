package live

import (
	"net/http"
	"time"
)

// stream tells one browser of the newest of everything, and then of what is newer. It
// holds nothing for the browser but what it is just writing: what came meanwhile and is
// not the newest any more, the browser never gets.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	out := http.NewResponseController(w)
	send := func(text []byte) bool {
		if out.SetWriteDeadline(time.Now().Add(s.patience)) != nil {
			return false
		}
		_, err := w.Write(text)
		return err == nil && out.Flush() == nil
	}
	if !send([]byte("retry: 1000\n\n")) {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	seen := map[string]uint64{}
	for {
		fresh, changed := s.news.since(seen)
		for _, i := range fresh {
			if !send(i.event()) {
				return
			}
		}
		select {
		case <-changed:
		case <-beat.C:
			if !send([]byte("event: beat\ndata: .\n\n")) {
				return
			}
		case <-s.ending:
			send([]byte("event: end\ndata: .\n\n"))
			return
		case <-r.Context().Done():
			return
		}
	}
}
