package checks

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// publishedChecks are about ports of the host that lead to containers.
var publishedChecks = []*Check{
	{
		ID: "published-to-all", Title: "A port is published on every address of the host", Severity: Warning,
		Why: `"-p 5432:5432" opens the port on every address of the host, also to the internet, and past most firewalls on the
host, since the engine's own rules come first. Databases and engines' own ports are what attackers look for. Between
containers no port needs to be published.`,
		Mend: `Publish it on one address: "-p 127.0.0.1:5432:5432"; or not at all, where only containers connect.`,
		find: findPublished,
	},
	{
		ID: "internal-published", Title: "A port is published on a container that is on internal networks only", Severity: Warning,
		Why: `A port is published through a network that is not internal. A container that is on internal networks only takes
no connection there, whatever "-p" says, and nothing tells that.`,
		Mend:  `Connect the container to a network that is not internal, too; or take the ports out.`,
		Needs: Needs{Settings: inside}, find: findInternalPublished,
	},
	{
		ID: "port-conflict", Title: "A stopped container wants a port of the host that another has", Severity: Warning,
		Why: `A port of the host leads to one container. The second one that wants it does not start: "port is already
allocated". For stopped containers, "docker ps" shows no ports at all.`,
		Mend:  `Stop the other container first, or make one of them anew with another port.`,
		Needs: Needs{Settings: notUp}, find: findConflicts,
	},
}

// databases are ports on which databases, brokers and engines listen by default.
var databases = map[uint16]string{
	1433: "Microsoft SQL Server", 1521: "Oracle", 2181: "ZooKeeper", 2375: "Docker's own API", 2379: "etcd", 3306: "MySQL or MariaDB",
	5432: "PostgreSQL", 5672: "RabbitMQ", 5984: "CouchDB", 6379: "Redis or Valkey", 7474: "Neo4j", 7687: "Neo4j", 8086: "InfluxDB",
	9042: "Cassandra", 9092: "Kafka", 9200: "Elasticsearch or OpenSearch", 11211: "memcached", 26257: "CockroachDB", 27017: "MongoDB",
}

// onAll tells that ports are published on every address of a family.
func onAll(p topology.Ports) bool {
	return p.Published() && (p.HostIP.IsZero() || p.HostIP.IP().IsUnspecified())
}

// openPorts are the ports that a container publishes on every address, each once: the
// same port on :: is no further one.
func openPorts(c *topology.Container) []topology.Ports {
	var open []topology.Ports
	for _, p := range c.Ports {
		all := onAll(p)
		p.HostIP = topology.Address{}
		if all && !slices.Contains(open, p) {
			open = append(open, p)
		}
	}
	return open
}

func findPublished(x *exam) {
	for i := range x.Containers {
		c := &x.Containers[i]
		if !c.State.Up() {
			continue
		}
		open := openPorts(c)
		if len(open) == 0 || onlyInternal(x.Index, c) {
			continue // Podman lists those that lead nowhere
		}
		f := Finding{
			Severity: Hint,
			About:    []Ref{container(c)},
			Says:     say("%s publishes %s on every address of the host", container(c), Foreign(portsText(open))),
			Fix:      Fix{Does: say("if only this host is to connect, publish on 127.0.0.1: -p %s", Foreign(onLoopback(open[0])))},
		}
		for _, p := range open {
			if name := databaseIn(p); name != "" {
				f.Severity = Warning
				f.Says = say("%s publishes %s on every address of the host, which is the port of %s", container(c), Foreign(portsText([]topology.Ports{p})), Foreign(name))
				f.Fix.Does = say("publish it on 127.0.0.1 (-p %s), or not at all where only containers connect", Foreign(onLoopback(p)))
				break
			}
		}
		x.found(f)
	}
}

// databaseIn is what listens by default on a port inside the container.
func databaseIn(p topology.Ports) string {
	if p.Protocol != "tcp" {
		return ""
	}
	for at := range p.Len() {
		if name := databases[p.First+uint16(at)]; name != "" {
			return name
		}
	}
	return ""
}

