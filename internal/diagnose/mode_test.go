package diagnose_test

import (
	"slices"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestMadeForAndLeft: a container that was made with a network and taken off it
// needs it to start, on engines that look the network mode up.
func TestMadeForAndLeft(t *testing.T) {
	for _, test := range []struct {
		name        string
		version     string
		containers  []topology.Container
		attachments []topology.Attachment
		stopped     int
		effects     []string
		forGood     []string
	}{
		{
			name: "one that runs", version: "28.5.2", containers: []topology.Container{ctr("web", topology.Running, "back")},
			attachments: []topology.Attachment{on("web", "front", topology.Live)}, stopped: 1, effects: []string{"web"},
		},
		{
			name: "one that is stopped", version: "26.1.5", containers: []topology.Container{ctr("web", topology.Exited, "back")},
			attachments: []topology.Attachment{on("web", "front", topology.Configured)}, stopped: 1, effects: []string{"web"},
		},
		{
			name: "with one that shares its network", version: "28.5.2",
			containers:  []topology.Container{ctr("web", topology.Exited, "back"), ctr("vpn", topology.Exited, "container:web")},
			attachments: []topology.Attachment{on("web", "front", topology.Configured)}, stopped: 1, effects: []string{"web", "vpn"},
		},
		{
			name: "made with the ID", version: "28.5.2", containers: []topology.Container{ctr("web", topology.Exited, "back-id")},
			attachments: []topology.Attachment{on("web", "front", topology.Configured)}, stopped: 1, effects: []string{"web"}, forGood: []string{"web"},
		},
		{
			name: "made with the ID, and on it", version: "28.5.2", containers: []topology.Container{ctr("web", topology.Exited, "back-id")},
			attachments: []topology.Attachment{on("web", "back", topology.Configured)}, stopped: 1, effects: []string{"web"}, forGood: []string{"web"},
		},
		{
			name: "an engine that does not look", version: "20.10.24", containers: []topology.Container{ctr("web", topology.Exited, "back")},
			attachments: []topology.Attachment{on("web", "front", topology.Configured)},
		},
		{name: "on no network at all", version: "28.5.2", containers: []topology.Container{ctr("web", topology.Exited, "back")}},
		{
			name: "on the default bridge", version: "28.5.2", containers: []topology.Container{ctr("web", topology.Exited, "bridge")},
			attachments: []topology.Attachment{on("web", "front", topology.Configured)},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &topology.Snapshot{Engine: docker(test.version), Networks: bridges("back", "front"), Containers: test.containers, Attachments: test.attachments}
			s.Sort()
			ix := topology.NewIndex(s)
			if use := diagnose.UseOf(ix, ix.Network("back-id")); use.Stopped != test.stopped {
				t.Errorf("%d containers are said to want it, want %d", use.Stopped, test.stopped)
			}
			var effects, forGood []string
			for _, e := range diagnose.Losses(ix, pick(t, ix, []string{"back-id"}))[0].Effects {
				effects = append(effects, e.Container.Name)
				if e.ForGood {
					forGood = append(forGood, e.Container.Name)
				}
			}
			if !slices.Equal(effects, test.effects) || !slices.Equal(forGood, test.forGood) {
				t.Errorf("it is said to harm %q, for good %q; want %q and %q", effects, forGood, test.effects, test.forGood)
			}
		})
	}
}
