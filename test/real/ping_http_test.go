//go:build real

package real

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestPingHTTP: a page and its status; and a certificate that nobody vouches for.
func TestPingHTTP(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		p := buildPair(t, e)
		for page, status := range map[string]int{"/busybox": 200, "/none": 404} {
			said := p.measure(0, "a", "http://"+p.Name("b")+page)
			if found := said.rung(t, "http"); found.State != "passed" || found.HTTP.Status != status {
				t.Errorf("%s: %s: %s %+v, want the status %d", e.Name, page, found.State, found.HTTP, status)
			}
		}
		// The certificate is in order, but for who signed it.
		const name = "example.com"
		listener, err := within(pidOf(t, p.live("tls", &zoo.Container{Aliases: []string{name}})), func() (net.Listener, error) {
			return new(net.ListenConfig).Listen(t.Context(), "tcp", ":8443")
		})
		ok(t, err)
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		ok(t, server.Listener.Close())
		server.Listener = listener
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		defer server.Close()
		said := p.measure(2, "a", "https://"+name+":8443/")
		found := said.rung(t, "http")
		t.Logf("%s: %s", e.Name, found.HTTP.Error)
		if said.Verdict != "not reached" || said.FailedAt != "http" || !strings.Contains(found.HTTP.Error, "unknown authority") {
			t.Errorf("%s: %s at %s: %+v", e.Name, said.Verdict, said.FailedAt, found.HTTP)
		}
		if tcp := said.rung(t, "tcp"); tcp.State != "passed" {
			t.Errorf("%s: TCP %s", e.Name, tcp.State)
		}
		nothingLeft(t, e, p.a, p.b)
	})
}
