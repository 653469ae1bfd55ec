//go:build real

package real

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// doctorCase is a case of one check, made on a real engine.
type doctorCase struct {
	// lacks says why an engine cannot have the case; empty where it can.
	lacks func(e *zoo.Engine) string
	// fake is the script of cmd/docker-netkit in which the fake engine has it, where no
	// real engine can be made to.
	fake string
	// fires makes what is to be found, and silent what is like it and well. They give
	// the names or IDs of what the finding is, or would be, about.
	fires, silent func(z *doctorZoo) []string
	// starts tells that the finding says of containers that they do not start; they are
	// started, to see whether it is true.
	starts bool
}

func docker(e *zoo.Engine) string {
	if e.Podman {
		return "Podman has no such thing"
	}
	return ""
}

// from is for what Docker does from one major version on, and until for what it does up
// to one.
func from(version int, why string) func(*zoo.Engine) string {
	return func(e *zoo.Engine) string {
		if e.Podman || major(e) < version {
			return why
		}
		return ""
	}
}

func until(version int, why string) func(*zoo.Engine) string {
	return func(e *zoo.Engine) string {
		if e.Podman || major(e) > version {
			return why
		}
		return ""
	}
}

func lacking(why string) func(*zoo.Engine) string { return func(*zoo.Engine) string { return why } }

