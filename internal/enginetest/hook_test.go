package enginetest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

func front() enginetest.Network { return enginetest.Bridge("front", "172.20.0.0/16", "172.20.0.1") }

// hasFront tells whether the engine lists that network.
func hasFront(t *testing.T, e *enginetest.Engine) bool {
	t.Helper()
	return strings.Contains(string(get(t, e, "/networks")), `"front"`)
}

func TestBeforeAndAfterTheNthRequest(t *testing.T) {
	e := enginetest.Start(t, enginetest.Docker28)
	get(t, e, "/networks") // the count begins with the hook
	e.Before("GET /networks", 2, func() { e.Create(front()) })
	e.After("GET /networks", 2, func() { e.RemoveNetwork("front") })
	for i, want := range []bool{false, true, false} {
		if got := hasFront(t, e); got != want {
			t.Errorf("request %d tells of the network: %v, want %v", i+1, got, want)
		}
	}
}

func TestFailNth(t *testing.T) {
	e := enginetest.Start(t, enginetest.Docker28)
	e.FailNth("GET /networks", 2, enginetest.Status(http.StatusInternalServerError, "out of paper"))
	for i, want := range []int{http.StatusOK, http.StatusInternalServerError, http.StatusOK} {
		if got, _ := ask(t, e, "/v1.41/networks"); got != want {
			t.Errorf("request %d has status %d, want %d", i+1, got, want)
		}
	}
}

func TestKillAndRevive(t *testing.T) {
	e := enginetest.Start(t, enginetest.Docker28, front())
	e.Kill()
	if status, _, err := trySend(t, e, "GET", "/v1.41/networks", ""); err == nil {
		t.Errorf("a killed engine answers with status %d", status)
	}
	e.Revive()
	if !hasFront(t, e) {
		t.Error("the engine has forgotten its network")
	}
}

// TestKilledBeforeAndAfterARemoval holds that a request is not carried out by an
// engine that was killed before, and that one that was carried out has its reply.
func TestKilledBeforeAndAfterARemoval(t *testing.T) {
	const remove = "DELETE /networks/{id}"
	e := enginetest.Start(t, enginetest.Docker28, front())
	e.Before(remove, 1, e.Kill)
	if status, _, err := trySend(t, e, "DELETE", "/v1.41/networks/front", ""); err == nil {
		t.Errorf("a killed engine answers with status %d", status)
	}
	e.Revive()
	if !hasFront(t, e) {
		t.Error("a killed engine has removed the network")
	}
	e.After(remove, 1, e.Kill)
	if status, _, err := trySend(t, e, "DELETE", "/v1.41/networks/front", ""); err != nil || status != http.StatusNoContent {
		t.Errorf("status %d, %v", status, err)
	}
	if _, _, err := trySend(t, e, "GET", "/v1.41/networks", ""); err == nil {
		t.Error("the engine answers, and was killed")
	}
	e.Revive()
	if hasFront(t, e) {
		t.Error("the network is there, and was removed")
	}
}