func portsText(all []topology.Ports) string {
	text := ""
	for i, p := range all {
		if i > 0 {
			text += ", "
		}
		text += span(p.HostPort, p.Len())
		if p.Protocol != "tcp" {
			text += "/" + p.Protocol
		}
	}
	return text
}

func onLoopback(p topology.Ports) string {
	text := "127.0.0.1:" + span(p.HostPort, p.Len()) + ":" + span(p.First, p.Len())
	if p.Protocol != "tcp" {
		text += "/" + p.Protocol
	}
	return text
}

func span(first uint16, count int) string {
	if count == 1 {
		return fmt.Sprint(first)
	}
	return fmt.Sprintf("%d-%d", first, int(first)+count-1)
}

// inside are the running containers that are on internal networks only.
func inside(ix *topology.Index) []*topology.Container {
	var found []*topology.Container
	for i := range ix.Containers {
		c := &ix.Containers[i]
		if c.State.Up() && !c.IsTask() && onlyInternal(ix, c) {
			found = append(found, c)
		}
	}
	return found
}

func onlyInternal(ix *topology.Index, c *topology.Container) bool {
	all := ix.Of(c.ID)
	for _, a := range all {
		if n := ix.Network(a.NetworkID); n == nil || !n.Internal {
			return false
		}
	}
	return len(all) > 0
}

func findInternalPublished(x *exam) {
	var unread []*topology.Container
	defer func() { x.unreadSettings(unread) }()
	for _, c := range inside(x.Index) {
		if !x.facts.Settings[c.ID] {
			unread = append(unread, c)
			continue
		}
		if len(c.Wanted) == 0 {
			continue
		}
		x.found(Finding{
			About: []Ref{container(c)},
			Says:  say("%s is to publish port %s, and is on internal networks only: the port leads nowhere", container(c), Foreign(portsText(c.Wanted))),
			Fix:   Fix{Does: say(`connect it to a network that is not internal, too, which opens its way to the outside: "docker network connect NETWORK %s"`, container(c))},
		})
	}
}

// notUp are the containers that can be started and are not up.
func notUp(ix *topology.Index) []*topology.Container {
	var found []*topology.Container
	for i := range ix.Containers {
		c := &ix.Containers[i]
		_, shares := c.Mode.Sharer()
		if !c.State.Up() && !c.IsTask() && !shares && c.Mode != topology.NetworkHost && c.Mode != topology.NetworkNone {
			found = append(found, c)
		}
	}
	return found
}

// claim is a port of the host that a container has or wants.
type claim struct {
	container *topology.Container
	ip        netip.Addr
}

// clashes tells that two claims cannot both be had.
func (a claim) clashes(b claim) bool {
	switch {
	case a.container == b.container:
		return false
	case !a.ip.IsValid() || !b.ip.IsValid():
		return true
	case a.ip.Is4() != b.ip.Is4():
		return false
	}
	return a.ip == b.ip || a.ip.IsUnspecified() || b.ip.IsUnspecified()
}

type portKey struct {
	port     uint16
	protocol string
}

// eachPort calls do with each single port of the host that is claimed, and with the ports as
// they are written.
func eachPort(all []topology.Ports, do func(portKey, topology.Ports)) {
	for _, p := range all {
		for at := range p.Len() {
			if p.Published() {
				single := topology.Ports{First: p.First, HostPort: p.HostPort + uint16(at), Protocol: p.Protocol, HostIP: p.HostIP}
				do(portKey{single.HostPort, p.Protocol}, single)
			}
		}
	}
}

func findConflicts(x *exam) {
	taken := map[portKey][]claim{}
	for i := range x.Containers {
		if c := &x.Containers[i]; c.State.Up() {
			eachPort(c.Ports, func(key portKey, p topology.Ports) { taken[key] = append(taken[key], claim{c, p.HostIP.IP()}) })
		}
	}
	var read, unread []*topology.Container
	for _, c := range notUp(x.Index) {
		if x.facts.Settings[c.ID] {
			read = append(read, c)
		} else {
			unread = append(unread, c)
		}
	}
	x.unreadSettings(unread)
	for _, c := range read {
		x.takenPorts(c, taken)
	}
	x.rivals(read)
}

