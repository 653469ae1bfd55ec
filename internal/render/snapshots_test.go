package render

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// shop is the built-in sample. It is read from its file, since package sample
// reads it with this package.
func shop(t testing.TB) *topology.Snapshot {
	t.Helper()
	text, err := os.ReadFile("../sample/shop.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// composer builds snapshots whose IDs follow from the names.
type composer struct {
	topology.Snapshot
	subnet int
}

func newComposer() *composer {
	return &composer{Snapshot: topology.Snapshot{
		Schema: topology.Schema, TakenAt: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC),
		Networks: []topology.Network{}, Containers: []topology.Container{}, Attachments: []topology.Attachment{},
	}}
}

// network adds a bridge and gives its ID. The ID differs from that of any
// other, also where the name does not.
func (b *composer) network(project, name string, change ...func(*topology.Network)) string {
	b.subnet++
	n := topology.Network{
		ID: fmt.Sprintf("%04xe700%056x", b.subnet, b.subnet), Name: name, Driver: "bridge", Scope: "local",
		IPAM: topology.IPAM{Driver: "default", Pools: []topology.Pool{{
			Subnet: topology.ParseSubnet(subnet(b.subnet) + "0/24"), Gateway: topology.ParseAddress(subnet(b.subnet) + "1"),
		}}},
	}
	if project != "" {
		n.Labels = map[string]string{topology.LabelComposeProject: project}
	}
	for _, f := range change {
		f(&n)
	}
	b.Networks = append(b.Networks, n)
	return n.ID
}

// subnet is the beginning of the addresses of a numbered network.
func subnet(number int) string { return fmt.Sprintf("10.%d.%d.", number/200, number%200) }

func internal(n *topology.Network) { n.Internal = true }

// container adds one that runs on the networks with these IDs and publishes
// these ports of all of the host's addresses.
func (b *composer) container(project, name string, networks []string, ports ...uint16) *topology.Container {
	number := len(b.Containers) + 1
	c := topology.Container{
		ID: fmt.Sprintf("%04xc700%056x", number, number), Name: name,
		Image: "example/" + name, State: topology.Running, Project: project,
	}
	for _, port := range ports {
		c.Ports = append(c.Ports, topology.Ports{First: port, Protocol: "tcp", HostPort: 8000 + port, HostIP: topology.ParseAddress("0.0.0.0")})
	}
	b.Containers = append(b.Containers, c)
	for _, id := range networks {
		var on int
		if _, err := fmt.Sscanf(id, "%04x", &on); err != nil {
			panic(err)
		}
		b.Attachments = append(b.Attachments, topology.Attachment{
			NetworkID: id, ContainerID: c.ID, State: topology.Live, NetworkName: b.nameOf(id),
			IPv4: topology.ParseAddress(fmt.Sprintf("%s%d", subnet(on), number%250+2)),
		})
	}
	return &b.Containers[len(b.Containers)-1]
}

func (b *composer) nameOf(networkID string) string {
	for _, n := range b.Networks {
		if n.ID == networkID {
			return n.Name
		}
	}
	return ""
}

// stop halts the container made last.
func (b *composer) stop() {
	c := &b.Containers[len(b.Containers)-1]
	c.State = topology.Exited
	c.Ports = nil
	for i := range b.Attachments {
		if a := &b.Attachments[i]; a.ContainerID == c.ID {
			a.State, a.IPv4 = topology.Configured, topology.Address{}
		}
	}
}

func (b *composer) snapshot() *topology.Snapshot {
	b.Sort()
	return &b.Snapshot
}

// town is a bigger machine: 15 networks, 40 containers, 4 projects, a proxy
// that is on a network of each.
func town() *topology.Snapshot {
	b := newComposer()
	edge := b.network("proxy", "edge")
	b.container("proxy", "traefik", []string{edge}, 80, 443)
	b.container("proxy", "certs", []string{edge})

	front, back, db := b.network("shop", "shop_front"), b.network("shop", "shop_back", internal), b.network("shop", "shop_db", internal)
	b.container("shop", "web-1", []string{edge, front})
	b.container("shop", "web-2", []string{edge, front})
	b.container("shop", "api-1", []string{front, back})
	b.container("shop", "api-2", []string{front, back})
	b.container("shop", "worker-1", []string{back})
	b.container("shop", "worker-2", []string{back})
	b.container("shop", "cache", []string{back})
	b.container("shop", "orders", []string{back, db})
	b.container("shop", "postgres", []string{db})
	b.container("shop", "backup", []string{db})
	b.stop()
	b.container("shop", "migrate", []string{db})
	b.stop()

	blog := b.network("blog", "blog_default")
	blogDB := b.network("blog", "blog_db", internal)
	b.container("blog", "wordpress", []string{edge, blog, blogDB})
	b.container("blog", "mysql", []string{blogDB})
	b.container("blog", "mailer", []string{blog})
	b.container("blog", "cron", []string{blog})
	b.stop()

	collect, store, view := b.network("watch", "watch_collect"), b.network("watch", "watch_store", internal), b.network("watch", "watch_view")
	b.container("watch", "grafana", []string{view, store}, 3000)
	b.container("watch", "alerts", []string{view, store})
	b.container("watch", "prometheus", []string{collect, store})
	b.container("watch", "loki", []string{store})
	b.container("watch", "tempo", []string{store})
	for i := range 7 {
		b.container("watch", fmt.Sprintf("exporter-%d", i+1), []string{collect})
	}

	for i, name := range []string{"build", "lab", "media"} {
		id := b.network("", name)
		for j := range 3 {
			b.container("", fmt.Sprintf("%s-%d", name, j+1), []string{id}, []uint16{uint16(100*i + j + 9000)}[:max(0, 1-j)]...)
		}
	}
	host := b.network("", "host", func(n *topology.Network) { n.Driver, n.IPAM = "host", topology.IPAM{} })
	none := b.network("", "none", func(n *topology.Network) { n.Driver, n.IPAM = "null", topology.IPAM{} })
	b.network("", "bridge")
	b.container("", "node-exporter", []string{host})
	b.container("", "batch", []string{none})
	for i := range b.Attachments {
		if a := &b.Attachments[i]; a.NetworkID == host || a.NetworkID == none {
			a.IPv4 = topology.Address{}
		}
	}
	return b.snapshot()
}

// hostileNames try to break out of whatever they are written into.
var hostileNames = []string{
	" ", "two words", "  double  space  ", "-rf", "--help", `"double"`, `'single'`, "`back`", "new\nline", "car\rriage", "tab\there",
	"\x1b[31mred\x1b[0m", "\x1b]0;title\a", "\u009b31m", "\x00", "\x7f", "\xff\xfe not UTF-8",
	"<script>window.ran=1</script>", "<img src=x onerror=window.ran=1>", "<b>bold</b>", "<br>", "&amp;", "&lt;b&gt;", "&#65;", "#quot;", "#35;", "#35", "#9829;", "#lt;",
	"\u202egnp.exe", "\u2066isolate\u2069", "\u200bzero\u200dwidth", "\ufeffmark", "soft\u00adhyphen", "no\u00a0break", "line\u2028separator",
	"end", "subgraph", "graph", "style", "click", "default", "class", "direction TB", "%%", "%% comment", "%%{init: {'theme':'dark'}}%%", "---", "a --> b", "A[B]", "(x)", "{{y}}", "|z|", ":::up", "a;b", "a@{ shape: rect }",
	`\N`, `\G`, `\E`, `\l`, `\n`, `\\`, `\"`, `C:\dir`, "]]>", "<!-- x -->", "{", "}", "[", "]", "node [label=x]",
	"1. x", "1) x", "- x", "+ x", "* x", "# x", "> x", "_x_", "__x__", "*x*", "**x**", "***", "___", "~~x~~", "$$x$$", "[a](b)", "![a](b)", "| a | b |", "- [ ] x", "    indented", "Title\n===", "1.", "-", "+", "=", "fa:fa-car", "fab:fa-docker", "~~~", "mystyle:'x'", "classDef x:'y'", "direction\u2003LR", "linkStyle 0 stroke:#ff3;", "accTitle: x", "href \"x\"",
	"https://example.com/x?y=1&z=2", "http://a_b_c/", "www.example.com", "me@example.com", "javascript:alert(1)", "../../etc/passwd", "x_y_z", "a.b-c_d", "1.2.3.4", "2001:db8::1", "a/b", "$HOME", "$(id)", "${x}", "!!", "%s%d%n",
	"🐳 whale", "👨‍👩‍👧 family", "é combined e\u0301", "数据库", "データ", "شبكة", "רשת", "a\u0300\u0301\u0302\u0303", "ﷺ", "ſ", "K",
	"__proto__", "constructor", "toString", "undefined", "null", "true", "NaN", "0", "00", "ﬂ°°35¶ß", "ﬂ°35¶ß", "&nbsp;", "&quot;",
	strings.Repeat("x", 5000), strings.Repeat("long name ", 500), strings.Repeat("数", 200), strings.Repeat("\x1b", 300), strings.Repeat("_", 100),
}

// hostile has every hostile name as a network, a container and a project, and
// each name of a network twice.
func hostile() *topology.Snapshot { return named(hostileNames) }

// nasty has some of them, few enough to read.
func nasty() *topology.Snapshot {
	return named([]string{
		"two words", "-rf", `"double"`, `it's`, "new\nline", "\x1b[31mred\x1b[0m", "<script>alert(1)</script>", "\u202egnp.exe",
		"&amp;", "#quot;", `\N`, "1. x", "**x**", "$$x$$", "end", "数据库", "شبكة", "🐳", strings.Repeat("x", 5000),
	})
}

func named(names []string) *topology.Snapshot {
	b := newComposer()
	for _, name := range names {
		first := b.network(name, name)
		second := b.network("", name, func(n *topology.Network) { n.Driver, n.Scope = name, name })
		c := b.container(name, name, []string{first, second}, 80)
		c.Image, c.Ports[0].Protocol = name, name
		b.Attachments[len(b.Attachments)-1].Aliases = []string{name}
		c = b.container("", name, nil)
		c.State = topology.ContainerState(name)
		b.Attachments = append(b.Attachments, topology.Attachment{ContainerID: c.ID, NetworkName: name, State: topology.Ambiguous})
	}
	return b.snapshot()
}

// odd has one of each thing that is not as it should be, or seldom so.
func odd() *topology.Snapshot {
	b := newComposer()
	plain := b.network("", "plain")
	b.container("", "up", []string{plain})
	for _, state := range []topology.ContainerState{
		topology.Created, topology.Exited, topology.Stopped, topology.Restarting, topology.Removing, topology.Dead, "", "haunted",
	} {
		b.container("", "is-"+string(state), []string{plain})
		b.stop()
		b.Containers[len(b.Containers)-1].State = state
	}
	for _, state := range []topology.ContainerState{topology.Paused, topology.Stopping} {
		b.container("", "is-"+string(state), []string{plain}).State = state
	}
	for i := range 20 {
		b.network("", fmt.Sprintf("unused%d", i))
	}

	twin, other := b.network("", "twin"), b.network("", "twin")
	b.container("", "left", []string{twin})
	b.container("", "right", []string{other})
	b.network("", "plan", func(n *topology.Network) { n.ConfigOnly = true })
	b.network("", "planned", func(n *topology.Network) { n.Driver, n.ConfigFrom = "macvlan", "plan" })
	six := b.network("", "six", func(n *topology.Network) {
		n.IPv4, n.IPv6 = topology.No, true
		n.IPAM.Pools = []topology.Pool{
			{Subnet: topology.ParseSubnet("fd05::/112"), Gateway: topology.ParseAddress("fd05::1/112")},
			{Subnet: topology.ParseSubnet("<nil>"), Gateway: topology.ParseAddress("<nil>")},
			{},
		}
	})
	b.container("", "six-only", []string{six})
	last := &b.Attachments[len(b.Attachments)-1]
	last.IPv4, last.IPv6 = topology.Address{}, topology.ParseAddress("fd05::2")
	b.container("", "odd-address", []string{six})
	last = &b.Attachments[len(b.Attachments)-1]
	last.IPv4, last.IPv6 = topology.ParseAddress("<nil>"), topology.ParseAddress("")
	b.container("", "fixed", []string{plain, six})
	b.stop()
	last = &b.Attachments[len(b.Attachments)-1]
	last.Static4, last.Static6 = topology.ParseAddress("10.0.1.99"), topology.ParseAddress("fd05::99")

	mesh := b.network("", "mesh", func(n *topology.Network) {
		n.Driver, n.Scope, n.Attachable, n.Labels = "overlay", "swarm", true, map[string]string{topology.LabelStackNamespace: "stack"}
	})
	b.network("", "mesh2", func(n *topology.Network) { n.Driver, n.Scope = "overlay", "swarm" })
	b.network("", "ingress", func(n *topology.Network) { n.Driver, n.Scope, n.Ingress = "overlay", "swarm", true })
	b.network("", "docker_gwbridge")
	task := b.container("", "stack_web.1.z8xq0pl3m5n7", []string{mesh})
	task.SwarmService, task.Task, task.Stack = "stack_web", "z8xq0pl3m5n7", "stack"
	done := b.container("", "stack_web.1.a0000000000", nil)
	done.SwarmService, done.Task, done.Stack, done.State = "stack_web", "a0000000000", "stack", topology.Exited
	b.Attachments = append(b.Attachments, topology.Attachment{NetworkID: "gone", NetworkName: "mesh0", ContainerID: done.ID, State: topology.Dangling})

	for _, want := range []topology.Attachment{
		{NetworkID: "0dd1000000000000", NetworkName: "gone", State: topology.Dangling},
		{NetworkID: "0dd2000000000000", NetworkName: "plain", State: topology.Dangling},
		{NetworkName: "never", State: topology.Dangling},
		{NetworkName: "two words", State: topology.Dangling},
		{NetworkName: "twin", State: topology.Ambiguous},
		{NetworkID: "0dd3000000000000", NetworkName: "far", State: topology.Unverified},
	} {
		c := b.container("", "wants-"+string(want.State)+"-"+want.NetworkName, nil)
		c.State = topology.Exited
		want.ContainerID = c.ID
		b.Attachments = append(b.Attachments, want)
	}
	b.container("", "runs-on", nil)
	b.Attachments = append(b.Attachments, topology.Attachment{NetworkID: "0dd4000000000000", NetworkName: "lost", ContainerID: b.Containers[len(b.Containers)-1].ID, State: topology.Dangling})
	b.container("", "nowhere", nil)
	b.container("", "nowhere-sharer", nil).Mode = topology.NetworkMode("container:" + b.Containers[len(b.Containers)-2].ID)
	orphan := b.container("", "orphan", nil)
	orphan.Mode, orphan.State = "container:0123456789abcdef0123456789abcdef", topology.Exited

	ports := b.container("", "ports", []string{plain})
	for i := range 6 {
		ports.Ports = append(ports.Ports, topology.Ports{First: uint16(7000 + i), Protocol: "udp", HostPort: uint16(17000 + 2*i), HostIP: topology.ParseAddress("192.0.2.1")})
	}
	loopback := b.container("", "loopback", []string{plain})
	loopback.Ports = []topology.Ports{
		{First: 5432, Protocol: "tcp", HostPort: 5432, HostIP: topology.ParseAddress("127.0.0.1")},
		{First: 5432, Protocol: "tcp", HostPort: 5432, HostIP: topology.ParseAddress("::1")},
		{First: 9000, Count: 11, Protocol: "tcp", HostPort: 19000},
	}
	for i := range 12 {
		b.Unread = append(b.Unread, topology.Gap{What: "network", ID: six, Name: "six", Field: "gateway", Text: fmt.Sprintf("odd %d", i), Reason: "it is no address"})
	}
	return b.snapshot()
}

// unsure is a snapshot in which containers could not be read, so that of no
// network it is known to be unused.
func unsure() *topology.Snapshot {
	b := newComposer()
	b.container("", "up", []string{b.network("", "used")})
	b.network("", "perhaps-unused")
	b.Unread = append(b.Unread, topology.Gap{What: "container", ID: "0123456789abcdef", Reason: "its entry is no object"}, topology.Gap{What: "container", Reason: "its entry was cut off"})
	return b.snapshot()
}

func everything(ix *topology.Index) *topology.Selection {
	sel, _ := ix.Select(nil, &topology.Filter{})
	return &sel
}

func draw(t testing.TB, write func(w *strings.Builder) error) string {
	t.Helper()
	var b strings.Builder
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
