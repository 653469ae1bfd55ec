package removal

import (
	"fmt"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestDerived(t *testing.T) {
	for _, test := range []struct {
		mac, ip string
		want    bool
	}{
		{"02:42:ac:14:00:03", "172.20.0.3", true},
		{"02:42:AC:14:00:03", "172.20.0.3", true},
		{"02:42:ac:14:00:03", "172.20.0.4", false},
		{"de:ad:be:ef:00:03", "172.20.0.3", false},
		{"", "172.20.0.3", false},
		{"02:42:ac:14:00:03", "", false},
		{"02:42:ac:14:00:03", "fd00::3", false},
		{"02:42:ac:14:00:03", "rubbish", false},
	} {
		equal(t, test.mac+" "+test.ip, derived(test.mac, topology.ParseAddress(test.ip)), test.want)
	}
}

func TestMACsOn(t *testing.T) {
	for _, test := range []struct {
		engine topology.Engine
		want   macUse
	}{
		{topology.Engine{Product: topology.ProductPodman, API: "1.41"}, takesMACs},
		{topology.Engine{Product: topology.ProductDocker, API: "1.41"}, keepsMACs},
		{topology.Engine{Product: topology.ProductDocker, API: "1.53"}, losesMACs},
		{topology.Engine{Product: topology.ProductDocker, API: "1.54"}, takesMACs},
		{topology.Engine{Product: topology.ProductDocker, API: "1.100"}, takesMACs},
		{topology.Engine{Product: topology.ProductDocker}, losesMACs},
		{topology.Engine{API: "1.54"}, takesMACs},
	} {
		equal(t, fmt.Sprintf("%+v", test.engine), macsOn(&test.engine), test.want)
	}
}

// having is an attachment with these addresses.
func having(ip4, ip6, mac string) topology.Attachment {
	return topology.Attachment{IPv4: topology.ParseAddress(ip4), IPv6: topology.ParseAddress(ip6), MAC: mac}
}

func TestAskedFor(t *testing.T) {
	const chosen, derivedOf2, derivedOf3 = "aa:00:00:00:00:01", "02:42:0a:00:00:02", "02:42:0a:00:00:03"
	for _, test := range []struct {
		name     string
		was, now topology.Attachment
		mac      bool
		want     string // the addresses that are asked for
	}{
		{"all is the same", having("10.0.0.2", "fd00::2", chosen), having("10.0.0.2", "fd00::2", chosen), true, ""},
		{"another way of writing it", having("10.0.0.2", "fd00:0::2", ""), having("10.0.0.2", "fd00::2", ""), true, ""},
		{"another IPv4 address", having("10.0.0.2", "fd00::2", ""), having("10.0.0.3", "fd00::2", ""), false, "10.0.0.2"},
		{"another IPv6 address", having("10.0.0.2", "fd00::2", ""), having("10.0.0.2", "fd00::3", ""), false, "fd00::2"},
		{"both others", having("10.0.0.2", "fd00::2", ""), having("10.0.0.3", "fd00::3", ""), false, "10.0.0.2 fd00::2"},
		{"it had none", having("", "", ""), having("10.0.0.3", "fd00::3", chosen), true, ""},
		{"another MAC", having("10.0.0.2", "", chosen), having("10.0.0.2", "", derivedOf2), true, chosen},
		{"another MAC, where none can be asked for", having("10.0.0.2", "", chosen), having("10.0.0.2", "", derivedOf2), false, ""},
		{"a MAC that comes with the address", having("10.0.0.2", "", derivedOf2), having("10.0.0.3", "", derivedOf3), true, "10.0.0.2"},
		{"a MAC that does not", having("10.0.0.2", "", chosen), having("10.0.0.3", "", derivedOf3), true, "10.0.0.2 " + chosen},
	} {
		exact, differs := askedFor(topology.EndpointConfig{Aliases: []string{"www"}}, &test.was, &test.now, test.mac)
		got := ""
		for _, text := range []string{exact.IPv4.String(), exact.IPv6.String(), exact.MAC} {
			if text != "" && got != "" {
				got += " "
			}
			got += text
		}
		equal(t, test.name, got, test.want)
		equal(t, test.name+": differs", differs, test.want != "")
		equal(t, test.name+": the rest", exact.Aliases, []string{"www"})
	}
}

func TestLacking(t *testing.T) {
	fixed := having("10.0.0.2", "", "aa:00:00:00:00:01")
	fixed.StaticMAC = fixed.MAC
	for _, test := range []struct {
		name     string
		was, now topology.Attachment
		want     []string
	}{
		{"nothing", having("10.0.0.2", "fd00::2", ""), having("10.0.0.2", "fd00::2", ""), nil},
		{"it had nothing", having("", "", ""), having("10.0.0.2", "", ""), nil},
		{"another address", having("10.0.0.2", "", ""), having("10.0.0.3", "", ""), []string{"10.0.0.2 (it has 10.0.0.3)"}},
		{"no address", having("10.0.0.2", "fd00::2", ""), having("10.0.0.2", "", ""), []string{"fd00::2"}},
		{"a MAC of the engine's", having("10.0.0.2", "", "aa:00:00:00:00:01"), having("10.0.0.2", "", "aa:00:00:00:00:02"), nil},
		{"a MAC of the user's", fixed, having("10.0.0.2", "", "aa:00:00:00:00:02"), []string{"aa:00:00:00:00:01 (it has aa:00:00:00:00:02)"}},
	} {
		done := lacking(Attached{Name: "web", Lacks: []string{"said before"}}, &test.was, &test.now)
		equal(t, test.name, done.Lacks, test.want)
		equal(t, test.name+": of", done.Name, "web")
	}
}
