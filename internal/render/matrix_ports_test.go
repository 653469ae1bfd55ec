package render

import (
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/reach"
)

// TestMatrixWithoutICMP: it is said what was tested in place of echo requests.
func TestMatrixWithoutICMP(t *testing.T) {
	ix := street()
	on := func(name string) string { return v4(ix, name, "shop_front") }
	lab := &lab{ix: ix, places: map[string]*place{
		"web": {TCP: doors{on("api") + ":80": wire.Reached}},
		"api": {TCP: doors{on("web") + ":80": wire.Refused}},
	}}
	m := reach.ForeseeMatrix(ix, containersOf(t, ix, "web", "api"), nil, 4)
	options := reach.Options{NoICMP: true, Ports: []reach.Port{{Number: 80, Protocol: "tcp"}}}
	if err := reach.MeasureMatrix(t.Context(), lab, m, options, nil); err != nil {
		t.Fatal(err)
	}
	var out, graph strings.Builder
	if err := Matrix(&out, m, &Look{ASCII: true}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"no ICMP was sent; times in ms to connect to 80/tcp; x no connection", "80/tcp refused"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("there is no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "round trips") {
		t.Errorf("it tells of round trips:\n%s", out.String())
	}
	if err := MatrixMermaid(&graph, m); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(graph.String(), "|\"TCP 0.250 ms\"|") {
		t.Errorf("the graph does not say what was measured:\n%s", graph.String())
	}
}
