package topology_test

import (
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Networks and containers of the snapshot the tests ask about. IDs are short,
// for reading; aaa1 and aaa2 begin alike, and two networks are named twin.
const (
	front, back, web10, twinA, twinB, lonely, bridge, host, overlay = "aaa1", "aaa2", "bbb1", "ccc1", "ccc2", "ddd1", "eee1", "eee2", "fff1"

	api, db, proxy, vpn, orphan, drifter, task, backup = "c0a1", "c0b1", "c0c1", "c0d1", "c0e1", "c0f1", "c0f2", "c0f3"
)

func compose(project string) map[string]string {
	return map[string]string{topology.LabelComposeProject: project}
}

// town is made anew for each test, in an order that is not the sorted one.
func town() *topology.Snapshot {
	s := &topology.Snapshot{
		Schema:  topology.Schema,
		TakenAt: time.Date(2026, 11, 21, 12, 0, 0, 123456789, time.UTC),
		Engine: topology.Engine{
			Product: topology.ProductDocker, Version: "28.5.2", API: "1.51", OS: "linux",
			Endpoint: "unix:///var/run/docker.sock", Context: "default", Swarm: topology.SwarmManager,
		},
		Networks: []topology.Network{
			{ID: twinB, Name: "twin", Driver: "bridge", Scope: "local"},
			{ID: front, Name: "shop_front", Driver: "bridge", Scope: "local", Labels: compose("shop"), IPv4: topology.Yes, IPv6: true, IPAM: topology.IPAM{
				Driver: "default", Opts: map[string]string{"a": "b"},
				Pools: []topology.Pool{
					{Subnet: topology.ParseSubnet("172.20.0.0/16"), Range: topology.ParseSubnet("172.20.1.0/24"), Gateway: topology.ParseAddress("172.20.0.1"), Aux: map[string]topology.Address{"router": topology.ParseAddress("172.20.0.9")}},
					{Subnet: topology.ParseSubnet("fd05::/112"), Gateway: topology.ParseAddress("fd05::1/112")},
				},
			}},
			{ID: back, Name: "shop_back", Driver: "bridge", Scope: "local", Internal: true, Labels: map[string]string{topology.LabelComposeProject: "shop", "tier": "back", "empty": ""}},
			{ID: web10, Name: "net10", Driver: "macvlan", Scope: "local", Opts: map[string]string{"parent": "eth0"}},
			{ID: lonely, Name: "net2", Driver: "bridge", Scope: "local", IPv4: topology.No, Labels: map[string]string{"tier": "none"}},
			{ID: bridge, Name: "bridge", Driver: "bridge", Scope: "local"},
			{ID: host, Name: "host", Driver: "host", Scope: "local", Implied: true},
			{ID: overlay, Name: "mesh", Driver: "overlay", Scope: "swarm", Attachable: true, Labels: map[string]string{topology.LabelStackNamespace: "mesh"}},
			{ID: twinA, Name: "twin", Driver: "bridge", Scope: "local", ConfigFrom: "plan"},
		},
		Containers: []topology.Container{
			{ID: proxy, Name: "proxy", State: topology.Running, Mode: "shop_front", Ports: []topology.Ports{{First: 80, Protocol: "tcp", HostPort: 8080, HostIP: topology.ParseAddress("0.0.0.0")}, {First: 7000, Count: 10, Protocol: "udp"}}},
			{ID: api, Name: "api", State: topology.Running, Project: "shop", Service: "api", Image: "example/api", Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
			{ID: db, Name: "db", State: topology.Exited, Project: "shop", Service: "db"},
			{ID: vpn, Name: "vpn", State: topology.Running, Mode: "container:" + api},
			{ID: orphan, Name: "orphan", State: topology.Exited, Mode: "container:gone"},
			{ID: drifter, Name: "drifter", State: topology.Created, Project: "side"},
			{ID: task, Name: "mesh_web.1.x", State: topology.Running, SwarmService: "mesh_web", Task: "x", Stack: "mesh"},
			{ID: backup, Name: "backup", State: topology.Exited},
		},
		Attachments: []topology.Attachment{
			{NetworkName: "plan", ContainerID: drifter, State: topology.Dangling},
			{NetworkName: "twin", ContainerID: drifter, State: topology.Ambiguous},
			{NetworkID: "0ff0", NetworkName: "old", ContainerID: backup, State: topology.Dangling},
			{NetworkID: overlay, NetworkName: "mesh", ContainerID: task, State: topology.Live},
			{NetworkID: back, NetworkName: "shop_back", ContainerID: db, State: topology.Configured, Static4: topology.ParseAddress("172.21.0.9")},
			{NetworkID: back, NetworkName: "shop_back", ContainerID: api, State: topology.Live, IPv4: topology.ParseAddress("<nil>"), GatewayPriority: -1},
			{NetworkID: front, NetworkName: "shop_front", ContainerID: proxy, State: topology.Live, MAC: "02:42:ac:14:00:02"},
			{
				NetworkID: front, NetworkName: "shop_front", ContainerID: api, State: topology.Live, EndpointID: "e1",
				IPv4: topology.ParseAddress("172.20.0.3"), PrefixLen4: 16, Gateway4: topology.ParseAddress("172.20.0.1"),
				IPv6: topology.ParseAddress("fd05::3"), PrefixLen6: 112, Gateway6: topology.ParseAddress("fd05::1/112"),
				Static6: topology.ParseAddress("fd05::3"), Aliases: []string{"api", "<b>&\u202e\x1b[31m"}, AliasesRead: true,
			},
		},
		Unread: []topology.Gap{
			{What: "network", ID: front, Name: "shop_front", Field: "gateway", Text: "fd05::1/112", Reason: "it is a prefix"},
			{What: "container", Reason: "its line was cut off"},
			{What: "network", ID: front, Name: "shop_front", Field: "gateway", Text: "another", Reason: "it is a prefix"},
		},
	}
	return s
}

func sorted() *topology.Snapshot {
	s := town()
	s.Sort()
	return s
}

func networkIDs(networks []*topology.Network) []string {
	ids := []string{}
	for _, n := range networks {
		ids = append(ids, n.ID)
	}
	return ids
}
