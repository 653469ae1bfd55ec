//go:build real

package real

import (
	"context"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// overlayEnds are the containers on overlays, by node.
type overlayEnds struct {
	t    *testing.T
	node *zoo.Keeper
}

// TestPingOverlay: over the nodes of a swarm. A container of another node is in no
// snapshot here: what is foreseen is little, and what is measured counts.
func TestPingOverlay(t *testing.T) {
	t.Parallel()
	setUp(t)
	manager, worker := swarm(t)
	m := keeper(t, manager)
	overlay := func(short string, options map[string]string) string {
		id, err := m.Network(t.Context(), &zoo.Network{Name: m.Name(short), Driver: "overlay", Attachable: true, Options: options})
		ok(t, err)
		return id
	}
	open, other := overlay("open", nil), overlay("other", nil)
	here := &overlayEnds{t, m}
	a, near, apart := here.on("a", open), here.on("near", open), here.on("apart", other)

	// Both ends are here: foreseen and measured are the same.
	for to, status := range map[string]int{"near:80": 0, "apart:80": 2} {
		said := here.measure(status, "a", m.Name(to))
		for i := range said.Rungs {
			r := &said.Rungs[i]
			if r.Layer != "tcp" && r.Layer != "icmp" {
				continue
			}
			if foreseen := r.Foreseen == "yes"; foreseen != (r.State == "passed") {
				t.Errorf("a → %s: %s foreseen %s, and measured %s", to, r.Layer, r.Foreseen, r.State)
			}
		}
	}
	nothingLeft(t, manager, a, near, apart)
	if worker == nil {
		t.Log("NOT TESTED: another node (NETKIT_TEST_SWARM names none)")
		return
	}
	there := &overlayEnds{t, keeper(t, worker)}
	b := there.on("b", m.Name("open"))
	awaitName(t, a, there.node.Name("b"))
	awaitName(t, b, m.Name("a"))
	address := overlayAddress(t, there.node, b, m.Name("open"))
	here.measure(0, "a", there.node.Name("b"))
	here.measure(0, "a", there.node.Name("b")+":80")
	here.measure(0, "a", address+":80")
	here.measure(2, "a", address+":81")
	here.measure(2, "apart", address+":80")
	here.measure(2, "apart", there.node.Name("b"))
	there.measure(0, "b", m.Name("a")+":80")
	there.measure(2, "b", overlayAddress(t, m, apart, m.Name("other"))+":80")
	nothingLeft(t, worker, b)

	// This kernel, or that of the machine, may lack what encrypts: then nothing gets
	// from node to node, and that is what busybox finds, too.
	secret := overlay("secret", map[string]string{"encrypted": ""})
	from := here.on("from", secret)
	to := there.on("to", m.Name("secret"))
	address = overlayAddress(t, there.node, to, m.Name("secret"))
	status := 0
	if !reachesBusybox(t, from, address) {
		status = 2
	}
	said := here.measure(status, "from", address+":80")
	t.Logf("encrypted: status %d, %s", status, said.Verdict)
	nothingLeft(t, manager, a, near, apart, from)
}

// on runs a container with a listener on an overlay, which may take some tries
// while the nodes get to know of it.
func (o *overlayEnds) on(short, network string) string {
	o.t.Helper()
	id, err := o.node.Create(o.t.Context(), &zoo.Container{Name: o.node.Name(short), Mode: network, Command: strings.Fields(listenAll)})
	ok(o.t, err)
	ctx, cancel := context.WithTimeout(o.t.Context(), patience)
	defer cancel()
	ok(o.t, zoo.Until(ctx, short+" runs", func() (bool, error) { return true, o.node.Start(ctx, id) }))
	awaitListener(o.t, id, 80)
	return id
}

func (o *overlayEnds) measure(status int, from, to string) *measured {
	o.t.Helper()
	got := run(o.t, environment("DOCKER_HOST="+o.node.Endpoint), bench.plugin, "ping", "--format", "json", o.node.Name(from), to)
	said := asMeasured(o.t, got, status, []string{from, to})
	if want := map[int]string{0: "reached", 2: "not reached"}[status]; said.Verdict != want {
		o.t.Errorf("%s → %s: %s, want %s", from, to, said.Verdict, want)
	}
	return said
}

func overlayAddress(t *testing.T, k *zoo.Keeper, id, network string) string {
	t.Helper()
	var is struct {
		NetworkSettings struct {
			Networks map[string]struct{ IPAddress string }
		}
	}
	ok(t, k.Do(t.Context(), "GET", "/containers/"+id+"/json", nil, &is))
	address := is.NetworkSettings.Networks[network].IPAddress
	if address == "" {
		t.Fatalf("%s has no address on %s: %+v", id[:12], network, is)
	}
	return address
}

// awaitName waits until a node has learned of a name of another, by busybox: it
// takes a moment.
func awaitName(t *testing.T, from, name string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ok(t, zoo.Until(ctx, name+" is known", func() (bool, error) {
		text, err := tryInNamespace(ctx, pidOf(t, from), "busybox", "nslookup", "-type=a", name, "127.0.0.11")
		return err == nil && strings.Contains(text, "Name:"), nil
	}))
}

func reachesBusybox(t *testing.T, from, address string) bool {
	t.Helper()
	_, err := tryInNamespace(t.Context(), pidOf(t, from), "busybox", "ping", "-c", "3", "-W", "2", address)
	return err == nil
}
