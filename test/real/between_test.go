//go:build real

package real

import (
	"context"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// between stands between the plugin and an engine, and lets a test do something
// at a request of its choice.
type between struct {
	host string

	mu      sync.Mutex
	serving sync.WaitGroup
	changes int // requests so far that change something
	dead    bool
	// onChange is called before the request is passed on, and after the engine
	// has answered; onAct when the plan is made and is to be carried out: it is
	// then that the plugin asks which engine it is.
	onChange func(n int, answered bool)
	onAct    func()
	// instead, where it is set, may answer in the engine's place, and rewrite may
	// change what the engine answers; neither changes any more once it serves.
	instead func(w http.ResponseWriter, r *http.Request) (answered bool)
	rewrite func(*http.Response) error
}

// open lets connections be taken over, and hides that who asked may go away.
type open struct{ http.ResponseWriter }

// Unwrap is for what wants to take over the connection.
func (o open) Unwrap() http.ResponseWriter { return o.ResponseWriter }

func standBetween(t *testing.T, e *zoo.Engine) *between {
	t.Helper()
	dir, err := os.MkdirTemp("", "between")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "docker.sock")
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	b := &between{host: "unix://" + socket}
	target, err := url.Parse("http://engine")
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", e.Socket())
	}}
	proxy.ModifyResponse = func(r *http.Response) error {
		if b.rewrite == nil {
			return nil
		}
		return b.rewrite(r)
	}
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.serve(proxy, w, r) })}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return b
}

func (b *between) serve(proxy http.Handler, w http.ResponseWriter, r *http.Request) {
	taken := r.Header.Get("Upgrade") != "" // what takes the connection over ends when that does
	if !taken {
		b.serving.Add(1)
		defer b.serving.Done()
	}
	changes := r.Method == http.MethodPost || r.Method == http.MethodDelete
	b.mu.Lock()
	if changes {
		b.changes++
	}
	n, dead := b.changes, b.dead
	b.mu.Unlock()
	if dead {
		panic(http.ErrAbortHandler)
	}
	if filepath.Base(r.URL.Path) == "info" && b.onAct != nil {
		b.onAct()
	}
	if changes && b.onChange != nil {
		b.onChange(n, false)
	}
	// The engine ends what it has begun, also when nobody waits for it any more.
	if b.instead == nil || !b.instead(w, r) {
		proxy.ServeHTTP(open{w}, r.WithContext(context.WithoutCancel(r.Context())))
	}
	if changes && !taken && b.onChange != nil {
		b.onChange(n, true)
	}
}

// rest waits until the engine has answered all that was passed on, be it that
// nobody waits for it any more.
func (b *between) rest() { b.serving.Wait() }

// die makes the engine gone for who is on this side.
func (b *between) die() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dead = true
}
