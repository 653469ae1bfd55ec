package checks_test

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// large has so many containers, ten to a network, with something wrong of many kinds: a
// third is stopped and wants the ports of others, some want a network that is gone, some
// share the network of another, and each subnet lies in a wide one.
func large(containers int) *world {
	w := healthy()
	const each = 10
	for i := range containers / each {
		n := topology.Network{
			ID: fmt.Sprintf("%064x", 0xa0000000+i), Name: fmt.Sprintf("project%d_net", i), Driver: "bridge", Scope: "local", Created: now.AddDate(0, 0, -60),
		}
		n.IPAM.Pools = []topology.Pool{{Subnet: topology.ParseSubnet(fmt.Sprintf("10.%d.%d.0/24", i/200, i%200))}}
		w.Networks = append(w.Networks, n)
	}
	w.network("wide", "10.0.0.0/8")
	for i := range containers {
		c := topology.Container{ID: fmt.Sprintf("%064x", 0xc0000000+i), Name: fmt.Sprintf("project%d-service-%d", i/each, i%each), State: topology.Running, Project: fmt.Sprint("project", i/each)}
		n := &w.Networks[3+i/each]
		c.Mode = topology.NetworkMode(n.Name)
		a := topology.Attachment{ContainerID: c.ID, NetworkID: n.ID, NetworkName: n.Name, State: topology.Live}
		a.IPv4 = topology.ParseAddress(fmt.Sprintf("10.%d.%d.%d", i/each/200, i/each%200, 2+i%each))
		switch i % each {
		case 0, 1, 2:
			c.State, a.State, a.IPv4 = topology.Exited, topology.Configured, topology.Address{}
			c.Wanted = []topology.Ports{{First: 80, HostPort: 8080, Protocol: "tcp"}, {First: 81, HostPort: uint16(10000 + i%20000), Protocol: "tcp"}}
		case 3:
			c.State, a.State, a.NetworkID, a.NetworkName, a.IPv4 = topology.Exited, topology.Dangling, fmt.Sprintf("%064x", 0xe0000000+i), "gone", topology.Address{}
		case 4:
			c.Mode = topology.NetworkMode(fmt.Sprintf("container:%064x", 0xc0000000+i+1))
			w.Containers = append(w.Containers, c)
			continue
		case 5:
			c.Ports = []topology.Ports{{First: 5432, HostPort: uint16(30000 + i%20000), Protocol: "tcp"}}
		}
		w.Containers, w.Attachments = append(w.Containers, c), append(w.Attachments, a)
	}
	w.facts.UnusedAge = 30 * 24 * time.Hour
	w.examine() // sorts, and has all of it read
	return w
}

var sizes = []int{1000, 10000}

// BenchmarkRun holds the time of an examination against the number of containers: ten
// times as many are to take ten times as long.
func BenchmarkRun(b *testing.B) {
	for _, size := range sizes {
		w := large(size)
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for b.Loop() {
				if report := checks.Run(&w.facts, checks.All()); len(report.Findings()) == 0 {
					b.Fatal("nothing is found")
				}
			}
		})
	}
}

// BenchmarkWrite does the same of writing what was found, with each command to mend it.
func BenchmarkWrite(b *testing.B) {
	for _, size := range sizes {
		w := large(size)
		report := checks.Run(&w.facts, checks.All())
		look := &render.Look{Docker: "docker"}
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for b.Loop() {
				for _, line := range render.Doctor(w.facts.Index, report, checks.Hint, true, look) {
					_, _ = io.WriteString(io.Discard, line)
				}
				_ = render.DoctorReport(w.facts.Index, report, look)
			}
		})
	}
}