var doctorCases = map[string]doctorCase{
	"network-gone": {
		starts: true,
		fires: func(z *doctorZoo) []string {
			lost := z.net("lost", zoo.Network{})
			id := z.stopped("loser", zoo.Container{Mode: z.Name("lost")})
			z.drop(lost)
			return []string{id}
		},
		silent: func(z *doctorZoo) []string {
			z.net("kept", zoo.Network{})
			return []string{z.stopped("keeps", zoo.Container{Mode: z.Name("kept")})}
		},
	},
	"external-network-missing": {
		starts: true,
		lacks: func(e *zoo.Engine) string {
			return strings.ReplaceAll(docker(e), "has no such thing", "has such a container hold the network's ID, so that it is network-gone")
		},
		fires: func(z *doctorZoo) []string {
			proxy := z.net("proxy", zoo.Network{})
			id := z.down("external", zoo.Container{Mode: z.Name("proxy"), Labels: z.project("web", "app")})
			z.drop(proxy)
			return []string{id}
		},
		silent: func(z *doctorZoo) []string {
			z.net("gateway", zoo.Network{})
			return []string{z.down("outer", zoo.Container{Mode: z.Name("gateway"), Labels: z.project("web", "app")})}
		},
	},
	"network-mode-gone": {
		starts: true,
		lacks:  from(26, "it does not look up the network mode"),
		fires: func(z *doctorZoo) []string {
			var ids []string
			second := z.net("second", zoo.Network{})
			for _, by := range []string{"name", "id"} {
				mode := z.net("mode-"+by, zoo.Network{})
				as := z.Name("mode-" + by)
				if by == "id" {
					as = mode
				}
				id := z.up("modal-"+by, zoo.Container{Mode: as})
				z.join(second, id)
				z.leave(mode, id)
				z.stop(id)
				z.drop(mode)
				ids = append(ids, id)
			}
			return ids
		},
		silent: func(z *doctorZoo) []string {
			first, second := z.net("first", zoo.Network{}), z.net("other", zoo.Network{})
			id := z.up("moved-on", zoo.Container{Mode: z.Name("first")})
			z.join(second, id)
			z.leave(first, id)
			z.stop(id)
			return []string{id}
		},
	},
	"network-ambiguous": {
		starts: true,
		lacks:  until(24, "it lets no two networks have one name"),
		fires: func(z *doctorZoo) []string {
			return []string{z.down("chooser", zoo.Container{Mode: z.Name("twin")})} // two have it: duplicate-network-name
		},
		silent: func(z *doctorZoo) []string {
			z.net("single", zoo.Network{})
			return []string{z.down("sure", zoo.Container{Mode: z.Name("single")})}
		},
	},
	"owner-gone": {
		starts: true,
		lacks: func(e *zoo.Engine) string {
			return strings.ReplaceAll(docker(e), "has no such thing", "keeps such an owner")
		},
		fires: func(z *doctorZoo) []string {
			owner := z.up("mortal", zoo.Container{})
			id := z.down("orphan", zoo.Container{Mode: "container:" + owner})
			ok(z.t, z.RemoveContainer(z.t.Context(), owner))
			return []string{id}
		},
		silent: func(z *doctorZoo) []string {
			owner := z.stopped("parent", zoo.Container{})
			return []string{z.down("child", zoo.Container{Mode: "container:" + owner})}
		},
	},
	"owner-not-starting": {
		starts: true,
		lacks: func(e *zoo.Engine) string {
			return strings.ReplaceAll(docker(e), "has no such thing", "shows whom a container shares with only while that one runs")
		},
		fires: func(z *doctorZoo) []string {
			lost := z.net("also-lost", zoo.Network{})
			owner := z.stopped("lame", zoo.Container{Mode: z.Name("also-lost")})
			id := z.down("leaner", zoo.Container{Mode: "container:" + owner})
			z.drop(lost)
			return []string{id}
		},
		silent: func(z *doctorZoo) []string {
			z.net("good", zoo.Network{})
			owner := z.stopped("sound", zoo.Container{Mode: z.Name("good")})
			return []string{z.down("relies", zoo.Container{Mode: "container:" + owner})}
		},
	},
	"address-outside": {
		starts: true,
		lacks: func(e *zoo.Engine) string {
			return strings.ReplaceAll(docker(e), "has no such thing", "does not tell the address that a stopped container asks for")
		},
		fires: func(z *doctorZoo) []string {
			n := z.net("moved", zoo.Network{Subnet: []string{"10.215.1.0/24"}})
			id := z.down("outsider", zoo.Container{Mode: z.Name("moved"), IPv4: "10.215.1.9"})
			z.drop(n)
			z.net("moved", zoo.Network{Subnet: []string{"10.215.2.0/24"}})
			return []string{id}
		},
		silent: func(z *doctorZoo) []string {
			z.net("stays", zoo.Network{Subnet: []string{"10.215.3.0/24"}})
			return []string{z.down("insider", zoo.Container{Mode: z.Name("stays"), IPv4: "10.215.3.9"})}
		},
	},
	"namespace-left": {
		fires: func(z *doctorZoo) []string {
			z.net("shared", zoo.Network{})
			again, away := z.up("again", zoo.Container{Mode: z.Name("shared")}), z.up("away", zoo.Container{Mode: z.Name("shared")})
			ids := []string{z.up("left-1", zoo.Container{Mode: "container:" + again}), z.up("left-2", zoo.Container{Mode: "container:" + away})}
			z.restart(again)
			z.stop(away)
			for _, id := range ids {
				if said := inNamespace(z.t, id, "ip", "-o", "-4", "address"); strings.Count(said, "\n") != 1 {
					z.t.Errorf("a container that was left has more than loopback: %s", said)
				}
			}
			return ids
		},
		silent: func(z *doctorZoo) []string {
			z.net("shares", zoo.Network{})
			owner := z.up("owner", zoo.Container{Mode: z.Name("shares")})
			id := z.up("follows", zoo.Container{Mode: "container:" + owner})
			z.restart(owner)
			z.restart(id)
			return []string{id}
		},
	},
	"no-network": {
		lacks: func(e *zoo.Engine) string {
			return strings.ReplaceAll(docker(e), "has no such thing", "does not tell a container on no network from one that is to have none")
		},
		fires: func(z *doctorZoo) []string {
			n := z.net("alone", zoo.Network{})
			id := z.up("loner", zoo.Container{Mode: z.Name("alone")})
			z.leave(n, id)
			return []string{id}
		},
		silent: func(z *doctorZoo) []string { return []string{z.up("none", zoo.Container{Mode: "none"}), z.host} },
	},
	"restarting-needs-network": {
		lacks: func(e *zoo.Engine) string {
			return strings.ReplaceAll(docker(e), "has no such thing", "starts it again at once, without end, so that it is never seen restarting")
		},
		fires: func(z *doctorZoo) []string {
			z.net("looping", zoo.Network{})
			return []string{z.looper("looper", "looping")}
		},
		silent: func(z *doctorZoo) []string {
			if z.Podman {
				return []string{z.up("calm", zoo.Container{})}
			}
			z.net("held", zoo.Network{})
			z.up("holder", zoo.Container{Mode: z.Name("held")})
			return []string{z.looper("looper", "held")}
		},
	},
	"stale-endpoint": {
		fake: "doctor.txtar", lacks: lacking("an engine that is killed leaves endpoints by chance only"),
		silent: func(z *doctorZoo) []string { return []string{z.net("clean", zoo.Network{})} },
	},
	"duplicate-network-name": {
		lacks: until(24, "it lets no two networks have one name"),
		fires: func(z *doctorZoo) []string {
			one := z.net("twin", zoo.Network{})
			return []string{one, z.net("twin", zoo.Network{Twin: true})}
		},
		silent: func(z *doctorZoo) []string {
			return []string{z.net("like", zoo.Network{}), z.net("like-2", zoo.Network{})}
		},
	},
	"default-bridge-names": {
		fires: func(z *doctorZoo) []string {
			one := z.up("bridged-1", zoo.Container{Labels: z.project("old", "one")})
			return []string{one, z.up("bridged-2", zoo.Container{Labels: z.project("old", "two")})}
		},
		silent: func(z *doctorZoo) []string {
			n := z.net("meeting", zoo.Network{})
			var ids []string
			for _, short := range []string{"met-1", "met-2"} {
				id := z.up(short, zoo.Container{Labels: z.project("met", short)})
				z.join(n, id)
				ids = append(ids, id)
			}
			return ids
		},
	},
	"subnet-overlap": {
		lacks: lacking("engines refuse it but for overlays: see TestDoctorSwarm"),
		silent: func(z *doctorZoo) []string {
			one := z.net("lower", zoo.Network{Subnet: []string{"10.215.4.0/25"}})
			return []string{one, z.net("upper", zoo.Network{Subnet: []string{"10.215.4.128/25"}})}
		},
	},
	"subnet-overlaps-host": {
		fires: func(z *doctorZoo) []string {
			id := z.net("vpn", zoo.Network{Subnet: []string{"10.215.5.0/24"}})
			z.up("on-vpn", zoo.Container{Mode: z.Name("vpn")}) // Podman makes the bridge with the first
			z.card("wg0")
			z.on("ip", "route", "add", "10.215.4.0/22", "dev", "wg0")
			return []string{id}
		},
		silent: func(z *doctorZoo) []string {
			id := z.net("free", zoo.Network{Subnet: []string{"10.215.8.0/24"}})
			z.up("on-free", zoo.Container{Mode: z.Name("free")})
			z.card("wg1")
			z.on("ip", "route", "add", "10.215.9.0/24", "dev", "wg1")
			return []string{id}
		},
	},
	"address-pools-used-up": {lacks: lacking("it is about the engine as a whole: see TestDoctorPools")},
	"subnet-full": {
		starts: true,
		fires: func(z *doctorZoo) []string {
			id := z.net("small", zoo.Network{Subnet: []string{"10.215.10.0/29"}})
			for i := range 5 { // of eight, less the gateway's and the two at the ends
				z.up(fmt.Sprint("small-", i), zoo.Container{Mode: z.Name("small")})
			}
			z.down("small-5", zoo.Container{Mode: z.Name("small")})
			return []string{id}
		},
		silent: func(z *doctorZoo) []string {
			id := z.net("roomy", zoo.Network{Subnet: []string{"10.215.11.0/29"}})
			for i := range 4 {
				z.up(fmt.Sprint("roomy-", i), zoo.Container{Mode: z.Name("roomy")})
			}
			last := z.down("roomy-4", zoo.Container{Mode: z.Name("roomy")})
			if !z.starts(last) {
				z.t.Error("the fifth container on a subnet of 8 addresses does not start")
			}
			z.stop(last)
			return []string{id}
		},
	},
	"published-to-all": {
		fires: func(z *doctorZoo) []string {
			z.net("open", zoo.Network{})
			return []string{
				z.up("sql", zoo.Container{Mode: z.Name("open"), PublishAt: map[string]string{"5432/tcp": ":" + z.port()}}),
				z.up("site", zoo.Container{Mode: z.Name("open"), PublishAt: map[string]string{"80/tcp": ":" + z.port()}}),
			}
		},
		silent: func(z *doctorZoo) []string {
			z.net("closed", zoo.Network{})
			return []string{z.up("sql", zoo.Container{Mode: z.Name("closed"), PublishAt: map[string]string{"5432/tcp": "127.0.0.1:" + z.port()}})}
		},
	},
	"internal-published": {
		fires: func(z *doctorZoo) []string {
			z.net("inner", zoo.Network{Internal: true})
			return []string{z.up("inside", zoo.Container{Mode: z.Name("inner"), PublishAt: map[string]string{"80/tcp": ":" + z.port()}})}
		},
		silent: func(z *doctorZoo) []string {
			n := z.net("outward", zoo.Network{})
			z.net("inward", zoo.Network{Internal: true})
			both := z.down("both", zoo.Container{Mode: z.Name("inward"), PublishAt: map[string]string{"80/tcp": "127.0.0.1:" + z.port()}})
			z.join(n, both)
			ok(z.t, z.Start(z.t.Context(), both))
			return []string{both, z.up("no-port", zoo.Container{Mode: z.Name("inward")})}
		},
	},
	"port-conflict": {
		starts: true,
		fires: func(z *doctorZoo) []string {
			z.net("ports", zoo.Network{})
			port := z.port()
			z.up("new", zoo.Container{Mode: z.Name("ports"), PublishAt: map[string]string{"80/tcp": "127.0.0.1:" + port}})
			return []string{z.down("old", zoo.Container{Mode: z.Name("ports"), PublishAt: map[string]string{"80/tcp": ":" + port}})}
		},
		silent: func(z *doctorZoo) []string {
			z.net("apart", zoo.Network{})
			port := z.port()
			z.up("blue", zoo.Container{Mode: z.Name("apart"), PublishAt: map[string]string{"80/tcp": "127.0.0.1:" + port}})
			id := z.down("green", zoo.Container{Mode: z.Name("apart"), PublishAt: map[string]string{"80/tcp": "127.0.0.2:" + port}})
			if !z.starts(id) {
				z.t.Error("a port of another address keeps a container from starting")
			}
			z.stop(id)
			return []string{id}
		},
	},
	"mtu-mismatch": {
		fires: func(z *doctorZoo) []string {
			wide, slim := z.net("wide", zoo.Network{Options: map[string]string{"com.docker.network.driver.mtu": "1500"}}), z.net("slim", zoo.Network{Options: map[string]string{"com.docker.network.driver.mtu": "1300"}})
			z.join(slim, z.up("relay", zoo.Container{Mode: z.Name("wide")}))
			z.card("out0", "mtu", "1400")
			z.on("ip", "address", "add", "10.215.12.1/24", "dev", "out0")
			z.on("ip", "route", "add", "default", "via", "10.215.12.2")
			return []string{wide}
		},
		silent: func(z *doctorZoo) []string {
			fitting := z.net("fitting", zoo.Network{Options: map[string]string{"com.docker.network.driver.mtu": "1400"}})
			z.up("fits", zoo.Container{Mode: z.Name("fitting")})
			z.card("out1", "mtu", "1400")
			z.on("ip", "address", "add", "10.215.13.1/24", "dev", "out1")
			z.on("ip", "route", "add", "default", "via", "10.215.13.2")
			return []string{fitting}
		},
	},
	"macvlan-parent": {
		starts: true,
		lacks: func(e *zoo.Engine) string {
			return strings.ReplaceAll(docker(e), "has no such thing", "does not tell the parent")
		},
		fires: func(z *doctorZoo) []string {
			z.card("card0")
			id := z.net("no-card", zoo.Network{Driver: "macvlan", Subnet: []string{"10.215.14.0/24"}, Options: map[string]string{"parent": "card0"}})
			z.down("cardless", zoo.Container{Mode: z.Name("no-card")})
			z.on("ip", "link", "del", "card0")
			return []string{id}
		},
		silent: func(z *doctorZoo) []string {
			if z.Podman { // does not tell the parent, so that it could not be looked at
				return []string{z.net("bridge-like", zoo.Network{})}
			}
			z.card("card1")
			return []string{z.net("carded", zoo.Network{Driver: "macvlan", Subnet: []string{"10.215.15.0/24"}, Options: map[string]string{"parent": "card1"}})}
		},
	},
	"macvlan-host": {
		fires: func(z *doctorZoo) []string {
			z.card("card2")
			id := z.net("wire", zoo.Network{Driver: "macvlan", Subnet: []string{"10.215.16.0/24"}, Options: map[string]string{"parent": "card2"}})
			z.up("wired", zoo.Container{Mode: z.Name("wire")})
			return []string{id}
		},
		silent: func(z *doctorZoo) []string {
			z.card("card3")
			n := z.net("also", zoo.Network{})
			id := z.net("cable", zoo.Network{Driver: "macvlan", Subnet: []string{"10.215.17.0/24"}, Options: map[string]string{"parent": "card3"}})
			z.join(n, z.up("reached", zoo.Container{Mode: z.Name("cable")}))
			return []string{id}
		},
	},
	"icc-off": {
		lacks: docker,
		fires: func(z *doctorZoo) []string {
			id := z.net("strangers", zoo.Network{Options: map[string]string{"com.docker.network.bridge.enable_icc": "false"}})
			z.up("stranger-1", zoo.Container{Mode: z.Name("strangers")})
			z.up("stranger-2", zoo.Container{Mode: z.Name("strangers")})
			return []string{id}
		},
		silent: func(z *doctorZoo) []string {
			id := z.net("hermitage", zoo.Network{Options: map[string]string{"com.docker.network.bridge.enable_icc": "false"}})
			z.up("hermit", zoo.Container{Mode: z.Name("hermitage")})
			return []string{id}
		},
	},
	"ip-forward-off": {
		fires: func(z *doctorZoo) []string {
			z.net("outgoing", zoo.Network{})
			z.up("goes-out", zoo.Container{Mode: z.Name("outgoing")})
			z.late = append(z.late, func() { z.setting("net.ipv4.ip_forward", "0") })
			return nil
		},
		silent: func(*doctorZoo) []string { return nil },
	},
	"ipv6-forward-off": {
		fires: func(z *doctorZoo) []string {
			id := z.net("six", zoo.Network{IPv6: true, Subnet: []string{"10.215.18.0/24", "fd6e:6b75:1::/64"}})
			z.up("sixth", zoo.Container{Mode: z.Name("six")})
			z.late = append(z.late, func() { z.setting("net.ipv6.conf.all.forwarding", "0") })
			return []string{id}
		},
		silent: func(z *doctorZoo) []string {
			id := z.net("six", zoo.Network{IPv6: true, Subnet: []string{"10.215.19.0/24", "fd6e:6b75:2::/64"}})
			z.up("sixth", zoo.Container{Mode: z.Name("six")})
			return []string{id}
		},
	},
	"bridge-filter-off": {
		lacks: docker,
		fires: func(z *doctorZoo) []string {
			id := z.net("leaky", zoo.Network{Options: map[string]string{"com.docker.network.bridge.enable_icc": "false"}})
			z.late = append(z.late, func() { z.setting("net.bridge.bridge-nf-call-iptables", "0") })
			return []string{id}
		},
		silent: func(z *doctorZoo) []string {
			return []string{z.net("tight", zoo.Network{Options: map[string]string{"com.docker.network.bridge.enable_icc": "false"}})}
		},
	},
	"engine-warning": {
		fake: "doctor_faults.txtar", lacks: lacking("no warning of networks that other checks leave can be had without starting the engine otherwise"),
		silent: func(*doctorZoo) []string { return nil },
	},
	"engine-too-old": {
		lacks: func(e *zoo.Engine) string {
			if e.Podman {
				return docker(e)
			}
			return until(26, "it is new enough")(e)
		},
		fires: func(z *doctorZoo) []string {
			var ids []string
			for i := range 2 {
				short := fmt.Sprint("six-", i)
				ids = append(ids, z.net(short, zoo.Network{IPv6: true, Subnet: []string{fmt.Sprintf("10.215.2%d.0/24", i), fmt.Sprintf("fd6e:6b75:3%d::/64", i)}}))
				z.up("by-"+short, zoo.Container{Mode: z.Name(short)})
			}
			return ids
		},
		silent: func(z *doctorZoo) []string { // the one that ipv6-forward-off makes is alone
			return []string{z.net("four", zoo.Network{})}
		},
	},
	"overlay-without-swarm": {
		fake: "doctor_overlay.txtar", lacks: lacking("an engine that leaves its swarm leaves an overlay behind by chance only"),
		silent: func(z *doctorZoo) []string { return []string{z.net("no-overlay", zoo.Network{})} },
	},
	"overlay-encrypted": {lacks: lacking("it takes a swarm: see TestDoctorSwarm")},
	"service-address":   {lacks: lacking("it takes a swarm: see TestDoctorSwarm")},
	"compose-label-mismatch": {
		fires: func(z *doctorZoo) []string {
			id := z.up("front-1", zoo.Container{Labels: z.project("shop", "front")})
			second := time.Now().Truncate(time.Second)
			ok(z.t, zoo.Until(z.t.Context(), "the next second begins", func() (bool, error) { return time.Now().Truncate(time.Second).After(second), nil }))
			n := z.net("shop_net", zoo.Network{}) // made by hand, later
			z.join(n, id)
			return []string{n}
		},
		silent: func(z *doctorZoo) []string {
			labels := map[string]string{"com.docker.compose.project": z.Name("shop"), "com.docker.compose.network": "net"}
			n := z.net("shop_net", zoo.Network{Labels: labels})
			z.up("front-1", zoo.Container{Mode: z.Name("shop_net"), Labels: z.project("shop", "front")})
			external := z.net("shop_outer", zoo.Network{}) // there before the container: declared external
			z.up("front-2", zoo.Container{Mode: z.Name("shop_outer"), Labels: z.project("shop", "front")})
			return []string{n, external}
		},
	},
	"unused-network": {
		fires: func(z *doctorZoo) []string { return []string{z.net("idle", zoo.Network{})} },
		silent: func(z *doctorZoo) []string {
			id := z.net("needed", zoo.Network{})
			z.stopped("batch", zoo.Container{Mode: z.Name("needed")})
			return []string{id}
		},
	},
}

