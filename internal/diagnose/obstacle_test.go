package diagnose_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func obstacleTexts(obstacles []diagnose.Obstacle) []string {
	var texts []string
	for _, o := range obstacles {
		text := string(o.Kind)
		if len(o.Names) > 0 {
			text += fmt.Sprintf(" %q", o.Names)
		}
		if o.Count > 0 {
			text += fmt.Sprintf(" %d", o.Count)
		}
		if o.Gap != nil {
			text += ": " + o.Gap.What + " " + o.Gap.ID
		}
		texts = append(texts, text)
	}
	return texts
}

func TestObstacles(t *testing.T) {
	type change = func(*topology.Snapshot, *topology.Network)
	swarm := func(role topology.SwarmRole) change {
		return func(s *topology.Snapshot, n *topology.Network) {
			s.Engine.Swarm = role
			n.Name, n.Driver = topology.SwarmGateway, "bridge"
		}
	}
	overlay := func(role topology.SwarmRole) change {
		return func(s *topology.Snapshot, n *topology.Network) {
			s.Engine.Swarm, n.Driver, n.Scope = role, "overlay", "swarm"
		}
	}
	peers := func(count int, endpoints ...topology.Endpoint) change {
		return func(_ *topology.Snapshot, n *topology.Network) { n.Peers, n.Endpoints = count, endpoints }
	}
	endpoint := func(kind topology.EndpointKind, name, container string) change {
		return func(_ *topology.Snapshot, n *topology.Network) {
			n.Endpoints = []topology.Endpoint{{Kind: kind, Name: name, ContainerID: container}}
		}
	}
	gap := func(g topology.Gap) change {
		return func(s *topology.Snapshot, _ *topology.Network) { s.Unread = []topology.Gap{g} }
	}
	paused := func(product string) change {
		return func(s *topology.Snapshot, _ *topology.Network) {
			s.Engine.Product, s.Containers[0].State = product, topology.Paused
		}
	}
	takes := func(from string, configOnly bool) change {
		return func(s *topology.Snapshot, n *topology.Network) {
			n.ConfigOnly = configOnly
			s.Networks[1].ConfigFrom = from
		}
	}
	for _, test := range []struct {
		name   string
		change change
		want   []string
	}{
		{"none", func(*topology.Snapshot, *topology.Network) {}, nil},

		{"predefined", func(_ *topology.Snapshot, n *topology.Network) { n.Name = "bridge" }, []string{"predefined"}},
		{"implied", func(_ *topology.Snapshot, n *topology.Network) { n.Implied = true }, []string{"predefined"}},
		{"a network of the swarm by a predefined name", func(_ *topology.Snapshot, n *topology.Network) { n.Name, n.Scope = "bridge", "swarm" }, nil},

		{"ingress", func(_ *topology.Snapshot, n *topology.Network) { n.Ingress = true }, []string{"ingress"}},

		{"the gateway of a manager", swarm(topology.SwarmManager), []string{"swarm gateway"}},
		{"the gateway of a worker", swarm(topology.SwarmWorker), []string{"swarm gateway"}},
		{"the gateway left by a swarm", swarm(topology.SwarmInactive), nil},
		{"the gateway of an engine that does not say", swarm(""), nil},
		{"the gateway of an engine that does not say, and has the ingress", func(s *topology.Snapshot, n *topology.Network) {
			swarm("")(s, n)
			s.Networks[1].Ingress = true
		}, []string{"swarm gateway"}},
		{"a gateway by name only", func(s *topology.Snapshot, n *topology.Network) {
			swarm(topology.SwarmManager)(s, n)
			n.Driver = "macvlan"
		}, nil},

		{"configures by name", takes("net", true), []string{`configures others ["other"]`}},
		{"configures by ID", takes("net-id", true), []string{`configures others ["other"]`}},
		{"configures nobody", takes("plan", true), nil},
		{"is no configuration", takes("net", false), nil},

		{"services", func(_ *topology.Snapshot, n *topology.Network) { n.Services = []string{"web", "db"} }, []string{`swarm services ["web" "db"]`}},

		{"the swarm's, on a worker", overlay(topology.SwarmWorker), []string{"not a manager"}},
		{"the swarm's, on a manager", overlay(topology.SwarmManager), nil},
		{"a local one, on a worker", func(s *topology.Snapshot, _ *topology.Network) { s.Engine.Swarm = topology.SwarmWorker }, nil},

		{"other nodes", peers(3), []string{"other nodes 3"}},
		{"one other node", peers(1), []string{"other nodes 1"}},
		{"this node and others", peers(3, topology.Endpoint{Kind: topology.OfEngine}), []string{"other nodes 2"}},
		{"this node only", peers(1, topology.Endpoint{Kind: topology.OfEngine}), nil},

		{"a paused container, on Podman", paused(topology.ProductPodman), []string{`paused containers ["web"]`}},
		{"a paused container, on Docker", paused(topology.ProductDocker), nil},

		{"stale", endpoint(topology.Stale, "ghost", ""), []string{`stale endpoints ["ghost"]`}},
		{"stale, with a container's name", endpoint(topology.Stale, "web", ""), []string{`stale endpoint with a container's name ["web"]`}},
		{"stale, with the beginning of a container's ID", endpoint(topology.Stale, "feed", ""), []string{`stale endpoint with a container's name ["feed"]`}},
		{"stale, with more than a container's ID", endpoint(topology.Stale, "feedbeef0", ""), []string{`stale endpoints ["feedbeef0"]`}},
		{"stale, without a name", endpoint(topology.Stale, "", ""), []string{`stale endpoint with a container's name [""]`}},
		{"the engine's own endpoint", endpoint(topology.OfEngine, "lb-net", ""), nil},

		{"a container that could not be read", gap(topology.Gap{What: "container", ID: "x"}), []string{"unknown: container x"}},
		{"when a container was made", gap(topology.Gap{What: "container", ID: "x", Field: "created"}), nil},
		{"a part of the network", gap(topology.Gap{What: "network", ID: "net-id", Field: "subnet"}), []string{"unknown: network net-id"}},
		{"when the network was made", gap(topology.Gap{What: "network", ID: "net-id", Field: "created"}), nil},
		{"a part of another network", gap(topology.Gap{What: "network", ID: "other-id", Field: "subnet"}), nil},
		{"a part of some network", gap(topology.Gap{What: "network"}), []string{"unknown: network "}},
		{"endpoints", gap(topology.Gap{What: "endpoints", ID: "net-id"}), []string{"unknown: endpoints net-id"}},
		{"endpoints of another network", gap(topology.Gap{What: "endpoints", ID: "other-id"}), nil},
		{"services that could not be read", gap(topology.Gap{What: "services"}), []string{"unknown: services "}},
		{"the attachment of one on it", gap(topology.Gap{What: "attachment", ID: "feedbeef"}), []string{"unknown: attachment feedbeef"}},
		{"the attachment of another", gap(topology.Gap{What: "attachment", ID: "c0ffee"}), nil},
		{"the settings of one on it", gap(topology.Gap{What: "settings", ID: "feedbeef"}), []string{"unknown: settings feedbeef"}},
		{"the settings of another", gap(topology.Gap{What: "settings", ID: "c0ffee"}), nil},
		{"something else", gap(topology.Gap{What: "engine"}), nil},
		{"a selection", func(s *topology.Snapshot, _ *topology.Network) { s.Partial = true }, []string{"unknown: the rest of the engine "}},
		{"a container that the list does not have on it", endpoint(topology.OfContainer, "late", "1a7e"), []string{"unknown: container 1a7e"}},
		{"a container that the list has on it", endpoint(topology.OfContainer, "web", "feedbeef"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &topology.Snapshot{
				Networks:    bridges("net", "other"),
				Containers:  []topology.Container{{ID: "feedbeef", Name: "web", State: topology.Running}, {ID: "c0ffee", Name: "db", State: topology.Exited}},
				Attachments: []topology.Attachment{on("feedbeef", "net", topology.Live), on("c0ffee", "other", topology.Configured)},
			}
			test.change(s, &s.Networks[0])
			s.Sort()
			ix := topology.NewIndex(s)
			loss := diagnose.Losses(ix, pick(t, ix, []string{"net-id"}))[0]
			if got := obstacleTexts(loss.Obstacles); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A configuration may go together with all that take it, and not alone.
func TestConfigurationGoesWithItsNetworks(t *testing.T) {
	s := &topology.Snapshot{Networks: bridges("plan", "web", "db")}
	s.Networks[0].ConfigOnly, s.Networks[1].ConfigFrom, s.Networks[2].ConfigFrom = true, "plan", "plan"
	s.Sort()
	ix := topology.NewIndex(s)
	for _, test := range []struct {
		remove []string
		want   []string
	}{
		{[]string{"plan-id"}, []string{`configures others ["db" "web"]`}},
		{[]string{"plan-id", "web-id"}, []string{`configures others ["db"]`}},
		{[]string{"plan-id", "web-id", "db-id"}, nil},
	} {
		losses := diagnose.Losses(ix, pick(t, ix, test.remove))
		if got := obstacleTexts(losses[0].Obstacles); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%v: got %q, want %q", test.remove, got, test.want)
		}
	}
	apart := diagnose.LossesApart(ix, pick(t, ix, []string{"plan-id", "web-id", "db-id"}))
	if got, want := obstacleTexts(apart[0].Obstacles), []string{`configures others ["db" "web"]`}; !reflect.DeepEqual(got, want) {
		t.Errorf("apart: got %q, want %q", got, want)
	}
}
