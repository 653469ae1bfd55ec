package explain_test

import (
	"fmt"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// large is an engine with many networks, and ten containers on each.
func large(networks int) *topology.Index {
	s := topology.Snapshot{Engine: topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"}}
	for i := range networks {
		n := topology.Network{
			ID: fmt.Sprintf("n%05d", i), Name: fmt.Sprintf("net%d", i), Driver: "bridge", Scope: "local",
			IPAM: topology.IPAM{Pools: []topology.Pool{{Subnet: topology.ParseSubnet(fmt.Sprintf("10.%d.%d.0/24", i/256, i%256))}}},
		}
		s.Networks = append(s.Networks, n)
		for k := range 10 {
			id := fmt.Sprintf("c%05d-%d", i, k)
			s.Containers = append(s.Containers, topology.Container{ID: id, Name: id, State: topology.Running, Mode: topology.NetworkMode(n.Name)})
			s.Attachments = append(s.Attachments, topology.Attachment{
				NetworkID: n.ID, NetworkName: n.Name, ContainerID: id, State: topology.Live, IPv4: topology.ParseAddress(fmt.Sprintf("10.%d.%d.%d", i/256, i%256, k+2)),
			})
		}
	}
	s.Sort()
	return topology.NewIndex(&s)
}

func BenchmarkNetwork(b *testing.B) {
	for _, networks := range []int{100, 1000} {
		b.Run(fmt.Sprint(networks), func(b *testing.B) {
			ix := large(networks)
			for b.Loop() {
				_ = explain.OfNetwork(ix, &ix.Networks[networks/2]).Markdown(explain.English)
			}
		})
	}
}

func BenchmarkContainer(b *testing.B) {
	for _, networks := range []int{100, 1000} {
		b.Run(fmt.Sprint(networks), func(b *testing.B) {
			ix := large(networks)
			for b.Loop() {
				_ = explain.OfContainer(ix, &ix.Containers[networks/2], explain.Details{}).Markdown(explain.English)
			}
		})
	}
}
