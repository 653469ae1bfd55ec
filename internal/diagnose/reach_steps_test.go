package diagnose_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// stepsOf writes the steps of a fix, each as what is done to whom.
func stepsOf(fix *diagnose.Fix) []string {
	var steps []string
	for ; fix != nil; fix = fix.Then {
		text := fmt.Sprintf("%s %s", fix.Kind, fix.Container.Name)
		if fix.Network != nil {
			text += " to " + fix.Network.Name
		}
		if fix.Other != nil {
			text += " and " + fix.Other.Name
		}
		steps = append(steps, text)
	}
	return steps
}

// TestFixSteps: a fix has all its steps, in the order in which each works.
func TestFixSteps(t *testing.T) {
	began := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	nets := []topology.Network{network("front", "bridge"), network("back", "bridge")}
	for i := range nets {
		nets[i].IPAM.Pools = []topology.Pool{{Subnet: topology.ParseSubnet(fmt.Sprintf("10.0.%d.0/24", i+1))}}
	}
	stop := func(s *topology.Snapshot, ids ...string) {
		for i := range s.Containers {
			if slices.Contains(ids, s.Containers[i].ID) {
				s.Containers[i].State = topology.Exited
			}
		}
		for i := range s.Attachments {
			if a := &s.Attachments[i]; slices.Contains(ids, a.ContainerID) {
				a.State, a.IPv4 = topology.Configured, topology.Address{}
			}
		}
	}
	lose := func(s *topology.Snapshot, id string) {
		stop(s, id)
		for i := range s.Attachments {
			if a := &s.Attachments[i]; a.ContainerID == id {
				a.NetworkID, a.NetworkName, a.State = "lost-id", "lost", topology.Dangling
			}
		}
	}
	share := func(s *topology.Snapshot, state topology.ContainerState, ownerState topology.ContainerState) {
		for i := range s.Containers {
			s.Containers[i].Started = began
		}
		s.Containers = append(s.Containers, topology.Container{ID: "owner", Name: "owner", State: ownerState, Started: began})
		s.Containers[1].Mode, s.Containers[1].State = "container:owner", state
		for i := range s.Attachments {
			if a := &s.Attachments[i]; a.ContainerID == "b" {
				a.ContainerID = "owner"
				if ownerState == topology.Exited {
					a.State, a.IPv4 = topology.Configured, topology.Address{}
				}
			}
		}
	}
	for _, test := range []struct {
		name     string
		aOn, bOn []string
		change   func(*topology.Snapshot)
		want     []string
	}{
		{"both are up on one network", []string{"front"}, []string{"front"}, nil, nil},
		{"the target is stopped", []string{"front"}, []string{"front"}, func(s *topology.Snapshot) { stop(s, "b") }, []string{"start b"}},
		{"both are stopped", []string{"front"}, []string{"front"}, func(s *topology.Snapshot) { stop(s, "a", "b") }, []string{"start a", "start b"}},
		{
			"the target is stopped, on another network",
			[]string{"front"},
			[]string{"back"},
			func(s *topology.Snapshot) { stop(s, "b") },
			[]string{"start b", "connect a to back"},
		},
		{
			"both are stopped, on two networks",
			[]string{"front"},
			[]string{"back"},
			func(s *topology.Snapshot) { stop(s, "a", "b") },
			[]string{"start a", "start b", "connect a to back"},
		},
		{
			"the source is paused, the target on another network",
			[]string{"front"},
			[]string{"back"},
			func(s *topology.Snapshot) { s.Containers[0].State = topology.Paused },
			[]string{"unpause a", "connect a to back"},
		},
		{
			"the network of the target is gone",
			[]string{"front"},
			[]string{"back"},
			func(s *topology.Snapshot) { lose(s, "b") },
			[]string{"heal b", "start b", "connect a to lost"},
		},
		{
			"the networks of both are gone",
			[]string{"front"},
			[]string{"front"},
			func(s *topology.Snapshot) { lose(s, "a"); lose(s, "b") },
			[]string{"heal a", "start a", "heal b", "start b"},
		},
		{
			"the network of the target was made anew",
			[]string{"front"},
			[]string{"back"},
			func(s *topology.Snapshot) {
				lose(s, "b")
				for i := range s.Attachments {
					if a := &s.Attachments[i]; a.ContainerID == "b" {
						a.NetworkName = "front"
					}
				}
			},
			[]string{"heal b", "start b"},
		},
		{
			"the network by whose ID the target was made is gone", []string{"front"}, []string{"back"}, func(s *topology.Snapshot) {
				lose(s, "b")
				s.Containers[1].Mode = "0123456789ab"
			}, nil,
		},
		{
			"the address that the target wants cannot be given", []string{"front"}, []string{"back"}, func(s *topology.Snapshot) {
				stop(s, "b")
				for i := range s.Attachments {
					if a := &s.Attachments[i]; a.ContainerID == "b" {
						a.Static4 = topology.ParseAddress("192.168.9.9")
					}
				}
			}, nil,
		},
		{
			"the target and its owner are stopped",
			[]string{"front"},
			[]string{"front"},
			func(s *topology.Snapshot) { share(s, topology.Exited, topology.Exited) },
			[]string{"start owner", "start b"},
		},
		{
			"the target's owner is stopped, and on another network",
			[]string{"front"},
			[]string{"back"},
			func(s *topology.Snapshot) { share(s, topology.Running, topology.Exited) },
			[]string{"start owner", "restart b", "connect a to back"},
		},
		{
			"the target shares with nobody", []string{"front"}, []string{"front"}, func(s *topology.Snapshot) {
				s.Containers[1].Mode = "container:gone"
				s.Attachments = slices.DeleteFunc(s.Attachments, func(a topology.Attachment) bool { return a.ContainerID == "b" })
			}, nil,
		},
		{
			"the target is a task", []string{"front"}, []string{"back"}, func(s *topology.Snapshot) {
				stop(s, "b")
				s.Containers[1].Task, s.Containers[1].SwarmService = "1", "b"
			}, nil,
		},
	} {
		s := pair(test.aOn, test.bOn, slices.Clone(nets)...)
		if test.change != nil {
			test.change(s)
		}
		s.Sort()
		before := fmt.Sprintf("%+v", *s)
		if got := stepsOf(predict(s).Fix); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if after := fmt.Sprintf("%+v", *s); after != before {
			t.Errorf("%s: the snapshot is changed", test.name)
		}
	}
}

// A source that is not up is what is to be mended, whatever the target is.
func TestFixSource(t *testing.T) {
	s := pair([]string{"front"}, []string{"front"}, network("front", "bridge"))
	s.Containers[0].State = topology.Exited
	s.Attachments[0].State, s.Attachments[0].NetworkID = topology.Dangling, "lost-id"
	s.Attachments[0].NetworkName = "lost"
	s.Sort()
	ix := topology.NewIndex(s)
	a := ix.Container("a")
	for name, r := range map[string]*diagnose.Reach{
		"host": diagnose.PredictHost(ix, a), "outside": diagnose.PredictOutside(ix, a), "address": diagnose.PredictAddress(ix, a, netip.MustParseAddr("203.0.113.9")),
	} {
		if got := stepsOf(r.Fix); !slices.Equal(got, []string{"heal a", "start a"}) {
			t.Errorf("%s: %q", name, got)
		}
		if up := diagnose.PredictHost(ix, ix.Container("b")); up.Fix != nil {
			t.Errorf("%s: of one that is up, %+v", name, up.Fix)
		}
	}
}
