package topology_test

import (
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestCheck(t *testing.T) {
	networks := []topology.Network{{ID: "n"}}
	containers := []topology.Container{{ID: "c"}}
	on := func(network, container string, state topology.AttachmentState) []topology.Attachment {
		return []topology.Attachment{{NetworkID: network, ContainerID: container, State: state}}
	}
	for _, test := range []struct {
		name string
		s    topology.Snapshot
		want string // empty: nothing is wrong
	}{
		{"nothing", topology.Snapshot{}, ""},
		{"live", topology.Snapshot{Networks: networks, Containers: containers, Attachments: on("n", "c", topology.Live)}, ""},
		{"dangling", topology.Snapshot{Networks: networks, Containers: containers, Attachments: on("gone", "c", topology.Dangling)}, ""},
		{"live on nothing", topology.Snapshot{Containers: containers, Attachments: on("n", "c", topology.Live)}, "which is not in it"},
		{"of nobody", topology.Snapshot{Networks: networks, Attachments: on("n", "c", topology.Live)}, "which is not in it"},
		{"no such state", topology.Snapshot{Networks: networks, Containers: containers, Attachments: on("n", "c", "lively")}, "no such state"},
		{"one network twice", topology.Snapshot{Networks: append(networks, networks...)}, "two networks"},
		{"a network without an ID", topology.Snapshot{Networks: []topology.Network{{}}}, "one has none"},
		{"one container twice", topology.Snapshot{Containers: append(containers, containers...)}, "two containers"},
		{"the last port", topology.Snapshot{Containers: []topology.Container{{ID: "c", Ports: []topology.Ports{{First: 65535}}}}}, ""},
		{"a port too far", topology.Snapshot{Containers: []topology.Container{{ID: "c", Ports: []topology.Ports{{First: 65535, Count: 2}}}}}, "beyond 65535"},
	} {
		err := test.s.Check()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}
