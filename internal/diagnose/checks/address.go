package checks

import (
	"cmp"
	"fmt"
	"math/bits"
	"net/netip"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// addressChecks are about subnets and how many addresses are left.
var addressChecks = []*Check{
	{
		ID: "subnet-overlap", Title: "The subnets of two networks overlap", Severity: Warning,
		Why: `Where two networks hold the same addresses, packets to one go out through the other: from the host, and from a
container that is on both. A container that is to join such an overlay does not start. Engines refuse overlapping subnets
where they see them; an overlay's are the swarm's, which does not know the networks of each node.`,
		Mend: `Make one of the networks anew with another "--subnet".`,
		find: findOverlap,
	},
	{
		ID: "subnet-overlaps-host", Title: "The subnet of a network overlaps a route of the host", Severity: Warning,
		Why: `A network's subnet is a route of the host. Where it overlaps a route to the company's network or a VPN, the
more specific one wins: either containers lose that network, or the host loses the containers. A VPN that connects later
makes this happen to networks that worked.`,
		Mend: `Make the network anew with a "--subnet" that is free, and set "default-address-pools" for the engine so that it
does not happen again.`,
		Needs: Needs{Host: true}, find: findHostOverlap,
	},
	{
		ID: "address-pools-used-up", Title: "Few or no subnets are left for new networks", Severity: Error,
		Why: `A network that is made without "--subnet" takes one out of the engine's address pools: 31 by default. Compose
makes a network for each project, and they stay after "docker compose stop". A VPN that routes 172.16.0.0/12 or all
addresses takes pools, too: the engine keeps away from routes of the host that need no gateway. When none is left, no
network can be made: "all predefined address pools have been fully subnetted", or "could not find an available,
non-overlapping IPv4 address pool".`,
		Mend: `Remove networks that nothing needs ("docker netkit prune"), give new ones a "--subnet", or set
"default-address-pools" in the engine's configuration, which takes effect after a restart.`,
		Needs: Needs{Info: true, Host: true}, find: findPools,
	},
	{
		ID: "subnet-full", Title: "Few or no addresses are left on a network", Severity: Error, Needs: Needs{Info: true},
		Why: `Each running container takes an address of its network's subnet, and so does the gateway. When none is left, the
next container does not start: "no available IPv4 addresses on this network's address pools".`,
		Mend: `Make a network with a larger "--subnet", and move containers there.`,
		find: findFull,
	},
}

// held is a subnet of a network, or what a route of the host keeps from networks.
type held struct {
	prefix  netip.Prefix
	network *topology.Network
}

// subnetsHeld are the subnets of all networks that are more than a configuration, in
// order.
func subnetsHeld(ix *topology.Index) []held {
	var all []held
	for i := range ix.Networks {
		n := &ix.Networks[i]
		if n.ConfigOnly || n.Implied {
			continue
		}
		for _, pool := range n.IPAM.Pools {
			// One of all addresses is written where another gives out the addresses, as a
			// router on a macvlan's wire, and means that none is the network's own.
			if prefix := pool.Subnet.Prefix(); prefix.IsValid() && prefix.Bits() > 0 {
				all = append(all, held{prefix.Masked(), n})
			}
		}
	}
	sortHeld(all)
	return all
}

func sortHeld(all []held) {
	slices.SortStableFunc(all, func(a, b held) int {
		return cmp.Or(a.prefix.Addr().Compare(b.prefix.Addr()), cmp.Compare(a.prefix.Bits(), b.prefix.Bits()))
	})
}

// findOverlap goes once over the subnets in order. The widest one, which holds those that
// follow, is named with all of them: in pairs it would be told over and over.
func findOverlap(x *exam) {
	all := subnetsHeld(x.Index)
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[from].prefix.Overlaps(all[to].prefix) {
			to++
		}
		x.overlap(all[from:to])
		from = to
	}
	for i := range x.Networks {
		n := &x.Networks[i]
		for _, pool := range n.IPAM.Pools {
			if pool.Subnet.Odd() {
				x.unknown("the subnet of %s is no prefix: %s", network(n), pool.Subnet)
			}
		}
	}
}

