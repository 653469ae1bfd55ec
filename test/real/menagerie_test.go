//go:build real

package real

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// menagerie is a zoo for removals: of every network it is known how its
// containers were put on it, so that those that never ran can be made anew after
// they were started for a test.
type menagerie struct {
	*zoo.Keeper
	t        *testing.T
	networks map[string]string // IDs by short name
	animals  []*animal
	refused  map[string]string
	subnets  int // given out
	hostOnce sync.Once
	host     int // the machine's number of a process in the engine's own network
}

// animal is a container, and how it came to be as it is.
type animal struct {
	short string
	made  zoo.Container
	on    []place // further networks
	state string  // running, paused, restarting, exited, created
	id    string
	owner string // short name of the container whose network it shares
	left  string // network that it was made with, and taken off again
}

// place is a container's further network.
type place struct {
	network string // short name
	ipv4    string
	aliases []string
}

const listening = "httpd -f -p 80 -h /bin"

// buildMenagerie makes it. Where the engine refuses a kind, that is noted.
func buildMenagerie(t *testing.T, e *zoo.Engine) *menagerie {
	t.Helper()
	m := &menagerie{Keeper: keeper(t, e), t: t, networks: map[string]string{}, refused: map[string]string{}}
	m.makeNetworks()
	for _, a := range m.inhabitants() {
		m.settle(a)
	}
	return m
}

func (m *menagerie) makeNetworks() {
	compose := map[string]string{"com.docker.compose.project": m.Name("shop"), "com.docker.compose.network": "front"}
	for short, n := range map[string]zoo.Network{
		"front":   {Labels: compose},
		"back":    {Internal: true, Subnet: []string{"10.214.1.0/24"}},
		"mixed":   {},
		"waiting": {},
		"lonely":  {Subnet: []string{"10.214.2.0/24"}},
		"six":     {IPv6: true, Subnet: []string{"10.214.3.0/24", "fd6e:6b74:2::/64"}},
		"gaps":    {Subnet: []string{"10.214.4.0/24"}},
		"options": {Subnet: []string{"10.214.5.0/24"}, Options: map[string]string{"com.docker.network.driver.mtu": "1400"}, Labels: map[string]string{"a": "b c"}},
		"unused":  {},
		"plain":   {},
		"second":  {},
		"looping": {},
		"left":    {},
	} {
		n.Name = m.Name(short)
		m.fixed(&n)
		m.networks[short] = m.must(m.Network(m.t.Context(), &n))
	}
	m.rareNetworks()
}

// fixed gives a network a subnet of its own: one that the engine chose would be
// given to another test's network as soon as it is free.
func (m *menagerie) fixed(n *zoo.Network) {
	if len(n.Subnet) == 0 && n.ConfigFrom == "" {
		m.subnets++
		n.Subnet = []string{fmt.Sprintf("10.214.%d.0/24", 100+m.subnets)}
	}
}

// rareNetworks are those that not every engine makes.
func (m *menagerie) rareNetworks() {
	attempt := func(short string, n zoo.Network) {
		if n.Name == "" {
			n.Name = m.Name(short)
		}
		m.fixed(&n)
		id, err := m.Network(m.t.Context(), &n)
		if zoo.Refused(err) {
			m.refused[short] = err.Error()
			return
		}
		m.networks[short] = m.must(id, err)
	}
	if !m.Podman { // has no device at hand for macvlan, and passes over what config-only is for
		attempt("macvlan", zoo.Network{Driver: "macvlan", Subnet: []string{"10.214.6.0/24"}, Options: map[string]string{"parent": "docker0"}})
		attempt("config", zoo.Network{ConfigOnly: true, Subnet: []string{"10.214.7.0/24"}})
		attempt("configured", zoo.Network{ConfigFrom: m.Name("config")})
	}
	attempt("twin", zoo.Network{})
	attempt("twin-2", zoo.Network{Name: m.Name("twin"), Twin: true})
}

