package enginetest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// judge is a test that keeps what it is told, to see the fake fail one.
type judge struct {
	*testing.T
	failures []string
	cleanups []func()
}

func (j *judge) Errorf(format string, args ...any) {
	j.failures = append(j.failures, fmt.Sprintf(format, args...))
}
func (j *judge) Fatalf(format string, args ...any) { j.Errorf(format, args...) }
func (j *judge) Cleanup(f func())                  { j.cleanups = append(j.cleanups, f) }

func (j *judge) end() string {
	for i := len(j.cleanups) - 1; i >= 0; i-- {
		j.cleanups[i]()
	}
	return strings.Join(j.failures, "\n")
}

func TestFailsTheTest(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*testing.T, *enginetest.Engine)
		want string
	}{
		"a known request": {func(t *testing.T, e *enginetest.Engine) { get(t, e, "/networks") }, ""},
		"an unknown request": {
			func(t *testing.T, e *enginetest.Engine) { get(t, e, "/volumes") },
			"does not know GET /v1.41/volumes",
		},
		"an unknown query": {
			func(t *testing.T, e *enginetest.Engine) { get(t, e, "/networks?filters=x") },
			`does not know the query "filters" of /v1.41/networks?filters=x`,
		},
		"a fault that nothing met": {
			func(_ *testing.T, e *enginetest.Engine) { e.Fail("GET /version", enginetest.Hang()) },
			`the fault on "GET /version" was met by no request`,
		},
		"a fault that something met": {func(t *testing.T, e *enginetest.Engine) {
			e.Fail("GET /version", enginetest.Body("{}"))
			get(t, e, "/version")
		}, ""},
		"an unknown field in a body": {
			func(t *testing.T, e *enginetest.Engine) {
				send(t, e, "POST", "/v1.41/networks/create", `{"Name":"front","Labls":{}}`)
			},
			`does not know the body of POST /v1.41/networks/create: json: unknown field "Labls"`,
		},
		"an unknown field deep in a body": {
			func(t *testing.T, e *enginetest.Engine) {
				send(t, e, "POST", "/v1.41/networks/bridge/connect", `{"Container":"web","EndpointConfig":{"IPAMConfig":{"IPv5Address":""}}}`)
			},
			`unknown field "IPv5Address"`,
		},
		"a field of another request's body": {
			func(t *testing.T, e *enginetest.Engine) {
				send(t, e, "POST", "/v1.41/networks/bridge/disconnect", `{"Container":"web","EndpointConfig":{}}`)
			},
			`unknown field "EndpointConfig"`,
		},
		"a body that is missing": {
			func(t *testing.T, e *enginetest.Engine) { send(t, e, "POST", "/v1.41/networks/create", "") },
			"does not know the body of POST /v1.41/networks/create: EOF",
		},
		"a body where none is known": {
			func(t *testing.T, e *enginetest.Engine) { send(t, e, "DELETE", "/v1.41/networks/none", "{}") },
			"does not know the body of DELETE /v1.41/networks/none: {}",
		},
		"an unknown query of an inspect": {
			func(t *testing.T, e *enginetest.Engine) { get(t, e, "/networks/bridge?scope=local") },
			`does not know the query "scope"`,
		},
		"a change that the engine refuses": {
			func(_ *testing.T, e *enginetest.Engine) { e.ConnectContainer("web", "front") },
			"the fake engine refuses the change: No such container: web",
		},
		"a fault on a request that did not come": {
			func(t *testing.T, e *enginetest.Engine) {
				e.FailNth("GET /networks", 2, enginetest.Hang())
				get(t, e, "/networks")
			},
			`the fault on request 2 of "GET /networks" was met by no request`,
		},
		"what did not happen": {
			func(_ *testing.T, e *enginetest.Engine) { e.Before("GET /networks", 1, func() {}) },
			`what was to happen before request 1 of "GET /networks" was met by no request`,
		},
		"what can never happen": {
			func(_ *testing.T, e *enginetest.Engine) { e.After("GET /netwrks", 1, func() {}) },
			`no request "GET /netwrks" to wait for`,
		},
		"a fault on nothing":             {func(_ *testing.T, e *enginetest.Engine) { e.Fail("GET /netwrks", nil) }, `no request "GET /netwrks" to fail`},
		"a change of what is not there":  {func(_ *testing.T, e *enginetest.Engine) { e.StopContainer("web") }, `no container "web" to change`},
		"a removal of what is not there": {func(_ *testing.T, e *enginetest.Engine) { e.RemoveNetwork("front") }, `no network "front" to remove`},
	} {
		t.Run(name, func(t *testing.T) {
			j := &judge{T: t}
			c.do(t, enginetest.Start(j, enginetest.Docker20))
			got := j.end()
			if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("the test was told %q, want %q", got, c.want)
			}
		})
	}
}

func TestCounts(t *testing.T) {
	e := enginetest.Start(t, enginetest.Docker28, enginetest.Running("web"))
	get(t, e, "/containers/web/json")
	get(t, e, "/containers/"+enginetest.ID("web")[:12]+"/json")
	get(t, e, "/networks")
	if got, want := fmt.Sprint(e.Count()), "map[GET /containers/{id}/json:2 GET /networks:1]"; got != want {
		t.Errorf("counted %s, want %s", got, want)
	}
	e.Forget()
	if got := e.Count(); len(got) != 0 {
		t.Errorf("counted %v after forgetting", got)
	}
}

func TestPeak(t *testing.T) {
	e := enginetest.Start(t, enginetest.Docker28)
	e.Fail("GET /version", enginetest.Delay(100*time.Millisecond))
	done := make(chan bool)
	for range 3 {
		go func() { get(t, e, "/version"); done <- true }()
	}
	for range 3 {
		<-done
	}
	if got := e.Peak("GET /version"); got != 3 {
		t.Errorf("%d requests were under way at once, want 3", got)
	}
}

func TestTooNewAVersionIsRefused(t *testing.T) {
	e := enginetest.Start(t, enginetest.Docker20)
	status, body := ask(t, e, "/v1.44/networks")
	const want = "client version 1.44 is too new. Maximum supported API version is 1.41"
	if status != http.StatusBadRequest || !strings.Contains(string(body), want) {
		t.Errorf("status %d: %s", status, body)
	}
}
