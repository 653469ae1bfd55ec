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

// TestAddressOfUser: where the engine gives the host no address on a bridge, whether the
// user did is not known; the members reach each other.
func TestAddressOfUser(t *testing.T) {
	n, other := network("net", "bridge"), network("other", "bridge")
	n.IPAM.Pools = []topology.Pool{{Subnet: topology.ParseSubnet("10.0.0.0/24"), Gateway: topology.ParseAddress("10.0.0.1")}}
	for value, want := range map[string]diagnose.Forecast{"true": diagnose.ForecastUnknown, "false": diagnose.ForecastYes} {
		n.Opts = map[string]string{"com.docker.network.bridge.inhibit_ipv4": value}
		s := pair([]string{"net"}, []string{"net"}, n, other)
		if r := predict(s); r.TCP != diagnose.ForecastYes {
			t.Errorf("%s: each other: %s", value, r.TCP)
		}
		ix := topology.NewIndex(s)
		a := ix.Container("a")
		for what, r := range map[string]*diagnose.Reach{"the outside": diagnose.PredictOutside(ix, a), "the host": diagnose.PredictHost(ix, a)} {
			if r.TCP != want || want == diagnose.ForecastUnknown && r.Reasons[0].Kind != diagnose.ReasonAddressOfUser {
				t.Errorf("%s: %s: %s, %+v", value, what, r.TCP, r.Reasons)
			}
		}
		if leads := diagnose.PortsLead(ix, a); leads != want {
			t.Errorf("%s: published ports: %s", value, leads)
		}
		s.Containers[1].Mode = topology.NetworkHost
		s.Attachments = s.Attachments[:1]
		if r := diagnose.Predict(topology.NewIndex(s), &s.Containers[1], &s.Containers[0]); r.TCP != want {
			t.Errorf("%s: from the host: %s", value, r.TCP)
		}
	}
}

// TestWithoutMasquerading: with the containers' own addresses, what is public may be
// answered; Docker 28 drops the answers, unless the network is to be routed.
func TestWithoutMasquerading(t *testing.T) {
	const off, mode = "com.docker.network.bridge.enable_ip_masquerade", "com.docker.network.bridge.gateway_mode_ipv4"
	for _, test := range []struct {
		version, subnet, mode string
		want                  diagnose.Forecast
		reason                diagnose.ReasonKind
	}{
		{"28.5.2", "198.51.100.0/24", "", diagnose.ForecastNo, diagnose.ReasonAnswersDropped},
		{"28.5.2", "10.0.0.0/24", "nat", diagnose.ForecastNo, diagnose.ReasonAnswersDropped},
		{"28.5.2", "198.51.100.0/24", "routed", diagnose.ForecastUnknown, diagnose.ReasonNoNAT},
		{"28.5.2", "198.51.100.0/24", "nat-unprotected", diagnose.ForecastUnknown, diagnose.ReasonNoNAT},
		{"26.1.5", "198.51.100.0/24", "", diagnose.ForecastUnknown, diagnose.ReasonNoNAT},
		{"20.10.24", "10.0.0.0/24", "", diagnose.ForecastNo, diagnose.ReasonNoNAT},
	} {
		n := network("net", "bridge")
		n.Opts = map[string]string{off: "false", mode: test.mode}
		n.IPAM.Pools = []topology.Pool{{Subnet: topology.ParseSubnet(test.subnet)}}
		s := pair([]string{"net"}, []string{"net"}, n)
		s.Engine.Version = test.version
		ix := topology.NewIndex(s)
		r := diagnose.PredictOutside(ix, ix.Container("a"))
		if r.TCP != test.want || len(r.Reasons) == 0 || r.Reasons[0].Kind != test.reason {
			t.Errorf("%s, %s, %q: %s, %+v", test.version, test.subnet, test.mode, r.TCP, r.Reasons)
		}
	}
}
