package checks

import (
	"cmp"
	"math/bits"
	"net/netip"
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// addressChecks are about subnets and how many addresses are left.
var addressChecks = []*Check{
	{
		ID: "subnet-overlap", Title: "The subnets of two networks overlap", Severity: Warning,
		Why: `Where two networks hold the same addresses, packets to one go out through the other: from the host, and from a
container that is on both. Engines refuse that for networks of one driver, and allow it between drivers, and between
overlays and local networks.`,
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
makes a network for each project, and they stay after "docker compose stop". When none is left, no network can be made:
"all predefined address pools have been fully subnetted".`,
		Mend: `Remove networks that nothing needs ("docker netkit prune"), give new ones a "--subnet", or set
"default-address-pools" in the engine's configuration, which takes effect after a restart.`,
		Needs: Needs{Info: true}, find: findPools,
	},
	{
		ID: "subnet-full", Title: "Few or no addresses are left on a network", Severity: Error,
		Why: `Each running container takes an address of its network's subnet, and so does the gateway. When none is left, the
next container does not start: "no available IPv4 addresses on this network's address pools".`,
		Mend: `Make a network with a larger "--subnet", and move containers there.`,
		find: findFull,
	},
}

// held is a subnet of a network.
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
			if prefix := pool.Subnet.Prefix(); prefix.IsValid() {
				all = append(all, held{prefix.Masked(), n})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b held) int {
		return cmp.Or(a.prefix.Addr().Compare(b.prefix.Addr()), cmp.Compare(a.prefix.Bits(), b.prefix.Bits()))
	})
	return all
}

// findOverlap goes once over the subnets in order: those that hold the present one are
// on a stack, the widest at the bottom.
func findOverlap(x *exam) {
	var around []held
	for _, now := range subnetsHeld(x.Index) {
		for len(around) > 0 && !around[len(around)-1].prefix.Overlaps(now.prefix) {
			around = around[:len(around)-1]
		}
		for _, outer := range around {
			if outer.network != now.network {
				x.found(Finding{
					About: []Ref{network(now.network), network(outer.network)},
					Says:  say("%s (%s) and %s (%s) overlap", network(now.network), now.prefix, network(outer.network), outer.prefix),
					Fix:   Fix{Does: say("make one of them anew with another --subnet")},
				})
			}
		}
		around = append(around, now)
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
	for _, h := range all {
		for _, route := range x.facts.Host.Routes {
			if route.To.Bits() == 0 || !route.To.Overlaps(h.prefix) || own[route.Interface] || route.To.Addr().IsLinkLocalUnicast() {
				continue
			}
			f := Finding{
				About: []Ref{network(h.network)},
				Says:  say("%s (%s) overlaps the host's route to %s by %s", network(h.network), h.prefix, route.To, Foreign(route.Interface)),
				Fix:   Fix{Does: say("make it anew with a --subnet that is free")},
			}
			if tunnel(route.Interface) {
				f.Also = []Sentence{say("%s looks like a VPN", Foreign(route.Interface))}
			}
			x.found(f)
		}
	}
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
	all = slices.DeleteFunc(all, func(h held) bool { return h.network.SwarmScope() && !h.network.Ingress })
	var total, left uint64
	for _, pool := range pools {
		if !pool.Base.Addr().Is4() {
			continue
		}
		count, free := freeIn(pool, all)
		total, left = total+count, left+free
	}
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
	x.found(f)
}

func defaultPools() []AddressPool {
	const first, last, wide, narrow = 17, 31, 16, 20
	var pools []AddressPool
	for second := byte(first); second <= last; second++ {
		pools = append(pools, AddressPool{netip.PrefixFrom(netip.AddrFrom4([4]byte{172, second, 0, 0}), wide), wide})
	}
	return append(pools, AddressPool{netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 168, 0, 0}), wide), narrow})
}