// overlap reports subnets of which the first holds all others.
func (x *exam) overlap(all []held) {
	outer := all[0]
	var others []*topology.Network
	var prefix netip.Prefix
	for _, h := range all[1:] {
		if h.network != outer.network && (len(others) == 0 || others[len(others)-1] != h.network) {
			others, prefix = append(others, h.network), h.prefix
		}
	}
	f := Finding{
		About: append(networks(others), network(outer.network)),
		Fix:   Fix{Does: say("make one of them anew with another --subnet")},
	}
	switch len(others) {
	case 0:
		return
	case 1:
		f.Says = say("%s (%s) and %s (%s) overlap", network(others[0]), prefix, network(outer.network), outer.prefix)
	default:
		f.Says = say("%s (%s) overlaps the subnets of %d networks: %s", network(outer.network), outer.prefix, len(others), networks(others))
		f.Fix.Does = say("make %s anew with another --subnet", network(outer.network))
	}
	x.found(f)
}

func findHostOverlap(x *exam) {
	all := slices.DeleteFunc(subnetsHeld(x.Index), func(h held) bool { return h.network.Driver != "bridge" })
	if len(all) == 0 {
		return
	}
	if x.facts.Host == nil {
		x.unknownSince(x.facts.NoHost, "the host's routes were not read")
		return
	}
	own := map[string]bool{}
	for _, h := range all {
		own[BridgeName(h.network)] = true
	}
	foreign := slices.DeleteFunc(slices.Clone(x.facts.Host.Routes), func(route Route) bool {
		return route.byDefault() || own[route.Interface] || route.To.Addr().IsLinkLocalUnicast()
	})
	for _, h := range all {
		for _, route := range foreign {
			// Podman does not tell what its bridges are called: the route to just this subnet
			// is its own.
			own := x.Engine.Product == topology.ProductPodman && route.To == h.prefix
			if route.To.Overlaps(h.prefix) && !own {
				x.found(hostOverlap(h, route))
			}
		}
	}
}

// hostOverlap is a finding of a subnet and a route that overlap. The narrower one wins.
// A wide route to a company's network may leave out what the subnet takes of it on
// purpose; by a VPN it may not have been there when the network was made.
func hostOverlap(h held, route Route) Finding {
	f := Finding{
		About: []Ref{network(h.network)},
		Says:  say("%s (%s) overlaps the host's route to %s by %s", network(h.network), h.prefix, route.To, Foreign(route.Interface)),
		Fix:   Fix{Does: say("make it anew with a --subnet that is free")},
	}
	vpn := tunnel(route.Interface)
	if vpn {
		f.Also = []Sentence{say("%s looks like a VPN", Foreign(route.Interface))}
	}
	switch {
	case route.To.Bits() > h.prefix.Bits():
		f.Also = append(f.Also, say("the host sends what is for %s there, and not to containers that have such addresses", route.To))
	case route.To.Bits() < h.prefix.Bits():
		f.Also = append(f.Also, say("from this host and its containers, nobody with an address in %s is reached there", h.prefix))
		if !vpn {
			f.Severity = Hint
		}
	}
	return f
}

// BridgeName is the name of a bridge network's interface on the host.
func BridgeName(n *topology.Network) string {
	const length = 12
	if name := n.Opts[OptionBridgeName]; name != "" {
		return name
	}
	return "br-" + n.ID[:min(length, len(n.ID))]
}

