package diagnose_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestSpellingsOfOptions: Docker takes an option that is on or off in several spellings
// [measured on 28.5].
func TestSpellingsOfOptions(t *testing.T) {
	for value, off := range map[string]bool{"false": true, "0": true, "f": true, "False": true, "true": false, "1": false, "T": false} {
		n := network("net", "bridge")
		n.Opts = map[string]string{"com.docker.network.bridge.enable_icc": value, "com.docker.network.bridge.enable_ip_masquerade": value}
		n.IPAM.Pools = []topology.Pool{{Subnet: topology.ParseSubnet("10.0.0.0/24")}}
		s := pair([]string{"net"}, []string{"net"}, n)
		if r := predict(s); (r.TCP == diagnose.ForecastNo) != off {
			t.Errorf("enable_icc=%s: %s", value, r.TCP)
		}
		ix := topology.NewIndex(s)
		if r := diagnose.PredictOutside(ix, ix.Container("a")); (r.TCP == diagnose.ForecastNo) != off {
			t.Errorf("enable_ip_masquerade=%s: %s", value, r.TCP)
		}
	}
}
