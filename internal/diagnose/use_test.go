package diagnose_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestUseOf(t *testing.T) {
	bridge := topology.Network{ID: "n", Name: "net", Driver: "bridge", Scope: "local"}
	with := func(change func(*topology.Network)) topology.Network {
		n := bridge
		change(&n)
		return n
	}
	container := func(id string, state topology.ContainerState) topology.Container {
		return topology.Container{ID: id, Name: id, State: state}
	}
	sharer := func(id string, state topology.ContainerState, owner string) topology.Container {
		return topology.Container{ID: id, Name: id, State: state, Mode: topology.NetworkMode("container:" + owner)}
	}
	on := func(id string, state topology.AttachmentState) topology.Attachment {
		return topology.Attachment{NetworkID: "n", NetworkName: "net", ContainerID: id, State: state}
	}
	for _, test := range []struct {
		name        string
		network     topology.Network
		others      []topology.Network
		containers  []topology.Container
		attachments []topology.Attachment
		gaps        []topology.Gap
		want        diagnose.Use
	}{
		{name: "nobody", network: bridge, want: diagnose.Use{Verdict: diagnose.Unused}},
		{
			name: "one that runs", network: bridge,
			containers: []topology.Container{container("a", topology.Running)}, attachments: []topology.Attachment{on("a", topology.Live)},
			want: diagnose.Use{Verdict: diagnose.InUse, Running: 1},
		},
		{
			name: "one that is paused", network: bridge,
			containers: []topology.Container{container("a", topology.Paused)}, attachments: []topology.Attachment{on("a", topology.Live)},
			want: diagnose.Use{Verdict: diagnose.InUse, Running: 1},
		},
		{
			name: "only stopped ones", network: bridge,
			containers: []topology.Container{
				container("a", topology.Exited), container("b", topology.Created), container("c", topology.Dead), container("d", topology.Restarting),
			},
			attachments: []topology.Attachment{
				on("a", topology.Configured), on("b", topology.Configured), on("c", topology.Configured), on("d", topology.Configured),
			},
			want: diagnose.Use{Verdict: diagnose.StoppedOnly, Stopped: 4},
		},
		{
			name: "one of each", network: bridge,
			containers:  []topology.Container{container("a", topology.Exited), container("b", topology.Running)},
			attachments: []topology.Attachment{on("a", topology.Configured), on("b", topology.Live)},
			want:        diagnose.Use{Verdict: diagnose.InUse, Running: 1, Stopped: 1},
		},
		{
			name: "a sharer that runs on after its owner has nothing", network: bridge,
			containers:  []topology.Container{container("a", topology.Exited), sharer("b", topology.Running, "a")},
			attachments: []topology.Attachment{on("a", topology.Configured)},
			want:        diagnose.Use{Verdict: diagnose.StoppedOnly, Stopped: 2},
		},
		{
			name: "sharers count with their owner", network: bridge,
			containers: []topology.Container{
				container("a", topology.Running), sharer("b", topology.Running, "a"), sharer("c", topology.Exited, "a"), sharer("d", topology.Running, "elsewhere"),
			},
			attachments: []topology.Attachment{on("a", topology.Live)},
			want:        diagnose.Use{Verdict: diagnose.InUse, Running: 2, Stopped: 1},
		},
		{
			name: "a container on another network does not count", network: bridge, others: []topology.Network{{ID: "other", Name: "other", Driver: "bridge", Scope: "local"}},
			containers:  []topology.Container{container("a", topology.Running)},
			attachments: []topology.Attachment{{NetworkID: "other", ContainerID: "a", State: topology.Live}},
			want:        diagnose.Use{Verdict: diagnose.Unused},
		},
		{
			name: "a container that the snapshot does not hold", network: bridge, attachments: []topology.Attachment{on("nobody", topology.Live)},
			want: diagnose.Use{Verdict: diagnose.Unused},
		},
		{name: "predefined", network: topology.Network{ID: "n", Name: "bridge", Driver: "bridge", Scope: "local"}, want: diagnose.Use{Verdict: diagnose.Predefined}},
		{
			name: "predefined, with one that runs", network: topology.Network{ID: "n", Name: "host", Driver: "host", Scope: "local"},
			containers: []topology.Container{container("a", topology.Running)}, attachments: []topology.Attachment{on("a", topology.Live)},
			want: diagnose.Use{Verdict: diagnose.Predefined, Running: 1},
		},
		{name: "the swarm's routing mesh", network: topology.Network{ID: "n", Name: "ingress", Driver: "overlay", Scope: "swarm", Ingress: true}, want: diagnose.Use{Verdict: diagnose.Predefined}},
		{name: "the swarm's gateway", network: topology.Network{ID: "n", Name: "docker_gwbridge", Driver: "bridge", Scope: "local"}, want: diagnose.Use{Verdict: diagnose.Predefined}},
		{name: "not the swarm's gateway", network: topology.Network{ID: "n", Name: "docker_gwbridge", Driver: "macvlan", Scope: "local"}, want: diagnose.Use{Verdict: diagnose.Unused}},
		{name: "a network named as a predefined one of another scope", network: topology.Network{ID: "n", Name: "bridge", Driver: "overlay", Scope: "swarm"}, want: diagnose.Use{Verdict: diagnose.UseUnknown}},
		{name: "of the swarm, nobody here", network: with(func(n *topology.Network) { n.Scope = "swarm" }), want: diagnose.Use{Verdict: diagnose.UseUnknown}},
		{
			name: "of the swarm, only stopped ones here", network: with(func(n *topology.Network) { n.Scope = "swarm" }),
			containers: []topology.Container{container("a", topology.Exited)}, attachments: []topology.Attachment{on("a", topology.Configured)},
			want: diagnose.Use{Verdict: diagnose.UseUnknown, Stopped: 1},
		},
		{
			name: "of the swarm, one that runs here", network: with(func(n *topology.Network) { n.Scope = "swarm" }),
			containers: []topology.Container{container("a", topology.Running)}, attachments: []topology.Attachment{on("a", topology.Live)},
			want: diagnose.Use{Verdict: diagnose.InUse, Running: 1},
		},
		{
			name: "configures another by name", network: with(func(n *topology.Network) { n.ConfigOnly = true }),
			others: []topology.Network{{ID: "other", Name: "other", ConfigFrom: "net"}}, want: diagnose.Use{Verdict: diagnose.InUse},
		},
		{
			name: "configures another by ID", network: with(func(n *topology.Network) { n.ConfigOnly = true }),
			others: []topology.Network{{ID: "other", Name: "other", ConfigFrom: "n"}}, want: diagnose.Use{Verdict: diagnose.InUse},
		},
		{
			name: "configures none", network: with(func(n *topology.Network) { n.ConfigOnly = true }),
			others: []topology.Network{{ID: "other", Name: "other", ConfigFrom: "third"}, {ID: "fourth", Name: "fourth"}}, want: diagnose.Use{Verdict: diagnose.Unused},
		},
		{
			name: "cannot configure", network: bridge,
			others: []topology.Network{{ID: "other", Name: "other", ConfigFrom: "net"}}, want: diagnose.Use{Verdict: diagnose.Unused},
		},
		{
			name: "perhaps meant by an ambiguous name", network: bridge, others: []topology.Network{{ID: "n2", Name: "net", Driver: "bridge", Scope: "local"}},
			containers:  []topology.Container{container("a", topology.Created)},
			attachments: []topology.Attachment{{NetworkName: "net", ContainerID: "a", State: topology.Ambiguous}},
			want:        diagnose.Use{Verdict: diagnose.UseUnknown},
		},
		{
			name: "not meant by an ambiguous name of others", network: bridge,
			containers:  []topology.Container{container("a", topology.Created)},
			attachments: []topology.Attachment{{NetworkName: "twin", ContainerID: "a", State: topology.Ambiguous}},
			want:        diagnose.Use{Verdict: diagnose.Unused},
		},
		{name: "a container could not be read", network: bridge, gaps: []topology.Gap{{What: "container", Reason: "cut off"}}, want: diagnose.Use{Verdict: diagnose.UseUnknown}},
		{name: "a network could not be read", network: bridge, gaps: []topology.Gap{{What: "network", Reason: "cut off"}}, want: diagnose.Use{Verdict: diagnose.Unused}},
		{
			name: "a container could not be read, another is stopped", network: bridge, gaps: []topology.Gap{{What: "container", Reason: "cut off"}},
			containers: []topology.Container{container("a", topology.Exited)}, attachments: []topology.Attachment{on("a", topology.Configured)},
			want: diagnose.Use{Verdict: diagnose.StoppedOnly, Stopped: 1},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &topology.Snapshot{Networks: append([]topology.Network{test.network}, test.others...), Containers: test.containers, Attachments: test.attachments, Unread: test.gaps}
			s.Sort()
			ix := topology.NewIndex(s)
			if got := diagnose.UseOf(ix, ix.Network("n")); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}