// looper makes a container that crashes, and waits until it is between two starts.
func (z *doctorZoo) looper(short, network string) string {
	z.t.Helper()
	id := z.up(short, zoo.Container{Mode: z.Name(network), Command: []string{"sh", "-c", "exit 1"}, Restart: "always"})
	z.pausing(id)
	return id
}

// pausing waits until a container that crashes is between two starts.
func (z *doctorZoo) pausing(id string) {
	z.t.Helper()
	ctx, cancel := context.WithTimeout(z.t.Context(), patience)
	defer cancel()
	ok(z.t, zoo.Until(ctx, "it is between two starts", func() (bool, error) {
		var c struct {
			State        struct{ Restarting bool }
			RestartCount int
		}
		err := z.Do(z.t.Context(), "GET", "/containers/"+id+"/json", nil, &c)
		return c.State.Restarting && c.RestartCount > 3, err // the pauses are long by then
	}))
}

// TestDoctorCases: there is a case for each check, or a reason why there is none, and
// then the fake engine has it or another test. The table says which.
func TestDoctorCases(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		checks := listedChecks(t, e)
		for _, check := range checks {
			c, known := doctorCases[check]
			why := ""
			if c.lacks != nil {
				why = c.lacks(e)
			}
			fires, silent := "here", "here"
			switch {
			case !known:
				t.Errorf("%s has no case", check)
			case c.fires == nil && c.lacks == nil, c.silent == nil && c.lacks == nil:
				t.Errorf("%s has no case that fires, or none that is silent, and no reason", check)
			case c.fake != "":
				fires = "on the fake engine, in " + c.fake + ": " + why
				if script, err := os.ReadFile(filepath.Join("../../cmd/docker-netkit/testdata/script", c.fake)); err != nil || !strings.Contains(string(script), check) {
					t.Errorf("%s is to be in %s: %v", check, c.fake, err)
				}
			case why != "":
				fires = "not here: " + why
			}
			if c.silent == nil {
				silent = "likewise"
			}
			t.Logf("%-26s silent: %-8s  fires: %s", check, silent, fires)
		}
		for check := range doctorCases {
			if !slices.Contains(checks, check) {
				t.Errorf("there is a case for %s, which is no check", check)
			}
		}
	})
}

