//go:build real && linux

package measure

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// These tests need root, ip and iptables. They make three namespaces: one that
// is measured from, a router, and what is behind it.
//
//	a 10.99.1.2 ── 10.99.1.1 r 10.99.2.1 ── 10.99.2.2 … b, with an MTU of 1400
//	  fd99:1::2 ── fd99:1::1   fd99:2::1 ── fd99:2::2

// play names the part that this program is to play in a namespace.
const play = "NETKIT_TEST_PLAY"

func TestMain(m *testing.M) {
	switch os.Getenv(play) {
	case "":
		os.Exit(m.Run())
	case "probe":
		if err := Run(context.Background(), os.Stdin, os.Stdout); err != nil { //nolint:forbidigo // it is the program here
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "servers":
		serve()
	}
}

// lab is the three namespaces.
type lab struct {
	t       *testing.T
	a, r, b string
}

func newLab(t *testing.T) *lab {
	t.Helper()
	// Not of the process's number: another of that number may have left some.
	tag := "nk" + strings.ToLower(rand.Text()[:8])
	l := &lab{t: t, a: tag + "a", r: tag + "r", b: tag + "b"}
	for _, name := range []string{l.a, l.r, l.b} {
		l.ip("netns", "add", name)
		t.Cleanup(func() { _ = exec.CommandContext(context.Background(), "ip", "netns", "del", name).Run() })
		l.ip("-n", name, "link", "set", "lo", "up")
		l.ip("netns", "exec", name, "sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.all.accept_dad=0")
	}
	l.ip("netns", "exec", l.r, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1", "net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0", "net.ipv4.icmp_msgs_per_sec=100000")
	l.ip("-n", l.a, "link", "add", "eth0", "type", "veth", "peer", "name", "eth1", "netns", l.r)
	l.ip("-n", l.b, "link", "add", "eth0", "type", "veth", "peer", "name", "eth2", "netns", l.r)
	l.ip("-n", l.b, "link", "set", "eth0", "mtu", "1400")
	l.ip("-n", l.r, "link", "set", "eth2", "mtu", "1400")
	for _, w := range []struct{ ns, dev, v4, v6 string }{
		{l.a, "eth0", "10.99.1.2/24", "fd99:1::2/64"},
		{l.r, "eth1", "10.99.1.1/24", "fd99:1::1/64"},
		{l.r, "eth2", "10.99.2.1/24", "fd99:2::1/64"},
		{l.b, "eth0", "10.99.2.2/24", "fd99:2::2/64"},
	} {
		l.ip("-n", w.ns, "addr", "add", w.v4, "dev", w.dev)
		l.ip("-n", w.ns, "addr", "add", w.v6, "dev", w.dev, "nodad")
		l.ip("-n", w.ns, "link", "set", w.dev, "up")
	}
	for last := 3; last <= 9; last++ {
		l.ip("-n", l.b, "addr", "add", fmt.Sprintf("10.99.2.%d/24", last), "dev", "eth0")
	}
	l.ip("-n", l.a, "route", "add", "10.99.2.0/24", "via", "10.99.1.1")
	l.ip("-n", l.a, "route", "add", "fd99:2::/64", "via", "fd99:1::1")
	l.ip("-n", l.b, "route", "add", "default", "via", "10.99.2.1")
	l.ip("-n", l.b, "route", "add", "default", "via", "fd99:2::1")
	l.pingGroup("0 2147483647")
	return l
}

func (l *lab) ip(args ...string) {
	l.t.Helper()
	if said, err := exec.CommandContext(l.t.Context(), "ip", args...).CombinedOutput(); err != nil {
		l.t.Fatalf("ip %s: %v\n%s", strings.Join(args, " "), err, said)
	}
}

func (l *lab) pingGroup(to string) {
	l.ip("netns", "exec", l.a, "sysctl", "-qw", "net.ipv4.ping_group_range="+to)
}

func (l *lab) filter(ns, rule string) {
	l.t.Helper()
	l.ip(append([]string{"netns", "exec", ns, "iptables"}, strings.Fields(rule)...)...)
}

// as is this program in a namespace, in a part, perhaps behind another program.
func (l *lab) as(ns, part string, behind ...string) *exec.Cmd {
	l.t.Helper()
	self, err := os.Executable()
	if err != nil {
		l.t.Fatal(err)
	}
	args := append(append([]string{"netns", "exec", ns}, behind...), self)
	cmd := exec.CommandContext(l.t.Context(), "ip", args...)
	cmd.Env = append(os.Environ(), play+"="+part)
	cmd.Stderr = os.Stderr
	return cmd
}

// probe starts a probe in the namespace a.
func (l *lab) probe(behind ...string) *talk {
	l.t.Helper()
	cmd := l.as(l.a, "probe", behind...)
	in, err := cmd.StdinPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	return newTalk(l.t, in, out)
}

// servers starts what listens in the namespace b: see serve.
func (l *lab) servers() {
	l.t.Helper()
	cmd := l.as(l.b, "servers")
	in, err := cmd.StdinPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	if _, err := io.ReadFull(out, make([]byte, 1)); err != nil {
		l.t.Fatal(err)
	}
}

// serve listens until its input ends: TCP that stays open on 1001, that is
// closed at once on 1002; UDP that says the same again on 1003; DNS on 53.
func serve() {
	listen := func(port string, with func(net.Conn)) {
		listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", ":"+port)
		if err != nil {
			panic(err)
		}
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				go with(conn)
			}
		}()
	}
	listen("1001", func(c net.Conn) { _, _ = io.Copy(c, c); _ = c.Close() })
	listen("1002", func(c net.Conn) { _ = c.Close() })
	answer := func(port string, with func([]byte) []byte) {
		conn, err := new(net.ListenConfig).ListenPacket(context.Background(), "udp", "10.99.2.2:"+port)
		if err != nil {
			panic(err)
		}
		go func() {
			data := make([]byte, 1<<16)
			for {
				n, from, err := conn.ReadFrom(data)
				if err != nil {
					return
				}
				if back := with(data[:n]); back != nil {
					_, _ = conn.WriteTo(back, from)
				}
			}
		}()
	}
	answer("1003", func(data []byte) []byte { return data })
	answer("53", name)
	_, _ = os.Stdout.WriteString("\n")   //nolint:forbidigo // it is the program here
	_, _ = io.Copy(io.Discard, os.Stdin) //nolint:forbidigo // it is the program here
}