// inhabitants are at least 30, in every state and mode.
func (m *menagerie) inhabitants() []*animal {
	http80 := strings.Fields(listening)
	all := []*animal{
		{short: "web", state: "running", made: zoo.Container{Mode: "front", Publish: []string{"80/tcp"}, Command: http80, Aliases: []string{"www"}}},
		{short: "web-two", state: "running", made: zoo.Container{Mode: "front", Publish: []string{"80/tcp"}, Command: http80}, on: []place{{network: "mixed"}}},
		{short: "web-inside", state: "running", made: zoo.Container{Mode: "back", Publish: []string{"80/tcp"}, Command: http80}, on: []place{{network: "front"}}},
		{short: "web-outside", state: "running", made: zoo.Container{Mode: "plain", Publish: []string{"80/tcp"}, Command: http80}, on: []place{{network: "back"}}},
		{short: "web-closed", state: "running", made: zoo.Container{Mode: "back", Publish: []string{"80/tcp"}, Command: http80}},
		{short: "web-default", state: "running", made: zoo.Container{Publish: []string{"80/tcp"}, Command: http80}, on: []place{{network: "plain", aliases: []string{"also"}}}},
		{short: "api", state: "running", made: zoo.Container{Mode: "front", Aliases: []string{"backend"}}, on: []place{{network: "back", ipv4: "10.214.1.77", aliases: []string{"api.internal", "data"}}}},
		{short: "db", state: "exited", made: zoo.Container{Mode: "back", IPv4: "10.214.1.78", Aliases: []string{"data"}}},
		{short: "db-two", state: "exited", made: zoo.Container{Mode: "back", IPv4: "10.214.1.79"}, on: []place{{network: "mixed", aliases: []string{"db.mixed"}}}},
		{short: "mixed-1", state: "running", made: zoo.Container{Mode: "mixed"}},
		{short: "mixed-2", state: "paused", made: zoo.Container{Mode: "mixed", Aliases: []string{"sleeper"}}},
		{short: "mixed-3", state: "exited", made: zoo.Container{Mode: "mixed"}},
		{short: "mixed-4", state: "created", made: zoo.Container{Mode: "mixed"}},
		{short: "waits-name", state: "created", made: zoo.Container{Mode: "waiting", Aliases: []string{"waiter"}}},
		{short: "waits-two", state: "created", made: zoo.Container{Mode: "waiting"}, on: []place{{network: "second"}}},
		{short: "lonely-1", state: "exited", made: zoo.Container{Mode: "lonely", IPv4: "10.214.2.9", Aliases: []string{"l1"}}},
		{short: "lonely-2", state: "exited", made: zoo.Container{Mode: "lonely"}, on: []place{{network: "second"}}},
		{short: "lonely-3", state: "created", made: zoo.Container{Mode: "lonely"}},
		{short: "lonely-4", state: "exited", made: zoo.Container{Mode: "plain"}, on: []place{{network: "lonely", ipv4: "10.214.2.19"}}},
		{short: "six-1", state: "running", made: zoo.Container{Mode: "six"}},
		{short: "six-2", state: "exited", made: zoo.Container{Mode: "six", IPv4: "10.214.3.44"}},
		{short: "gap-1", state: "running", made: zoo.Container{Mode: "gaps"}},
		{short: "gap-2", state: "exited", made: zoo.Container{Mode: "gaps"}},
		{short: "gap-3", state: "running", made: zoo.Container{Mode: "gaps"}},
		{short: "gap-4", state: "running", made: zoo.Container{Mode: "gaps", IPv4: "10.214.4.9"}},
		{short: "opts-1", state: "running", made: zoo.Container{Mode: "options", MAC: "02:42:0a:d6:05:99"}},
		{short: "opts-2", state: "exited", made: zoo.Container{Mode: "options"}},
		{short: "plain-1", state: "running", made: zoo.Container{Mode: "plain"}, on: []place{{network: "second"}}},
		{short: "second-1", state: "running", made: zoo.Container{Mode: "second"}, on: []place{{network: "front"}, {network: "plain"}}},
		{short: "host", state: "running", made: zoo.Container{Mode: "host"}},
		{short: "none", state: "running", made: zoo.Container{Mode: "none"}},
		{short: "none-stopped", state: "exited", made: zoo.Container{Mode: "none"}},
		{short: "on-bridge", state: "exited", made: zoo.Container{}},
		{short: "sharer", state: "running", owner: "api"},
		{short: "sharer-stopped", state: "exited", owner: "api"},
		{short: "sharer-created", state: "created", owner: "api"},
		{short: "sharer-of-stopped", state: "created", owner: "db"},
	}
	for _, state := range []string{"running", "exited"} {
		all = append(all, &animal{short: "left-" + state, state: state, left: "left", made: zoo.Container{Mode: "left"}, on: []place{{network: "second"}}})
	}
	if !m.Podman { // has no such state: it starts the container again at once, without end
		all = append(all, &animal{short: "restarting", state: "restarting", made: zoo.Container{Mode: "looping", Command: []string{"sh", "-c", "exit 1"}, Restart: "always"}})
	}
	if m.networks["macvlan"] != "" {
		all = append(all, &animal{short: "macvlaner", state: "running", made: zoo.Container{Mode: "macvlan"}})
	}
	if m.networks["configured"] != "" {
		all = append(all, &animal{short: "configured-1", state: "running", made: zoo.Container{Mode: "configured"}})
	}
	if m.networks["twin-2"] != "" {
		all = append(all,
			&animal{short: "twin-1", state: "running", on: []place{{network: "twin"}}},
			&animal{short: "twin-2-1", state: "running", on: []place{{network: "twin-2"}}})
	}
	return all
}

