package render

import (
	"reflect"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestPublished(t *testing.T) {
	tcp := func(first, count, host uint16, ip string) topology.Ports {
		return topology.Ports{First: first, Count: count, Protocol: "tcp", HostPort: host, HostIP: topology.ParseAddress(ip)}
	}
	udp := tcp(53, 0, 53, "0.0.0.0")
	udp.Protocol = "udp"
	for _, test := range []struct {
		name  string
		ports []topology.Ports
		want  []string
	}{
		{"none", nil, nil},
		{"exposed only", []topology.Ports{tcp(80, 0, 0, "")}, nil},
		{"one", []topology.Ports{tcp(80, 0, 8080, "0.0.0.0")}, []string{"0.0.0.0:8080->80/tcp"}},
		{"of all addresses, as Podman says it", []topology.Ports{tcp(80, 0, 8080, "")}, []string{"*:8080->80/tcp"}},
		{"of both families", []topology.Ports{tcp(80, 0, 8080, "0.0.0.0"), tcp(80, 0, 8080, "::")}, []string{"*:8080->80/tcp"}},
		{"of both families, six first", []topology.Ports{tcp(80, 0, 8080, "::"), tcp(80, 0, 8080, "0.0.0.0")}, []string{"*:8080->80/tcp"}},
		{"of six only", []topology.Ports{tcp(80, 0, 8080, "::")}, []string{"[::]:8080->80/tcp"}},
		{"of six, and another of four", []topology.Ports{tcp(80, 0, 8081, "::"), tcp(80, 0, 8080, "0.0.0.0")}, []string{"[::]:8081->80/tcp", "0.0.0.0:8080->80/tcp"}},
		{"of one address", []topology.Ports{tcp(80, 0, 80, "192.0.2.1"), tcp(80, 0, 80, "2001:db8::1")}, []string{"192.0.2.1:80->80/tcp", "[2001:db8::1]:80->80/tcp"}},
		{"a run", []topology.Ports{tcp(7000, 10, 17000, "0.0.0.0")}, []string{"0.0.0.0:17000-17009->7000-7009/tcp"}},
		{"the last ports", []topology.Ports{tcp(65534, 2, 65534, "0.0.0.0")}, []string{"0.0.0.0:65534-65535->65534-65535/tcp"}},
		{"two protocols", []topology.Ports{tcp(53, 0, 53, "0.0.0.0"), udp}, []string{"0.0.0.0:53->53/tcp", "0.0.0.0:53->53/udp"}},
		{"one twice", []topology.Ports{tcp(80, 0, 80, ""), tcp(80, 0, 80, "")}, []string{"*:80->80/tcp"}},
		{"of an odd address", []topology.Ports{tcp(80, 0, 80, "\x1b[31m")}, []string{`"\x1b[31m":80->80/tcp`}},
	} {
		if got := Published(test.ports); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestAddresses(t *testing.T) {
	parse := topology.ParseAddress
	for _, test := range []struct {
		attachment topology.Attachment
		want       []string
	}{
		{topology.Attachment{}, nil},
		{topology.Attachment{IPv4: parse("10.0.0.2")}, []string{"10.0.0.2"}},
		{topology.Attachment{IPv4: parse("10.0.0.2"), IPv6: parse("fd00::2")}, []string{"10.0.0.2", "fd00::2"}},
		{topology.Attachment{IPv4: parse("10.0.0.2"), Static4: parse("10.0.0.2")}, []string{"10.0.0.2"}},
		{topology.Attachment{Static4: parse("10.0.0.2")}, []string{"10.0.0.2 on start"}},
		{topology.Attachment{Static4: parse("10.0.0.2"), Static6: parse("fd00::2")}, []string{"10.0.0.2 on start", "fd00::2 on start"}},
		{topology.Attachment{IPv4: parse("\x1b[2J")}, []string{`"\x1b[2J"`}},
	} {
		if got := addresses(&test.attachment); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%+v: got %q, want %q", test.attachment, got, test.want)
		}
	}
}

func TestMarks(t *testing.T) {
	for _, test := range []struct {
		network topology.Network
		want    string
	}{
		{topology.Network{}, ""},
		{topology.Network{Name: "x", Driver: "bridge", Scope: "local", IPv4: topology.Yes}, "bridge"},
		{topology.Network{Name: "bridge", Driver: "bridge", Scope: "local"}, "bridge, default"},
		{topology.Network{Name: "x", Driver: "overlay", Scope: "swarm", Attachable: true, Internal: true}, "overlay, swarm scope, internal, attachable"},
		{topology.Network{Name: "ingress", Driver: "overlay", Scope: "swarm", Ingress: true}, "overlay, swarm scope, ingress"},
		{topology.Network{Name: "x", Driver: "bridge", ConfigOnly: true}, "bridge, config only"},
		{topology.Network{Name: "x", Driver: "macvlan", ConfigFrom: "a\nb"}, `macvlan, config from "a\nb"`},
		{topology.Network{Name: "x", Driver: "bridge", IPv4: topology.No, IPv6: true}, "bridge, no ipv4, ipv6"},
		{topology.Network{Name: "x", Driver: "\x1b[31m"}, `"\x1b[31m"`},
	} {
		if got := marks(&test.network); got != test.want {
			t.Errorf("%+v: got %s, want %s", test.network, got, test.want)
		}
	}
}

func TestListing(t *testing.T) {
	names := []string{"a", "b", "c"}
	for most, want := range map[int]string{3: "a, b, c", 4: "a, b, c", 2: "a, b +1", 1: "a +2"} {
		if got := listing(names, most); got != want {
			t.Errorf("listing of %d: got %s, want %s", most, got, want)
		}
	}
	if got := listing(nil, 3); got != "" {
		t.Errorf("listing of nothing: %s", got)
	}
	if plural(1, "gap") != "1 gap" || plural(0, "gap") != "0 gaps" || plural(2, "gap") != "2 gaps" {
		t.Error("plural counts wrong")
	}
}