// name answers a DNS question by the first label: "four" has an IPv4 address,
// "none" does not exist, "broken" fails, and "mute" gets no answer.
func name(question []byte) []byte {
	const header, refusalNXDomain, refusalServFail = 12, 3, 2
	at := header
	for question[at] != 0 {
		at += int(question[at]) + 1
	}
	kind := binary.BigEndian.Uint16(question[at+1:])
	back := append([]byte{}, question[:at+5]...)
	back[2], back[3] = 0x81, 0x80
	binary.BigEndian.PutUint64(back[4:], 1<<48) // one question, nothing else
	switch first := string(question[header+1 : header+1+int(question[header])]); first {
	case "mute":
		return nil
	case "none":
		back[3] |= refusalNXDomain
	case "broken":
		back[3] |= refusalServFail
	case "four":
		if kind == 1 {
			back[7] = 1
			back = append(back, 0xc0, header, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 10, 99, 2, 2)
		}
	}
	return back
}

func TestEchoThroughARouter(t *testing.T) {
	l := newLab(t)
	l.filter(l.r, "-A FORWARD -d 10.99.2.3 -j DROP")
	l.filter(l.r, "-A FORWARD -d 10.99.2.4 -j REJECT --reject-with icmp-admin-prohibited")
	l.filter(l.a, "-A OUTPUT -d 10.99.2.5 -j DROP")
	for _, sockets := range []string{"0 2147483647", "1 0"} {
		raw := sockets == "1 0"
		t.Run(map[bool]string{false: "datagram", true: "raw"}[raw], func(t *testing.T) {
			l.t = t
			l.pingGroup(sockets)
			p := l.probe()
			for _, c := range []struct {
				to      string
				outcome wire.Outcome
				from    string
			}{
				{"10.99.2.2", wire.Reached, ""},
				{"fd99:2::2", wire.Reached, ""},
				{"10.99.1.77", wire.Unreachable, "10.99.1.2"},
				{"10.99.2.77", wire.Unreachable, "10.99.1.1"},
				{"fd99:2::77", wire.Unreachable, "fd99:1::1"},
				{"10.99.2.3", wire.Silent, ""},
				{"10.99.2.4", wire.Prohibited, "10.99.1.1"},
				{"10.99.2.5", wire.Prohibited, ""},
				{"192.0.2.1", wire.NoRoute, ""},
				{"2001:db8::1", wire.NoRoute, ""},
			} {
				id := p.ask(wire.Request{Kind: wire.Echo, Address: netip.MustParseAddr(c.to), Count: 2, Interval: 10 * time.Millisecond, Timeout: 5 * time.Second})
				t.Run(c.to, func(t *testing.T) {
					replies, last := p.all(id)
					e := last.Echoes
					if e == nil || e.Outcome != c.outcome || e.Raw != raw || e.Sent != 2 || len(replies) != 2 {
						t.Fatalf("%d replies, %+v, %+v", len(replies), last, e)
					}
					if c.from != "" && e.From != netip.MustParseAddr(c.from) {
						t.Errorf("from %s", e.From)
					}
					if c.outcome == wire.Reached {
						const hops = 63
						if r := replies[0].Reply; r.TTL != hops || r.Size != usualSize || r.From != netip.MustParseAddr(c.to) || e.Received != 2 || e.Min <= 0 || e.Duplicates != 0 {
							t.Errorf("%+v, %+v", r, e)
						}
						if !e.Source.IsValid() {
							t.Error("no source")
						}
					}
				})
			}
		})
	}
}