func listedChecks(t *testing.T, e *zoo.Engine) []string {
	t.Helper()
	var checks []string
	for line := range strings.Lines(netkit(t, e, "doctor", "--list")) {
		checks = append(checks, strings.Fields(line)[0])
	}
	return checks
}

// order begins with what others build on.
func (z *doctorZoo) made(fires bool) (made map[string][]string) {
	z.t.Helper()
	made = map[string][]string{}
	order := slices.Sorted(func(yield func(string) bool) {
		for check := range doctorCases {
			if !yield(check) {
				return
			}
		}
	})
	for _, check := range order {
		c := doctorCases[check]
		make, lacks := c.silent, ""
		if c.lacks != nil {
			lacks = c.lacks(z.Engine)
		}
		if fires {
			make = c.fires
		}
		if make == nil || fires && lacks != "" {
			continue
		}
		made[check] = make(z)
	}
	for _, do := range z.late {
		do()
	}
	return made
}

// TestDoctorFires: each check finds its case, says that it is about those, and where it
// says that a container does not start, it does not.
func TestDoctorFires(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		z := newDoctorZoo(t, e)
		made := z.made(true)
		x := z.examine()
		for check, about := range made {
			for i := range max(1, len(about)) {
				found := x.about(check, about[min(i, len(about)):min(i+1, len(about))]...)
				if len(found) == 0 && check == "restarting-needs-network" { // it was just up
					z.pausing(about[i])
					found = z.examine("--check", check).about(check, about[i])
				}
				if len(found) == 0 {
					t.Errorf("%s is not found about %v: %s", check, about, x.outcome(check))
				}
			}
		}
		for _, f := range x.all() {
			if doctorCases[f.ID].starts && slices.ContainsFunc(f.About, func(o struct{ Kind, ID, Name string }) bool { return strings.HasPrefix(o.Name, z.Prefix) }) {
				z.staysDown(&f)
			}
		}
		afar := z.examineFromAfar()
		for _, check := range []string{"subnet-overlaps-host", "ipv6-forward-off", "mtu-mismatch", "ip-forward-off"} {
			if outcome := afar.outcome(check); outcome == "fine" {
				t.Errorf("where the engine's host is not at hand, %s is called fine", check)
			}
		}
		z.paste(x)
	})
}

