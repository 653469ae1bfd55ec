package main

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// TestPingForbidden: where a single request is not let through, by the engine or by
// what stands before it, it is told which and why, and what works all the same.
func TestPingForbidden(t *testing.T) {
	const (
		inspect, end = "GET /containers/{id}/json", "DELETE /containers/{id}"
		brokenLine   = "a broken line"
		inspected    = "an inspection"
	)
	for how, c := range map[string]struct {
		fault enginetest.Fault
		words string
	}{
		"a plugin":      {enginetest.Status(http.StatusForbidden, "authorization denied by plugin warden: not today"), "not today"},
		"an engine":     {enginetest.Status(http.StatusForbidden, "access to this is out of bounds"), "out of bounds"},
		"a proxy":       {enginetest.Page(http.StatusForbidden), "Forbidden"},
		"another proxy": {enginetest.Page(http.StatusMethodNotAllowed), "Method Not Allowed"},
		"an error":      {enginetest.Status(http.StatusInternalServerError, "out of cheese"), "out of cheese"},
		brokenLine:      {enginetest.Reset(), "connection ended"},
	} {
		for request, what := range map[string]string{
			"GET /version":                 "/version",
			"POST /images/create":          "import the image of its probe",
			"POST /containers/create":      "make a helper container",
			"POST /containers/{id}/attach": "attach to a helper container",
			"POST /containers/{id}/start":  "start a helper container",
			inspect:                        "", // what it tells is not needed
			"GET /images/json":             "", // only older images are looked for
			end:                            "", // the helper ends by itself
		} {
			t.Run(request+"/"+how, func(t *testing.T) {
				t.Parallel()
				words, what := c.words, what
				if how == brokenLine && strings.HasPrefix(request, "GET ") {
					words, what = "cut off", cmp.Or(what, inspected)
				}
				fake := pinged(t, places["shop"])
				fake.Fail(request, c.fault)
				cmd := program(t, fake.Host(), "ping", "web", "api:80")
				var stdout, stderr bytes.Buffer
				cmd.Stdout, cmd.Stderr = &stdout, &stderr
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				status := statusOf(cmd.Wait())
				said := stdout.String() + stderr.String()
				t.Log(said)
				switch what {
				case inspected: // nothing of the engine can be relied on then
					if request == inspect && (status != 1 || !strings.Contains(said, words)) {
						t.Errorf("status %d", status)
					}
				case "":
					if status != 0 || !strings.Contains(said, "reached") {
						t.Errorf("status %d", status)
					}
				default:
					if status != 1 {
						t.Errorf("status %d, want 1", status)
					}
					for _, want := range []string{"NOT TESTED", what, words, "--predict"} {
						if !strings.Contains(said, want) {
							t.Errorf("it does not say %q", want)
						}
					}
				}
				if left := leftOf(fake); left != 0 {
					t.Errorf("%d helpers are left: %s", left, fmt.Sprint(fake.Containers()))
				}
			})
		}
	}
}