// findPools counts the subnets that are left. The default pools are 15 of /16 out of
// 172.17.0.0 to 172.31.0.0 and 16 of /20 out of 192.168.0.0 [counted on Docker 20.10,
// 26.1, 28.5; they are the same in moby's source].
func findPools(x *exam) {
	if x.Engine.Product != topology.ProductDocker {
		return // Podman's pools are large, and no request tells them
	}
	if x.facts.Engine == nil {
		x.unknownSince(x.facts.NoEngine, "the engine's address pools were not read")
		return
	}
	pools := x.facts.Engine.Pools
	if len(pools) == 0 {
		pools = defaultPools()
	}
	all := subnetsHeld(x.Index)
	all = slices.DeleteFunc(all, func(h held) bool { return h.network.SwarmScope() })
	total, without := freeInAll(pools, all)
	routes := x.keptAway(pools, all)
	for _, route := range routes {
		all = append(all, held{prefix: route.To})
	}
	sortHeld(all)
	_, left := freeInAll(pools, all)
	const few = 3
	if total == 0 || left > few {
		return
	}
	unused := 0
	for i := range x.Networks {
		if diagnose.UseOf(x.Index, &x.Networks[i]).Verdict == diagnose.Unused {
			unused++
		}
	}
	f := Finding{
		Severity: Warning,
		Says:     say("%d of the engine's %d address pools are left for new networks", left, total),
		Fix:      Fix{Does: say(`give new networks a --subnet, or set "default-address-pools" in the engine's configuration`)},
	}
	if left == 0 {
		f.Severity = Error
		f.Says = say("none of the engine's %d address pools is left: no network can be made without --subnet", total)
	}
	if unused > 0 {
		f.Also = []Sentence{say("networks that nothing needs: %d", unused)}
		f.Fix = Fix{Commands: []Command{{"netkit", "prune"}}}
	}
	if without > left {
		f.Also = append(f.Also, say("the engine keeps %d of them from networks, for routes of the host: %s", without-left, Foreign(routesText(routes))))
		if without > few { // so that it is not for the networks
			f.Fix = Fix{Does: say(`give new networks a --subnet that is free, or set "default-address-pools" in the engine's configuration to what those routes leave`)}
		}
	}
	x.found(f)
}

// keptAway are the routes of the host, beside those of networks, for which the engine does
// not give out pools: those to a part of all addresses that need no gateway [measured on
// Docker 20.10, 28.5].
func (x *exam) keptAway(pools []AddressPool, all []held) []Route {
	if x.facts.Host == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(x.facts.Host.Routes), func(route Route) bool {
		return !route.OnLink || route.To.Bits() == 0 ||
			slices.ContainsFunc(all, func(h held) bool { return h.prefix == route.To }) ||
			!slices.ContainsFunc(pools, func(pool AddressPool) bool { return pool.Base.Overlaps(route.To) })
	})
}

func routesText(routes []Route) string {
	const most = 4
	var texts []string
	for i, route := range routes {
		if i == most {
			texts = append(texts, fmt.Sprintf("%d more", len(routes)-most))
			break
		}
		texts = append(texts, route.To.String()+" by "+route.Interface)
	}
	return strings.Join(texts, ", ")
}

func defaultPools() []AddressPool {
	const first, last, wide, narrow = 17, 31, 16, 20
	var pools []AddressPool
	for second := byte(first); second <= last; second++ {
		pools = append(pools, AddressPool{netip.PrefixFrom(netip.AddrFrom4([4]byte{172, second, 0, 0}), wide), wide})
	}
	return append(pools, AddressPool{netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 168, 0, 0}), wide), narrow})
}

// freeInAll counts the IPv4 subnets of pools, and those of them that none of the subnets,
// which are in order, touches.
func freeInAll(pools []AddressPool, all []held) (total, left uint64) {
	for _, pool := range pools {
		if !pool.Base.Addr().Is4() {
			continue
		}
		count, free := freeIn(pool, all)
		total, left = total+count, left+free
	}
	return total, left
}

