package explain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// swarm is a manager with a service on an overlay: a task that runs and one that
// ended.
func swarm() *topology.Index {
	pool := func(subnet string) topology.IPAM {
		return topology.IPAM{Pools: []topology.Pool{{Subnet: topology.ParseSubnet(subnet)}}}
	}
	s := topology.Snapshot{
		Engine: topology.Engine{Product: topology.ProductDocker, Version: "28.5.2", Swarm: topology.SwarmManager},
		Networks: []topology.Network{
			{ID: "mesh", Name: "mesh", Driver: "overlay", Scope: "swarm", IPAM: pool("10.0.1.0/24"), Inspected: true, Services: []string{"svc"}, Peers: 3, Endpoints: []topology.Endpoint{{Kind: topology.OfEngine}, {Kind: topology.OfContainer, ContainerID: "new"}}},
			{ID: "open", Name: "open", Driver: "overlay", Scope: "swarm", Attachable: true},
			{ID: "ingress", Name: "ingress", Driver: "overlay", Scope: "swarm", Ingress: true, IPAM: pool("10.0.0.0/24")},
			{ID: "gw", Name: topology.SwarmGateway, Driver: "bridge", Scope: "local", IPAM: pool("172.18.0.0/16")},
		},
		Containers: []topology.Container{
			{ID: "new", Name: "svc.1.new", State: topology.Running, Mode: "mesh", SwarmService: "svc", Task: "new"},
			{ID: "old", Name: "svc.1.old", State: topology.Exited, Mode: "mesh", SwarmService: "svc", Task: "old"},
		},
		Attachments: []topology.Attachment{
			{NetworkID: "mesh", NetworkName: "mesh", ContainerID: "new", State: topology.Live, IPv4: topology.ParseAddress("10.0.1.3"), AliasesRead: true},
			{NetworkID: "mesh", NetworkName: "mesh", ContainerID: "old", State: topology.Configured, Static4: topology.ParseAddress("10.0.1.2"), AliasesRead: true},
		},
	}
	s.Sort()
	return topology.NewIndex(&s)
}

// A task that ended gets no address, no name and no network any more, and is not
// counted among those that want one.
func TestFinishedTasks(t *testing.T) {
	ix := swarm()
	mesh := explain.OfNetwork(ix, ix.Network("mesh"))
	if mesh.Finished != 1 || len(mesh.Stopped) != 0 || len(mesh.Running) != 1 || mesh.Nodes != 2 || mesh.Engine != 1 {
		t.Errorf("%+v", mesh)
	}
	old := explain.OfContainer(ix, ix.Container("old"), explain.Details{})
	if !old.Finished || len(old.Networks)+len(old.Names)+len(old.Asked) > 0 {
		t.Errorf("%+v", old)
	}
	for lang, want := range map[explain.Language]string{explain.English: "will not start again and gets no address", explain.Portuguese: "não vai iniciar de novo nem receber endereço"} {
		if text := old.Markdown(lang); !strings.Contains(text, want) {
			t.Errorf("%s: %q is not said:\n%s", lang, want, text)
		}
	}
	running := explain.OfContainer(ix, ix.Container("new"), explain.Details{})
	var names []string
	for _, name := range running.Names {
		names = append(names, name.Name)
	}
	for _, want := range []string{"svc.1.new", "svc", "tasks.svc"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is no name of %v", want, names)
		}
	}
}

func TestNetworksOfASwarm(t *testing.T) {
	ix := swarm()
	for id, want := range map[string]struct {
		what  explain.NetworkKind
		join  explain.JoinKind
		reach bool
	}{
		"mesh":    {explain.KindOverlay, explain.JoinServices, true},
		"open":    {explain.KindOverlay, explain.JoinSwarm, false}, // its addresses are not known here
		"ingress": {explain.KindIngress, explain.JoinEngine, false},
		"gw":      {explain.KindSwarmGateway, explain.JoinEngine, false},
	} {
		f := explain.OfNetwork(ix, ix.Network(id))
		if f.What != want.what || f.Join != want.join || (f.Reach != nil) != want.reach {
			t.Errorf("%s: %s, %s, reach %v", id, f.What, f.Join, f.Reach)
		}
		for _, space := range f.Space {
			if !space.AtMost || space.Next != "" {
				t.Errorf("%s: %+v is said to be sure", id, space)
			}
		}
		sameInBoth(t, id, f)
	}
	for i := range ix.Containers {
		sameInBoth(t, ix.Containers[i].Name, explain.OfContainer(ix, &ix.Containers[i], explain.Details{}))
	}
}

// Of a task whose service is published by the routing mesh, nothing says that no port
// leads to it: engines list no ports with such a task.
func TestRoutingMesh(t *testing.T) {
	quiet := map[explain.Language]string{explain.English: "No port of the host leads", explain.Portuguese: "Nenhuma porta do host leva"}
	for _, published := range []bool{true, false} {
		s := swarm().Snapshot
		if published {
			s.Attachments = append(slices.Clone(s.Attachments), topology.Attachment{
				NetworkID: "ingress", NetworkName: "ingress", ContainerID: "new", State: topology.Live, IPv4: topology.ParseAddress("10.0.0.5"), AliasesRead: true,
			})
			s.Sort()
		}
		ix := topology.NewIndex(s)
		for what, facts := range map[string]said{
			"the task": explain.OfContainer(ix, ix.Container("new"), explain.Details{}),
			"its own":  explain.OfNetwork(ix, ix.Network("mesh")),
			"ingress":  explain.OfNetwork(ix, ix.Network("ingress")),
		} {
			sameInBoth(t, what, facts)
			for lang, none := range quiet {
				if text := facts.Markdown(lang); strings.Contains(text, none) == (published || what == "ingress") {
					t.Errorf("%s, published %t: %q is said or not said wrongly:\n%s", what, published, none, text)
				}
			}
		}
	}
}
