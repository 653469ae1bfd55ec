package engine_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// calledNginx puts another's name into a reply, as proxies do.
func calledNginx(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
	reply := httptest.NewRecorder()
	answer(reply, r)
	maps.Copy(w.Header(), reply.Header())
	w.Header().Set("Server", "nginx")
	w.WriteHeader(reply.Code)
	_, _ = w.Write(reply.Body.Bytes())
}

// TestProductBehindProxy: what starts depends on the engine's product and
// version, which a proxy may have written over.
func TestProductBehindProxy(t *testing.T) {
	for _, c := range []struct {
		flavour enginetest.Flavour
		product string
	}{{enginetest.Docker28, topology.ProductDocker}, {enginetest.Podman, topology.ProductPodman}} {
		fake := enginetest.Start(t, c.flavour, front())
		fake.Fail("GET /networks", calledNginx)
		s, err := open(t, fake).Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if s.Engine.Product != c.product || s.Engine.Version != c.flavour.Version {
			t.Errorf("%s %s is taken for %+v", c.product, c.flavour.Version, s.Engine)
		}
	}
}
