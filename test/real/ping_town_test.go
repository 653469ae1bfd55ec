//go:build real

package real

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// town is a zoo for measuring who reaches whom.
type town struct {
	*zoo.Keeper
	t        *testing.T
	networks map[string]string // IDs by short name
	people   map[string]string // IDs of containers by short name
	order    []string          // of those that are up, by short name
	refused  map[string]string
	// beyond is the namespace outside, and server a process in it.
	beyond string
	server int
	bare   string // an image with one program
	// worker, where there is one, is another node of the engine's swarm.
	worker *zoo.Keeper
}

// outside is the address of a namespace behind the engine's, and gateOfOutside that of
// the engine's host there.
const (
	outside       = "203.0.113.9"
	gateOfOutside = "203.0.113.1"
)

// Where things listen: on all addresses, on loopback addresses only, on IPv6 only.
const (
	listenAll      = "httpd -f -p 80 -h /bin"
	listenLoopback = "httpd -f -p 127.0.0.1:80 -h /bin"
	listenNowhere  = "sleep 100000"
)

// buildTown makes one of every kind of place that a container can be in.
func buildTown(t *testing.T, e *zoo.Engine) *town {
	t.Helper()
	w := beginTown(t, e)
	w.openOutside()
	return w
}

func beginTown(t *testing.T, e *zoo.Engine) *town {
	t.Helper()
	bare := sleepingImage(t, e)
	w := &town{Keeper: keeper(t, e), t: t, networks: map[string]string{}, people: map[string]string{}, refused: map[string]string{}, bare: bare}
	w.makeNetworks()
	w.settle()
	return w
}

func (w *town) makeNetworks() {
	bridge := "com.docker.network.bridge."
	for short, n := range map[string]zoo.Network{
		"front": {},
		"back":  {},
		"inner": {Internal: true},
		"quiet": {Options: map[string]string{bridge + "enable_icc": "false"}},
		"six":   {IPv6: true, Subnet: []string{"10.217.90.0/24", "fd6e:6b74:90::/64"}},
	} {
		n.Name = w.Name(short)
		if len(n.Subnet) == 0 {
			n.Subnet = []string{fmt.Sprintf("10.217.%d.0/24", 10+len(w.networks))}
		}
		id, err := w.Network(w.t.Context(), &n)
		ok(w.t, err)
		w.networks[short] = id
	}
	if w.AtLeast("1.48") {
		id, err := w.Network(w.t.Context(), &zoo.Network{Name: w.Name("only-six"), IPv6: true, NoIPv4: true, Subnet: []string{"fd6e:6b74:91::/64"}})
		ok(w.t, err)
		w.networks["only-six"] = id
	}
	if !w.Podman {
		id, err := w.Network(w.t.Context(), &zoo.Network{Name: w.Name("mac"), Driver: "macvlan", Subnet: []string{"10.217.92.0/24"}, Options: map[string]string{"parent": "docker0"}})
		if zoo.Refused(err) {
			w.refused["mac"] = err.Error()
		} else {
			ok(w.t, err)
			w.networks["mac"] = id
		}
	}
}

func (w *town) settle() {
	on := func(short, network, command string, with ...func(*zoo.Container)) {
		if network != "" && network != "host" && network != "none" && !strings.HasPrefix(network, "container:") {
			if w.networks[network] == "" {
				return
			}
			network = w.Name(network)
		}
		c := &zoo.Container{Name: w.Name(short), Mode: network, Command: strings.Fields(command)}
		for _, add := range with {
			add(c)
		}
		w.run(short, c)
	}
	host := func(field string, value any) func(*zoo.Container) {
		return func(c *zoo.Container) {
			if c.HostConfig == nil {
				c.HostConfig = map[string]any{}
			}
			c.HostConfig[field] = value
		}
	}
	on("web", "front", listenAll, func(c *zoo.Container) { c.Aliases = []string{"www"} })
	on("api", "front", listenAll)
	w.connect("api", "back")
	on("db", "back", listenAll)
	on("loop", "back", listenLoopback)
	on("idle", "back", listenNowhere)
	at := func(place string) func(*zoo.Container) {
		return func(c *zoo.Container) { c.PublishAt = map[string]string{"80/tcp": place} }
	}
	on("inside-1", "inner", listenAll, at(fmt.Sprintf("0.0.0.0:%d", 20000+os.Getpid()%20000)))
	on("open", "back", listenAll, at("0.0.0.0:"))
	on("inside-2", "inner", listenNowhere)
	on("quiet-1", "quiet", listenAll)
	on("quiet-2", "quiet", listenAll)
	on("six-1", "six", listenAll)
	on("six-2", "six", listenAll)
	on("only-six-1", "only-six", listenAll)
	on("only-six-2", "only-six", listenAll)
	on("plain-1", "", listenAll)
	on("plain-2", "", listenAll, func(c *zoo.Container) {
		if !w.Podman { // which has no links
			host("Links", []string{w.Name("plain-1") + ":linked"})(c)
		}
	})
	on("hosted", "host", listenNowhere)
	on("hermit", "none", listenAll)
	on("mac-1", "mac", listenAll)
	on("mac-2", "mac", listenAll)
	if !w.Podman { // which takes nobody off that
		on("freed", "none", listenAll)
		ok(w.t, w.Disconnect(w.t.Context(), "none", w.people["freed"]))
		w.connect("freed", "front")
	}
	on("sharer", "container:"+w.people["web"], listenNowhere)
	on("public", "back", listenAll, func(c *zoo.Container) { c.Publish = []string{"80/tcp"} })
	on("reader", "front", listenAll, host("ReadonlyRootfs", true))
	on("bare", "front", "/sleep 100000", func(c *zoo.Container) { c.Image = w.bare })
	// Who asks another server than its neighbours, which has no names, still finds these.
	on("asker", "front", listenAll, host("Dns", []string{outside}))
	on("plain-asker", "", listenAll, host("Dns", []string{outside}))
	on("late", "six", listenAll, host("Sysctls", map[string]string{"net.ipv6.bindv6only": "1"})) // on IPv6 only
	on("nobody", "front", "sleep 100000", func(c *zoo.Container) { c.User = "65534:65534" })
	on("told", "front", listenNowhere, host("ExtraHosts", []string{"host.docker.internal:host-gateway"}))
	on("deaf", "front", listenAll)
	w.firewall("deaf", "-A", "INPUT", "-p", "icmp", "-j", "DROP")
	on("walled", "front", listenAll)
	w.firewall("walled", "-A", "INPUT", "-p", "tcp", "--dport", "80", "-j", "DROP")
	on("resting", "front", listenAll)
	w.act("resting", "pause")
	on("gone", "front", listenNowhere)
	w.act("gone", "stop?t=0")
	w.order = w.order[:len(w.order)-1]
}