// settle makes a container and brings it into its state.
func (m *menagerie) settle(a *animal) {
	m.t.Helper()
	ctx := m.t.Context()
	c := a.made
	c.Name = m.Name(a.short)
	switch {
	case a.owner != "":
		c.Mode = "container:" + m.animal(a.owner).id
	case m.networks[c.Mode] != "":
		c.Mode = m.Name(c.Mode)
	}
	if m.animal(a.short) == nil {
		m.animals = append(m.animals, a)
	}
	a.id = m.must(m.Create(ctx, &c))
	connect := func() {
		for _, p := range a.on {
			m.ok(m.Connect(ctx, m.networks[p.network], a.id, p.ipv4, p.aliases...))
		}
		if a.left != "" {
			m.ok(m.Disconnect(ctx, m.networks[a.left], a.id))
		}
	}
	if strings.HasPrefix(a.short, "twin") {
		// An engine with two networks of one name starts none that was made for
		// either, be it by ID, and connects by ID those that run.
		m.ok(m.Start(ctx, a.id))
		connect()
		return
	}
	connect()
	if a.state != "created" {
		m.start(a)
	}
	m.rest(a)
}

// start starts it, after the container whose network it shares.
func (m *menagerie) start(a *animal) { m.t.Helper(); m.ok(m.Start(m.t.Context(), a.id)) }

// rest brings a container that was started into its state, or makes one anew
// that is never to have run.
func (m *menagerie) rest(a *animal) {
	m.t.Helper()
	ctx := m.t.Context()
	switch a.state {
	case "paused":
		if m.stateOf(a) == "running" {
			m.ok(m.Pause(ctx, a.id))
		}
	case "exited":
		m.ok(m.Stop(ctx, a.id))
	case "created":
		if m.stateOf(a) != "created" {
			m.ok(m.RemoveContainer(ctx, a.id))
			m.settle(a)
		}
	}
}

func (m *menagerie) stateOf(a *animal) string {
	m.t.Helper()
	return m.must(m.ContainerState(m.t.Context(), a.id))
}

func (m *menagerie) animal(short string) *animal {
	for _, a := range m.animals {
		if a.short == short {
			return a
		}
	}
	return nil
}

func (m *menagerie) byID(id string) *animal {
	for _, a := range m.animals {
		if a.id == id {
			return a
		}
	}
	return nil
}

func (m *menagerie) must(id string, err error) string {
	m.t.Helper()
	m.ok(err)
	return id
}

