package commands

import (
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/live"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/sample"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// There is no engine here to ask: a session without one would panic.
func TestDetailsOfWhatIsGoneAskNoEngine(t *testing.T) {
	snapshot, err := sample.Shop()
	if err != nil {
		t.Fatal(err)
	}
	ln, err := live.Listen(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	v := &liveView{session: &session{}, picture: &picture{paging: paging{lang: explain.English}}, server: live.New(ln, "", live.Site{})}
	if err := v.take(snapshot); err != nil {
		t.Fatal(err)
	}
	ix := topology.NewIndex(snapshot)
	sel, _ := ix.Select(nil, &topology.Filter{})
	told := 0
	for _, o := range render.DiagramObjects(ix, &sel, &render.Look{}) {
		if o.Gone == nil {
			continue
		}
		told++
		if text, err := v.detail(t.Context(), o.Key); err != nil || !strings.Contains(string(text), "There is no such network.") {
			t.Errorf("of %s it says %s (%v)", o.Gone.NetworkName, text, err)
		}
	}
	if told == 0 {
		t.Error("nothing is gone in the sample")
	}
}
