package topology_test

import (
	"encoding/json"
	"net/netip"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestParseAddress(t *testing.T) {
	for _, test := range []struct {
		text, shown string
		ip          netip.Addr
		odd         bool
	}{
		{text: "", shown: ""},
		{text: "172.17.0.2", shown: "172.17.0.2", ip: netip.MustParseAddr("172.17.0.2")},
		{text: "fd00::2", shown: "fd00::2", ip: netip.MustParseAddr("fd00::2")},
		{text: "FD00:0:0:0::0002", shown: "fd00::2", ip: netip.MustParseAddr("fd00::2")},
		{text: "fe80::1%eth0", shown: "fe80::1%eth0", ip: netip.MustParseAddr("fe80::1%eth0")},
		{text: "fd05::1/112", shown: "fd05::1", ip: netip.MustParseAddr("fd05::1")},
		{text: "10.0.0.1/", shown: "10.0.0.1", ip: netip.MustParseAddr("10.0.0.1")},
		{text: "<nil>", shown: "<nil>", odd: true},
		{text: "invalid IP", shown: "invalid IP", odd: true},
		{text: "10.0.0.256", shown: "10.0.0.256", odd: true},
		{text: "/24", shown: "/24", odd: true},
		{text: " 10.0.0.1", shown: " 10.0.0.1", odd: true},
		{text: "\x1b[31m", shown: "\x1b[31m", odd: true},
	} {
		a := topology.ParseAddress(test.text)
		if a.String() != test.shown || a.IP() != test.ip || a.Odd() != test.odd || a.IsZero() != (test.text == "") {
			t.Errorf("ParseAddress(%q): shown %q, IP %v, odd %v, zero %v; want %+v", test.text, a, a.IP(), a.Odd(), a.IsZero(), test)
		}
		again(t, test.text, a, new(topology.Address))
	}
}

func TestParseSubnet(t *testing.T) {
	for _, test := range []struct {
		text, shown string
		prefix      netip.Prefix
		odd         bool
	}{
		{text: "", shown: ""},
		{text: "172.17.0.0/16", shown: "172.17.0.0/16", prefix: netip.MustParsePrefix("172.17.0.0/16")},
		{text: "172.17.0.9/16", shown: "172.17.0.9/16", prefix: netip.MustParsePrefix("172.17.0.9/16")},
		{text: "FD00:0::/64", shown: "fd00::/64", prefix: netip.MustParsePrefix("fd00::/64")},
		{text: "172.17.0.0", shown: "172.17.0.0", odd: true},
		{text: "172.17.0.0/33", shown: "172.17.0.0/33", odd: true},
		{text: "<nil>", shown: "<nil>", odd: true},
	} {
		s := topology.ParseSubnet(test.text)
		if s.String() != test.shown || s.Prefix() != test.prefix || s.Odd() != test.odd || s.IsZero() != (test.text == "") {
			t.Errorf("ParseSubnet(%q): shown %q, prefix %v, odd %v, zero %v; want %+v", test.text, s, s.Prefix(), s.Odd(), s.IsZero(), test)
		}
		again(t, test.text, s, new(topology.Subnet))
	}
}

// again wants a value to come back from JSON as it was, with the engine's text.
func again[T comparable](t *testing.T, text string, value T, back *T) {
	t.Helper()
	written, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var got string
	if err := json.Unmarshal(written, &got); err != nil || got != text {
		t.Errorf("%q is written as %s", text, written)
	}
	if err := json.Unmarshal(written, back); err != nil || *back != value {
		t.Errorf("%s is read as %v (%v), want %v", written, *back, err, value)
	}
}