// freeIn counts the subnets of a pool, and those of them that no network touches.
func freeIn(pool AddressPool, all []held) (count, free uint64) {
	if pool.Bits < pool.Base.Bits() || pool.Bits > pool.Base.Addr().BitLen() {
		return 0, 0
	}
	count = uint64(1) << min(pool.Bits-pool.Base.Bits(), bits.UintSize-1)
	taken := map[uint64]bool{}
	for _, h := range all {
		if !h.prefix.Addr().Is4() || !h.prefix.Overlaps(pool.Base) {
			continue
		}
		first := subnetNumber(pool, h.prefix.Addr())
		last := first
		if h.prefix.Bits() < pool.Bits {
			last = first + 1<<(pool.Bits-max(h.prefix.Bits(), pool.Base.Bits())) - 1
		}
		for n := first; n <= last && n < count; n++ {
			taken[n] = true
		}
	}
	return count, count - uint64(len(taken))
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
	for i := range x.Networks {
		n := &x.Networks[i]
		if n.ConfigOnly || n.Implied || n.Driver == "host" || n.Driver == "null" || n.Ingress {
			continue
		}
		for _, pool := range n.IPAM.Pools {
			if prefix := pool.Subnet.Prefix(); prefix.IsValid() && prefix.Addr().Is4() {
				x.fullness(n, pool)
			}
		}
	}
}

func (x *exam) fullness(n *topology.Network, pool topology.Pool) {
	room, used := capacity(pool), 0
	waiting := 0
	holds := pool.Subnet.Prefix().Contains
	for _, a := range x.On(n.ID) {
		switch {
		case a.State == topology.Configured:
			waiting++
		case a.IPv4.IP().IsValid() && holds(a.IPv4.IP()):
			used++
		}
	}
	if used == 0 && waiting == 0 {
		return
	}
	if n.SwarmScope() && x.Engine.SwarmNodes != 1 {
		const plenty = 256
		if room < plenty {
			x.unknown("how many addresses of %s the other nodes of the swarm have taken cannot be seen from here", network(n))
		}
		return
	}
	left := max(0, room-used)
	f := Finding{About: []Ref{network(n)}, Fix: Fix{Does: say("make a network with a larger --subnet, and move containers there")}}
	const most, least = 10, 10 // a tenth is left, of a subnet of some size
	switch {
	case left == 0 && waiting > 0:
		f.Severity = Error
		f.Says = say("%s has none of its %d addresses of %s left, and %d containers that are not up want one", network(n), room, pool.Subnet, waiting)
	case left == 0:
		f.Severity = Warning
		f.Says = say("%s has none of its %d addresses of %s left: no further container starts on it", network(n), room, pool.Subnet)
	case left < waiting:
		f.Severity = Warning
		f.Says = say("%s has %d of its %d addresses of %s left, and %d containers that are not up want one", network(n), left, room, pool.Subnet, waiting)
	case left*most < room && room >= least:
		f.Severity = Warning
		f.Says = say("%s has %d of its %d addresses of %s left", network(n), left, room, pool.Subnet)
	default:
		return
	}
	x.found(f)
}

// capacity is how many containers get an address out of a pool: all of its range, or
// else of its subnet, but for the subnet's own address, its broadcast, its gateway and
// those that are set aside.
func capacity(pool topology.Pool) int {
	subnet := pool.Subnet.Prefix().Masked()
	from := subnet
	if r := pool.Range.Prefix(); r.IsValid() && subnet.Overlaps(r) {
		from = r.Masked()
	}
	const most = 24
	size := uint64(1) << min(from.Addr().BitLen()-from.Bits(), most)
	last := number(subnet.Addr()) + 1<<(subnet.Addr().BitLen()-subnet.Bits()) - 1
	taken := map[uint64]bool{}
	set := func(n uint64) {
		if first := number(from.Addr()); n >= first && n < first+size {
			taken[n] = true
		}
	}
	const pair = 31
	if subnet.Bits() < pair {
		set(number(subnet.Addr()))
		set(last)
	}
	if pool.Gateway.IP().Is4() {
		set(number(pool.Gateway.IP()))
	}
	for _, address := range pool.Aux {
		if address.IP().Is4() {
			set(number(address.IP()))
		}
	}
	return int(size) - len(taken) //nolint:gosec // bounded above
}

// OptionBridgeName is the option by which a bridge network's interface gets a name.
const OptionBridgeName = "com.docker.network.bridge.name"
