package diagnose_test

import (
	"reflect"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestHazards(t *testing.T) {
	// found is a hazard with IDs in place of pointers.
	type found struct {
		kind                   diagnose.HazardKind
		container              string
		networkID, networkName string
		ownerID                string
	}
	networks := []topology.Network{
		{ID: "new1", Name: "front", Driver: "bridge"}, {ID: "t1", Name: "twin", Driver: "bridge"}, {ID: "t2", Name: "twin", Driver: "bridge"},
	}
	for _, test := range []struct {
		name       string
		container  topology.Container
		attachment *topology.Attachment
		want       []found
	}{
		{name: "nothing wanted", container: topology.Container{State: topology.Exited}},
		{
			name: "live", container: topology.Container{State: topology.Running},
			attachment: &topology.Attachment{NetworkID: "new1", NetworkName: "front", State: topology.Live},
		},
		{
			name: "configured", container: topology.Container{State: topology.Exited},
			attachment: &topology.Attachment{NetworkID: "new1", NetworkName: "front", State: topology.Configured},
		},
		{
			name: "the network is gone", container: topology.Container{State: topology.Exited},
			attachment: &topology.Attachment{NetworkID: "old1", NetworkName: "old", State: topology.Dangling},
			want:       []found{{kind: diagnose.NetworkGone, container: "c", networkID: "old1", networkName: "old"}},
		},
		{
			name: "the network is gone while the container runs", container: topology.Container{State: topology.Running},
			attachment: &topology.Attachment{NetworkID: "old1", NetworkName: "old", State: topology.Dangling},
			want:       []found{{kind: diagnose.NetworkGone, container: "c", networkID: "old1", networkName: "old"}},
		},
		{
			name: "the network is gone, and one of its name is there", container: topology.Container{State: topology.Exited},
			attachment: &topology.Attachment{NetworkID: "old1", NetworkName: "front", State: topology.Dangling},
			want:       []found{{kind: diagnose.NetworkGone, container: "c", networkID: "old1", networkName: "front"}},
		},
		{
			name: "the network is gone, and two of its name are there", container: topology.Container{State: topology.Exited},
			attachment: &topology.Attachment{NetworkID: "old1", NetworkName: "twin", State: topology.Dangling},
			want:       []found{{kind: diagnose.NetworkGone, container: "c", networkID: "old1", networkName: "twin"}},
		},
		{
			name: "the network is gone, and an ID begins as its name", container: topology.Container{State: topology.Exited},
			attachment: &topology.Attachment{NetworkID: "old1", NetworkName: "new", State: topology.Dangling},
			want:       []found{{kind: diagnose.NetworkGone, container: "c", networkID: "old1", networkName: "new"}},
		},
		{
			name: "no network of that name", container: topology.Container{State: topology.Created},
			attachment: &topology.Attachment{NetworkName: "never", State: topology.Dangling},
			want:       []found{{kind: diagnose.NameGone, container: "c", networkName: "never"}},
		},
		{
			name: "two networks of that name", container: topology.Container{State: topology.Created},
			attachment: &topology.Attachment{NetworkName: "twin", State: topology.Ambiguous},
			want:       []found{{kind: diagnose.NameAmbiguous, container: "c", networkName: "twin"}},
		},
		{
			name: "perhaps on another node", container: topology.Container{State: topology.Exited},
			attachment: &topology.Attachment{NetworkID: "far1", NetworkName: "far", State: topology.Unverified},
			want:       []found{{kind: diagnose.MaybeElsewhere, container: "c", networkID: "far1", networkName: "far"}},
		},
		{
			name: "the owner is gone", container: topology.Container{State: topology.Exited, Mode: "container:gone"},
			want: []found{{kind: diagnose.OwnerGone, container: "c", ownerID: "gone"}},
		},
		{name: "the owner is there", container: topology.Container{State: topology.Exited, Mode: "container:owner"}},
		{
			name: "a task is never started again", container: topology.Container{State: topology.Exited, Task: "t"},
			attachment: &topology.Attachment{NetworkID: "old1", NetworkName: "old", State: topology.Dangling},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.container.ID, test.container.Name = "c", "c"
			s := &topology.Snapshot{
				Networks:   append([]topology.Network{}, networks...),
				Containers: []topology.Container{{ID: "owner", Name: "owner", State: topology.Running}, test.container},
			}
			if test.attachment != nil {
				test.attachment.ContainerID = "c"
				s.Attachments = append(s.Attachments, *test.attachment)
			}
			s.Sort()
			var got []found
			for _, h := range diagnose.Hazards(topology.NewIndex(s)) {
				f := found{kind: h.Kind, container: h.Container.ID, networkID: h.NetworkID, networkName: h.NetworkName, ownerID: h.OwnerID}
				got = append(got, f)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// Every hazard of a container counts, and they come in the order of names.
func TestHazardsAreAllCollectedInOrder(t *testing.T) {
	s := &topology.Snapshot{
		Containers: []topology.Container{{ID: "1", Name: "c10"}, {ID: "2", Name: "c2"}, {ID: "3", Name: "a"}},
		Attachments: []topology.Attachment{
			{NetworkID: "gone", NetworkName: "b", ContainerID: "2", State: topology.Dangling},
			{NetworkName: "a", ContainerID: "2", State: topology.Dangling},
			{NetworkName: "a", ContainerID: "1", State: topology.Dangling},
		},
	}
	s.Sort()
	var got []string
	for _, h := range diagnose.Hazards(topology.NewIndex(s)) {
		got = append(got, h.Container.Name+" "+h.NetworkName)
	}
	if want := []string{"c2 a", "c2 b", "c10 a"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
