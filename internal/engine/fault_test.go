package engine_test

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/moby/moby/client"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

const (
	networkList   = "GET /networks"
	containerList = "GET /containers/json"
)

// TestFaults holds that a reply that cannot be used is an error of one line
// that names the request and the engine, and never half a picture.
func TestFaults(t *testing.T) {
	const cut = "the reply was cut off; nothing is shown, since part of it would mislead; try again"
	for name, c := range map[string]struct {
		fault enginetest.Fault
		want  string // of the reason, from its beginning
	}{
		"the engine's own error": {enginetest.Status(500, "the store\nis \x1b[31mbroken"), "the engine says: the store is [31mbroken (status 500)"},
		"not allowed":            {enginetest.Status(403, "authorization denied by plugin"), "the engine says: authorization denied by plugin (status 403)"},
		"a proxy's page":         {enginetest.Page(502), "the reply (status 502 Bad Gateway) is text/html and not the engine's JSON, as when a proxy answers in its place"},
		"a proxy's login":        {enginetest.Page(200), "the reply (status 200 OK) is text/html and not the engine's JSON, as when a proxy answers in its place"},
		"no JSON":                {enginetest.Body("[{]"), "the reply is no valid JSON at byte 2: invalid character ']'"},
		"JSON in an odd place":   {enginetest.Body(`[{"Id":"a"} {"Id":"b"}]`), "the reply is no valid JSON at byte "},
		"an object":              {enginetest.Body(`{"message":"hello"}`), "the reply is no list, it begins with {"},
		"a text":                 {enginetest.Body(`"hello"`), "the reply is no list, it begins with hello"},
		"a number":               {enginetest.Body(`7`), "the reply is no list, it begins with 7"},
		"nothing":                {enginetest.Body(""), cut},
		"a list without an end":  {enginetest.Body("["), cut},
		"an element without one": {enginetest.Body(`[{"Id":"a"},{"Id":"b`), cut},
		"a list that goes on":    {enginetest.Body(`[{"Id":"a"},`), cut},
		"cut at once":            {enginetest.CutAt(0), cut},
		"cut in the middle":      {enginetest.CutAt(200), cut},
		"cut before the end":     {enginetest.CutAt(-2), cut},
		"a broken connection":    {enginetest.Reset(), cut},
		"a redirect":             {redirect, "status 302 Found"},
	} {
		for _, request := range []string{networkList, containerList} {
			t.Run(name+"/"+strings.TrimPrefix(request, "GET /"), func(t *testing.T) {
				fake := enginetest.Start(t, enginetest.Docker28, front(), enginetest.Running("web", enginetest.On("front", "172.20.0.2")))
				e := open(t, fake)
				fake.Fail(request, c.fault)
				s, err := e.Snapshot(t.Context())
				if s != nil || err == nil {
					t.Fatalf("got %v and %v, want no snapshot and an error", s, err)
				}
				want := "cannot read " + request + " of the engine at " + fake.Host() + ": " + c.want
				if got := err.Error(); !strings.HasPrefix(got, want) {
					t.Errorf("the error is\n%s, want it to begin with\n%s", got, want)
				}
				if strings.ContainsAny(err.Error(), "\n\x1b") {
					t.Errorf("the error holds control codes: %q", err)
				}
			})
		}
	}
}

func redirect(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
	w.Header().Set("Location", "http://elsewhere/")
	w.WriteHeader(http.StatusFound)
}

func TestResetOverTCP(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28)
	host := fake.ListenTCP()
	e, err := engine.Open(t.Context(), newCLI(t, host, nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := e.Snapshot(t.Context()); err != nil {
		t.Fatalf("without a fault: %v", err)
	}
	e.Close()
	fake.Fail(containerList, enginetest.Reset())
	_, err = e.Snapshot(t.Context())
	if err == nil || !strings.HasPrefix(err.Error(), "cannot read GET /containers/json of the engine at "+host+": the reply was cut off") {
		t.Errorf("the error is %v", err)
	}
}

func TestNullIsAnEmptyList(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, front())
	fake.Fail(containerList, enginetest.Body("null"))
	s, err := open(t, fake).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Networks) != 4 || s.Containers == nil || len(s.Containers) != 0 || len(s.Unread) != 0 {
		t.Errorf("read %d networks, containers %v, gaps %v", len(s.Networks), s.Containers, s.Unread)
	}
}

func TestSlowIsNotBroken(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, front(), enginetest.Running("web", enginetest.On("front", "172.20.0.2")))
	fake.Fail(networkList, enginetest.Delay(50*time.Millisecond))
	s, err := open(t, fake).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "attachments", attachments(s), "web on front: live 172.20.0.2")
}