// takenPorts reports a stopped container with each running one that has a port of its.
func (x *exam) takenPorts(c *topology.Container, taken map[portKey][]claim) {
	var holders []*topology.Container
	ports := map[*topology.Container][]topology.Ports{}
	eachPort(c.Wanted, func(key portKey, p topology.Ports) {
		for _, other := range taken[key] {
			if !(claim{c, p.HostIP.IP()}).clashes(other) {
				continue
			}
			if ports[other.container] == nil {
				holders = append(holders, other.container)
			}
			ports[other.container] = withPort(ports[other.container], p)
		}
	})
	for _, holder := range holders {
		x.found(Finding{
			About: []Ref{container(c), container(holder)},
			Says:  say("%s will not start while %s runs: both want port %s of the host", container(c), container(holder), Foreign(portsText(ports[holder]))),
			Fix:   Fix{Does: say("make one of them anew with another port, or stop %s first", container(holder))},
		})
	}
}

func withPort(all []topology.Ports, p topology.Ports) []topology.Ports {
	p.HostIP = topology.Address{}
	if slices.Contains(all, p) {
		return all
	}
	return append(all, p)
}

// rivals reports stopped containers that want one port, all those of one port together:
// of many that were left over, each pair would be too much to tell.
func (x *exam) rivals(stopped []*topology.Container) {
	var keys []portKey
	claims := map[portKey][]claim{}
	for _, c := range stopped {
		eachPort(c.Wanted, func(key portKey, p topology.Ports) {
			if claims[key] == nil {
				keys = append(keys, key)
			}
			claims[key] = append(claims[key], claim{c, p.HostIP.IP()})
		})
	}
	type group struct {
		rivals []*topology.Container
		ports  []topology.Ports
	}
	var groups []*group
	by := map[string]*group{}
	for _, key := range keys {
		rivals := rivalsIn(claims[key])
		var ids strings.Builder
		for _, c := range rivals {
			ids.WriteString(c.ID + " ")
		}
		g := by[ids.String()]
		if g == nil {
			g = &group{rivals: rivals}
			by[ids.String()], groups = g, append(groups, g)
		}
		g.ports = append(g.ports, topology.Ports{HostPort: key.port, Protocol: key.protocol})
	}
	for _, g := range groups {
		if len(g.rivals) == 0 {
			continue
		}
		f := Finding{
			Severity: Hint,
			About:    containers(g.rivals),
			Says:     say("%s want the same port of the host, %s: only one of them can run", containers(g.rivals), Foreign(portsText(g.ports))),
			Fix:      Fix{Does: say("make one of them anew with another port, if both are to run")},
		}
		if len(g.rivals) > 2 {
			f.Says = say("%s want the same port of the host, %s: they cannot all run at once", containers(g.rivals), Foreign(portsText(g.ports)))
			f.Fix.Does = say("remove those that are left over, or make them anew with other ports")
		}
		x.found(f)
	}
}

// rivalsIn are the containers whose claim to a port clashes with another's. Claims of one
// address are counted together.
func rivalsIn(claims []claim) []*topology.Container {
	owners := map[netip.Addr]map[*topology.Container]bool{}
	for _, c := range claims {
		if owners[c.ip] == nil {
			owners[c.ip] = map[*topology.Container]bool{}
		}
		owners[c.ip][c.container] = true
	}
	var rivals []*topology.Container
	for _, mine := range claims {
		if len(rivals) > 0 && rivals[len(rivals)-1] == mine.container {
			continue
		}
		for ip, others := range owners {
			if (claim{mine.container, mine.ip}).clashes(claim{nil, ip}) && (len(others) > 1 || !others[mine.container]) {
				rivals = append(rivals, mine.container)
				break
			}
		}
	}
	return rivals
}
