package reach

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// world has a pair of containers of every kind that is told apart.
func world() *topology.Index {
	s := &topology.Snapshot{Engine: topology.Engine{Product: topology.ProductDocker, Version: "28.5.2", OS: "linux"}}
	network := func(name, driver, subnet, gateway string, change func(*topology.Network)) {
		n := topology.Network{
			ID: name, Name: name, Driver: driver, Scope: "local",
			IPAM: topology.IPAM{Pools: []topology.Pool{{Subnet: topology.ParseSubnet(subnet), Gateway: topology.ParseAddress(gateway)}}},
		}
		if change != nil {
			change(&n)
		}
		s.Networks = append(s.Networks, n)
	}
	network("bridge", "bridge", "172.17.0.0/16", "172.17.0.1", nil)
	network("front", "bridge", "10.1.0.0/24", "10.1.0.1", nil)
	network("back", "bridge", "10.2.0.0/24", "10.2.0.1", nil)
	network("quiet", "bridge", "10.3.0.0/24", "10.3.0.1", func(n *topology.Network) {
		n.Opts = map[string]string{"com.docker.network.bridge.enable_icc": "false"}
	})
	network("dual", "bridge", "10.4.0.0/24", "10.4.0.1", func(n *topology.Network) {
		n.IPv6 = true
		n.IPAM.Pools = append(n.IPAM.Pools, topology.Pool{Subnet: topology.ParseSubnet("fd04::/64"), Gateway: topology.ParseAddress("fd04::1")})
	})
	network("mesh", "overlay", "10.5.0.0/24", "10.5.0.1", func(n *topology.Network) { n.Scope = "swarm" })
	network("host", "host", "", "", nil)

	container := func(name string, mode topology.NetworkMode, change func(*topology.Container)) {
		c := topology.Container{ID: name + "-id", Name: name, State: topology.Running, Mode: mode}
		if change != nil {
			change(&c)
		}
		s.Containers = append(s.Containers, c)
	}
	on := func(network, container, v4, v6 string, aliases ...string) {
		s.Attachments = append(s.Attachments, topology.Attachment{
			NetworkID: network, NetworkName: network, ContainerID: container + "-id", EndpointID: container + network, State: topology.Live,
			IPv4: topology.ParseAddress(v4), PrefixLen4: 24, IPv6: topology.ParseAddress(v6), PrefixLen6: 64, Aliases: aliases, AliasesRead: true,
		})
	}
	expose := func(port uint16) func(*topology.Container) {
		return func(c *topology.Container) { c.Ports = []topology.Ports{{First: port, Protocol: "tcp"}} }
	}
	container("web", "front", nil)
	container("api", "front", nil)
	container("db", "front", expose(5432))
	container("many", "front", func(c *topology.Container) {
		c.Ports = []topology.Ports{{First: 80, Protocol: "tcp"}, {First: 8000, Count: 1000, Protocol: "tcp"}}
	})
	container("side", "container:web-id", nil)
	container("hosted", "host", nil)
	container("pub", "back", func(c *topology.Container) {
		c.Ports = []topology.Ports{{First: 80, Protocol: "tcp", HostPort: 8080, HostIP: topology.ParseAddress("0.0.0.0")}}
	})
	container("far", "back", nil)
	container("one", "quiet", nil)
	container("two", "quiet", nil)
	container("left", "dual", nil)
	container("right", "dual", nil)
	container("m1", "mesh", nil)
	container("m2", "mesh", nil)
	container("w1", "front", func(c *topology.Container) { c.Project, c.Service = "shop", "worker" })
	container("w2", "front", func(c *topology.Container) { c.Project, c.Service = "shop", "worker" })
	container("frozen", "front", func(c *topology.Container) { c.State = topology.Paused })
	container("halted", "front", func(c *topology.Container) { c.State = topology.Exited })
	on("front", "web", "10.1.0.2", "")
	on("front", "api", "10.1.0.3", "", "backend")
	on("front", "db", "10.1.0.4", "")
	on("front", "many", "10.1.0.8", "")
	on("front", "w1", "10.1.0.5", "", "worker")
	on("front", "w2", "10.1.0.6", "", "worker")
	on("front", "frozen", "10.1.0.7", "")
	on("back", "pub", "10.2.0.2", "")
	on("back", "far", "10.2.0.3", "")
	on("quiet", "one", "10.3.0.2", "")
	on("quiet", "two", "10.3.0.3", "")
	on("dual", "left", "10.4.0.2", "fd04::2")
	on("dual", "right", "10.4.0.3", "fd04::3")
	on("mesh", "m1", "10.5.0.2", "")
	on("mesh", "m2", "10.5.0.3", "")
	s.Sort()
	return topology.NewIndex(s)
}

// aim finds a source and a target by their words.
func aim(t *testing.T, ix *topology.Index, from, to string) (*topology.Container, Target) {
	t.Helper()
	source, err := FindSource(ix, from)
	if err != nil || source == nil {
		t.Fatalf("the source %s: %v", from, err)
	}
	words, err := ParseWords(to)
	if err != nil {
		t.Fatal(err)
	}
	target, err := FindTarget(ix, source, words)
	if err != nil {
		t.Fatal(err)
	}
	return source, target
}