// freeIn counts the subnets of a pool, and those of them that none of the subnets, which
// are in order, touches.
func freeIn(pool AddressPool, all []held) (count, free uint64) {
	if pool.Bits < pool.Base.Bits() || pool.Bits > pool.Base.Addr().BitLen() {
		return 0, 0
	}
	count = uint64(1) << min(pool.Bits-pool.Base.Bits(), bits.UintSize-1)
	var taken, next uint64 // next is the first that is not counted yet
	for _, h := range all {
		if !h.prefix.Addr().Is4() || !h.prefix.Overlaps(pool.Base) {
			continue
		}
		first := subnetNumber(pool, h.prefix.Addr())
		last := first
		if h.prefix.Bits() < pool.Bits {
			last = first + 1<<(pool.Bits-max(h.prefix.Bits(), pool.Base.Bits())) - 1
		}
		first, last = max(first, next), min(last, count-1)
		if first <= last {
			taken, next = taken+last-first+1, last+1
		}
	}
	return count, count - taken
}

// subnetNumber is the place among the pool's subnets of the one that holds an address;
// 0 for one that lies before the pool.
func subnetNumber(pool AddressPool, address netip.Addr) uint64 {
	const width = 32
	base, at := number(pool.Base.Addr()), number(address)
	if at < base {
		return 0
	}
	return (at - base) >> (width - pool.Bits)
}

func number(address netip.Addr) uint64 {
	var n uint64
	for _, b := range address.As4() {
		n = n<<8 | uint64(b)
	}
	return n
}

func findFull(x *exam) {
	nodes := x.Engine.SwarmNodes
	if x.facts.Engine != nil {
		nodes = cmp.Or(nodes, x.facts.Engine.SwarmNodes)
	}
	var elsewhere []*topology.Network
	for i := range x.Networks {
		n := &x.Networks[i]
		if n.ConfigOnly || n.Implied || n.Driver == "host" || n.Driver == "null" || n.Ingress {
			continue
		}
		for _, space := range diagnose.Spaces(x.Index, n) {
			switch {
			case !space.Subnet.Addr().Is4():
			case n.SwarmScope() && nodes != 1:
				const plenty = 24 // bits of a subnet that no swarm of a usual size fills
				if space.Subnet.Bits() > plenty && len(x.On(n.ID)) > 0 {
					elsewhere = append(elsewhere, n)
				}
			default:
				x.fullness(n, &space)
			}
		}
	}
	if len(elsewhere) > 0 {
		x.unknown("how many addresses of %s the other nodes of the swarm have taken cannot be seen from here", networks(elsewhere))
	}
}

func (x *exam) fullness(n *topology.Network, space *diagnose.Space) {
	room, left, waiting := space.Size, space.Left, uint64(0)
	for _, a := range x.On(n.ID) {
		if c := x.Container(a.ContainerID); a.State == topology.Configured && c != nil && !c.IsTask() {
			waiting++
		}
	}
	if space.Endless || space.Used == 0 && waiting == 0 {
		return
	}
	wants := "containers that are not up want one"
	if waiting == 1 {
		wants = "container that is not up wants one"
	}
	f := Finding{About: []Ref{network(n)}, Fix: Fix{Does: say("make a network with a larger --subnet, and move containers there")}}
	const most, least = 10, 10 // a tenth is left, of a subnet of some size
	switch {
	case left == 0 && waiting > 0:
		f.Severity = Error
		f.Says = say("%s has none of its %d addresses of %s left, and %d %s", network(n), room, space.Subnet, waiting, wants)
	case left == 0:
		f.Severity = Warning
		f.Says = say("%s has none of its %d addresses of %s left: no further container starts on it", network(n), room, space.Subnet)
	case left < waiting:
		f.Severity = Warning
		f.Says = say("%s has %d of its %d addresses of %s left, and %d %s", network(n), left, room, space.Subnet, waiting, wants)
	case left*most < room && room >= least:
		f.Severity = Warning
		f.Says = say("%s has %d of its %d addresses of %s left", network(n), left, room, space.Subnet)
	default:
		return
	}
	x.found(f)
}

// OptionBridgeName is the option by which a bridge network's interface gets a name.
const OptionBridgeName = "com.docker.network.bridge.name"
