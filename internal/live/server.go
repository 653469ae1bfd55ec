package live

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Site is what is shown.
type Site struct {
	// Page writes the page as it is now.
	Page func() ([]byte, error)
	// Detail writes what there is to say of an object; nil where there is no such.
	Detail func(ctx context.Context, key string) ([]byte, error)
	// Policy is the content security policy of the page.
	Policy string
}

// Server serves a site at an address with a token.
type Server struct {
	site   Site
	guard  guard
	ln     net.Listener
	token  string
	news   *news
	ending chan struct{}
	// patience is how long a browser may take to accept what it is sent.
	patience time.Duration
}

// Limits of what one connection and all of them may take. A browser has one stream, and
// a handful of connections more while the page loads.
const (
	mostConnections = 128
	mostHeader      = 16 << 10
	headerPatience  = 5 * time.Second
	writePatience   = 10 * time.Second
	idlePatience    = time.Minute
	// heartbeat is how often a browser that is told nothing is told that.
	heartbeat = 15 * time.Second
	// farewell is how long replies under way have when the server ends.
	farewell = 200 * time.Millisecond
	// mostDetails is how many details are worked out at a time, for all browsers.
	mostDetails = 4
)

// New makes a server that listens already. address is what the user asked for, as
// [Listen] takes it.
func New(ln net.Listener, address string, site Site) *Server {
	s := &Server{site: site, ln: ln, token: rand.Text(), news: newNews(), ending: make(chan struct{}), patience: writePatience}
	host, _, err := split(address)
	if err != nil {
		host = loopback
	}
	at, _ := netip.ParseAddrPort(ln.Addr().String())
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	s.guard.token, s.guard.host, s.guard.port = sha256.Sum256([]byte(s.token)), strings.ToLower(host), port
	s.guard.at = at.Addr().Unmap().WithZone("")
	return s
}

// URL is the address to open, with the token.
func (s *Server) URL() string { return s.origin() + "/" + s.token + "/" }

// PassURL is an address that leads to the page once. Everybody on a machine may see with
// what its programs were started, so it is this that a browser is to be started with.
func (s *Server) PassURL() string { return s.origin() + passPath + s.guard.newPass() }

func (s *Server) origin() string {
	host := s.guard.host
	if s.guard.at.IsUnspecified() {
		host = loopback
	}
	return "http://" + net.JoinHostPort(host, s.guard.port)
}

// Publish tells all browsers, those that come later too, of the newest of a kind.
func (s *Server) Publish(kind string, text []byte) { s.news.publish(kind, text) }

// Serve serves until the context ends, and then ends at once, whoever is connected.
func (s *Server) Serve(ctx context.Context) error {
	server := &http.Server{
		Handler: s.handler(), DisableGeneralOptionsHandler: true, // which asks the guard nothing
		ReadHeaderTimeout: headerPatience, WriteTimeout: s.patience, IdleTimeout: idlePatience,
		MaxHeaderBytes: mostHeader,
		ErrorLog:       log.New(io.Discard, "", 0), // what goes wrong with one browser is no news
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(limit(s.ln, mostConnections)) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	close(s.ending)
	leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if server.Shutdown(leaving) != nil {
		_ = server.Close()
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (s *Server) handler() http.Handler {
	details := make(chan struct{}, mostDetails)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-store")
		header.Set("X-Frame-Options", "DENY")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		if no := s.guard.foreign(r); no != nil {
			refuse(w, no)
			return
		}
		if s.guard.takePass(r) {
			header.Set("Location", "/"+s.token+"/")
			w.WriteHeader(http.StatusSeeOther)
			return
		}
		path, no := s.guard.path(r)
		if no != nil {
			refuse(w, no)
			return
		}
		switch path {
		case "":
			header.Set("Content-Security-Policy", s.site.Policy+"; frame-ancestors 'none'")
			s.page(w)
		case "stream":
			s.stream(w, r)
		case "detail":
			select {
			case details <- struct{}{}:
				defer func() { <-details }()
				s.detail(w, r)
			case <-r.Context().Done():
			}
		default:
			refuse(w, &refusal{http.StatusNotFound, "not found"})
		}
	})
}

const typeHTML = "text/html; charset=utf-8"

func (s *Server) page(w http.ResponseWriter) {
	page, err := s.site.Page()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", typeHTML)
	_, _ = w.Write(page)
}

func (s *Server) detail(w http.ResponseWriter, r *http.Request) {
	// What it takes to work it out is not the browser's slowness.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
	detail, err := s.site.Detail(r.Context(), r.URL.Query().Get("key"))
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(s.patience))
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadGateway)
	case detail == nil:
		http.Error(w, "not found", http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", typeHTML)
		_, _ = w.Write(detail)
	}
}
