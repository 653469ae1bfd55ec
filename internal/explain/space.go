package explain

import (
	"maps"
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Space is a subnet of a network, and how many addresses are left in it.
type Space struct {
	Subnet string `json:"subnet"`
	// First and Last bound the range that the user chose; empty where containers
	// get addresses of the whole subnet.
	First string `json:"first,omitempty"`
	Last  string `json:"last,omitempty"`
	// Gateway is kept for the host or a router, and Reserved are those that the
	// user kept from containers.
	Gateway  string     `json:"gateway,omitempty"`
	Reserved []Reserved `json:"reserved,omitempty"`
	// Endless tells that there are more than anybody can use; the numbers are 0
	// then.
	Endless bool   `json:"endless,omitzero"`
	Size    uint64 `json:"size"`
	Used    uint64 `json:"used"`
	Left    uint64 `json:"left"`
	// AtMost tells that Left may be less, as not all who have addresses are known.
	AtMost bool `json:"at_most,omitzero"`
	// Next is the address that the next container gets; empty where that is not
	// known.
	Next string `json:"next,omitempty"`
	V6   bool   `json:"ipv6,omitzero"`
}

// Reserved is an address that the user kept from containers.
type Reserved struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

func spacesOf(ix *topology.Index, n *topology.Network) []Space {
	var spaces []Space
	for _, s := range diagnose.Spaces(ix, n) {
		space := Space{
			Subnet: s.Subnet.String(), Endless: s.Endless, Size: s.Size, Used: s.Used, Left: s.Left, AtMost: s.AtMost, V6: s.Subnet.Addr().Is6(),
		}
		if s.Ranged {
			space.First, space.Last = s.First.String(), s.Last.String()
		}
		if s.Gateway.IsValid() {
			space.Gateway = s.Gateway.String()
		}
		if s.Next.IsValid() {
			space.Next = s.Next.String()
		}
		for _, name := range slices.Sorted(maps.Keys(s.Aux)) {
			space.Reserved = append(space.Reserved, Reserved{name, s.Aux[name].String()})
		}
		spaces = append(spaces, space)
	}
	return spaces
}
