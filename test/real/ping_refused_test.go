//go:build real

package real

import (
	"fmt"
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestPingRefused: where no helper may be made, that is said, and what can be done
// without one.
func TestPingRefused(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		p := buildPair(t, e)
		for name, c := range map[string]struct {
			instead func(w http.ResponseWriter, r *http.Request) bool
			words   string
		}{
			"an authorisation plugin": {func(w http.ResponseWriter, r *http.Request) bool {
				if path.Base(r.URL.Path) != "create" {
					return false
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusForbidden)
				_, _ = fmt.Fprint(w, `{"message":"authorization denied by plugin warden: no containers today"}`)
				return true
			}, "no containers today"},
			"a read-only proxy": {func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method == http.MethodGet || r.Method == http.MethodHead {
					return false
				}
				w.WriteHeader(http.StatusMethodNotAllowed)
				return true
			}, "does not let"},
		} {
			b := standBetween(t, e)
			b.instead = c.instead
			env := environment("DOCKER_HOST=" + b.host)
			got := run(t, env, bench.plugin, "ping", p.Name("a"), p.Name("b"))
			t.Logf("%s: %s: status %d\n%s%s", e.Name, name, got.status, got.stdout, got.stderr)
			for _, words := range []string{c.words, "--predict", "NOT TESTED"} {
				if !strings.Contains(got.stdout+got.stderr, words) {
					t.Errorf("%s: %s: it does not say %q", e.Name, name, words)
				}
			}
			if got.status != 1 {
				t.Errorf("%s: %s: status %d, want 1", e.Name, name, got.status)
			}
			if got := run(t, env, bench.plugin, "ping", "--predict", p.Name("a"), p.Name("b")); got.status != 0 {
				t.Errorf("%s: %s: --predict: status %d\n%s%s", e.Name, name, got.status, got.stdout, got.stderr)
			}
		}
		nothingLeft(t, e, p.a, p.b)
	})
}
