package checks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
)

// TestPoolsKeptForRoutes: where pools are used up, the finding names the host's routes that
// take some, and what mends that; a removal of networks would not.
func TestPoolsKeptForRoutes(t *testing.T) {
	for _, test := range []struct {
		name       string
		make       func(*world)
		also, mend string
	}{
		{"a VPN's private ranges", func(w *world) { w.onLink("172.16.0.0/12", "tun0"); w.onLink("192.168.0.0/16", "tun0") }, "the engine keeps 28 of them from networks, for routes of the host: 172.16.0.0/12 by tun0, 192.168.0.0/16 by tun0", "routes"},
		{"all addresses in two halves", func(w *world) { w.onLink("0.0.0.0/1", "wg0"); w.onLink("128.0.0.0/1", "wg0") }, "the engine keeps 28 of them from networks, for routes of the host: 128.0.0.0/1 by wg0", "routes"},
		{"a further bridge", func(w *world) { pools(w, 28); w.onLink("192.168.254.0/24", "virbr0") }, "the engine keeps 1 of them from networks, for routes of the host: 192.168.254.0/24 by virbr0", "prune"},
		{"through a gateway", func(w *world) { pools(w, 28); w.route("192.168.240.0/20", "eth0") }, "", "prune"},
		{"what a network has", func(w *world) { pools(w, 28); w.onLink("172.18.0.0/16", "br-front-id") }, "", "prune"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := healthy()
			test.make(w)
			found := w.examine(checks.Find("address-pools-used-up")).Findings()
			if len(found) != 1 {
				t.Fatalf("%d findings", len(found))
			}
			also := ""
			for _, s := range found[0].Also {
				if said := text(s); strings.Contains(said, "routes") {
					also += said
				}
			}
			if also != test.also {
				t.Errorf("%q, want %q", also, test.also)
			}
			prune := slices.ContainsFunc(found[0].Fix.Commands, func(c checks.Command) bool { return c[1] == "prune" })
			if prune != (test.mend == "prune") {
				t.Errorf("to mend it: %v, %q", found[0].Fix.Commands, text(found[0].Fix.Does))
			}
		})
	}
}
