package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// follow subscribes to an engine's events. The channel gets a value for each
// call; the error comes when the stream is over.
func follow(ctx context.Context, e *engine.Engine) (changed chan bool, over chan error) {
	changed, over = make(chan bool, 100), make(chan error, 1)
	go func() { over <- e.Events(ctx, func() { changed <- true }) }()
	return changed, over
}

const patience = time.Minute

func expectChange(t *testing.T, changed chan bool, what string) {
	t.Helper()
	select {
	case <-changed:
	case <-time.After(patience):
		t.Fatalf("nothing was told after %s", what)
	}
}

func expectEnd(t *testing.T, over chan error) error {
	t.Helper()
	select {
	case err := <-over:
		return err
	case <-time.After(patience):
		t.Fatal("the stream did not end")
		return nil
	}
}

func TestEvents(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, front(), enginetest.Running("web", enginetest.On("front", "172.20.0.2")))
	changed, over := follow(t.Context(), open(t, fake))
	expectChange(t, changed, "the stream was opened")
	fake.Create(enginetest.Network{Name: "new"})
	expectChange(t, changed, "a network was made")
	fake.StopContainer("web")
	expectChange(t, changed, "a container died")
	expectChange(t, changed, "it was disconnected")
	fake.StartContainer("web")
	expectChange(t, changed, "a network was connected")
	expectChange(t, changed, "a container started")
	fake.RemoveNetwork("new")
	expectChange(t, changed, "a network was removed")
	fake.RemoveContainer("web")
	expectChange(t, changed, "a container was removed")

	// What changes no picture is passed over: only the last of these counts.
	for _, action := range []string{"exec_start: sh", "health_status: healthy", "top", "attach"} {
		fake.Emit("container", action, enginetest.ID("web"))
	}
	fake.Emit("container", "rename", enginetest.ID("web"))
	expectChange(t, changed, "a container was renamed")
	fake.EndEvents()
	err := expectEnd(t, over)
	if len(changed) != 0 {
		t.Errorf("%d changes more were told of than there were", len(changed))
	}
	want := "cannot read GET /events of the engine at " + fake.Host() + ": the reply was cut off"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("the end of the stream is told as %v, want %s", err, want)
	}
}

func TestEventsOfPodman(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Podman, front(), enginetest.Running("web", enginetest.On("front", "172.20.0.2")))
	changed, over := follow(t.Context(), open(t, fake))
	expectChange(t, changed, "the stream was opened")
	fake.RemoveNetwork("front") // no event
	fake.Emit("container", "died", enginetest.ID("web"))
	expectChange(t, changed, "a container died")
	fake.EndEvents()
	_ = expectEnd(t, over)
	if len(changed) != 0 {
		t.Errorf("%d changes more were told of than there were", len(changed))
	}
}

func TestEventsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	changed, over := follow(ctx, open(t, enginetest.Start(t, enginetest.Docker28)))
	expectChange(t, changed, "the stream was opened")
	cancel()
	if err := expectEnd(t, over); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want one that says it was cancelled", err)
	}
}

func TestEventsFail(t *testing.T) {
	for name, c := range map[string]struct {
		fault enginetest.Fault
		want  string
		told  int
	}{
		"the engine's own error": {enginetest.Status(500, "no"), "the engine says: no (status 500)", 0},
		"a proxy's page":         {enginetest.Page(200), "the reply (status 200 OK) is text/html", 0},
		"no JSON":                {enginetest.Body("}"), "the reply is no valid JSON", 1},
		"an event cut short":     {enginetest.Body(`{"Type":"network"}{"Ty`), "the reply was cut off", 2},
	} {
		t.Run(name, func(t *testing.T) {
			fake := enginetest.Start(t, enginetest.Docker28)
			fake.Fail("GET /events", c.fault)
			changed, over := follow(t.Context(), open(t, fake))
			err := expectEnd(t, over)
			if want := "cannot read GET /events of the engine at " + fake.Host() + ": " + c.want; err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("the error is %v, want it to begin with %s", err, want)
			}
			if len(changed) != c.told {
				t.Errorf("%d changes were told of, want %d", len(changed), c.told)
			}
		})
	}
}
