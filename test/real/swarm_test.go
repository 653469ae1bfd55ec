//go:build real

package real

import (
	"context"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestSwarm: overlays, services' tasks and attached containers, on a manager
// and on a worker, where most of the swarm's networks are not listed.
func TestSwarm(t *testing.T) {
	t.Parallel()
	setUp(t)
	manager, worker := swarm(t)
	m := keeper(t, manager)
	ctx := t.Context()
	overlay := func(short string, attachable bool) string {
		id, err := m.Network(ctx, &zoo.Network{Name: m.Name(short), Driver: "overlay", Attachable: attachable})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	served, open := overlay("served", false), overlay("open", true)
	if _, err := m.GlobalService(ctx, m.Name("service"), served); err != nil {
		t.Fatal(err)
	}
	attach(t, m, "attached", open)
	nodes := []*zoo.Engine{manager}
	var elsewhere map[string]string
	if worker != nil {
		nodes = append(nodes, worker)
		elsewhere = onWorker(t, worker, m.Name("open"))
	}
	for _, e := range nodes {
		task := awaitTask(t, e, m.Name("service"))
		told, truth := compare(t, e)
		if diff := difference(told.facts(), truth.facts()); diff != "" {
			t.Errorf("on %s, graph and inspect differ:\n%s", e.Name, diff)
		}
		for _, c := range told.Containers {
			if strings.HasPrefix(c.Name, "lb-") || strings.HasPrefix(c.Name, "gateway_") || strings.HasPrefix(c.Name, "ingress") || len(c.ID) != 64 {
				t.Errorf("on %s, %s %q is taken for a container", e.Name, c.ID, c.Name)
			}
		}
		expect(t, e, told, task, served, "live")
		if tree := netkit(t, e, "graph"); !strings.Contains(tree, "task of "+m.Name("service")) || strings.Contains(tree, "lb-"+m.Name("served")) {
			t.Errorf("on %s, the tree does not show the task, or shows what is none:\n%s", e.Name, tree)
		}
		if e == worker {
			// The network is there, only not here: the container starts.
			expect(t, e, told, elsewhere["stopped"], open, "unverified")
			expect(t, e, told, elsewhere["created"], "", "unverified")
			// And one that was local is gone for good.
			expect(t, e, told, elsewhere["dangling"], "", "dangling")
			if err := e.Do(ctx, http.MethodPost, "/containers/"+elsewhere["stopped"]+"/start", nil, nil); err != nil {
				t.Errorf("what is called unverified does not start: %v", err)
			}
			told, truth := compare(t, e)
			if diff := difference(told.facts(), truth.facts()); diff != "" {
				t.Errorf("on %s, once started, graph and inspect differ:\n%s", e.Name, diff)
			}
			expect(t, e, told, elsewhere["stopped"], open, "live")
		}
	}
}

// swarm gives a manager and a worker: those that the environment names, else
// an engine that is made a swarm of its own, without a worker.
func swarm(t *testing.T) (manager, worker *zoo.Engine) {
	t.Helper()
	if named := os.Getenv("NETKIT_TEST_SWARM"); named != "" {
		endpoints := strings.Split(named, ",")
		if len(endpoints) != 2 {
			t.Fatalf("NETKIT_TEST_SWARM must name a manager and a worker, not %q", named)
		}
		var nodes []*zoo.Engine
		for _, endpoint := range endpoints {
			e, err := zoo.Connect(t.Context(), endpoint)
			if err != nil {
				t.Fatal(err)
			}
			nodes = append(nodes, e)
		}
		if isWorker(t, nodes[0]) || !isWorker(t, nodes[1]) {
			t.Fatalf("NETKIT_TEST_SWARM must name a manager and a worker, in this order")
		}
		for _, node := range nodes {
			takeTurn(t, node)
		}
		return nodes[0], nodes[1]
	}
	at := slices.IndexFunc(bench.engines, func(e *zoo.Engine) bool { return !e.Podman })
	if at < 0 {
		t.Fatalf("%s names no engine that can have a swarm, and NETKIT_TEST_SWARM none either", zoo.Variable)
	}
	e := bench.engines[at]
	takeTurn(t, e)
	ctx := context.WithoutCancel(t.Context())
	const gateway = "/networks/docker_gwbridge"
	hadGateway := e.Do(ctx, http.MethodGet, gateway, nil, nil) == nil
	if err := e.Do(ctx, http.MethodPost, "/swarm/init", map[string]any{"ListenAddr": "127.0.0.1:2377", "AdvertiseAddr": "127.0.0.1"}, nil); err != nil {
		t.Fatalf("cannot make a swarm of %s: %v", e.Name, err)
	}
	t.Cleanup(func() {
		if err := e.Do(ctx, http.MethodPost, "/swarm/leave?force=1", nil, nil); err != nil {
			t.Errorf("%s is still a swarm: %v", e.Name, err)
		}
		if !hadGateway {
			_ = e.Do(ctx, http.MethodDelete, gateway, nil, nil)
		}
	})
	return e, nil
}

// attach runs a container on an attachable overlay, which may take some tries
// while the nodes get to know of it.
func attach(t *testing.T, k *zoo.Keeper, short, network string) string {
	t.Helper()
	id, err := k.Create(t.Context(), &zoo.Container{Name: k.Name(short), Mode: network})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := zoo.Until(ctx, short+" runs", func() (bool, error) { return true, k.Start(ctx, id) }); err != nil {
		t.Fatal(err)
	}
	return id
}

// onWorker leaves containers on the worker that want the overlay, but do not
// run, so that the worker no longer lists it.
func onWorker(t *testing.T, worker *zoo.Engine, overlay string) map[string]string {
	t.Helper()
	k := keeper(t, worker)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	stopped := attach(t, k, "stopped", overlay)
	must(k.Stop(ctx, stopped))
	created, err := k.Create(ctx, &zoo.Container{Name: k.Name("created"), Mode: overlay})
	must(err)
	local, err := k.Network(ctx, &zoo.Network{Name: k.Name("local")})
	must(err)
	dangling, err := k.Run(ctx, &zoo.Container{Name: k.Name("dangling"), Mode: local})
	must(err)
	must(k.Stop(ctx, dangling))
	must(k.RemoveNetwork(ctx, local))
	must(zoo.Until(ctx, "the worker no longer lists the overlay", func() (bool, error) {
		var list []struct{ Name string }
		err := worker.Do(ctx, http.MethodGet, "/networks", nil, &list)
		return !slices.ContainsFunc(list, func(n struct{ Name string }) bool { return n.Name == overlay }), err
	}))
	return map[string]string{"stopped": stopped, "created": created, "dangling": dangling}
}

// awaitTask waits for the service's task on a node, and gives its container.
func awaitTask(t *testing.T, e *zoo.Engine, service string) (container string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := zoo.Until(ctx, "the service's task runs on "+e.Name, func() (bool, error) {
		var list []struct {
			ID     string `json:"Id"`
			Labels map[string]string
		}
		err := e.Do(ctx, http.MethodGet, "/containers/json", nil, &list)
		for _, c := range list {
			if c.Labels["com.docker.swarm.service.name"] == service {
				container = c.ID
			}
		}
		return container != "", err
	})
	if err != nil {
		t.Fatal(err)
	}
	return container
}

// expect checks one attachment; an empty network is any.
func expect(t *testing.T, e *zoo.Engine, told *picture, container, network, state string) {
	t.Helper()
	for _, a := range told.Attachments {
		if a.ContainerID == container && (network == "" || a.NetworkID == network) && a.State == state {
			return
		}
	}
	t.Errorf("on %s, graph does not say that %s is on %q, %s", e.Name, container, network, state)
}
