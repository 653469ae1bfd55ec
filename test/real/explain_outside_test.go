//go:build real

package real

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// saidPort is what explain says of a published port.
type saidPort struct {
	Port     uint16
	HostPort uint16 `json:"host_port"`
	Leads    string
	Loopback bool
	ByRoute  bool `json:"by_route"`
}

// publishedTruth holds what is said of published ports to what answers a machine beside
// the engine's host: at the host's address, and by a route at the container's own. It
// gives the number of claims that were held.
func (w *town) publishedTruth() int {
	w.t.Helper()
	claims := 0
	hold := func(what string, said bool, address string) {
		w.t.Helper()
		claims++
		if answers := w.answersOutside(address); answers != said {
			w.t.Errorf("%s: %s is said to answer the outside: %t, and does at %s: %t", w.Engine.Name, what, said, address, answers)
		}
	}
	shell(w.t, "ip", "-n", w.beyond, "route", "add", "10.217.0.0/16", "via", gateOfOutside)
	for _, short := range []string{"open", "public", "inside-1"} {
		c := w.explain(w.Name(short)).Container
		if len(c.Ports) != 1 {
			w.t.Errorf("%s: of %s, %d ports are told", w.Engine.Name, short, len(c.Ports))
			continue
		}
		p := c.Ports[0]
		if p.Leads != "yes" && p.Leads != "no" {
			w.t.Errorf("%s: whether port %d of %s leads there is %q", w.Engine.Name, p.HostPort, short, p.Leads)
		}
		hold("the port of "+short, p.Leads == "yes" && !p.Loopback, fmt.Sprintf("%s:%d", gateOfOutside, p.HostPort))
		if p.Loopback {
			hold("the port of "+short+", by a route", p.ByRoute, fmt.Sprintf("%s:%d", c.Networks[0].IPv4, p.Port))
		}
	}
	return claims
}

// answersOutside tells whether a web server answers the outside at an address.
func (w *town) answersOutside(address string) bool {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patienceOutside)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		return within(w.server, func() (net.Conn, error) { return new(net.Dialer).DialContext(ctx, network, address) })
	}}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/", http.NoBody)
	ok(w.t, err)
	reply, err := client.Do(request)
	if err != nil {
		return false
	}
	defer reply.Body.Close()
	_, err = io.Copy(io.Discard, reply.Body)
	return err == nil
}

// patienceOutside is how long an answer may take that comes within a millisecond, or not
// at all.
const patienceOutside = 3 * time.Second
