package diagnose_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func kinds(s *topology.Snapshot, container string) []diagnose.HazardKind {
	var kinds []diagnose.HazardKind
	for _, h := range diagnose.Hazards(topology.NewIndex(s)) {
		if h.Container.ID == container {
			kinds = append(kinds, h.Kind)
		}
	}
	return kinds
}

func TestTroubleOfTheOwnerIsTheSharers(t *testing.T) {
	for _, test := range []struct {
		name  string
		owner topology.ContainerState
		state topology.AttachmentState
		want  []diagnose.HazardKind
	}{
		{"the owner will not start", topology.Exited, topology.Dangling, []diagnose.HazardKind{diagnose.OwnerTroubled}},
		{"the owner runs on", topology.Running, topology.Dangling, nil},
		{"the owner is fine", topology.Exited, topology.Configured, nil},
		{"of the owner it is not known", topology.Exited, topology.Unverified, nil},
	} {
		s := &topology.Snapshot{
			Networks: []topology.Network{{ID: "n", Name: "net"}},
			Containers: []topology.Container{
				{ID: "far", State: topology.Created, Mode: "container:near"},
				{ID: "near", State: topology.Created, Mode: "container:owner"},
				{ID: "owner", State: test.owner},
			},
			Attachments: []topology.Attachment{{NetworkID: "n", NetworkName: "net", ContainerID: "owner", State: test.state}},
		}
		for _, id := range []string{"near", "far"} {
			if got := kinds(s, id); len(got) != len(test.want) || len(got) == 1 && got[0] != test.want[0] {
				t.Errorf("%s: %s has %v, want %v", test.name, id, got, test.want)
			}
		}
	}
}

func TestAddressOutside(t *testing.T) {
	pools := func(subnets ...string) topology.IPAM {
		var ipam topology.IPAM
		for _, subnet := range subnets {
			ipam.Pools = append(ipam.Pools, topology.Pool{Subnet: topology.ParseSubnet(subnet)})
		}
		return ipam
	}
	for _, test := range []struct {
		name    string
		ipam    topology.IPAM
		address string
		state   topology.AttachmentState
		want    bool
	}{
		{"inside", pools("10.0.0.0/24"), "10.0.0.9", topology.Configured, false},
		{"inside the second", pools("10.1.0.0/24", "10.0.0.0/24"), "10.0.0.9", topology.Configured, false},
		{"outside", pools("10.1.0.0/24"), "10.0.0.9", topology.Configured, true},
		{"outside of both families", pools("10.1.0.0/24", "fd00::/64"), "fd01::9", topology.Configured, true},
		{"inside IPv6", pools("10.1.0.0/24", "fd00::/64"), "fd00::9", topology.Configured, false},
		{"subnets not known", pools(), "10.0.0.9", topology.Configured, false},
		{"none of this family known", pools("fd00::/64"), "10.0.0.9", topology.Configured, false},
		{"a subnet that cannot be read", pools("10.1.0.0/24", "rubbish"), "10.0.0.9", topology.Configured, false},
		{"it runs", pools("10.1.0.0/24"), "10.0.0.9", topology.Live, false},
		{"no address asked for", pools("10.1.0.0/24"), "", topology.Configured, false},
	} {
		s := &topology.Snapshot{
			Networks:    []topology.Network{{ID: "n", Name: "net", IPAM: test.ipam}},
			Containers:  []topology.Container{{ID: "c", State: topology.Exited}},
			Attachments: []topology.Attachment{{NetworkID: "n", NetworkName: "net", ContainerID: "c", State: test.state}},
		}
		if address := topology.ParseAddress(test.address); address.IP().Is4() {
			s.Attachments[0].Static4 = address
		} else {
			s.Attachments[0].Static6 = address
		}
		got := kinds(s, "c")
		if test.want != (len(got) == 1 && got[0] == diagnose.AddressOutside) || !test.want && len(got) > 0 {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}

func TestModeGone(t *testing.T) {
	for _, test := range []struct {
		name   string
		engine topology.Engine
		mode   topology.NetworkMode
		state  topology.ContainerState
		want   bool
	}{
		{"an ID that is gone", docker("28.5.2+dfsg4"), "0123456789ab", topology.Exited, true},
		{"of an engine that does not look", docker("20.10.24"), "0123456789ab", topology.Exited, false},
		{"of an engine of which that is not known", topology.Engine{Product: topology.ProductPodman, Version: "5.4.2"}, "0123456789ab", topology.Exited, false},
		{"on a worker, where it may be elsewhere", topology.Engine{Product: topology.ProductDocker, Version: "28.5.2", Swarm: topology.SwarmWorker}, "0123456789ab", topology.Exited, false},
		{"it runs", docker("28.5.2"), "0123456789ab", topology.Running, false},
		{"the beginning of an ID", docker("28.5.2"), "feed", topology.Exited, false},
		{"a name", docker("28.5.2"), "net", topology.Exited, false},
		{"the default", docker("28.5.2"), "default", topology.Exited, false},
		{"no network", docker("28.5.2"), "none", topology.Exited, false},
	} {
		s := &topology.Snapshot{
			Engine:      test.engine,
			Networks:    []topology.Network{{ID: "feedbeef", Name: "net"}},
			Containers:  []topology.Container{{ID: "c", State: test.state, Mode: test.mode}},
			Attachments: []topology.Attachment{{NetworkID: "feedbeef", NetworkName: "net", ContainerID: "c", State: topology.Configured}},
		}
		if got := kinds(s, "c"); test.want != (len(got) == 1 && got[0] == diagnose.ModeGone) || !test.want && len(got) > 0 {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}

// One that is on no network starts with none, whatever it was made with.
func TestModeGoneWithoutNetworks(t *testing.T) {
	s := &topology.Snapshot{
		Engine:      docker("28.5.2"),
		Networks:    []topology.Network{{ID: "feedbeef", Name: "net"}},
		Containers:  []topology.Container{{ID: "alone", State: topology.Exited, Mode: "old"}, {ID: "on-net", State: topology.Exited, Mode: "old"}},
		Attachments: []topology.Attachment{{NetworkID: "feedbeef", NetworkName: "net", ContainerID: "on-net", State: topology.Configured}},
	}
	if got := kinds(s, "alone"); len(got) > 0 {
		t.Errorf("one on no network has %v", got)
	}
	if got := kinds(s, "on-net"); len(got) != 1 || got[0] != diagnose.ModeGone {
		t.Errorf("one on a network has %v, want %v", got, diagnose.ModeGone)
	}
}