func (m *menagerie) ok(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// attachedTo is what an engine has of a container, asked for by itself.
type attachedTo struct {
	State      struct{ Status string }
	HostConfig struct {
		NetworkMode  string
		PortBindings map[string]any
	}
	NetworkSettings struct {
		Ports    map[string][]struct{ HostIP, HostPort string }
		Networks map[string]struct {
			NetworkID, IPAddress, GlobalIPv6Address, MacAddress string
			Aliases                                             []string
			IPAMConfig                                          *struct{ IPv4Address string }
		}
	}
}

func (m *menagerie) inspect(a *animal) *attachedTo {
	m.t.Helper()
	var c attachedTo
	m.ok(m.Do(m.t.Context(), http.MethodGet, "/containers/"+a.id+"/json", nil, &c))
	return &c
}

// facts are what a container has on each network, in words: what it asks for,
// and while it is up, what it has.
func (m *menagerie) facts(a *animal) []string {
	m.t.Helper()
	c := m.inspect(a)
	var facts []string
	if a.owner != "" {
		return nil // Podman writes there what the owner has
	}
	for _, name := range slices.Sorted(maps.Keys(c.NetworkSettings.Networks)) {
		n := c.NetworkSettings.Networks[name]
		aliases := slices.DeleteFunc(slices.Clone(n.Aliases), func(alias string) bool { return strings.HasPrefix(a.id, alias) })
		slices.Sort(aliases)
		text := fmt.Sprintf("%s on %s as %q", a.short, strings.TrimPrefix(name, m.Prefix), slices.Compact(aliases))
		if n.IPAMConfig != nil && n.IPAMConfig.IPv4Address != "" {
			text += " asks for " + n.IPAMConfig.IPv4Address
		}
		if a.state == "running" || a.state == "paused" {
			text += fmt.Sprintf(" has %s %s", n.IPAddress, n.GlobalIPv6Address)
			if m.keepsMACs() && (a.short != "opts-1" || m.keepsStaticMACs()) {
				text += " " + n.MacAddress
			}
		}
		facts = append(facts, text)
	}
	return facts
}

// keepsMACs tells that a container which is connected again can have the MAC
// that it had: engines derive it from the address, or take it when connecting.
// From Docker 28 to API 1.53 it is a random one, and connecting takes none.
func (m *menagerie) keepsMACs() bool { return m.Podman || !m.AtLeast("1.48") || m.AtLeast("1.54") }

// keepsStaticMACs tells that this is so for one that the user chose, too.
func (m *menagerie) keepsStaticMACs() bool {
	return m.Podman || !m.AtLeast("1.44") || m.AtLeast("1.54")
}

// answers tells for each published port of a container whether it answers, as
// seen from the engine's host.
func (m *menagerie) answers(a *animal) map[string]bool {
	m.t.Helper()
	found := map[string]bool{}
	for _, bindings := range m.inspect(a).NetworkSettings.Ports {
		for _, b := range bindings {
			found[b.HostPort] = m.answersAt(b.HostPort)
		}
	}
	return found
}

// answersAt asks, for two seconds at most (Podman holds a port that leads nowhere
// open, so that a connection comes about and nothing on it), from the engine's own
// network.
func (m *menagerie) answersAt(port string) bool {
	m.t.Helper()
	m.hostOnce.Do(func() { m.host = pidOf(m.t, m.animal("host").id) })
	for range 2 { // a port that was programmed just now may need a moment
		if m.speaksHTTP(port) {
			return true
		}
	}
	return false
}

func (m *menagerie) speaksHTTP(port string) bool {
	const opened, answered = time.Second, 2 * time.Second
	ctx, cancel := context.WithTimeout(m.t.Context(), opened)
	defer cancel()
	conn, err := within(m.host, func() (net.Conn, error) { return new(net.Dialer).DialContext(ctx, "tcp4", "127.0.0.1:"+port) })
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(answered))
	begins := make([]byte, len("HTTP"))
	_, err = io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n")
	if err == nil {
		_, err = io.ReadFull(conn, begins)
	}
	return err == nil && string(begins) == "HTTP"
}

// unpin puts a container anew on networks that it asks for an address of only
// since restore did, so that one removal does not bear on the next.
func (m *menagerie) unpin(a *animal) {
	m.t.Helper()
	if a.owner != "" || a.state == "restarting" {
		return
	}
	asked := map[string]place{a.made.Mode: {network: a.made.Mode, ipv4: a.made.IPv4, aliases: a.made.Aliases}}
	for _, p := range a.on {
		asked[p.network] = p
	}
	for name, n := range m.inspect(a).NetworkSettings.Networks {
		p, ours := asked[strings.TrimPrefix(name, m.Prefix)]
		if ours && m.networks[p.network] != "" && p.ipv4 == "" && n.IPAMConfig != nil && n.IPAMConfig.IPv4Address != "" {
			m.ok(m.Disconnect(m.t.Context(), m.networks[p.network], a.id))
			m.ok(m.Connect(m.t.Context(), m.networks[p.network], a.id, "", p.aliases...))
		}
	}
}

// starts tells whether the engine starts a container; one that runs is stopped
// first. A refusal for another reason than networks fails the test.
func (m *menagerie) starts(a *animal) error {
	m.t.Helper()
	ctx := m.t.Context()
	switch m.stateOf(a) {
	case "paused":
		m.ok(m.Resume(ctx, a.id))
		fallthrough
	case "running", "restarting":
		m.ok(m.Stop(ctx, a.id))
	}
	err := m.Start(ctx, a.id)
	if err != nil && (!zoo.Refused(err) || !strings.Contains(err.Error(), "network") && !strings.Contains(err.Error(), "container")) {
		m.t.Errorf("%s does not start for another reason: %v", a.short, err)
	}
	return err
}
