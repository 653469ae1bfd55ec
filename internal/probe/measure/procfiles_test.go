//go:build linux

package measure

import (
	"encoding/binary"
	"net/netip"
	"reflect"
	"slices"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// little tells that this machine has the byte order of what is written below.
var little = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

const routesV4 = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010012AC	0003	0	0	0	00000000	0	0	0
eth0	000012AC	00000000	0001	0	0	100	0000FFFF	0	0	0
lo	0000007F	00000000	0001	0	0	0	000000FF	0	0	0
eth0	000000E0	00000000	0001	0	0	0	000000F0	0	0	0
*	0000000A	00000000	0201	0	0	0	000000FF	0	0	0
`

func TestRoutesV4(t *testing.T) {
	if !little {
		t.Log("written on another kind of machine")
		return
	}
	got, err := parseRoutesV4(routesV4)
	want := []wire.Route{
		{Destination: netip.MustParsePrefix("0.0.0.0/0"), Gateway: netip.MustParseAddr("172.18.0.1"), Interface: "eth0"},
		{Destination: netip.MustParsePrefix("172.18.0.0/16"), Interface: "eth0", Metric: 100},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = parseRoutesV4("titles\neth0 00000000 010012AC\n" + routesV4[slices.Index([]byte(routesV4), '\n')+1:])
	if err == nil || !reflect.DeepEqual(got, want) {
		t.Errorf("with a line cut off: %+v, %v", got, err)
	}
}

const routesV6 = `fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000002 00000000 00000003     eth0
00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000003 00000000 80200001       lo
fd000000000000000000000000000002 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000002 00000000 80200001     eth0
ff000000000000000000000000000000 08 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000002 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`

func TestRoutesV6(t *testing.T) {
	got, err := parseRoutesV6(routesV6)
	const far = 1024
	want := []wire.Route{
		{Destination: netip.MustParsePrefix("fd00::/64"), Interface: "eth0", Metric: 256},
		{Destination: netip.MustParsePrefix("fe80::/64"), Interface: "eth0", Metric: 256},
		{Destination: netip.MustParsePrefix("::/0"), Gateway: netip.MustParseAddr("fd00::1"), Interface: "eth0", Metric: far},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

const (
	tcp4 = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51234 1 0000000000000000 100 0 0 10 0
   1: 0B00007F:8F0C 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51235 1 0000000000000000 100 0 0 10 0
   2: 020012AC:0050 030012AC:C001 01 00000000:00000000 00:00000000 00000000     0        0 51236 1 0000000000000000 20 4 30 10 -1
`
	udp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  101: 00000000000000000000000000000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 777 2 0000000000000000 0
  102: 00000000000000000000000001000000:0045 00000000000000000000000001000000:0046 01 00000000:00000000 00:00000000 00000000     0        0 778 2 0000000000000000 0
`
)

func TestSockets(t *testing.T) {
	if !little {
		t.Log("written on another kind of machine")
		return
	}
	got, err := parseSockets("tcp", tcp4)
	const web, dns = 8080, 53
	if err != nil || len(got) != 2 || got[0] != (socket{wire.Listener{Protocol: "tcp", Address: netip.MustParseAddr("127.0.0.1"), Port: web}, 51234}) || got[1].Address != engineResolver {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = parseSockets("udp", udp6)
	if err != nil || len(got) != 1 || got[0] != (socket{wire.Listener{Protocol: "udp", Address: netip.IPv6Unspecified(), Port: dns}, 777}) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := parseSockets("tcp", "titles\n 0: zz:1 x 0A 0 0 0 0 0 1\n"); err == nil || len(got) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestResolverFile(t *testing.T) {
	got := parseResolver("# made by docker\nnameserver 127.0.0.11\nnameserver fe80::1%eth0\n;x\ndomain one.example\nsearch a.example b.example\noptions ndots:0 edns0\nnameserver\n\noptions trust-ad\n")
	want := wire.Resolver{
		Servers: []string{"127.0.0.11", "fe80::1%eth0"},
		Search:  []string{"a.example", "b.example"},
		Options: []string{"ndots:0", "edns0", "trust-ad"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

// FuzzParsers holds that nothing the kernel or a peer sends ends the probe.
func FuzzParsers(f *testing.F) {
	for _, seed := range []string{routesV4, routesV6, tcp4, udp6, "E\x00\x00\x1c", "\x14\x00\x00\x00\x03\x00\x00\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text := string(data)
		v4, _ := parseRoutesV4(text)
		v6, _ := parseRoutesV6(text)
		for _, r := range append(v4, v6...) {
			if !r.Destination.IsValid() || r.Interface == "" {
				t.Errorf("no route: %+v", r)
			}
		}
		for _, protocol := range []string{"tcp", "udp"} {
			sockets, _ := parseSockets(protocol, text)
			for _, s := range sockets {
				if !s.Address.IsValid() || s.Port == 0 {
					t.Errorf("no listener: %+v", s)
				}
			}
		}
		parseResolver(text)
		_, _ = parseDiag(data, map[uint64]bool{})
		parseDiagSocket(data, map[uint64]bool{})
		parseExtendedError(data)
		var a arrival
		a.readControl(data)
		for _, p := range []pinger{{}, {v6: true}, {raw: true}, {raw: true, v6: true}} {
			p.parseReply(data, data, nil)
			p.parseFailure(icmpError{quoted: data})
		}
	})
}
