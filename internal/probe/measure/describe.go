//go:build linux

package measure

import (
	"fmt"
	"net"
	"net/netip"
	"os"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// description is what is found out of a namespace, part by part.
type description struct {
	wire.Namespace
}

// describe tells what the namespace has. What cannot be read is named.
func describe() *wire.Namespace {
	var d description
	d.readInterfaces()
	d.readRoutes()
	d.readResolver()
	d.readListeners()
	return &d.Namespace
}

// Own tells which interfaces and routes this program's own namespace has.
func Own() *wire.Namespace {
	var d description
	d.readInterfaces()
	d.readRoutes()
	return &d.Namespace
}

func (d *description) unread(what string, err error) {
	if err != nil {
		d.Unread = append(d.Unread, fmt.Sprintf("%s: %v", what, err))
	}
}

// read gives a file; ok is false where there is none to read. That it does not
// exist is no fault where the kernel has no IPv6.
func (d *description) read(file string, optional bool) (text string, ok bool) {
	data, err := os.ReadFile(file)
	if err != nil {
		if !optional || !os.IsNotExist(err) {
			d.unread(file, err)
		}
		return "", false
	}
	return string(data), true
}

func (d *description) readInterfaces() {
	interfaces, err := net.Interfaces()
	d.unread("interfaces", err)
	for _, i := range interfaces {
		d.Interfaces = append(d.Interfaces, wire.Interface{
			Name:      i.Name,
			MTU:       i.MTU,
			Up:        i.Flags&net.FlagUp != 0,
			Loopback:  i.Flags&net.FlagLoopback != 0,
			Addresses: prefixesOf(i),
		})
	}
}

// prefixesOf gives the addresses of an interface, with their prefix lengths.
func prefixesOf(i net.Interface) []netip.Prefix {
	addresses, err := i.Addrs()
	if err != nil {
		return nil // it went away since it was listed
	}
	var prefixes []netip.Prefix
	for _, address := range addresses {
		network, ok := address.(*net.IPNet)
		if !ok {
			continue
		}
		ip, ok := netip.AddrFromSlice(network.IP)
		if !ok {
			continue
		}
		bits, _ := network.Mask.Size()
		prefixes = append(prefixes, netip.PrefixFrom(ip.Unmap(), bits))
	}
	return prefixes
}

func (d *description) readRoutes() {
	const v4, v6 = "/proc/net/route", "/proc/net/ipv6_route"
	if text, ok := d.read(v4, false); ok {
		routes, err := parseRoutesV4(text)
		d.unread(v4, err)
		d.Routes = append(d.Routes, routes...)
	}
	if text, ok := d.read(v6, true); ok {
		routes, err := parseRoutesV6(text)
		d.unread(v6, err)
		d.Routes = append(d.Routes, routes...)
	}
}

func (d *description) readResolver() {
	if text, ok := d.read("/etc/resolv.conf", false); ok {
		d.Resolver = parseResolver(text)
	}
}

func (d *description) readListeners() {
	for _, protocol := range []string{"tcp", "tcp6", "udp", "udp6"} {
		file := "/proc/net/" + protocol
		v6 := protocol[len(protocol)-1] == '6'
		text, ok := d.read(file, v6)
		if !ok {
			continue
		}
		sockets, err := parseSockets(protocol[:3], text)
		d.unread(file, err)
		var only map[uint64]bool
		if v6 && anyUnspecified(sockets) {
			// A kernel without this diagnosis leaves it not known.
			only, _ = v6Only(protocol[:3])
		}
		for _, s := range sockets {
			if s.Address == engineResolver {
				continue
			}
			if known, ok := only[s.inode]; ok && s.Address.IsUnspecified() {
				s.V6Only = &known
			}
			d.Listeners = append(d.Listeners, s.Listener)
		}
	}
}

// engineResolver is where Docker's own resolver listens in a container's
// namespace. It is none of the container's programs.
var engineResolver = netip.AddrFrom4([4]byte{127, 0, 0, 11})

func anyUnspecified(sockets []socket) bool {
	for _, s := range sockets {
		if s.Address.IsUnspecified() {
			return true
		}
	}
	return false
}