// staysDown starts the containers that a finding is about and that are not up, or where it
// is about a network, those that want it. Not one of them may start.
func (z *doctorZoo) staysDown(f *finding) {
	z.t.Helper()
	for _, o := range f.About {
		ids := []string{o.ID}
		if o.Kind == "network" {
			ids = nil
			for _, short := range []string{"small-5", "cardless"} {
				if strings.HasSuffix(o.Name, map[string]string{"small-5": "small", "cardless": "no-card"}[short]) {
					ids = append(ids, z.Name(short))
				}
			}
		}
		for _, id := range ids {
			state, err := z.ContainerState(z.t.Context(), id)
			ok(z.t, err)
			if f.ID != "address-outside" && f.Severity == "hint" || state == "running" {
				continue
			}
			if z.starts(id) {
				z.t.Errorf("%s (%s), and %s starts", f.Text, f.ID, o.Name)
				z.stop(id)
			}
		}
	}
}

// TestDoctorSilent: what is like each case and well is not found.
func TestDoctorSilent(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		z := newDoctorZoo(t, e)
		made := z.made(false)
		x := z.examine()
		for check, about := range made {
			for _, f := range x.about(check, about...) {
				t.Errorf("%s finds, where all is well: %s", check, f.Text)
			}
			for _, result := range x.Results {
				untold := z.Podman && check == "macvlan-parent"
				if result.ID == check && len(result.Unknown) > 0 && !untold {
					t.Errorf("%s could not look: %q", check, result.Unknown)
				}
			}
		}
	})
}
