package diagnose

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestFixOpensNothing: a container on internal networks only is never put on one with
// a way out, whichever of both it is.
func TestFixOpensNothing(t *testing.T) {
	s := &topology.Snapshot{Engine: topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"}}
	for _, n := range []topology.Network{
		{ID: "open", Name: "open"},
		{ID: "closed", Name: "closed", Internal: true},
		{ID: "apart", Name: "apart", Internal: true, Opts: map[string]string{"com.docker.network.bridge.enable_icc": "false"}},
	} {
		n.Driver, n.Scope = "bridge", "local"
		s.Networks = append(s.Networks, n)
		s.Containers = append(s.Containers, topology.Container{ID: "c-" + n.ID, Name: "on-" + n.ID, State: topology.Running, Mode: topology.NetworkMode(n.Name)})
		s.Attachments = append(s.Attachments, topology.Attachment{
			NetworkID: n.ID, NetworkName: n.Name, ContainerID: "c-" + n.ID, State: topology.Live,
			IPv4: topology.ParseAddress("10.0." + map[string]string{"open": "1", "closed": "2", "apart": "3"}[n.ID] + ".2"), PrefixLen4: 24, AliasesRead: true,
		})
	}
	s.Sort()
	ix := topology.NewIndex(s)
	for _, c := range []struct {
		from, to  string
		kind      FixKind
		container string
		network   string
		internal  bool
	}{
		{"open", "closed", FixConnect, "on-open", "closed", false},
		{"closed", "open", FixConnect, "on-open", "closed", false},
		{"open", "apart", FixConnectNew, "on-open", "", true},
		{"apart", "open", FixConnectNew, "on-apart", "", true},
	} {
		fix := Predict(ix, ix.Container("c-"+c.from), ix.Container("c-"+c.to)).Fix
		network := ""
		if fix != nil && fix.Network != nil {
			network = fix.Network.Name
		}
		if fix == nil || fix.Kind != c.kind || fix.Container.Name != c.container || network != c.network || fix.Internal != c.internal {
			t.Errorf("%s → %s: %+v", c.from, c.to, fix)
		}
	}
}
