package wire

import "net/netip"

// Namespace is what a network namespace has.
type Namespace struct {
	Interfaces []Interface `json:"interfaces"`
	Routes     []Route     `json:"routes"`
	Resolver   Resolver    `json:"resolver"`
	Listeners  []Listener  `json:"listeners"`
	// Unread names what could not be read, and why.
	Unread []string `json:"unread,omitempty"`
}

// Interface is a network interface.
type Interface struct {
	Name      string         `json:"name"`
	MTU       int            `json:"mtu"`
	Up        bool           `json:"up"`
	Loopback  bool           `json:"loopback,omitempty"`
	Addresses []netip.Prefix `json:"addresses,omitempty"`
}

// Route is an entry of the routing tables, without those of the loopback and
// multicast.
type Route struct {
	Destination netip.Prefix `json:"destination"`
	Gateway     netip.Addr   `json:"gateway,omitzero"`
	Interface   string       `json:"interface"`
	Metric      int          `json:"metric,omitempty"`
}

// Default tells that it is a default route.
func (r Route) Default() bool { return r.Destination.IsValid() && r.Destination.Bits() == 0 }

// Resolver is what /etc/resolv.conf says.
type Resolver struct {
	Servers []string `json:"servers,omitempty"`
	Search  []string `json:"search,omitempty"`
	Options []string `json:"options,omitempty"`
}

// Listener is a socket that takes connections (tcp) or datagrams (udp).
type Listener struct {
	Protocol string     `json:"protocol"`
	Address  netip.Addr `json:"address"`
	Port     uint16     `json:"port"`
	// V6Only tells of one on the unspecified IPv6 address whether it takes IPv6
	// only; absent where that is not known.
	V6Only *bool `json:"ipv6_only,omitempty"`
	// Waiting is how many connections wait for a program to take them.
	Waiting int `json:"waiting,omitempty"`
}

// Takes tells that the listener would take what comes to this address of its
// namespace; ok is false where that is not known.
func (l Listener) Takes(to netip.Addr) (takes, ok bool) {
	to = to.Unmap().WithZone("")
	own := l.Address.Unmap().WithZone("")
	switch {
	case own == to:
		return true, true
	case !own.IsUnspecified():
		return false, true
	case own.Is4() || to.Is6():
		return own.Is4() == to.Is4(), true
	case l.V6Only == nil:
		return true, false
	}
	return !*l.V6Only, true
}
