package checks_test

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func prefix(text string) netip.Prefix { return netip.MustParsePrefix(text) }

// change makes a world what a case is about, and want is what is found or said there.
type change struct {
	make func(*world)
	want string
}

type check struct {
	found   []change
	silent  []func(*world)
	unknown []change
}

// far takes the host away.
func far(w *world) { w.facts.Host, w.facts.NoHost = nil, "it is far away" }

// asleep takes what the engine says away.
func asleep(w *world) { w.facts.Engine, w.facts.NoEngine = nil, "it is asleep" }

var cases = map[string]check{
	"network-gone": {
		found: []change{
			{
				func(w *world) {
					w.container("old", topology.Exited, "lost")
					w.attach("old", "lost", topology.Dangling)
				},
				"error: [old] wants network [lost], which is gone: it will not start",
			},
			{
				func(w *world) {
					w.container("old", topology.Running, "lost")
					w.attach("old", "lost", topology.Dangling)
				},
				"error: [old] wants network [lost], which is gone: it runs on, and will not start again",
			},
			{func(w *world) {
				for _, name := range []string{"a1", "a2"} {
					w.container(name, topology.Exited, "lost")
					w.attach(name, "lost", topology.Dangling)
				}
			}, "error: network [lost] is gone: [a1][a2] will not start"},
		},
		silent: []func(*world){func(w *world) { w.stop("old", "front") }},
		unknown: []change{{
			func(w *world) {
				w.container("far", topology.Exited, "mesh")
				w.attach("far", "mesh", topology.Unverified)
			},
			"[far] wants network [mesh], which this engine does not list; other nodes of the swarm may have it",
		}},
	},
	"external-network-missing": {
		found: []change{{func(w *world) {
			w.container("app", topology.Created, "proxy").Project = "shop"
			w.attach("app", "proxy", topology.Dangling).NetworkID = ""
		}, "error: [app] of compose project shop waits for the network [proxy], which is not named as the project's own, and there is none"}},
		silent: []func(*world){func(w *world) { // it is the project's own: another check's
			w.container("app", topology.Created, "shop_front").Project = "shop"
			w.attach("app", "shop_front", topology.Dangling).NetworkID = ""
		}},
	},
	"network-mode-gone": {
		found: []change{
			{
				func(w *world) {
					w.container("old", topology.Exited, "lost")
					w.attach("old", "front", topology.Configured)
				},
				"error: [old] was made with the network [lost], and there is none: it will not start",
			},
			{func(w *world) {
				w.container("old", topology.Exited, "0123456789ab")
				w.attach("old", "front", topology.Configured)
			}, "error: [old] was made with the network [0123456789ab], and there is none: it will not start"},
		},
		silent: []func(*world){func(w *world) { w.stop("old", "front", "back") }},
	},
	"network-ambiguous": {
		found: []change{{func(w *world) {
			w.network("twin", "")
			w.network("twin", "").ID = "twin2-id"
			w.container("new", topology.Created, "twin")
			w.attach("new", "twin", topology.Ambiguous).NetworkID = ""
		}, "error: [new] wants the network [twin], and 2 have that name: it will not start"}},
		silent: []func(*world){func(w *world) {
			w.network("twin", "")
			w.network("twin", "").ID = "twin2-id"
			w.run("old", "twin")
		}},
	},
	"owner-gone": {
		found: []change{
			{
				func(w *world) { w.container("vpn", topology.Exited, "container:0123456789abcdef") },
				"error: [vpn] shares the network of container 0123456789ab, which is gone: it will not start",
			},
			{
				func(w *world) { w.container("vpn", topology.Running, "container:0123456789abcdef").Service = "vpn" },
				"error: [vpn] shares the network of container 0123456789ab, which is gone: it runs on, and will not start again",
			},
		},
		silent: []func(*world){func(w *world) { w.container("vpn", topology.Running, "container:api-cid") }},
	},
	"owner-not-starting": {
		found: []change{{func(w *world) {
			w.container("old", topology.Exited, "lost")
			w.attach("old", "lost", topology.Dangling)
			w.container("vpn", topology.Exited, "container:old-cid")
		}, "error: [vpn] shares the network of [old], which will not start: it will not start"}},
		silent: []func(*world){func(w *world) { w.stop("old", "front"); w.container("vpn", topology.Exited, "container:old-cid") }},
	},
	"address-outside": {
		found: []change{{func(w *world) {
			w.stop("old", "front")
			w.Attachments[len(w.Attachments)-1].Static4 = topology.ParseAddress("10.9.9.9")
		}, "error: [old] wants the address 10.9.9.9 on [front], which no subnet there holds: it will not start"}},
		silent: []func(*world){func(w *world) {
			w.stop("old", "front")
			w.Attachments[len(w.Attachments)-1].Static4 = topology.ParseAddress("172.18.9.9")
		}},
	},
	"namespace-left": {
		found: []change{
			{
				func(w *world) { w.stop("old", "front"); w.container("vpn", topology.Running, "container:old-cid") },
				"error: [vpn] shares the network of [old], which is stopped: [vpn] runs on with loopback only",
			},
			{func(w *world) {
				w.run("old", "front").Started = now
				w.container("vpn", topology.Running, "container:old-cid").Started = now.Add(-time.Minute)
			}, "error: [old] was started again after [vpn], and so has another network: [vpn] runs on with loopback only"},
		},
		silent: []func(*world){
			func(w *world) { // the host's network stays
				w.container("old", topology.Exited, "host")
				w.container("vpn", topology.Running, "container:old-cid")
			},
			func(w *world) {
				w.run("old", "front").Started = now
				w.container("vpn", topology.Running, "container:old-cid").Started = now.Add(time.Second)
			},
		},
		unknown: []change{{func(w *world) {
			w.run("old", "front")
			w.container("vpn", topology.Running, "container:old-cid")
			w.unread["vpn"] = true
		}, "the settings of [vpn] were not read"}},
	},
	"no-network": {
		found: []change{
			{func(w *world) { w.container("alone", topology.Running, "front") }, "warning: [alone] is on no network: it has loopback only"},
			{func(w *world) { w.container("alone", topology.Exited, "front") }, "warning: [alone] is on no network: it will start with loopback only"},
		},
		silent: []func(*world){
			func(w *world) { w.container("batch", topology.Running, "none") },
			func(w *world) { w.container("node", topology.Running, "host") },
			func(w *world) { w.container("task", topology.Exited, "front").Task = "t" },
		},
	},
	"restarting-needs-network": {
		found: []change{{func(w *world) {
			w.network("loop", "")
			w.container("crash", topology.Restarting, "loop")
			w.attach("crash", "loop", topology.Configured)
		}, `warning: [crash] crashes and restarts, and nothing else runs on [loop]: "docker network prune" could take the network between two starts`}},
		silent: []func(*world){func(w *world) {
			w.container("crash", topology.Restarting, "front")
			w.attach("crash", "front", topology.Configured)
		}},
	},
	"stale-endpoint": {
		found: []change{
			{func(w *world) { stale(w, "ghost") }, "warning: [front] has an endpoint that no container has: ghost"},
			{func(w *world) { stale(w, "ghost", "spook") }, "warning: [front] has 2 endpoints that no container has: [ghost][spook]"},
			{func(w *world) { stale(w, "web") }, "warning: [front] has an endpoint that no container has: web"},
		},
		silent: []func(*world){func(w *world) {
			w.Networks[1].Endpoints = []topology.Endpoint{{Name: "web", Kind: topology.OfContainer, ContainerID: "web-cid"}, {Name: "lb-front", Kind: topology.OfEngine}}
		}},
		unknown: []change{{func(w *world) { w.unread["front"] = true }, "the endpoints of [front] were not read"}},
	},
	"duplicate-network-name": {
		found: []change{{
			func(w *world) { w.network("front", "").ID = "front2-id" },
			"warning: 2 networks are named [front]: [front-id][front2-id]; each command by that name fails",
		}},
		silent: []func(*world){func(w *world) { w.network("Front", "") }},
	},
	"default-bridge-names": {
		found: []change{
			{
				func(w *world) { w.run("a1", "bridge"); w.run("a2", "bridge") },
				"hint: [a1][a2] are on the default bridge, and do not find each other by name",
			},
			{func(w *world) {
				w.run("a1", "bridge").Links = []string{"db:sql"}
			}, "warning: [a1] finds [db] by legacy links on the default bridge: the names lead one way, and are lost when such a container is made anew"},
			{func(w *world) {
				w.run("a1", "bridge").Links = []string{"a2:sql"}
				w.run("a2", "bridge")
			}, "warning: [a1] finds [a2] by legacy links on the default bridge: the names lead one way, and are lost when such a container is made anew\n" +
				"hint: [a1][a2] are on the default bridge, and find each other by name only as far as legacy links go"},
			{
				func(w *world) { w.run("a1", "bridge").Project = "shop"; w.run("a2", "bridge").Project = "shop" },
				"warning: [a1][a2] of compose project shop are on the default bridge, and do not find each other by name",
			},
		},
		silent: []func(*world){
			func(w *world) { w.run("a1", "bridge") },
			func(w *world) { w.run("a1", "bridge", "front"); w.run("a2", "bridge", "front") },
		},
		unknown: []change{{func(w *world) { w.run("a1", "bridge"); w.unread["a1"] = true }, "the settings of [a1] were not read"}},
	},
	"subnet-overlap": {
		found: []change{
			{
				func(w *world) { w.network("wide", "172.18.0.0/15"); w.network("narrow", "172.18.7.0/24") },
				"warning: [wide] (172.18.0.0/15) overlaps the subnets of 3 networks: [front][narrow][back]",
			},
			{
				func(w *world) { w.network("narrow", "172.18.7.0/24"); w.network("twin", "172.19.0.0/16") },
				"warning: [narrow] (172.18.7.0/24) and [front] (172.18.0.0/16) overlap\n" +
					"warning: [twin] (172.19.0.0/16) and [back] (172.19.0.0/16) overlap",
			},
		},
		silent: []func(*world){
			func(w *world) { w.network("by-dhcp", "0.0.0.0/0") },
			func(w *world) { w.network("next", "172.20.0.0/16") },
		},
		unknown: []change{{
			func(w *world) { w.Networks[1].IPAM.Pools[0].Subnet = topology.ParseSubnet("nonsense") },
			"the subnet of [front] is no prefix: nonsense",
		}},
	},
	"subnet-overlaps-host": {
		found: []change{
			{func(w *world) { w.route("172.18.0.0/15", "eth1") }, "hint: [front] (172.18.0.0/16) overlaps the host's route to 172.18.0.0/15 by eth1\n" +
				"hint: [back] (172.19.0.0/16) overlaps the host's route to 172.18.0.0/15 by eth1"},
			{func(w *world) { w.route("172.18.4.0/22", "eth0") }, "warning: [front] (172.18.0.0/16) overlaps the host's route to 172.18.4.0/22 by eth0"},
			{
				func(w *world) { w.route("172.16.0.0/12", "wg0") },
				"warning: [bridge] (172.17.0.0/16) overlaps the host's route to 172.16.0.0/12 by wg0\n" +
					"warning: [front] (172.18.0.0/16) overlaps the host's route to 172.16.0.0/12 by wg0\n" +
					"warning: [back] (172.19.0.0/16) overlaps the host's route to 172.16.0.0/12 by wg0",
			},
		},
		silent: []func(*world){
			func(w *world) { w.route("0.0.0.0/1", "tun0"); w.route("128.0.0.0/1", "tun0") },
			func(w *world) { w.network("by-dhcp", "0.0.0.0/0") },
			func(w *world) { w.Engine.Product = topology.ProductPodman; w.route("172.18.0.0/16", "podman7") },
			func(w *world) { w.route("172.18.0.0/16", "br-front-id") },
			func(w *world) { w.route("172.17.0.0/16", "docker0") },
			func(w *world) { w.route("192.168.1.0/24", "wg0") },
			func(w *world) { w.route("172.18.0.0/16", "eth0"); w.Networks[1].Driver = "macvlan" },
		},
		unknown: []change{{far, "the host's routes were not read: it is far away"}},
	},
	"address-pools-used-up": {
		found: []change{
			{func(w *world) { pools(w, 31) }, "error: none of the engine's 31 address pools is left: no network can be made without --subnet"},
			{func(w *world) { pools(w, 28) }, "warning: 3 of the engine's 31 address pools are left for new networks"},
			{func(w *world) {
				w.facts.Engine.Pools = []checks.AddressPool{{Base: prefix("10.99.0.0/24"), Bits: 26}}
				w.network("one", "10.99.0.0/26")
			}, "warning: 3 of the engine's 4 address pools are left for new networks"},
			{func(w *world) { w.network("wide", "172.16.0.0/12"); w.network("home", "192.168.0.0/16") }, "error: none of the engine's 31 address pools is left: no network can be made without --subnet"},
			{
				func(w *world) { w.onLink("172.16.0.0/12", "tun0"); w.onLink("192.168.0.0/16", "tun0") },
				"error: none of the engine's 31 address pools is left: no network can be made without --subnet",
			},
			{
				func(w *world) { w.onLink("0.0.0.0/1", "wg0"); w.onLink("128.0.0.0/1", "wg0") },
				"error: none of the engine's 31 address pools is left: no network can be made without --subnet",
			},
			{
				func(w *world) { pools(w, 27); w.onLink("192.168.254.0/24", "virbr0") },
				"warning: 3 of the engine's 31 address pools are left for new networks",
			},
		},
		silent: []func(*world){
			func(w *world) { pools(w, 27) },
			func(w *world) { w.route("172.16.0.0/12", "eth0"); w.route("192.168.0.0/16", "eth0") }, // through a gateway
			func(w *world) { w.onLink("0.0.0.0/0", "ppp0") },
			func(w *world) { pools(w, 27); w.onLink("172.18.0.0/16", "br-front-id") }, // a network's own
			func(w *world) { w.Engine.Product = topology.ProductPodman; pools(w, 31) },
			func(w *world) { w.facts.Engine.Pools = []checks.AddressPool{{Base: prefix("10.0.0.0/8"), Bits: 24}} },
			func(w *world) { w.network("by-dhcp", "0.0.0.0/0") },
			func(w *world) {
				for i := range 40 {
					w.network(fmt.Sprint("mine", i), fmt.Sprintf("10.%d.0.0/16", i+1))
				}
			},
		},
		unknown: []change{{asleep, "the engine's address pools were not read: it is asleep"}},
	},
	"subnet-full": {
		found: []change{
			{
				func(w *world) { w.network("small", "10.1.0.0/30"); w.run("a1", "small") },
				"warning: [small] has none of its 1 addresses of 10.1.0.0/30 left: no further container starts on it",
			},
			{
				func(w *world) { w.network("small", "10.1.0.0/30"); w.run("a1", "small"); w.stop("a2", "small") },
				"error: [small] has none of its 1 addresses of 10.1.0.0/30 left, and 1 container that is not up wants one",
			},
			{func(w *world) {
				w.network("small", "10.1.0.0/28")
				for i := range 12 {
					w.run(fmt.Sprint("a", i), "small")
				}
			}, "warning: [small] has 1 of its 13 addresses of 10.1.0.0/28 left"},
			{func(w *world) {
				w.network("small", "10.1.0.0/29")
				for i := range 3 {
					w.run(fmt.Sprint("a", i), "small")
					w.stop(fmt.Sprint("s", i), "small")
				}
			}, "warning: [small] has 2 of its 5 addresses of 10.1.0.0/29 left, and 3 containers that are not up want one"},
			{func(w *world) {
				n := w.network("small", "10.1.0.0/16")
				n.IPAM.Pools[0].Range = topology.ParseSubnet("10.1.0.0/30")
				n.IPAM.Pools[0].Aux = map[string]topology.Address{"router": topology.ParseAddress("10.1.0.3")}
				w.run("a1", "small")
			}, "warning: [small] has none of its 1 addresses of 10.1.0.0/16 left: no further container starts on it"},
			{func(w *world) { // the gateway is not listed, and takes an address
				w.network("small", "10.1.0.0/29").IPAM.Pools[0].Gateway = topology.Address{}
				for i := range 5 {
					w.run(fmt.Sprint("a", i), "small")
				}
			}, "warning: [small] has none of its 5 addresses of 10.1.0.0/29 left: no further container starts on it"},
		},
		silent: []func(*world){
			func(w *world) { w.network("by-dhcp", "0.0.0.0/0"); w.stop("a1", "by-dhcp") },
			func(w *world) {
				w.network("small", "10.1.0.0/29")
				w.run("a1", "small")
				w.stop("old.1", "small")
				w.Containers[len(w.Containers)-1].Task = "t"
			},

			func(w *world) { w.network("small", "10.1.0.0/29"); w.run("a1", "small") },
			func(w *world) { w.network("empty", "10.1.0.0/31") },
		},
	},
	"published-to-all": {
		found: []change{
			{
				func(w *world) {
					c := w.run("site", "front")
					w.published(c, "0.0.0.0", 8080, 80)
					w.published(c, "::", 8080, 80)
				},
				"hint: [site] publishes 8080 on every address of the host",
			},
			{
				func(w *world) { w.published(w.run("sql", "front"), "0.0.0.0", 5432, 5432) },
				"warning: [sql] publishes 5432 on every address of the host, which is the port of PostgreSQL",
			},
			{
				func(w *world) {
					w.published(w.run("sql", "front"), "0.0.0.0", 5432, 5432)
					w.published(w.container("sidecar", topology.Running, "container:sql-cid"), "0.0.0.0", 5432, 5432) // as Podman lists it
				},
				"warning: [sql] publishes 5432 on every address of the host, which is the port of PostgreSQL",
			},
			{
				func(w *world) { w.published(w.run("sql", "front"), "", 15432, 5432) },
				"warning: [sql] publishes 15432 on every address of the host, which is the port of PostgreSQL",
			},
		},
		silent: []func(*world){
			func(w *world) { w.published(w.run("sql", "front"), "127.0.0.1", 5432, 5432) },
			func(w *world) { w.published(w.stop("sql", "front"), "0.0.0.0", 5432, 5432) },
			func(w *world) { c := w.run("sql", "front"); c.Ports = []topology.Ports{{First: 5432, Protocol: "tcp"}} },
		},
	},
	"internal-published": {
		found: []change{
			{
				func(w *world) { w.wanted(w.run("inner", "back"), "", 9090, 90) },
				"warning: [inner] is to publish port 9090, and is on internal networks only: nothing leads there",
			},
			{
				func(w *world) { w.wantedAny(w.run("inner", "back"), 90) },
				"warning: [inner] is to publish its own port 90 on one that the engine chooses, and is on internal networks only: nothing leads there",
			},
		},
		silent:  []func(*world){func(w *world) { w.wanted(w.run("both", "front", "back"), "", 9090, 90) }},
		unknown: []change{{func(w *world) { w.unread["db"] = true }, "the settings of [db] were not read"}},
	},
	"port-conflict": {
		found: []change{
			{func(w *world) {
				w.published(w.run("new", "front"), "0.0.0.0", 8080, 80)
				w.wanted(w.stop("old", "front"), "", 8080, 80)
			}, "warning: [old] will not start while [new] runs: both want port 8080 of the host"},
			{func(w *world) {
				w.published(w.run("new", "front"), "0.0.0.0", 8080, 80)
				w.published(w.container("sidecar", topology.Running, "container:new-cid"), "0.0.0.0", 8080, 80) // as Podman lists it
				w.wanted(w.stop("old", "front"), "", 8080, 80)
			}, "warning: [old] will not start while [new] runs: both want port 8080 of the host"},
			{func(w *world) {
				w.wanted(w.stop("blue", "front"), "127.0.0.1", 8080, 80)
				w.wanted(w.stop("green", "front"), "0.0.0.0", 8080, 80)
			}, "hint: [blue][green] want the same port of the host, 8080: only one of them can run"},
			{func(w *world) {
				for _, name := range []string{"blue", "green", "red"} {
					c := w.stop(name, "front")
					w.wanted(c, "0.0.0.0", 8080, 80)
					w.wanted(c, "0.0.0.0", 8443, 443)
				}
			}, "hint: [blue][green][red] want the same port of the host, 8080, 8443: they cannot all run at once"},
		},
		silent: []func(*world){
			func(w *world) {
				w.published(w.run("new", "front"), "127.0.0.1", 8080, 80)
				w.wanted(w.stop("old", "front"), "127.0.0.2", 8080, 80)
			},
			func(w *world) {
				w.published(w.run("new", "front"), "0.0.0.0", 8080, 80)
				w.wanted(w.stop("old", "front"), "", 8081, 80)
			},
			func(w *world) {
				w.wanted(w.stop("blue", "front"), "127.0.0.1", 8080, 80)
				w.wanted(w.stop("green", "front"), "127.0.0.2", 8080, 80)
				c := w.stop("both", "front")
				w.wanted(c, "127.0.0.3", 8080, 80)
				w.wanted(c, "0.0.0.0", 8081, 80)
				w.wanted(c, "::", 8081, 80)
			},
		},
		unknown: []change{{func(w *world) { w.stop("old", "front"); w.unread["old"] = true }, "the settings of [old] were not read"}},
	},
	"mtu-mismatch": {
		found: []change{
			{func(w *world) {
				w.facts.Host.Interfaces = append(w.facts.Host.Interfaces, checks.Interface{Name: "tun0", MTU: 1380})
				w.route("0.0.0.0/1", "tun0")
				w.route("128.0.0.0/1", "tun0")
			}, "warning: [front] takes packets of 1500 bytes, and the host's way out, tun0, takes 1380"},

			{
				func(w *world) { w.facts.Host.Interfaces[0].MTU = 1420 },
				"warning: [front] takes packets of 1500 bytes, and the host's way out, eth0, takes 1420",
			},
			{func(w *world) {
				w.network("jumbo", "10.1.0.0/24").Opts = map[string]string{"com.docker.network.driver.mtu": "1400"}
				w.run("relay", "front", "jumbo")
			}, "hint: [relay] is on [front], with packets of 1500 bytes, and on [jumbo], with 1400: what it passes on from one to the other may be too large"},
		},
		silent: []func(*world){func(w *world) { // what was not chosen is not known there
			w.Engine.Product = topology.ProductPodman
			w.facts.Host.Interfaces[0].MTU = 1420
		}, func(w *world) {
			w.facts.Host.Interfaces[0].MTU = 1420
			for i := range w.Networks {
				w.Networks[i].Opts = map[string]string{"com.docker.network.driver.mtu": "1420"}
			}
		}},
		unknown: []change{{far, "the host's interfaces were not read: it is far away"}},
	},
	"macvlan-parent": {
		found: []change{
			{
				func(w *world) { w.network("lan", "").Driver = "macvlan" },
				"warning: [lan] (macvlan) has no parent: its containers reach each other and nobody else",
			},
			{
				func(w *world) {
					n := w.network("lan", "")
					n.Driver, n.Opts = "ipvlan", map[string]string{"parent": "eth9"}
				},
				"error: [lan] (ipvlan) has the parent eth9, which this host does not have: no container starts on it",
			},
		},
		silent: []func(*world){
			func(w *world) {
				n := w.network("lan", "")
				n.Driver, n.Opts = "macvlan", map[string]string{"parent": "eth0"}
			},
			func(w *world) { n := w.network("lan", ""); n.Driver, n.Internal = "macvlan", true },
		},
		unknown: []change{{func(w *world) {
			far(w)
			n := w.network("lan", "")
			n.Driver, n.Opts = "macvlan", map[string]string{"parent": "eth0"}
		}, "whether the host has eth0, the parent of [lan], was not read: it is far away"}},
	},
	"macvlan-host": {
		found: []change{{
			func(w *world) { w.network("lan", "").Driver = "macvlan"; w.run("scanner", "lan") },
			"hint: the host and [scanner] do not reach each other, since [lan] is a macvlan network",
		}},
		silent: []func(*world){
			func(w *world) { w.network("lan", "").Driver = "macvlan"; w.run("scanner", "lan", "front") },
			func(w *world) { w.network("lan", "").Driver = "macvlan"; w.stop("scanner", "lan") },
		},
	},
	"icc-off": {
		found: []change{{
			func(w *world) { iccOff(w); w.run("a1", "apart"); w.run("a2", "apart") },
			"hint: [apart] keeps its 2 containers from each other: icc is off there",
		}, {
			func(w *world) {
				iccOff(w)
				w.Networks[len(w.Networks)-1].Opts["com.docker.network.bridge.enable_icc"] = "0" // another spelling
				w.run("a1", "apart")
				w.run("a2", "apart")
			},
			"hint: [apart] keeps its 2 containers from each other: icc is off there",
		}},
		silent: []func(*world){func(w *world) { iccOff(w); w.run("a1", "apart") }},
	},
	"ip-forward-off": {
		found: []change{
			{func(w *world) { w.facts.Host.Forwarding4 = topology.No }, notForwarding},
			{func(w *world) { far(w); w.facts.Engine.Forwarding4 = topology.No }, notForwarding},
			{func(w *world) { far(w); w.facts.Engine.Warnings = []string{"WARNING: IPv4 forwarding is disabled"} }, notForwarding},
			{func(w *world) { w.Engine.Product = topology.ProductPodman; w.facts.Host.Forwarding4 = topology.No }, notForwarding},
		},
		silent: []func(*world){
			func(w *world) { w.facts.Host.Forwarding4, w.facts.Engine.Rootless = topology.No, true },
			func(w *world) { w.facts.Engine.Forwarding4 = topology.No }, // as it was when the engine started
			func(w *world) { far(w); w.Engine.Version = "20.10.24" },
			func(w *world) { // forwards once a container is up
				w.Engine.Product, w.facts.Host.Forwarding4, w.Containers, w.Attachments = topology.ProductPodman, topology.No, nil, nil
			},
		},
		unknown: []change{
			{asleep, "the engine's state was not read: it is asleep"},
			{far, "whether the host forwards IPv4 was not read, and the engine does not say what is so now: it is far away"},
		},
	},
	"ipv6-forward-off": {
		found: []change{{
			func(w *world) { w.Networks[1].IPv6 = true; w.facts.Host.Forwarding6 = topology.No },
			"warning: [front] has IPv6, and the host does not forward it",
		}},
		silent: []func(*world){
			func(w *world) { w.facts.Host.Forwarding6 = topology.No },
			func(w *world) { w.Networks[1].IPv6 = true },
			func(w *world) { w.Networks[2].IPv6 = true; w.facts.Host.Forwarding6 = topology.No },
		},
		unknown: []change{{
			func(w *world) { w.Networks[1].IPv6 = true; far(w) },
			"whether the host forwards IPv6, which [front] has, was not read: it is far away",
		}},
	},
	"bridge-filter-off": {
		found: []change{
			{
				func(w *world) {
					far(w)
					w.facts.Engine.Warnings = []string{"WARNING: bridge-nf-call-iptables is disabled"}
				},
				"hint: the kernel does not filter what goes over a bridge (bridge-nf-call-iptables is off)",
			},
			{
				func(w *world) { w.facts.Host.BridgeFilter = topology.No; iccOff(w) },
				"warning: [apart] is to keep its containers from each other, and does not: bridge-nf-call-iptables is off",
			},
		},
		silent: []func(*world){iccOff, func(w *world) { w.facts.Host.BridgeFilter = topology.No }},
		unknown: []change{
			{asleep, "the engine's state was not read: it is asleep"},
			{func(w *world) { far(w); iccOff(w) }, "whether the kernel filters what goes over a bridge, which [apart] needs, was not read: it is far away"},
		},
	},
	"engine-warning": {
		found: []change{
			{
				func(w *world) {
					w.facts.Engine.Warnings = []string{"WARNING: API is accessible on http://0.0.0.0:2375 without encryption."}
				},
				"error: the engine warns: WARNING: API is accessible on http://0.0.0.0:2375 without encryption.",
			},
			{
				func(w *world) {
					w.facts.Engine.Warnings = []string{"WARNING: No swap limit support", "WARNING: ip6tables is broken"}
				},
				"warning: the engine warns: WARNING: ip6tables is broken",
			},
		},
		silent:  []func(*world){func(w *world) { w.facts.Engine.Warnings = []string{"WARNING: No swap limit support"} }},
		unknown: []change{{asleep, "the engine's warnings were not read: it is asleep"}},
	},
	"engine-too-old": {
		found: []change{
			{func(w *world) {
				w.Engine.Version = "26.1.5"
				for _, name := range []string{"six", "seven"} {
					w.network(name, "").IPv6 = true
					w.run("in"+name, name)
				}
			}, "warning: Docker 26.1.5 keeps [seven][six] from each other by IPv4 only: by IPv6 their containers reach each other, unless it was started with ip6tables"},
			{
				func(w *world) {
					w.Engine.Version = "27.5.1"
					w.published(w.run("sql", "front"), "127.0.0.1", 5432, 5432)
				},
				"hint: before Docker 28, other machines of the host's network can reach ports published on 127.0.0.1 ([sql]), by a route through the host",
			},
		},
		silent: []func(*world){
			func(w *world) { w.published(w.run("sql", "front"), "127.0.0.1", 5432, 5432) },
			func(w *world) { w.Engine.Version = "26.1.5" },
		},
		unknown: []change{{func(w *world) { w.Engine.Version = "" }, "the engine does not say which version it is"}},
	},
	"overlay-without-swarm": {
		found: []change{{
			func(w *world) { n := w.network("mesh", ""); n.Driver, n.Scope = "overlay", "swarm" },
			"warning: [mesh] is an overlay, and this engine is in no swarm: no container starts on it",
		}},
		silent: []func(*world){func(w *world) {
			w.Engine.Swarm = topology.SwarmManager
			n := w.network("mesh", "")
			n.Driver, n.Scope = "overlay", "swarm"
		}},
		unknown: []change{{func(w *world) {
			asleep(w)
			w.Engine.Swarm = ""
			w.network("mesh", "").Driver = "overlay"
		}, "whether the engine is in a swarm, which [mesh] needs, was not read: it is asleep"}},
	},
	"overlay-encrypted": {
		found: []change{{
			func(w *world) { encrypted(w); w.facts.Host.ESP = topology.No },
			"error: [mesh] is encrypted, and this host's kernel has no ESP: containers on other nodes are not reached",
		}},
		silent: []func(*world){encrypted},
		unknown: []change{
			{func(w *world) { encrypted(w); w.facts.Host.ESP = topology.Unknown }, "whether the kernel can encrypt, as [mesh] asks for, cannot be told"},
			{func(w *world) { encrypted(w); far(w) }, "whether the kernel can encrypt, as [mesh] asks for, was not read: it is far away"},
		},
	},
	"service-address": {
		found: []change{{
			func(w *world) { w.run("web.1", "front").SwarmService = "web"; w.facts.Host.IPVS = topology.No },
			"error: tasks of services run here ([web.1]), and this host's kernel has no IPVS: virtual addresses and the routing mesh do not answer",
		}},
		silent: []func(*world){func(w *world) { w.run("web.1", "front").SwarmService = "web" }},
		unknown: []change{{
			func(w *world) { w.run("web.1", "front").SwarmService = "web"; w.facts.Host.IPVS = topology.Unknown },
			"whether the kernel has IPVS, which services' addresses need, cannot be told",
		}},
	},
	"compose-label-mismatch": {
		found: []change{
			{
				func(w *world) { w.network("shop_net", ""); w.run("app", "shop_net").Project = "shop" },
				`warning: [shop_net] is named as a network of compose project shop, whose [app] is on it, and has no compose labels: "docker compose up" refuses it unless it is declared external`,
			},
			{
				func(w *world) { composed(w, "shop", "other"); w.run("app", "shop_net").Project = "shop" },
				`warning: [shop_net] is named as a network of compose project shop, whose [app] is on it, and has other compose labels: "docker compose up" refuses it unless it is declared external`,
			},
			{
				func(w *world) { composed(w, "other", "net"); w.run("app", "shop_net").Project = "shop" },
				`hint: [shop_net] is named as a network of compose project shop, whose [app] is on it, and has other compose labels: "docker compose up" warns of it, and "down" leaves it`,
			},
		},
		silent: []func(*world){
			func(w *world) { // another project's, connected by hand
				w.network("shop_eu_default", "").Labels = map[string]string{topology.LabelComposeProject: "shop_eu", topology.LabelComposeNetwork: "default"}
				w.run("app", "shop_eu_default").Project = "shop"
			},

			func(w *world) { composed(w, "shop", "net"); w.run("app", "shop_net").Project = "shop" },
			func(w *world) { w.network("proxy", ""); w.run("app", "proxy").Project = "shop" },
			func(w *world) { // compose made the container for it, so that it is declared external
				w.network("shop_net", "")
				c := w.run("app", "shop_net")
				c.Project, c.Created = "shop", now.Add(time.Minute)
			},
		},
	},
	"unused-network": {
		found: []change{
			{func(w *world) { w.network("old", "").Created = now.AddDate(0, -2, 0) }, "hint: nothing needs [old], which was made more than 30 days ago"},
			{func(w *world) {
				w.network("old", "").Created = now.AddDate(0, -2, 0)
				w.network("older", "").Created = now.AddDate(0, -3, 0)
			}, "hint: nothing needs [old][older], which were made more than 30 days ago"},
		},
		silent: []func(*world){
			func(w *world) { w.network("new", "").Created = now.AddDate(0, 0, -29) },
			func(w *world) { w.network("old", "").Created = now.AddDate(0, -2, 0); w.stop("batch", "old") },
		},
	},
}

