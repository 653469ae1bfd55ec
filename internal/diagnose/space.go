package diagnose

import (
	"encoding/json"
	"net/netip"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Space is one range of addresses of a network, and how much of it is left.
type Space struct {
	Subnet netip.Prefix
	// First and Last bound what is given to containers that ask for no address:
	// the subnet's, or those of the range that the user chose.
	First, Last netip.Addr
	// Ranged tells that the user chose a range smaller than the subnet.
	Ranged bool
	// Gateway is kept for the host or a router; Aux are those that the user kept
	// from containers, by name.
	Gateway netip.Addr
	Aux     map[string]netip.Addr
	// Endless tells that nobody will ever use all of them: most of IPv6.
	Endless bool
	// Size counts the addresses that containers can have, Used those which they
	// have, Reserved those which they cannot, and Left what remains. They are 0
	// where Endless.
	Size, Used, Left uint64
	// AtMost tells that Left may be less, as not all who have an address are known:
	// those on other nodes of a swarm, and what could not be read.
	AtMost bool
	// Next is the address that the next container gets, where that is known.
	Next netip.Addr
}

// Spaces tells of each subnet of a network how many addresses are left in it.
// Subnets that could not be read are left out.
func Spaces(ix *topology.Index, n *topology.Network) []Space {
	var spaces []Space
	for _, pool := range n.IPAM.Pools {
		if subnet := pool.Subnet.Prefix(); subnet.IsValid() {
			spaces = append(spaces, spaceOf(ix, n, &pool, subnet.Masked()))
		}
	}
	return spaces
}

// manyBits is from how many bits on nobody counts addresses any more.
const manyBits = 32

func spaceOf(ix *topology.Index, n *topology.Network, pool *topology.Pool, subnet netip.Prefix) Space {
	s := Space{Subnet: subnet, First: subnet.Addr(), Last: lastOf(subnet)}
	if chosen := pool.Range.Prefix(); chosen.IsValid() {
		s.First, s.Last, s.Ranged = chosen.Masked().Addr(), lastOf(chosen), chosen.Masked() != subnet
	}
	if first, last := leaseRange(n, subnet); first.IsValid() {
		s.First, s.Last, s.Ranged = first, last, true
	}
	s.Gateway = pool.Gateway.IP()
	if !s.Gateway.IsValid() && (n.Driver == driverBridge || n.OnParent() && !n.Internal) {
		// Of a macvlan, it is taken for the router of the network outside, and kept
		// from containers as on a bridge [measured on Docker 20.10, 28.5].
		s.Gateway = gatewayOf(n, nil, subnet.Addr().Is6())
	}
	if !subnet.Contains(s.Gateway) {
		s.Gateway = netip.Addr{}
	}
	for name, address := range pool.Aux {
		if address.IP().IsValid() {
			if s.Aux == nil {
				s.Aux = map[string]netip.Addr{}
			}
			s.Aux[name] = address.IP()
		}
	}
	if subnet.Addr().BitLen()-subnet.Bits() >= manyBits {
		s.Endless = true
		return s
	}
	taken := map[netip.Addr]bool{}
	for _, a := range ix.On(n.ID) {
		for _, address := range []topology.Address{a.IPv4, a.IPv6} {
			if a.State == topology.Live && address.IP().IsValid() {
				taken[address.IP()] = true
			}
		}
	}
	s.count(taken)
	s.AtMost = n.SwarmScope() || ix.Partial || unreadOf(ix, n)
	if n.Scope == "local" && n.Driver == driverBridge && !podman(&ix.Engine) && !s.AtMost && s.Left > 0 {
		s.Next = s.lowest(taken) // [measured on Docker 20.10, 28.5]
	}
	return s
}

// count counts what is there and what is taken of it.
func (s *Space) count(taken map[netip.Addr]bool) {
	s.Size = distance(s.First, s.Last) + 1
	kept := map[netip.Addr]bool{s.Gateway: true}
	if s.Subnet.Addr().Is4() {
		// The first and the last address of a subnet are nobody's.
		kept[s.Subnet.Addr()], kept[lastOf(s.Subnet)] = true, true
	} else {
		kept[s.Subnet.Addr()] = true
	}
	for _, address := range s.Aux {
		kept[address] = true
	}
	for address := range kept {
		if s.holds(address) && s.Size > 0 {
			s.Size--
		}
	}
	for address := range taken {
		if s.holds(address) && !kept[address] {
			s.Used++
		}
	}
	if s.Left = 0; s.Used < s.Size {
		s.Left = s.Size - s.Used
	}
}

// lowest is the first address that nobody has.
func (s *Space) lowest(taken map[netip.Addr]bool) netip.Addr {
	for address := s.First; s.holds(address); address = address.Next() {
		free := !taken[address] && address != s.Gateway && address != s.Subnet.Addr() && (address.Is6() || address != lastOf(s.Subnet))
		for _, aux := range s.Aux {
			free = free && aux != address
		}
		if free {
			return address
		}
	}
	return netip.Addr{}
}

func (s *Space) holds(address netip.Addr) bool {
	return address.IsValid() && address.Is4() == s.First.Is4() && address.Compare(s.First) >= 0 && address.Compare(s.Last) <= 0
}

// unreadOf tells that who is on a network is not known in full.
func unreadOf(ix *topology.Index, n *topology.Network) bool {
	for _, gap := range ix.Unread {
		switch gap.What {
		case "container", "containers", "attachment":
			return true
		case "network", "networks":
			if gap.ID == n.ID || gap.ID == "" {
				return true
			}
		}
	}
	return false
}

// lastOf is the last address of a subnet.
func lastOf(subnet netip.Prefix) netip.Addr {
	bytes := subnet.Masked().Addr().AsSlice()
	const bitsOfByte = 8
	for bit := subnet.Bits(); bit < len(bytes)*bitsOfByte; bit++ {
		bytes[bit/bitsOfByte] |= 1 << (bitsOfByte - 1 - bit%bitsOfByte)
	}
	last, _ := netip.AddrFromSlice(bytes)
	return last
}

// distance is how many addresses lie from one to another of the same subnet, as
// far as the last 64 bits tell.
func distance(from, to netip.Addr) uint64 {
	number := func(a netip.Addr) (n uint64) {
		const last, byteBits = 8, 8
		bytes := a.AsSlice()
		if len(bytes) > last {
			bytes = bytes[len(bytes)-last:]
		}
		for _, b := range bytes {
			n = n<<byteBits | uint64(b)
		}
		return n
	}
	if to.Less(from) {
		return 0
	}
	return number(to) - number(from)
}

// leaseRange is the range of addresses that Podman gives of a subnet, which only
// its own API tells; not valid where none was chosen.
func leaseRange(n *topology.Network, subnet netip.Prefix) (first, last netip.Addr) {
	var native struct {
		Subnets []struct {
			Subnet string `json:"subnet"`
			Lease  struct {
				First string `json:"start_ip"`
				Last  string `json:"end_ip"`
			} `json:"lease_range"`
		} `json:"subnets"`
	}
	if n.Native == "" || json.Unmarshal([]byte(n.Native), &native) != nil {
		return first, last
	}
	for _, s := range native.Subnets {
		if s.Subnet != subnet.String() || s.Lease.First == "" && s.Lease.Last == "" {
			continue
		}
		first, last = topology.ParseAddress(s.Lease.First).IP(), topology.ParseAddress(s.Lease.Last).IP()
		if !first.IsValid() {
			first = subnet.Addr()
		}
		if !last.IsValid() {
			last = lastOf(subnet)
		}
	}
	return first, last
}
