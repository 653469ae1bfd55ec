package topology_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestContainerStateUp(t *testing.T) {
	for state, want := range map[topology.ContainerState]bool{
		topology.Running: true, topology.Paused: true, topology.Stopping: true,
		topology.Created: false, topology.Restarting: false, topology.Removing: false, topology.Exited: false,
		topology.Dead: false, topology.Stopped: false, "": false, "Running": false, "odd": false,
	} {
		if state.Up() != want {
			t.Errorf("%q: up %v, want %v", state, state.Up(), want)
		}
	}
}

func TestSharer(t *testing.T) {
	for mode, want := range map[topology.NetworkMode]struct {
		owner string
		ok    bool
	}{
		"": {"", false}, "default": {"default", false}, "host": {"host", false}, "container": {"container", false},
		"container:abc": {"abc", true}, "container:": {"", true}, "mycontainer:abc": {"mycontainer:abc", false},
	} {
		owner, ok := mode.Sharer()
		if ok != want.ok || (ok && owner != want.owner) {
			t.Errorf("%q: owner %q, %v; want %q, %v", mode, owner, ok, want.owner, want.ok)
		}
	}
}

func TestContainerGroup(t *testing.T) {
	for _, test := range []struct {
		container topology.Container
		group     string
		task      bool
	}{
		{topology.Container{}, "", false},
		{topology.Container{Project: "shop"}, "shop", false},
		{topology.Container{Stack: "mesh", Task: "x"}, "mesh", true},
		{topology.Container{Stack: "mesh", Project: "shop"}, "shop", false},
		{topology.Container{SwarmService: "web"}, "", true},
	} {
		if got := test.container.Group(); got != test.group {
			t.Errorf("%+v: group %q, want %q", test.container, got, test.group)
		}
		if got := test.container.IsTask(); got != test.task {
			t.Errorf("%+v: task %v, want %v", test.container, got, test.task)
		}
	}
}

func TestPorts(t *testing.T) {
	for _, test := range []struct {
		ports     topology.Ports
		length    int
		published bool
	}{
		{topology.Ports{First: 80, Protocol: "tcp"}, 1, false},
		{topology.Ports{First: 80, Count: 1, Protocol: "tcp", HostPort: 8080}, 1, true},
		{topology.Ports{First: 1, Count: 65535, Protocol: "udp"}, 65535, false},
	} {
		if test.ports.Len() != test.length || test.ports.Published() != test.published {
			t.Errorf("%+v: %d ports, published %v", test.ports, test.ports.Len(), test.ports.Published())
		}
	}
}

func TestResolved(t *testing.T) {
	for state, want := range map[topology.AttachmentState]bool{
		topology.Live: true, topology.Configured: true, topology.Dangling: false, topology.Ambiguous: false, topology.Unverified: false, "": false,
	} {
		if got := (&topology.Attachment{State: state}).Resolved(); got != want {
			t.Errorf("%q: resolved %v, want %v", state, got, want)
		}
	}
}