func TestEchoNotPermitted(t *testing.T) {
	l := newLab(t)
	l.pingGroup("1 0")
	p := l.probe("setpriv", "--bounding-set", "-net_raw", "--inh-caps", "-net_raw")
	_, last := p.all(p.ask(wire.Request{Kind: wire.Echo, Address: netip.MustParseAddr("10.99.2.2"), Count: 1}))
	if !strings.Contains(last.Failure, wire.NotPermitted) {
		t.Errorf("%+v", last)
	}
}

func TestEchoLoss(t *testing.T) {
	l := newLab(t)
	l.filter(l.r, "-A FORWARD -d 10.99.2.6 -p icmp -m statistic --mode nth --every 5 --packet 0 -j DROP")
	p := l.probe()
	const count, lost = 100, 20
	id := p.ask(wire.Request{Kind: wire.Echo, Address: netip.MustParseAddr("10.99.2.6"), Count: count, Interval: 5 * time.Millisecond, Timeout: 3 * time.Second})
	replies, last := p.all(id)
	if e := last.Echoes; e == nil || e.Sent != count || e.Received != count-lost || len(replies) != count {
		t.Errorf("%d replies, %+v", len(replies), last.Echoes)
	}
}

// TestAccuracy compares with busybox ping, which has been right for long. What a
// busy machine adds, it does not add to each: the more there are, the closer is the
// least of them to the truth.
func TestAccuracy(t *testing.T) {
	l := newLab(t)
	p := l.probe()
	const close, rounds = 0.1, 10 // ms
	ours, theirs := math.Inf(1), math.Inf(1)
	for range rounds {
		_, last := p.all(p.ask(wire.Request{Kind: wire.Echo, Address: netip.MustParseAddr("10.99.2.2"), Count: 40, Interval: 20 * time.Millisecond, Timeout: time.Second}))
		said, err := exec.CommandContext(t.Context(), "ip", "netns", "exec", l.a, "busybox", "ping", "-q", "-c", "40", "-i", "0.02", "10.99.2.2").Output()
		if err != nil {
			t.Fatal(err)
		}
		_, line, _ := strings.Cut(string(said), "min/avg/max = ")
		var least, mean float64
		if _, err := fmt.Sscanf(line, "%f/%f/", &least, &mean); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		ours, theirs = min(ours, float64(last.Echoes.Min)/float64(time.Millisecond)), min(theirs, least)
		t.Logf("least: ours %.3f ms, ping's %.3f ms; mean: %.3f and %.3f", ours, theirs, float64(last.Echoes.Avg)/float64(time.Millisecond), mean)
		if math.Abs(ours-theirs) <= close {
			return
		}
	}
	t.Errorf("ours %.3f ms, ping's %.3f ms", ours, theirs)
}

