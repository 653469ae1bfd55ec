package enginetest

import (
	"cmp"
	"fmt"
	"net/http"
	"net/netip"
)

// giveAddresses gives an endpoint the addresses that were asked for, and the
// next free ones of the network's other subnets.
func (e *Engine) giveAddresses(c *Container, on *Endpoint, n *Network) *refusal {
	on.IPv4 = e.keepIfFree(on.IPv4, c, n)
	on.IPv6 = e.keepIfFree(on.IPv6, c, n)
	for _, family := range []struct {
		asked string
		given *string
		is4   bool
	}{{on.Static4, &on.IPv4, true}, {on.Static6, &on.IPv6, false}} {
		if family.asked != "" {
			if no := e.takenAddress(family.asked, c, n); no != nil {
				return no
			}
			*family.given = family.asked
			continue
		}
		if *family.given == "" {
			*family.given = e.nextFree(n, family.is4)
		}
	}
	return nil
}

// keepIfFree is an address that a test gave a container, if it can have it.
func (e *Engine) keepIfFree(address string, c *Container, n *Network) string {
	if !n.contains(address) || n.holder(e, address, c) != "" {
		return ""
	}
	return address
}

// holder is who has the address on the network, other than this container; "the
// network" for those that are not given out.
func (n *Network) holder(e *Engine, address string, besides *Container) string {
	for i := range e.containers {
		c := &e.containers[i]
		if on := c.endpointOn(n); on != nil && c != besides && (on.IPv4 == address || on.IPv6 == address) {
			return c.ID
		}
	}
	for _, stale := range n.Stale {
		if stale.IPv4 == address {
			return stale.ID
		}
	}
	for _, p := range n.Pools {
		subnet, err := netip.ParsePrefix(p.Subnet)
		if err != nil {
			continue
		}
		taken := address == subnet.Masked().Addr().String() || address == gatewayOf(p) || address == lastOf(subnet)
		for _, aux := range p.Aux {
			taken = taken || aux == address
		}
		if taken {
			return "the network"
		}
	}
	return ""
}

// nextFree is the next address to be given out; empty where the network has
// none of this family. Podman goes on from the last one it gave, Docker takes
// the lowest.
func (e *Engine) nextFree(n *Network, is4 bool) string {
	for _, p := range n.Pools {
		within, err := netip.ParsePrefix(cmp.Or(p.Range, p.Subnet))
		if err != nil || within.Addr().Is4() != is4 {
			continue
		}
		key := n.ID + " " + p.Subnet
		start := within.Masked().Addr()
		if last, given := e.given[key]; given && e.flavour.Podman {
			start = last.Next()
		}
		for a := start; within.Contains(a); a = a.Next() {
			if n.holder(e, a.String(), nil) == "" {
				e.given[key] = a
				return a.String()
			}
		}
	}
	return ""
}

// gatewayOf is the gateway of a pool: the first address of the subnet, where
// none was chosen.
func gatewayOf(p Pool) string {
	subnet, err := netip.ParsePrefix(cmp.Or(p.Range, p.Subnet))
	if p.Gateway != "" || err != nil {
		return p.Gateway
	}
	return subnet.Masked().Addr().Next().String()
}

// lastOf is the broadcast address of a subnet; empty for IPv6.
func lastOf(subnet netip.Prefix) string {
	if !subnet.Addr().Is4() {
		return ""
	}
	bytes := subnet.Masked().Addr().As4()
	for bit := subnet.Bits(); bit < subnet.Addr().BitLen(); bit++ {
		bytes[bit/8] |= 1 << (7 - bit%8)
	}
	return netip.AddrFrom4(bytes).String()
}

// freePool is a subnet that no network has yet, with its gateway, as engines
// choose it [the ranges are their defaults].
func (e *Engine) freePool(is4, swarm bool) Pool {
	for _, candidate := range e.candidates(is4, swarm) {
		subnet := netip.MustParsePrefix(candidate)
		if !e.overlaps(subnet) {
			return Pool{Subnet: candidate, Gateway: subnet.Addr().Next().String(), Auto: true}
		}
	}
	return Pool{}
}

func (e *Engine) candidates(is4, swarm bool) []string {
	var list []string
	switch {
	case !is4:
		for i := range 1 << 8 {
			list = append(list, fmt.Sprintf("fd4f:c3d7:483f:%x::/64", i))
		}
	case swarm:
		for i := 1; i < 1<<8; i++ {
			list = append(list, fmt.Sprintf("10.0.%d.0/24", i))
		}
	case e.flavour.Podman:
		for i := range 1 << 8 {
			list = append(list, fmt.Sprintf("10.89.%d.0/24", i))
		}
	default:
		for i := 17; i < 32; i++ {
			list = append(list, fmt.Sprintf("172.%d.0.0/16", i))
		}
		for i := 0; i < 256; i += 16 {
			list = append(list, fmt.Sprintf("192.168.%d.0/20", i))
		}
	}
	return list
}

// overlaps tells whether a local network has addresses of this subnet.
func (e *Engine) overlaps(subnet netip.Prefix) bool {
	for i := range e.networks {
		for _, p := range e.networks[i].Pools {
			other, err := netip.ParsePrefix(p.Subnet)
			if err == nil && !e.networks[i].ConfigOnly && other.Overlaps(subnet) {
				return true
			}
		}
	}
	return false
}

// takenAddress refuses an address that was asked for and cannot be had.
func (e *Engine) takenAddress(address string, c *Container, n *Network) *refusal {
	holder := n.holder(e, address, c)
	switch {
	case e.flavour.Podman && e.container(holder) != nil:
		return refuse(http.StatusInternalServerError, "IPAM error: requested ip address %s is already allocated to container ID %s", address, holder)
	case e.flavour.Podman && !n.contains(address):
		return e.unknown("what Podman says of the address %s, which network %s does not have", address, n.Name)
	case e.flavour.Podman: // also the gateway's
		return nil
	case !n.contains(address):
		return refuse(http.StatusInternalServerError, "Invalid address %s: It does not belong to any of this network's subnets", address)
	case holder != "":
		return refuse(http.StatusForbidden, "Address already in use")
	}
	return nil
}

// contains tells whether the address is in a subnet of the network.
func (n *Network) contains(address string) bool {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	for _, p := range n.Pools {
		if subnet, err := netip.ParsePrefix(p.Subnet); err == nil && subnet.Contains(a) {
			return true
		}
	}
	return false
}

// userChose tells whether the user chose a subnet of the network for this
// family of addresses.
func (n *Network) userChose(is4 bool) bool {
	for _, p := range n.Pools {
		if subnet, err := netip.ParsePrefix(p.Subnet); err == nil && subnet.Addr().Is4() == is4 && !p.Auto {
			return true
		}
	}
	return false
}
