//go:build real

package real

import (
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// spanNodes puts an overlay into the town, and somebody who is on it on another node of
// the swarm, if there is one: far.
func (w *town) spanNodes(worker *zoo.Engine) {
	w.t.Helper()
	id, err := w.Network(w.t.Context(), &zoo.Network{Name: w.Name("mesh"), Driver: "overlay", Attachable: true})
	ok(w.t, err)
	w.networks["mesh"] = id
	here := &overlayEnds{w.t, w.Keeper}
	for _, short := range []string{"mesh-1", "mesh-2"} {
		w.people[short] = here.on(short, w.Name("mesh"))
		w.order = append(w.order, short)
	}
	w.connect("mesh-2", "front")
	if worker == nil {
		w.t.Log("NOT TESTED: another node (NETKIT_TEST_SWARM names none)")
		return
	}
	w.worker = keeper(w.t, worker)
	far := (&overlayEnds{w.t, w.worker}).on("far", w.Name("mesh"))
	for _, short := range []string{"mesh-1", "mesh-2"} {
		awaitName(w.t, w.people[short], w.worker.Name("far"))
		awaitName(w.t, far, w.Name(short))
	}
}

// meshed tells that one is on the overlay.
func (w *town) meshed(who string) bool {
	return who == "far" || strings.HasPrefix(who, "mesh-") && slices.Contains(w.order, who)
}