func (w *town) run(short string, c *zoo.Container) {
	w.t.Helper()
	id, err := w.Run(w.t.Context(), c)
	if err != nil {
		w.t.Fatalf("%s: %v", short, err)
	}
	w.people[short] = id
	w.order = append(w.order, short)
}

func (w *town) connect(short, network string) {
	w.t.Helper()
	ok(w.t, w.Do(w.t.Context(), http.MethodPost, "/networks/"+url.PathEscape(w.networks[network])+"/connect", map[string]any{"Container": w.people[short]}, nil))
}

func (w *town) act(short, what string) {
	w.t.Helper()
	ok(w.t, w.Do(w.t.Context(), http.MethodPost, "/containers/"+w.people[short]+"/"+what, nil, nil))
}

// firewall adds a rule of iptables in a container's namespace.
func (w *town) firewall(short string, rule ...string) {
	w.t.Helper()
	inNamespace(w.t, w.people[short], append([]string{"iptables", "-w"}, rule...)...)
}

// openOutside makes a namespace behind the engine's, that stands for the outside.
func (w *town) openOutside() {
	w.t.Helper()
	name := fmt.Sprintf("nkout%d-%s", os.Getpid(), w.people["web"][:6])
	gate := "o" + w.people["web"][:8]
	shell(w.t, "ip", "netns", "add", name)
	w.t.Cleanup(func() {
		if said, err := exec.CommandContext(context.WithoutCancel(w.t.Context()), "ip", "netns", "del", name).CombinedOutput(); err != nil {
			w.t.Errorf("ip netns del %s: %v: %s", name, err, said)
		}
	})
	host := pidOf(w.t, w.people["hosted"])
	shell(w.t, "ip", "-n", name, "link", "add", "out0", "type", "veth", "peer", "name", gate)
	shell(w.t, "ip", "-n", name, "link", "set", gate, "netns", strconv.Itoa(host))
	shell(w.t, "ip", "-n", name, "link", "set", "lo", "up")
	shell(w.t, "ip", "-n", name, "addr", "add", outside+"/24", "dev", "out0")
	shell(w.t, "ip", "-n", name, "link", "set", "out0", "up")
	inNamespace(w.t, w.people["hosted"], "ip", "addr", "add", gateOfOutside+"/24", "dev", gate)
	inNamespace(w.t, w.people["hosted"], "ip", "link", "set", gate, "up")
	server := exec.CommandContext(w.t.Context(), "ip", "netns", "exec", name, "busybox", "httpd", "-f", "-p", "80", "-h", w.t.TempDir())
	ok(w.t, server.Start())
	w.beyond, w.server = name, server.Process.Pid
	w.t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
}

// pidOf is the machine's number of a process of a container, whatever namespace of
// processes the engine is in.
func pidOf(t *testing.T, id string) int {
	t.Helper()
	found, err := filepath.Glob("/proc/[0-9]*/cgroup")
	ok(t, err)
	for _, path := range found {
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), id) || strings.Contains(string(text), "conmon") {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		ok(t, err)
		return pid
	}
	t.Fatalf("no process of container %s", id)
	return 0
}

// inNamespace runs a program of the machine in a container's network namespace.
func inNamespace(t *testing.T, id string, args ...string) string {
	t.Helper()
	return shell(t, "nsenter", append([]string{"-t", strconv.Itoa(pidOf(t, id)), "-n"}, args...)...)
}

// tryInNamespace is the same of what may fail.
func tryInNamespace(ctx context.Context, pid int, args ...string) (string, error) {
	said, err := exec.CommandContext(ctx, "nsenter", append([]string{"-t", strconv.Itoa(pid), "-n"}, args...)...).CombinedOutput()
	return string(said), err
}

func shell(t *testing.T, name string, args ...string) string {
	t.Helper()
	said, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, said)
	}
	return string(said)
}
