package engine_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// between makes something happen after the engine has answered with its
// networks and before it answers with its containers.
func between(fake *enginetest.Engine, happen func()) {
	happened := make(chan struct{})
	var once sync.Once
	fake.Fail("GET /networks", func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		answer(w, r)
		once.Do(func() {
			happen()
			close(happened)
		})
	})
	fake.Fail("GET /containers/json", func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		<-happened
		answer(w, r)
	})
}

func TestNetworkMadeBetweenTheReplies(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, front())
	between(fake, func() {
		fake.Create(back(), enginetest.Running("web", enginetest.On("back", "172.21.0.2")))
	})
	s, err := open(t, fake).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "attachments", attachments(s), "web on back: live 172.21.0.2")
	if got := fake.Count()["GET /networks"]; got != 2 {
		t.Errorf("the networks were read %d times, want 2: the first time they contradicted the containers", got)
	}
}

func TestOldDanglingReferenceTakesNoFurtherRequest(t *testing.T) {
	fake := enginetest.Start(t, enginetest.Docker28, front(), enginetest.Stopped("db", enginetest.On("front", "")))
	fake.RemoveNetwork("front")
	s, err := open(t, fake).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "attachments", attachments(s), "db on ?front: dangling")
	if got := fake.Count()["GET /networks"]; got != 1 {
		t.Errorf("the networks were read %d times, want once", got)
	}
}
