package removal

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestDifferences(t *testing.T) {
	type world = func(*topology.Snapshot)
	for _, test := range []struct {
		name   string
		change world
		want   []string
	}{
		{"nothing", func(*topology.Snapshot) {}, nil},
		{"another network", func(s *topology.Snapshot) { s.Networks = append(s.Networks, bridge("third")) }, nil},
		{"a container came", func(s *topology.Snapshot) {
			s.Containers = append(s.Containers, ctr("late", topology.Running))
			s.Attachments = append(s.Attachments, on("late", "front", topology.Live))
		}, []string{"container late is on it now"}},
		{"a container went", func(s *topology.Snapshot) { s.Attachments = s.Attachments[:1] }, []string{"container web is not on it any more"}},
		{"a container stopped", func(s *topology.Snapshot) {
			s.Containers[1].State, s.Attachments[1].State = topology.Exited, topology.Configured
		}, []string{"container web is exited now"}},
		{"a container has another address", func(s *topology.Snapshot) {
			s.Attachments[1].IPv4 = topology.ParseAddress("10.0.0.7")
		}, []string{"what container web has there"}},
		{"what is kept beside it", func(s *topology.Snapshot) {
			s.Networks = append(s.Networks, bridge("back"))
			s.Attachments = append(s.Attachments, on("web", "back", topology.Live))
		}, []string{"what container web has there"}},
		{"the network has another label", func(s *topology.Snapshot) {
			s.Networks[0].Labels = map[string]string{"a": "b"}
		}, []string{"what network front is, or what is on it"}},
		{"it has a stale endpoint", func(s *topology.Snapshot) {
			s.Networks[0].Endpoints = []topology.Endpoint{{Kind: topology.Stale, Name: "ghost"}}
		}, []string{"what network front is, or what is on it"}},
		{"several things", func(s *topology.Snapshot) {
			s.Containers[0].State = topology.Created
			s.Containers = append(s.Containers, ctr("late", topology.Running))
			s.Attachments[1] = on("late", "front", topology.Live)
		}, []string{"container late is on it now", "container db is created now", "container web is not on it any more"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			take := func(change world) *Plan {
				s := &topology.Snapshot{
					Networks:    []topology.Network{bridge("front")},
					Containers:  []topology.Container{ctr("db", topology.Exited), ctr("web", topology.Running)},
					Attachments: []topology.Attachment{on("db", "front", topology.Configured), at(on("web", "front", topology.Live), "10.0.0.2")},
				}
				change(s)
				s.Sort()
				ix := topology.NewIndex(s)
				return Make(ix, pick(t, ix, "front-id"), Options{})
			}
			equal(t, "differences", differences(take(func(*topology.Snapshot) {}), take(test.change)), test.want)
		})
	}
}

func TestGoneText(t *testing.T) {
	again := bridge("front")
	again.ID = "other-id"
	gone := &NetworkPlan{Network: NetworkRef{ID: "0123456789abcdef", Name: "front"}}
	equal(t, "gone", goneText(index(topology.Engine{}, nil, nil), gone), "network front is gone")
	equal(t, "made anew", goneText(index(topology.Engine{}, []topology.Network{again}, nil), gone), "network front (0123456789ab) is gone, and there is another of that name")
	again.Name, again.ID = "other", "frontier"
	equal(t, "an ID that begins with the name", goneText(index(topology.Engine{}, []topology.Network{again}, nil), gone), "network front is gone")
	gone.Duplicate = true
	equal(t, "one of two", goneText(index(topology.Engine{}, nil, nil), gone), "network front (0123456789ab) is gone")
}

func TestCalled(t *testing.T) {
	for name, want := range map[string]string{"web": "web", "": `""`, "a b": "a b", "a\x1b[31m\u202e": `"a\x1b[31m\u202e"`, `a"`: `"a\""`, "数据": "数据"} {
		equal(t, name, called(name, "0123456789abcdef", false), want)
	}
	equal(t, "a name that repeats", called("web", "0123456789abcdef", true), "web (0123456789ab)")
}

// Two containers of one name, as an engine has while one is renamed.
func TestDifferencesOfOneName(t *testing.T) {
	a := &NetworkPlan{Effects: []Effect{{Container: "0123456789abcdef", Name: "web"}}}
	b := &NetworkPlan{Effects: []Effect{{Container: "fedcba9876543210", Name: "web"}}}
	equal(t, "differences", differentEffects(a, b), []string{"container web (fedcba987654) is on it now", "container web (0123456789ab) is not on it any more"})
}

func TestChangedError(t *testing.T) {
	err := &ChangedError{Changes: []string{"one", "two"}}
	equal(t, "text", err.Error(), "it changed meanwhile: one; two")
}
