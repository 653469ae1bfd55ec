package live

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"
)

// guard lets through what may come from a user who was told the address, and nothing
// that a web site has a browser send.
type guard struct {
	token [sha256.Size]byte
	// host and port are those that the server was told to listen on; at is the
	// address that it has. A name that leads to this machine by the choice of
	// somebody else (DNS rebinding) is none of these.
	host, port string
	at         netip.Addr
	// pass is what lets one browser in, once; nil where there is none.
	pass atomic.Pointer[[sha256.Size]byte]
}

// passPath is where a pass is shown.
const passPath = "/once/"

// newPass makes a pass in place of the last one.
func (g *guard) newPass() string {
	text := rand.Text()
	sum := sha256.Sum256([]byte(text))
	g.pass.Store(&sum)
	return text
}

// takePass tells that a request has the pass, which nobody can have again then.
func (g *guard) takePass(r *http.Request) bool {
	text, shown := strings.CutPrefix(r.URL.Path, passPath)
	pass := g.pass.Load()
	if !shown || pass == nil || r.Method != http.MethodGet {
		return false
	}
	given := sha256.Sum256([]byte(text))
	return subtle.ConstantTimeCompare(given[:], pass[:]) == 1 && g.pass.CompareAndSwap(pass, nil)
}

// refusal is why a request is not served.
type refusal struct {
	status int
	text   string
}

// foreign is why a request is refused whatever it knows; nil if it is not.
func (g *guard) foreign(r *http.Request) *refusal {
	switch {
	case !g.ours(r.Host):
		return &refusal{http.StatusMisdirectedRequest, "this is not the address that netkit serves at"}
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return &refusal{http.StatusMethodNotAllowed, "netkit only shows; it takes GET and HEAD"}
	case r.ContentLength != 0:
		return &refusal{http.StatusBadRequest, "a request with content"}
	case !sameOrigin(r):
		return &refusal{http.StatusForbidden, "this request was made by another site; paste the address into the address bar"}
	}
	return nil
}

// path gives the path behind the token, or why the request is refused.
func (g *guard) path(r *http.Request) (path string, no *refusal) {
	token, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	given := sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(given[:], g.token[:]) != 1 {
		return "", &refusal{http.StatusNotFound, "not found; the address is the whole line that netkit wrote, with the token in it"}
	}
	if path == "" && !strings.HasSuffix(r.URL.Path, "/") {
		return "", &refusal{http.StatusNotFound, "not found; the address ends with a slash"}
	}
	return path, nil
}

// ours tells that the Host of a request is the address that is listened on.
func (g *guard) ours(hostport string) bool {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		host, port = strings.Trim(hostport, "[]"), "80"
	}
	if port != g.port {
		return false
	}
	host = strings.ToLower(host)
	ip, err := netip.ParseAddr(host)
	ip = ip.Unmap()
	switch {
	case host == g.host:
		return true
	case err != nil:
		return host == "localhost" && (g.at.IsLoopback() || g.at.IsUnspecified())
	case g.at.IsUnspecified():
		return true // an address cannot be made to lead elsewhere, as a name can
	}
	return ip == g.at || ip.IsLoopback() && g.at.IsLoopback()
}

// sameOrigin tells that, as far as the browser says, our own page made the request, or
// the user.
func sameOrigin(r *http.Request) bool {
	if origin, sent := r.Header["Origin"]; sent && (len(origin) != 1 || origin[0] != "http://"+r.Host) {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return true
	}
	return false
}

// refuse answers a request that is not served.
func refuse(w http.ResponseWriter, no *refusal) {
	if no.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", "GET, HEAD")
	}
	w.Header().Set("Connection", "close")
	// What the request still sends is not waited for.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now())
	http.Error(w, no.text, no.status)
}
