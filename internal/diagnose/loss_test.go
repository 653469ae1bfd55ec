package diagnose_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func docker(version string) topology.Engine {
	return topology.Engine{Product: topology.ProductDocker, Version: version}
}

// bridges are networks whose IDs are their names with "-id" behind.
func bridges(names ...string) []topology.Network {
	var networks []topology.Network
	for _, name := range names {
		networks = append(networks, topology.Network{ID: name + "-id", Name: name, Driver: "bridge", Scope: "local"})
	}
	return networks
}

func ctr(name string, state topology.ContainerState, mode topology.NetworkMode) topology.Container {
	return topology.Container{ID: name, Name: name, State: state, Mode: mode}
}

func on(container, network string, state topology.AttachmentState) topology.Attachment {
	return topology.Attachment{ContainerID: container, NetworkID: network + "-id", NetworkName: network, State: state}
}

// named is an attachment of a container that holds the name.
func named(container, network string, state topology.AttachmentState) topology.Attachment {
	a := on(container, network, state)
	a.ByName = true
	if state == topology.Ambiguous || state == topology.Dangling {
		a.NetworkID = ""
	}
	return a
}

func pick(t *testing.T, ix *topology.Index, ids []string) []*topology.Network {
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

// effectTexts are effects in words: who keeps what, and how it starts before,
// with the network removed from under it, and detached first.
func effectTexts(losses []diagnose.Loss) []string {
	start := func(s diagnose.Start) string {
		if s.Will() {
			return "starts"
		}
		return string(s.Why.Kind)
	}
	var texts []string
	for _, loss := range losses {
		for _, e := range loss.Effects {
			who := e.Container.Name
			if e.Owner != nil {
				who += " of " + e.Owner.Name
			}
			keeps := []string{}
			for _, a := range e.Keeps {
				keeps = append(keeps, a.NetworkName)
			}
			texts = append(texts, fmt.Sprintf("%s: %s keeps %v: %s, %s, %s", loss.Network.Name, who, keeps, start(e.Before), start(e.Left), start(e.Detached)))
		}
	}
	return texts
}

func TestLosses(t *testing.T) {
	front, both := []string{"front-id"}, []string{"front-id", "back-id"}
	twins := append(bridges("front"),
		topology.Network{ID: "twin1", Name: "twin", Driver: "bridge"}, topology.Network{ID: "twin2", Name: "twin", Driver: "bridge"})
	for _, test := range []struct {
		name        string
		engine      topology.Engine
		networks    []topology.Network
		containers  []topology.Container
		attachments []topology.Attachment
		remove      []string
		want        []string
	}{
		{
			name: "nobody is on it", networks: bridges("front", "back"), remove: front,
			containers:  []topology.Container{ctr("web", topology.Running, "")},
			attachments: []topology.Attachment{on("web", "back", topology.Live)},
		},
		{
			name: "one that is up is left with nothing", networks: bridges("front"), remove: front,
			containers:  []topology.Container{ctr("web", topology.Running, "")},
			attachments: []topology.Attachment{on("web", "front", topology.Live)},
			want:        []string{"front: web keeps []: starts, starts, starts"},
		},
		{
			name: "one that is up keeps another", networks: bridges("front", "back"), remove: front,
			containers:  []topology.Container{ctr("web", topology.Paused, "")},
			attachments: []topology.Attachment{on("web", "back", topology.Live), on("web", "front", topology.Live)},
			want:        []string{"front: web keeps [back]: starts, starts, starts"},
		},
		{
			name: "what is gone already is not kept", networks: bridges("front"), remove: front,
			containers:  []topology.Container{ctr("web", topology.Running, "")},
			attachments: []topology.Attachment{on("web", "front", topology.Live), on("web", "old", topology.Dangling)},
			want:        []string{"front: web keeps []: network gone, network gone, network gone"},
		},
		{
			name: "one that is stopped holds the ID", networks: bridges("front"), remove: front,
			containers:  []topology.Container{ctr("db", topology.Exited, "")},
			attachments: []topology.Attachment{on("db", "front", topology.Configured)},
			want:        []string{"front: db keeps []: starts, network gone, starts"},
		},
		{
			name: "one that never ran holds the name", networks: bridges("front"), remove: front,
			containers:  []topology.Container{ctr("job", topology.Created, "")},
			attachments: []topology.Attachment{named("job", "front", topology.Configured)},
			want:        []string{"front: job keeps []: starts, no such network, starts"},
		},
		{
			name: "those that are up come first", networks: bridges("front"), remove: front,
			containers:  []topology.Container{ctr("a", topology.Exited, ""), ctr("b", topology.Running, ""), ctr("c", topology.Exited, ""), ctr("d", topology.Running, "")},
			attachments: []topology.Attachment{on("a", "front", topology.Configured), on("b", "front", topology.Live), on("c", "front", topology.Configured), on("d", "front", topology.Live)},
			want: []string{
				"front: b keeps []: starts, starts, starts", "front: d keeps []: starts, starts, starts",
				"front: a keeps []: starts, network gone, starts", "front: c keeps []: starts, network gone, starts",
			},
		},
		{
			name: "several networks together", networks: bridges("front", "back", "third"), remove: both,
			containers:  []topology.Container{ctr("web", topology.Running, "")},
			attachments: []topology.Attachment{on("web", "back", topology.Live), on("web", "front", topology.Live), on("web", "third", topology.Live)},
			want:        []string{"front: web keeps [third]: starts, starts, starts", "back: web keeps [third]: starts, starts, starts"},
		},
		{
			name: "a sharer of one that is up", networks: bridges("front", "back"), remove: front,
			containers:  []topology.Container{ctr("web", topology.Running, ""), ctr("vpn", topology.Running, "container:web")},
			attachments: []topology.Attachment{on("web", "back", topology.Live), on("web", "front", topology.Live)},
			want:        []string{"front: web keeps [back]: starts, starts, starts", "front: vpn of web keeps [back]: starts, starts, starts"},
		},
		{
			name: "a sharer of one that is stopped", networks: bridges("front"), remove: front,
			containers:  []topology.Container{ctr("web", topology.Exited, ""), ctr("vpn", topology.Exited, "container:web")},
			attachments: []topology.Attachment{on("web", "front", topology.Configured)},
			want: []string{
				"front: web keeps []: starts, network gone, starts", "front: vpn of web keeps []: starts, owner will not start, starts",
			},
		},
		{
			name: "tasks of the swarm", networks: bridges("front"), remove: front,
			containers: []topology.Container{
				{ID: "t1", Name: "t1", State: topology.Running, Task: "1"}, {ID: "t2", Name: "t2", State: topology.Exited, SwarmService: "web"},
			},
			attachments: []topology.Attachment{on("t1", "front", topology.Live), on("t2", "front", topology.Configured)},
			want:        []string{"front: t1 keeps []: starts, starts, starts"},
		},
		{
			name: "a name that is of one network afterwards", networks: twins, remove: []string{"front-id", "twin1"},
			containers:  []topology.Container{ctr("job", topology.Created, "")},
			attachments: []topology.Attachment{on("job", "front", topology.Configured), named("job", "twin", topology.Ambiguous)},
			want:        []string{"front: job keeps []: ambiguous network, network gone, starts"},
		},
		{
			name: "a name that is of none afterwards", networks: twins, remove: []string{"front-id", "twin1", "twin2"},
			containers:  []topology.Container{ctr("job", topology.Created, "")},
			attachments: []topology.Attachment{on("job", "front", topology.Configured), named("job", "twin", topology.Ambiguous)},
			want:        []string{"front: job keeps []: ambiguous network, network gone, no such network"},
		},
		{
			name: "a name that is of two still", networks: twins, remove: front,
			containers:  []topology.Container{ctr("job", topology.Created, "")},
			attachments: []topology.Attachment{on("job", "front", topology.Configured), named("job", "twin", topology.Ambiguous)},
			want:        []string{"front: job keeps []: ambiguous network, network gone, ambiguous network"},
		},
		{
			name: "what may be on other nodes is no hindrance", networks: bridges("front"), remove: front,
			containers:  []topology.Container{ctr("db", topology.Exited, "")},
			attachments: []topology.Attachment{on("db", "front", topology.Configured), on("db", "far", topology.Unverified)},
			want:        []string{"front: db keeps []: starts, network gone, starts"},
		},
		{
			name: "made with --network, keeping another", engine: docker("26.1.5"), networks: bridges("front", "back"), remove: front,
			containers:  []topology.Container{ctr("db", topology.Exited, "front")},
			attachments: []topology.Attachment{on("db", "back", topology.Configured), on("db", "front", topology.Configured)},
			want:        []string{"front: db keeps [back]: starts, network gone, network mode gone"},
		},
		{
			name: "made with --network, running", engine: docker("28.5.2"), networks: bridges("front", "back"), remove: front,
			containers:  []topology.Container{ctr("web", topology.Running, "front")},
			attachments: []topology.Attachment{on("web", "back", topology.Live), on("web", "front", topology.Live)},
			want:        []string{"front: web keeps [back]: starts, network mode gone, network mode gone"},
		},
		{
			name: "made with --network and the ID", engine: docker("28.5.2"), networks: bridges("front", "back"), remove: front,
			containers:  []topology.Container{ctr("web", topology.Running, "front-id")},
			attachments: []topology.Attachment{on("web", "back", topology.Live), on("web", "front", topology.Live)},
			want:        []string{"front: web keeps [back]: starts, network mode gone, network mode gone"},
		},
		{
			name: "made with --network, keeping none", engine: docker("28.5.2"), networks: bridges("front", "back"), remove: front,
			containers:  []topology.Container{ctr("db", topology.Exited, "front")},
			attachments: []topology.Attachment{on("db", "front", topology.Configured)},
			want:        []string{"front: db keeps []: starts, network gone, starts"},
		},
		{
			name: "made with --network, keeping the one it was made with", engine: docker("28.5.2"), networks: bridges("front", "back"), remove: front,
			containers:  []topology.Container{ctr("db", topology.Exited, "back")},
			attachments: []topology.Attachment{on("db", "back", topology.Configured), on("db", "front", topology.Configured)},
			want:        []string{"front: db keeps [back]: starts, network gone, starts"},
		},
		{
			name: "made with --network, keeping another on Docker 20", engine: docker("20.10.24"), networks: bridges("front", "back"), remove: front,
			containers:  []topology.Container{ctr("db", topology.Exited, "front"), ctr("web", topology.Running, "front")},
			attachments: []topology.Attachment{on("db", "back", topology.Configured), on("db", "front", topology.Configured), on("web", "back", topology.Live), on("web", "front", topology.Live)},
			want:        []string{"front: web keeps [back]: starts, starts, starts", "front: db keeps [back]: starts, network gone, starts"},
		},
		{
			name: "made with --network, keeping none on Docker 20", engine: docker("20.10.24"), networks: bridges("front"), remove: front,
			containers:  []topology.Container{ctr("web", topology.Running, "front")},
			attachments: []topology.Attachment{on("web", "front", topology.Live)},
			want:        []string{"front: web keeps []: starts, starts, starts"},
		},
		{
			name: "a sharer of one made with --network", engine: docker("28.5.2"), networks: bridges("front", "back"), remove: front,
			containers:  []topology.Container{ctr("web", topology.Running, "front"), ctr("vpn", topology.Running, "container:web")},
			attachments: []topology.Attachment{on("web", "back", topology.Live), on("web", "front", topology.Live)},
			want: []string{
				"front: web keeps [back]: starts, network mode gone, network mode gone",
				"front: vpn of web keeps [back]: starts, owner will not start, owner will not start",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &topology.Snapshot{Engine: test.engine, Networks: test.networks, Containers: test.containers, Attachments: test.attachments}
			s.Sort()
			ix := topology.NewIndex(s)
			if got := effectTexts(diagnose.Losses(ix, pick(t, ix, test.remove))); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestLossesApart(t *testing.T) {
	s := &topology.Snapshot{
		Networks:    bridges("front", "back"),
		Containers:  []topology.Container{ctr("web", topology.Running, "")},
		Attachments: []topology.Attachment{on("web", "front", topology.Live), on("web", "back", topology.Live)},
	}
	s.Sort()
	ix := topology.NewIndex(s)
	networks := pick(t, ix, []string{"front-id", "back-id"})
	want := []string{"front: web keeps [back]: starts, starts, starts", "back: web keeps [front]: starts, starts, starts"}
	if got := effectTexts(diagnose.LossesApart(ix, networks)); !reflect.DeepEqual(got, want) {
		t.Errorf("apart: got %q, want %q", got, want)
	}
	want = []string{"front: web keeps []: starts, starts, starts", "back: web keeps []: starts, starts, starts"}
	if got := effectTexts(diagnose.Losses(ix, networks)); !reflect.DeepEqual(got, want) {
		t.Errorf("together: got %q, want %q", got, want)
	}
}

// Reasoning about what would be changes nothing in what is.
func TestLossesLeaveTheSnapshot(t *testing.T) {
	make := func() *topology.Snapshot {
		s := &topology.Snapshot{
			Networks:    bridges("front", "back"),
			Containers:  []topology.Container{ctr("web", topology.Running, ""), ctr("db", topology.Exited, "")},
			Attachments: []topology.Attachment{on("web", "front", topology.Live), on("db", "front", topology.Configured), named("db", "twin", topology.Ambiguous)},
		}
		s.Sort()
		return s
	}
	s := make()
	ix := topology.NewIndex(s)
	diagnose.Losses(ix, pick(t, ix, []string{"front-id"}))
	if !reflect.DeepEqual(s, make()) {
		t.Errorf("the snapshot is now %+v", s)
	}
}

func TestLossOfPorts(t *testing.T) {
	fixed := topology.Ports{First: 80, Protocol: "tcp", HostPort: 8080}
	chosen := topology.Ports{First: 90, Protocol: "tcp", HostPort: 32768, Ephemeral: true}
	exposed := topology.Ports{First: 70, Protocol: "tcp"}
	bridge, internal := topology.Network{Driver: "bridge"}, topology.Network{Driver: "bridge", Internal: true}
	macvlan := topology.Network{Driver: "macvlan"}
	for _, test := range []struct {
		name    string
		engine  topology.Engine
		removed topology.Network
		other   *topology.Network
		state   topology.ContainerState
		stop    []uint16
		moved   []uint16
	}{
		{name: "the only network", engine: docker("28.5.2"), removed: bridge, stop: []uint16{80, 90}},
		{name: "another bridge", engine: docker("28.5.2"), removed: bridge, other: &bridge, moved: []uint16{90}},
		{name: "another that is internal", engine: docker("28.5.2"), removed: bridge, other: &internal, stop: []uint16{80, 90}},
		{name: "another that is internal on Docker 26", engine: docker("26.1.5"), removed: bridge, other: &internal, stop: []uint16{80, 90}},
		{name: "another that is internal on Docker 20", engine: docker("20.10.24"), removed: bridge, other: &internal, moved: []uint16{90}},
		{name: "another that is internal on Podman", engine: topology.Engine{Product: topology.ProductPodman, Version: "5.4.2"}, removed: bridge, other: &internal, stop: []uint16{80, 90}},
		{name: "another that is internal on an engine of no known version", engine: docker("dev"), removed: bridge, other: &internal, stop: []uint16{80, 90}},
		{name: "another of macvlan", engine: docker("28.5.2"), removed: bridge, other: &macvlan, stop: []uint16{80, 90}},
		{name: "an internal one, beside a bridge", engine: docker("28.5.2"), removed: internal, other: &bridge},
		{name: "macvlan, beside a bridge", engine: docker("28.5.2"), removed: macvlan, other: &bridge},
		{name: "the only network, which is internal", engine: docker("28.5.2"), removed: internal},
		{name: "the only network, which is internal on Docker 20", engine: docker("20.10.24"), removed: internal, stop: []uint16{80, 90}},
		{name: "of one that is stopped", engine: docker("28.5.2"), removed: bridge, state: topology.Exited},
	} {
		t.Run(test.name, func(t *testing.T) {
			state, attached := topology.Running, topology.Live
			if test.state != "" {
				state, attached = test.state, topology.Configured
			}
			test.removed.ID, test.removed.Name = "front-id", "front"
			web := ctr("web", state, "")
			web.Ports = []topology.Ports{exposed, fixed, chosen}
			s := &topology.Snapshot{
				Engine: test.engine, Networks: []topology.Network{test.removed},
				Containers:  []topology.Container{web, ctr("vpn", state, "container:web")},
				Attachments: []topology.Attachment{on("web", "front", attached)},
			}
			if test.other != nil {
				other := *test.other
				other.ID, other.Name = "other-id", "other"
				s.Networks = append(s.Networks, other)
				s.Attachments = append(s.Attachments, on("web", "other", attached))
			}
			s.Sort()
			ix := topology.NewIndex(s)
			effects := diagnose.Losses(ix, pick(t, ix, []string{"front-id"}))[0].Effects
			if len(effects) != 2 || effects[0].Container.ID != "web" {
				t.Fatalf("got the effects %+v", effects)
			}
			if got := firsts(effects[0].Ports); !reflect.DeepEqual(got, test.stop) {
				t.Errorf("%v stop, want %v", got, test.stop)
			}
			if got := firsts(effects[0].Moved); !reflect.DeepEqual(got, test.moved) {
				t.Errorf("%v move, want %v", got, test.moved)
			}
			// They are told once, of the container that has them.
			if sharer := effects[1]; len(sharer.Ports)+len(sharer.Moved) > 0 {
				t.Errorf("the sharer loses %v and %v", sharer.Ports, sharer.Moved)
			}
		})
	}
}

func firsts(ports []topology.Ports) []uint16 {
	var numbers []uint16
	for _, p := range ports {
		numbers = append(numbers, p.First)
	}
	return numbers
}