const notForwarding = "error: the host does not forward IPv4: containers do not reach the outside, and published ports lead nowhere"

func stale(w *world, names ...string) {
	n := &w.Networks[1]
	n.Inspected = true
	for _, name := range names {
		n.Endpoints = append(n.Endpoints, topology.Endpoint{ID: name + "-eid", Name: name, Kind: topology.Stale})
	}
}

func (w *world) route(to, by string) {
	w.facts.Host.Routes = append(w.facts.Host.Routes, checks.Route{To: prefix(to), Interface: by})
}

func (w *world) onLink(to, by string) {
	w.route(to, by)
	w.facts.Host.Routes[len(w.facts.Host.Routes)-1].OnLink = true
}

// pools has networks that take this many of the default pools, with those of the healthy
// world.
func pools(w *world, count int) {
	const sixteens, last = 15, 31
	for i := 3; i < min(count, sixteens); i++ {
		w.network(fmt.Sprint("n", i), fmt.Sprintf("172.%d.0.0/16", 17+i))
	}
	for i := sixteens; i < min(count, last); i++ {
		w.network(fmt.Sprint("n", i), fmt.Sprintf("192.168.%d.0/20", (i-sixteens)*16))
	}
}

func iccOff(w *world) {
	w.network("apart", "").Opts = map[string]string{"com.docker.network.bridge.enable_icc": "false"}
}

func encrypted(w *world) {
	n := w.network("mesh", "")
	n.Driver, n.Scope, n.Opts = "overlay", "swarm", map[string]string{"encrypted": ""}
}

func composed(w *world, project, network string) {
	w.network("shop_net", "").Labels = map[string]string{topology.LabelComposeProject: project, topology.LabelComposeNetwork: network}
}
