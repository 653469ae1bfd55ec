package reach

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/probe/wiretest"
)

// Any page is a page: what its status means is for the user to say.
func TestMeasurePage(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "api:8080" || r.Header.Get("User-Agent") != "docker-netkit" {
			t.Errorf("the request is to %s by %s", r.Host, r.Header.Get("User-Agent"))
		}
		switch r.URL.RequestURI() {
		case "/health?deep=1":
		case "/moved":
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		case "/hangs":
			<-r.Context().Done()
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	for path, want := range map[string]Page{
		"/health?deep=1": {Status: 200, Text: "OK"},
		"/moved":         {Status: 302, Text: "Found", Location: "/elsewhere"},
		"/":              {Status: 503, Text: "Service Unavailable"},
		"/hangs":         {Error: "no reply in time"},
	} {
		ix := world()
		from, target := aim(t, ix, "web", "http://api:8080"+path)
		lab := &scripted{serves: server.Listener.Addr().String(), places: map[string]*place{
			from.ID: {Names: names{"api": wiretest.Named("10.1.0.3")}, Echo: answering("10.1.0.3"), TCP: ports{"10.1.0.3:8080": wire.Reached}},
		}}
		o := quick
		o.Wait = 10 * time.Second
		if want.Error != "" {
			o.Wait = 50 * time.Millisecond
		}
		l, err := Measure(t.Context(), lab, ix, from, target, o)
		if err != nil {
			t.Fatal(err)
		}
		got := l.Rung(HTTP)
		if got == nil || got.Page == nil {
			t.Fatalf("%s: there is no page", path)
		}
		if page := *got.Page; page.Status != want.Status || page.Text != want.Text || page.Location != want.Location || page.Error != want.Error {
			t.Errorf("%s gives %+v", path, page)
		}
		if reached := want.Error == ""; reached != (l.Verdict == Reached) {
			t.Errorf("%s is %s", path, l.Verdict)
		}
	}
}