func TestSideBySide(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28)
	// Neither list is answered before the other was asked for too.
	await := func(other string) enginetest.Fault {
		return func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
			fake.Await(other)
			answer(w, r)
		}
	}
	fake.Fail(networkList, await(containerList))
	fake.Fail(containerList, await(networkList))
	if _, err := open(t, fake).Snapshot(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestTimeout(t *testing.T) {
	for name, fault := range map[string]enginetest.Fault{
		"no answer":         enginetest.Hang(),
		"no end of answers": enginetest.StallAt(-5),
	} {
		t.Run(name, func(t *testing.T) {
			fake := enginetest.Start(t, enginetest.Docker28, front())
			e := open(t, fake)
			fake.Fail(networkList, fault)
			fake.Fail(containerList, fault)
			ctx := overdue{t.Context(), make(chan struct{})}
			go func() {
				fake.Await(networkList)
				fake.Await(containerList)
				close(ctx.over)
			}()
			_, err := e.Snapshot(ctx)
			var want []string
			for _, list := range []string{networkList, containerList} { // whichever is told first
				want = append(want, "cannot read "+list+" of the engine at "+fake.Host()+": the reply did not come in time; a longer --timeout may help")
			}
			if err == nil || !slices.Contains(want, err.Error()) {
				t.Errorf("the error is\n%v, want one of\n%s", err, strings.Join(want, "\n"))
			}
		})
	}
}

// overdue is a context whose time is over when a test says so, whatever the clock says.
type overdue struct {
	context.Context
	over chan struct{}
}

func (o overdue) Deadline() (time.Time, bool) { return time.Now().Add(time.Hour), true }
func (o overdue) Done() <-chan struct{}       { return o.over }

func (o overdue) Err() error {
	select {
	case <-o.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func TestCancel(t *testing.T) {
	for name, fault := range map[string]enginetest.Fault{"no answer": enginetest.Hang(), "no end of answers": enginetest.StallAt(-5)} {
		t.Run(name, func(t *testing.T) {
			fake := enginetest.Start(t, enginetest.Docker28, front())
			e := open(t, fake)
			fake.Fail(containerList, fault)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() {
				fake.Await(containerList)
				cancel()
			}()
			if _, err := e.Snapshot(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("the error is %v, want one that says it was cancelled", err)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	gone := "unix://" + filepath.Join(t.TempDir(), "s")
	const advice = "; start it, or choose another with --context, -H or DOCKER_HOST (docker context ls lists them)"
	for name, c := range map[string]struct{ host, want string }{
		"no socket":       {gone, "no engine answers at " + gone + ": no such file or directory" + advice},
		"nobody listens":  {"tcp://127.0.0.1:1", "no engine answers at tcp://127.0.0.1:1: nothing accepts a connection there" + advice},
		"a socket at all": {"unix:///dev/null", "no engine answers at unix:///dev/null: nothing accepts a connection there" + advice},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := engine.Open(t.Context(), newCLI(t, c.host, nil), nil)
			var unreachable *engine.UnreachableError
			if !errors.As(err, &unreachable) {
				t.Fatalf("the error is %v", err)
			}
			if got := err.Error(); got != c.want {
				t.Errorf("the error is\n%s, want\n%s", got, c.want)
			}
		})
	}
}

func TestPingFails(t *testing.T) {
	for name, c := range map[string]struct {
		fault enginetest.Fault
		want  string
	}{
		"the engine's own error": {enginetest.Status(500, "starting up"), "starting up"},
		"a proxy's page":         {enginetest.Page(502), "proxy"},
		"a broken connection":    {enginetest.Reset(), "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			fake := enginetest.Start(t, enginetest.Docker28)
			fake.Fail("HEAD /_ping", c.fault)
			fake.Fail("GET /_ping", c.fault)
			_, err := engine.Open(t.Context(), newCLI(t, fake.Host(), nil), nil)
			if err == nil || !strings.HasPrefix(err.Error(), "no engine answers at "+fake.Host()+": ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want %q in it", err, c.want)
			}
			if err != nil && strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("the error holds control codes: %q", err)
			}
		})
	}
}

func TestFirstPingLost(t *testing.T) {
	// The CLI's own ping fails without a word; one more is made.
	fake := enginetest.Start(t, enginetest.Docker20, front())
	pings := 0
	lost := func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		if pings++; pings <= 2 { // HEAD, and GET after it
			enginetest.Reset()(w, r, answer)
			return
		}
		answer(w, r)
	}
	fake.Fail("HEAD /_ping", lost)
	fake.Fail("GET /_ping", lost)
	s, err := open(t, fake).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Engine.API != "1.41" {
		t.Errorf("the version spoken is %s, want the engine's 1.41", s.Engine.API)
	}
}

// TestCancelDuringPing: nobody waits for the CLI's own ping, which has a limit of its
// own, and here has none.
func TestCancelDuringPing(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28)
	cli := waiting{newCLI(t, fake.Host(), nil), make(chan struct{}), make(chan struct{})}
	defer close(cli.ended)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-cli.asked; cancel() }()
	if _, err := engine.Open(ctx, cli, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want one that says it was cancelled", err)
	}
}

// waiting is a CLI that gives no client before the test has ended.
type waiting struct {
	command.Cli
	asked, ended chan struct{}
}

func (w waiting) Client() client.APIClient {
	close(w.asked)
	<-w.ended
	return nil
}