func TestConnectThroughARouter(t *testing.T) {
	l := newLab(t)
	l.servers()
	l.filter(l.r, "-A FORWARD -d 10.99.2.3 -j DROP")
	l.filter(l.r, "-A FORWARD -d 10.99.2.4 -j REJECT --reject-with icmp-host-prohibited")
	l.filter(l.a, "-A OUTPUT -d 10.99.2.5 -j DROP")
	p := l.probe()
	for _, c := range []struct {
		to      string
		linger  time.Duration
		outcome wire.Outcome
	}{
		{"10.99.2.2:1001", 100 * time.Millisecond, wire.Reached},
		{"[fd99:2::2]:1001", 0, wire.Reached},
		{"10.99.2.2:1002", time.Second, wire.Closed},
		{"10.99.2.2:1", 0, wire.Refused},
		{"10.99.2.3:1001", 0, wire.Silent},
		{"10.99.2.4:1001", 0, wire.Prohibited},
		{"10.99.2.5:1001", 0, wire.Silent}, // TCP tries again where the own firewall drops
		{"10.99.2.77:1001", 0, wire.Unreachable},
		{"10.99.1.77:1001", 0, wire.Unreachable},
		{"192.0.2.1:1001", 0, wire.NoRoute},
		{"[2001:db8::1]:1001", 0, wire.NoRoute},
	} {
		to := netip.MustParseAddrPort(c.to)
		id := p.ask(wire.Request{Kind: wire.Connect, Address: to.Addr(), Port: to.Port(), Linger: c.linger, Timeout: 5 * time.Second})
		t.Run(c.to, func(t *testing.T) {
			_, last := p.all(id)
			if last.Connection == nil || last.Connection.Outcome != c.outcome {
				t.Errorf("%+v, %+v", last, last.Connection)
			}
		})
	}
	for _, c := range []struct {
		to      string
		outcome wire.Outcome
	}{
		{"10.99.2.2:1003", wire.Reached},
		{"10.99.2.2:1", wire.Refused},
		{"10.99.2.3:1", wire.Silent},
		{"10.99.2.4:1", wire.Prohibited},
		{"10.99.2.5:1", wire.Prohibited},
		{"10.99.2.77:1", wire.Unreachable},
		{"192.0.2.1:1", wire.NoRoute},
	} {
		to := netip.MustParseAddrPort(c.to)
		id := p.ask(wire.Request{Kind: wire.Datagram, Address: to.Addr(), Port: to.Port(), Data: []byte("hello"), Timeout: 5 * time.Second})
		t.Run("udp "+c.to, func(t *testing.T) {
			_, last := p.all(id)
			if last.Datagram == nil || last.Datagram.Outcome != c.outcome || (c.outcome == wire.Reached && string(last.Datagram.Data) != "hello") {
				t.Errorf("%+v, %+v", last, last.Datagram)
			}
		})
	}
}

// dropped is a request that takes as long as this, where what goes to 10.99.2.3 is
// dropped.
func dropped(long time.Duration) wire.Request {
	return wire.Request{Kind: wire.Connect, Address: netip.MustParseAddr("10.99.2.3"), Port: 1001, Timeout: long}
}

func TestPathMTU(t *testing.T) {
	l := newLab(t)
	l.filter(l.r, "-A FORWARD -d 10.99.2.3 -j DROP")
	expect := func(t *testing.T, p *talk, to string, outcome wire.Outcome, path int) {
		t.Helper()
		const limit, late, device = time.Second, 5 * time.Second, 1500
		reference := p.ask(dropped(late))
		id := p.ask(wire.Request{Kind: wire.PathMTU, Address: netip.MustParseAddr(to), Timeout: limit})
		_, last := p.all(id)
		if m := last.PathMTU; m == nil || m.Outcome != outcome || m.Path != path || (m.Interface != device && outcome != wire.NoRoute) {
			t.Errorf("%s: %+v, %+v", to, last, last.PathMTU)
		}
		if !p.sooner(id, reference) {
			t.Errorf("%s took more than %s", to, late)
		}
	}
	p := l.probe()
	const path, device = 1400, 1500
	expect(t, p, "10.99.1.1", wire.Reached, device)
	expect(t, p, "10.99.2.2", wire.Reached, path)
	p.all(p.ask(wire.Request{Kind: wire.Echo, Address: netip.MustParseAddr("fd99:2::2"), Count: 1}))
	expect(t, p, "fd99:2::2", wire.Reached, path)
	expect(t, p, "10.99.2.3", wire.Silent, 0)
	expect(t, p, "192.0.2.1", wire.NoRoute, 0)
	// A router that says nothing: the black hole.
	l.filter(l.r, "-A OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP")
	l.ip("netns", "exec", l.r, "ip6tables", "-A", "OUTPUT", "-p", "icmpv6", "--icmpv6-type", "packet-too-big", "-j", "DROP")
	expect(t, p, "10.99.2.7", wire.Reached, path)
	expect(t, p, "fd99:2::2", wire.Reached, path)
}

