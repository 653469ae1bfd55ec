package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
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
		if !c.State.Up() || diagnose.PortsOfOwner(x.Index, c) {
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

// wantedText are the ports that a container is to publish: those of the host, and of
// those for which the engine chooses one, the container's own.
func wantedText(c *topology.Container) string {
	var parts []string
	if len(c.Wanted) > 0 {
		parts = append(parts, "port "+portsText(c.Wanted))
	}
	if len(c.WantedAny) > 0 {
		own := slices.Clone(c.WantedAny)
		for i := range own {
			own[i].HostPort = own[i].First
		}
		parts = append(parts, "its own port "+portsText(own)+" on one that the engine chooses")
	}
	return strings.Join(parts, " and ")
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
		all := slices.Concat(c.Wanted, c.WantedAny)
		if len(all) == 0 {
			continue
		}
		x.found(Finding{
			About: []Ref{container(c)},
			Says:  say("%s is to publish %s, and is on internal networks only: nothing leads there", container(c), Foreign(wantedText(c))),
			Fix: Fix{
				Does:     say("connect it to a network that is not internal, too, which opens its way to the outside"),
				Template: Command{"network", "connect", "NETWORK", container(c)},
			},
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

func findConflicts(x *exam) {
	var read, unread []*topology.Container
	for _, c := range notUp(x.Index) {
		if x.facts.Settings[c.ID] {
			read = append(read, c)
		} else {
			unread = append(unread, c)
		}
	}
	x.unreadSettings(unread)
	held := diagnose.PortsHeld(x.Index)
	for _, c := range read {
		for _, taken := range held.TakenFrom(c, c.Wanted) {
			x.found(Finding{
				About: []Ref{container(c), container(taken.Holder)},
				Says:  say("%s will not start while %s runs: both want port %s of the host", container(c), container(taken.Holder), Foreign(portsText(taken.Ports))),
				Fix:   Fix{Does: say("make one of them anew with another port, or stop %s first", container(taken.Holder))},
			})
		}
	}
	// All those of one port are told together: of many that were left over, each pair
	// would be too much to tell.
	for _, rivals := range diagnose.RivalsForPorts(read) {
		f := Finding{
			Severity: Hint,
			About:    containers(rivals.Containers),
			Says:     say("%s want the same port of the host, %s: only one of them can run", containers(rivals.Containers), Foreign(portsText(rivals.Ports))),
			Fix:      Fix{Does: say("make one of them anew with another port, if both are to run")},
		}
		if len(rivals.Containers) > 2 {
			f.Says = say("%s want the same port of the host, %s: they cannot all run at once", containers(rivals.Containers), Foreign(portsText(rivals.Ports)))
			f.Fix.Does = say("remove those that are left over, or make them anew with other ports")
		}
		x.found(f)
	}
}
