package diagnose_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// The sizes are those that were measured by starting containers until the engine
// refused, and so are the addresses that the next one got [Docker 20.10, 28.5,
// Podman 5.4].
func TestSpaces(t *testing.T) {
	docker := topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"}
	podman := topology.Engine{Product: topology.ProductPodman, Version: "5.4.2"}
	pool := func(subnet, chosen, gateway string, aux ...string) topology.Pool {
		p := topology.Pool{Subnet: topology.ParseSubnet(subnet), Range: topology.ParseSubnet(chosen), Gateway: topology.ParseAddress(gateway)}
		for i, address := range aux {
			if p.Aux == nil {
				p.Aux = map[string]topology.Address{}
			}
			p.Aux[fmt.Sprint("aux", i)] = topology.ParseAddress(address)
		}
		return p
	}
	bridge := topology.Network{ID: "n", Name: "n", Driver: "bridge", Scope: "local"}
	with := func(change func(*topology.Network)) topology.Network {
		n := bridge
		change(&n)
		return n
	}
	for name, test := range map[string]struct {
		engine  topology.Engine
		network topology.Network
		pool    topology.Pool
		used    []string
		left    uint64
		next    string
		atMost  bool
	}{
		"a subnet":                  {docker, bridge, pool("10.99.1.0/29", "", ""), nil, 5, "10.99.1.2", false},
		"used":                      {docker, bridge, pool("10.99.1.0/29", "", "10.99.1.1"), []string{"10.99.1.2", "10.99.1.3"}, 3, "10.99.1.4", false},
		"a gap":                     {docker, bridge, pool("10.99.1.0/29", "", "10.99.1.1"), []string{"10.99.1.3"}, 4, "10.99.1.2", false},
		"full":                      {docker, bridge, pool("10.99.1.0/29", "", ""), []string{"10.99.1.2", "10.99.1.3", "10.99.1.4", "10.99.1.5", "10.99.1.6"}, 0, "", false},
		"a range with its gateway":  {docker, bridge, pool("10.99.2.0/24", "10.99.2.64/30", ""), nil, 3, "10.99.2.65", false},
		"a range at the beginning":  {docker, bridge, pool("10.99.6.0/24", "10.99.6.0/30", ""), nil, 2, "10.99.6.2", false},
		"a range at the end":        {docker, bridge, pool("10.99.7.0/29", "10.99.7.4/30", ""), nil, 2, "10.99.7.5", false},
		"an address kept":           {docker, bridge, pool("10.99.4.0/29", "", "", "10.99.4.5"), nil, 4, "10.99.4.2", false},
		"a gateway at the end":      {docker, bridge, pool("10.99.5.0/29", "", "10.99.5.6"), nil, 5, "10.99.5.1", false},
		"used outside of the range": {docker, bridge, pool("10.99.2.0/24", "10.99.2.64/30", ""), []string{"10.99.2.9"}, 3, "10.99.2.65", false},
		"isolated": {docker, with(func(n *topology.Network) {
			n.Opts = map[string]string{"com.docker.network.bridge.gateway_mode_ipv4": "isolated"}
		}), pool("10.99.8.0/29", "", ""), nil, 6, "10.99.8.1", false},
		"macvlan": {docker, with(func(n *topology.Network) { n.Driver = "macvlan" }), pool("10.99.9.0/29", "", ""), nil, 5, "", false},
		"overlay": {docker, with(func(n *topology.Network) { n.Driver, n.Scope = "overlay", "swarm" }), pool("10.0.1.0/29", "", "10.0.1.1"), nil, 5, "", true},
		"Podman":  {podman, bridge, pool("10.99.1.0/29", "", "10.99.1.1"), nil, 5, "", false},
		"a range of Podman": {podman, with(func(n *topology.Network) {
			n.Native = `{"subnets":[{"subnet":"10.99.2.0/24","lease_range":{"start_ip":"10.99.2.65","end_ip":"10.99.2.67"}}]}`
		}), pool("10.99.2.0/24", "", "10.99.2.1"), nil, 3, "", false},
		"few addresses of IPv6":          {docker, bridge, pool("fd00::/125", "", "fd00::1"), nil, 6, "fd00::2", false},
		"a subnet of one single address": {docker, bridge, pool("10.99.3.1/32", "", ""), nil, 0, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			n := test.network
			n.IPAM.Pools = []topology.Pool{test.pool}
			s := topology.Snapshot{Engine: test.engine, Networks: []topology.Network{n}}
			for i, address := range test.used {
				id := fmt.Sprint("c", i)
				s.Containers = append(s.Containers, topology.Container{ID: id, Name: id, State: topology.Running})
				s.Attachments = append(s.Attachments, topology.Attachment{NetworkID: "n", ContainerID: id, State: topology.Live, IPv4: topology.ParseAddress(address)})
			}
			s.Sort()
			ix := topology.NewIndex(&s)
			spaces := diagnose.Spaces(ix, ix.Network("n"))
			if len(spaces) != 1 {
				t.Fatalf("%d spaces", len(spaces))
			}
			got := spaces[0]
			next := netip.Addr{}
			if test.next != "" {
				next = netip.MustParseAddr(test.next)
			}
			if got.Left != test.left || got.Next != next || got.AtMost != test.atMost || got.Endless {
				t.Errorf("left %d, next %v, at most %t, endless %t; want %d, %v, %t", got.Left, got.Next, got.AtMost, got.Endless, test.left, next, test.atMost)
			}
			if got.Size != got.Left+got.Used {
				t.Errorf("%d of %d are used, and %d left", got.Used, got.Size, got.Left)
			}
		})
	}
}

// Nobody counts the addresses of a usual subnet of IPv6, or waits for that.
func TestSpacesEndless(t *testing.T) {
	for _, subnet := range []string{"fd00::/64", "fd00::/48", "::/0"} {
		n := topology.Network{ID: "n", Driver: "bridge", Scope: "local", IPAM: topology.IPAM{Pools: []topology.Pool{{Subnet: topology.ParseSubnet(subnet)}}}}
		ix := topology.NewIndex(&topology.Snapshot{Networks: []topology.Network{n}})
		if got := diagnose.Spaces(ix, ix.Network("n")); len(got) != 1 || !got[0].Endless || got[0].Left != 0 {
			t.Errorf("%s: %+v", subnet, got)
		}
	}
}

// What could not be read may have addresses.
func TestSpacesNotKnown(t *testing.T) {
	n := topology.Network{ID: "n", Driver: "bridge", Scope: "local", IPAM: topology.IPAM{Pools: []topology.Pool{{Subnet: topology.ParseSubnet("10.0.0.0/24")}, {Subnet: topology.ParseSubnet("odd")}}}}
	s := topology.Snapshot{Engine: topology.Engine{Product: topology.ProductDocker, Version: "28"}, Networks: []topology.Network{n}, Unread: []topology.Gap{{What: "container", ID: "x"}}}
	ix := topology.NewIndex(&s)
	got := diagnose.Spaces(ix, ix.Network("n"))
	if len(got) != 1 || !got[0].AtMost || got[0].Next.IsValid() {
		t.Errorf("%+v", got)
	}
}