func TestEchoTooBig(t *testing.T) {
	l := newLab(t)
	p := l.probe()
	_, last := p.all(p.ask(wire.Request{Kind: wire.Echo, Address: netip.MustParseAddr("10.99.2.2"), Count: 1, Size: 1450, Timeout: time.Second}))
	if e := last.Echoes; e == nil || e.Outcome != wire.TooBig || e.From != netip.MustParseAddr("10.99.1.1") {
		t.Errorf("%+v", last.Echoes)
	}
}

func TestResolve(t *testing.T) {
	l := newLab(t)
	l.servers()
	l.filter(l.r, "-A FORWARD -d 10.99.2.3 -j DROP")
	conf := filepath.Join("/etc/netns", l.a)
	if err := os.MkdirAll(conf, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = os.RemoveAll(conf)
		_ = os.Remove(filepath.Dir(conf)) // where nobody else has any
	})
	type want struct {
		four, six wire.Outcome
		server    string
	}
	for server, names := range map[string]map[string]want{
		"10.99.2.2": {
			"four.example":  {wire.Reached, wire.Reached, "10.99.2.2:53"},
			"four.example.": {wire.Reached, wire.Reached, "10.99.2.2:53"},
			"none.example":  {wire.NotFound, wire.NotFound, "10.99.2.2:53"},
			"broken.":       {wire.ServerFailed, wire.ServerFailed, "10.99.2.2:53"},
			"mute.example":  {wire.Silent, wire.Silent, "10.99.2.2:53"},
			"localhost":     {wire.Reached, wire.Reached, ""},
			"10.99.2.9":     {wire.Reached, wire.Reached, ""},
			"bad name":      {wire.NotFound, wire.NotFound, ""},
		},
		"10.99.1.1": {"four.example": {wire.Refused, wire.Refused, "10.99.1.1:53"}},
		"192.0.2.1": {"four.example": {wire.NoRoute, wire.NoRoute, "192.0.2.1:53"}},
	} {
		if err := os.WriteFile(filepath.Join(conf, "resolv.conf"), []byte("nameserver "+server+"\noptions ndots:0\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		p := l.probe()
		for name, w := range names {
			// What is answered has all the time that a busy machine may take. What is
			// not, is given up before the resolver would by itself, after 5 s.
			const limit, late, never = 1500 * time.Millisecond, 4 * time.Second, time.Minute
			request := wire.Request{Kind: wire.Resolve, Name: name, Timeout: never}
			if w.four == wire.Silent {
				request.Timeout = limit
			}
			reference := p.ask(dropped(late))
			id := p.ask(request)
			_, last := p.all(id)
			if r := last.Resolution; r == nil || r.IPv4.Outcome != w.four || r.IPv6.Outcome != w.six || r.IPv4.Server != w.server {
				t.Errorf("%s at %s: %+v, %+v", name, server, last, r)
			}
			if w.four == wire.Silent && !p.sooner(id, reference) {
				t.Errorf("%s at %s took more than %s", name, server, late)
			}
		}
	}
}

func TestDescribe(t *testing.T) {
	l := newLab(t)
	p := l.probe()
	_, last := p.all(p.ask(wire.Request{Kind: wire.Describe}))
	n := last.Namespace
	if n == nil || len(n.Unread) > 0 {
		t.Fatalf("%+v", last)
	}
	var routes []string
	for _, r := range n.Routes {
		routes = append(routes, r.Destination.String()+" "+r.Interface)
	}
	const want = "10.99.1.0/24 eth0, 10.99.2.0/24 eth0, fd99:1::/64 eth0, fd99:2::/64 eth0, fe80::/64 eth0"
	if got := strings.Join(routes, ", "); got != want {
		t.Errorf("the routes are %s", got)
	}
}
