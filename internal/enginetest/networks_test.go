package enginetest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// attached are the endpoints of a network by key, as an inspect tells them.
func attached(t *testing.T, e *enginetest.Engine, network string) map[string]struct{ Name, IPv4Address string } {
	t.Helper()
	var detail struct {
		Containers map[string]struct{ Name, IPv4Address string }
	}
	decode(t, get(t, e, "/networks/"+network), &detail)
	return detail.Containers
}

func stale() enginetest.Network {
	n := front()
	n.Stale = []enginetest.StaleEndpoint{{Name: "old", ID: enginetest.ID("endpoint"), IPv4: "172.20.0.9"}}
	return n
}

// TestStaleEndpoints holds what cannot be made on a real engine at will: the
// keys and words are of moby's source, the statuses those measured of others.
func TestStaleEndpoints(t *testing.T) {
	for name, c := range map[string]struct {
		flavour enginetest.Flavour
		want    string
	}{
		"docker26": {enginetest.Docker26, fmt.Sprintf("network front id %s has active endpoints", enginetest.ID("front"))},
		"docker28": {enginetest.Docker28, fmt.Sprintf(`network front has active endpoints (name:\"old\" id:\"%s\")`, enginetest.ID("endpoint")[:12])},
	} {
		t.Run(name, func(t *testing.T) {
			e := enginetest.Start(t, c.flavour, stale())
			if got := attached(t, e, "front")["ep-"+enginetest.ID("endpoint")]; got.Name != "old" || got.IPv4Address != "172.20.0.9/16" {
				t.Errorf("the endpoint is told as %+v", got)
			}
			status, body := send(t, e, "DELETE", "/v1.41/networks/front", "")
			if status != 403 || !strings.Contains(string(body), "error while removing network: "+c.want) {
				t.Errorf("removing: %d %s", status, body)
			}
			for _, want := range []struct {
				force  string
				status int
			}{{"false", 404}, {"true", 200}, {"true", 404}} {
				status, body := send(t, e, "POST", "/v1.41/networks/front/disconnect", `{"Container":"old","Force":`+want.force+`}`)
				if status != want.status {
					t.Errorf("clearing with force %s: %d %s, want %d", want.force, status, body, want.status)
				}
			}
			if status, body := send(t, e, "DELETE", "/v1.41/networks/front", ""); status != 204 {
				t.Errorf("removing after clearing: %d %s", status, body)
			}
		})
	}
}

// TestAContainerComesBeforeAStaleEndpoint is the trap: what has the endpoint's
// name, or an ID that begins with it, is what is disconnected.
func TestAContainerComesBeforeAStaleEndpoint(t *testing.T) {
	for _, container := range []enginetest.Container{
		{Name: "old", State: "running", On: []enginetest.Endpoint{enginetest.On("front", "172.20.0.2")}},
		{Name: "web", ID: "01d" + enginetest.ID("web")[3:], State: "running", On: []enginetest.Endpoint{enginetest.On("front", "172.20.0.2")}},
	} {
		n := stale()
		n.Stale[0].Name = "01d"
		if container.Name == "old" {
			n.Stale[0].Name = "old"
		}
		e := enginetest.Start(t, enginetest.Docker28, n, container)
		send(t, e, "POST", "/v1.41/networks/front/disconnect", `{"Container":"`+n.Stale[0].Name+`","Force":true}`)
		left := attached(t, e, "front")
		if _, ok := left["ep-"+enginetest.ID("endpoint")]; !ok || len(left) != 1 {
			t.Errorf("after clearing %s, there is %v", n.Stale[0].Name, left)
		}
	}
}

func TestSwarmTellsOfItsNetworks(t *testing.T) {
	mesh := enginetest.Overlay("mesh", "10.0.1.0/24")
	mesh.LoadBalancer, mesh.Peers, mesh.Services = true, []string{"node1", "node2"}, []string{"web"}
	e := enginetest.Start(t, enginetest.Docker28.InSwarm("active/manager"), mesh)
	if got := attached(t, e, "mesh")["lb-mesh"]; got.Name != "mesh-endpoint" {
		t.Errorf("the load balancer is told as %+v", got)
	}
	var detail struct {
		Peers    []struct{ Name string }
		Services map[string]any
	}
	decode(t, get(t, e, "/networks/mesh"), &detail)
	if len(detail.Peers) != 2 || detail.Services != nil {
		t.Errorf("told %+v", detail)
	}
	decode(t, get(t, e, "/networks/mesh?verbose=1"), &detail)
	if _, ok := detail.Services["web"]; !ok {
		t.Errorf("told %+v when asked for all", detail)
	}
	if got := string(get(t, e, "/services")); !strings.Contains(got, `"Name":"web"`) || !strings.Contains(got, enginetest.SwarmID("mesh")) {
		t.Errorf("the services are %s", got)
	}
	if got := string(get(t, e, "/info")); !strings.Contains(got, `"LocalNodeState":"active","ControlAvailable":true`) {
		t.Errorf("the engine is %s", got)
	}
	worker := enginetest.Start(t, enginetest.Docker28.InSwarm("active/worker"), mesh)
	if status, body := ask(t, worker, "/v1.41/services"); status != 503 || !strings.Contains(string(body), "Worker nodes") {
		t.Errorf("a worker tells of services: %d %s", status, body)
	}
}

func TestPodmanIsAnotherEachTime(t *testing.T) {
	id := func(e *enginetest.Engine) (id string) {
		var info struct{ ID string }
		decode(t, get(t, e, "/info"), &info)
		return info.ID
	}
	podman, docker := enginetest.Start(t, enginetest.Podman), enginetest.Start(t, enginetest.Docker28)
	if first, second := id(podman), id(podman); first == second {
		t.Errorf("Podman is %s twice", first)
	}
	if first, second := id(docker), id(docker); first != second {
		t.Errorf("Docker is %s, then %s", first, second)
	}
}

// TestANetworkMadeAnewHasAnotherID, which is the same in every run.
func TestANetworkMadeAnewHasAnotherID(t *testing.T) {
	id := func(e *enginetest.Engine) string {
		var made struct{ ID string }
		_, body := send(t, e, "POST", "/v1.41/networks/create", `{"Name":"front"}`)
		decode(t, body, &made)
		return made.ID
	}
	e := enginetest.Start(t, enginetest.Docker28)
	first := id(e)
	send(t, e, "DELETE", "/v1.41/networks/front", "")
	second := id(e)
	if first == second || first == enginetest.ID("front") || second == enginetest.ID("front") {
		t.Errorf("made %s, then %s", first, second)
	}
	if again := id(enginetest.Start(t, enginetest.Docker28)); again != first {
		t.Errorf("made %s, and %s in another run", first, again)
	}
}

func TestChangesBetweenRequests(t *testing.T) {
	e := enginetest.Start(t, enginetest.Docker28, front(), enginetest.Running("web"))
	e.ConnectContainer("web", "front")
	if got := attached(t, e, "front")[enginetest.ID("web")]; got.IPv4Address != "172.20.0.2/16" {
		t.Errorf("connected as %+v", got)
	}
	e.DisconnectContainer("web", "front")
	if got := attached(t, e, "front"); len(got) != 0 {
		t.Errorf("disconnected, and there is %v", got)
	}
}
