package removal

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func docker(version string) topology.Engine {
	return topology.Engine{Product: topology.ProductDocker, Version: version}
}

// bridge is a network whose ID is its name with "-id" behind.
func bridge(name string, subnets ...string) topology.Network {
	n := topology.Network{ID: name + "-id", Name: name, Driver: "bridge", Scope: "local"}
	for _, subnet := range subnets {
		n.IPAM.Pools = append(n.IPAM.Pools, topology.Pool{Subnet: topology.ParseSubnet(subnet)})
	}
	return n
}

// ctr is a container whose ID is its name.
func ctr(name string, state topology.ContainerState) topology.Container {
	return topology.Container{ID: name, Name: name, State: state}
}

func made(c topology.Container, mode topology.NetworkMode) topology.Container {
	c.Mode = mode
	return c
}

func on(container, network string, state topology.AttachmentState) topology.Attachment {
	return topology.Attachment{ContainerID: container, NetworkID: network + "-id", NetworkName: network, State: state}
}

// at gives an attachment the address that the engine chose.
func at(a topology.Attachment, ip string) topology.Attachment {
	a.IPv4 = topology.ParseAddress(ip)
	return a
}

// static gives an attachment an address that was asked for.
func static(a topology.Attachment, ip string) topology.Attachment {
	a.Static4 = topology.ParseAddress(ip)
	if a.State == topology.Live {
		a.IPv4 = a.Static4
	}
	return a
}

// named is what a container holds that was not up since: the name only.
func named(container, network string) topology.Attachment {
	return topology.Attachment{ContainerID: container, NetworkName: network, State: topology.Dangling}
}

func index(e topology.Engine, networks []topology.Network, containers []topology.Container, attachments ...topology.Attachment) *topology.Index {
	s := &topology.Snapshot{Engine: e, Networks: networks, Containers: containers, Attachments: attachments}
	s.Sort()
	return topology.NewIndex(s)
}

func pick(t *testing.T, ix *topology.Index, ids ...string) []*topology.Network {
	t.Helper()
	var networks []*topology.Network
	for _, id := range ids {
		n := ix.Network(id)
		if n == nil {
			t.Fatalf("the snapshot has no network %s", id)
		}
		networks = append(networks, n)
	}
	return networks
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}

func stepTexts(steps []Step) []string {
	texts := []string{}
	for _, s := range steps {
		text := string(s.Kind)
		if s.Name != "" {
			text += " " + s.Name
		}
		texts = append(texts, text)
	}
	return texts
}

func objectionTexts(objections []Objection) []string {
	texts := []string{}
	for _, o := range objections {
		text := string(o.Kind)
		if len(o.Names) > 0 {
			text += fmt.Sprintf(" %v", o.Names)
		}
		if o.Lift != "" {
			text += ", lifted by " + string(o.Lift)
		}
		texts = append(texts, text)
	}
	return texts
}

func restoreTexts(steps []RestoreStep) []string {
	texts := []string{}
	for _, s := range steps {
		text := string(s.Kind)
		if s.Name != "" {
			text += " " + s.Name
		}
		if s.Up {
			text += " up"
		}
		if s.Key != "" {
			text += " of " + s.Key
		}
		texts = append(texts, text)
	}
	return texts
}

func startTexts(starts []RestoredStart) []string {
	texts := []string{}
	for _, s := range starts {
		text := s.Name + " starts"
		if !s.Starts {
			text = s.Name + " does not: " + string(s.Why)
		}
		texts = append(texts, text)
	}
	return texts
}
