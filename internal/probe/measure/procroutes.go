//go:build linux

package measure

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// loopback is the name that Linux gives its loopback interface.
const loopback = "lo"

// parseRoutesV4 reads /proc/net/route. What it cannot read it leaves out, and
// the first of that is the error.
func parseRoutesV4(text string) (routes []wire.Route, err error) {
	for i, line := range strings.Split(text, "\n") {
		if i == 0 || strings.TrimSpace(line) == "" {
			continue // the titles
		}
		route, wanted, e := parseRouteV4(strings.Fields(line))
		if e != nil && err == nil {
			err = fmt.Errorf("line %d: %w", i+1, e)
		}
		if e == nil && wanted {
			routes = append(routes, route)
		}
	}
	return routes, err
}

func parseRouteV4(fields []string) (route wire.Route, wanted bool, err error) {
	const (
		name, destination, gateway, flags, metric, mask = 0, 1, 2, 3, 6, 7
		count                                           = 8
		hexadecimal, width                              = 16, 32
	)
	if len(fields) < count {
		return route, false, fmt.Errorf("%d fields", len(fields))
	}
	to, err := hostWords(fields[destination])
	if err != nil {
		return route, false, err
	}
	via, err := hostWords(fields[gateway])
	if err != nil {
		return route, false, err
	}
	covered, err := hostWords(fields[mask])
	if err != nil {
		return route, false, err
	}
	if !to.Is4() || !via.Is4() || !covered.Is4() {
		return route, false, fmt.Errorf("no IPv4 route: %q", fields[destination])
	}
	flag, err := strconv.ParseUint(fields[flags], hexadecimal, width)
	if err != nil {
		return route, false, err
	}
	cost, err := strconv.ParseUint(fields[metric], 10, width)
	if err != nil {
		return route, false, err
	}
	four := covered.As4()
	length := bits.LeadingZeros32(^binary.BigEndian.Uint32(four[:]))
	route = wire.Route{Destination: netip.PrefixFrom(to, length), Interface: fields[name], Metric: int(cost)}
	if flag&unix.RTF_GATEWAY != 0 {
		route.Gateway = via
	}
	up := flag&unix.RTF_UP != 0 && flag&unix.RTF_REJECT == 0
	return route, up && route.Interface != loopback && !to.IsMulticast(), nil
}

// hostWords reads an address as most of /proc/net writes it: in words of 32
// bits, each as the machine has it.
func hostWords(text string) (netip.Addr, error) {
	data, err := hex.DecodeString(text)
	if err != nil {
		return netip.Addr{}, err
	}
	const word = 4
	for i := 0; i+word <= len(data); i += word {
		binary.NativeEndian.PutUint32(data[i:], binary.BigEndian.Uint32(data[i:]))
	}
	address, ok := netip.AddrFromSlice(data)
	if !ok {
		return netip.Addr{}, fmt.Errorf("no address: %q", text)
	}
	return address, nil
}

// parseRoutesV6 reads /proc/net/ipv6_route, as parseRoutesV4 does.
func parseRoutesV6(text string) (routes []wire.Route, err error) {
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		route, wanted, e := parseRouteV6(strings.Fields(line))
		if e != nil && err == nil {
			err = fmt.Errorf("line %d: %w", i+1, e)
		}
		if e == nil && wanted {
			routes = append(routes, route)
		}
	}
	return routes, err
}

func parseRouteV6(fields []string) (route wire.Route, wanted bool, err error) {
	const (
		destination, length, next, metric, flags, name = 0, 1, 4, 5, 8, 9
		count                                          = 10
		hexadecimal, width, byteWidth                  = 16, 32, 8
		most                                           = 128
	)
	if len(fields) < count {
		return route, false, fmt.Errorf("%d fields", len(fields))
	}
	to, err := addressV6(fields[destination])
	if err != nil {
		return route, false, err
	}
	via, err := addressV6(fields[next])
	if err != nil {
		return route, false, err
	}
	size, err := strconv.ParseUint(fields[length], hexadecimal, byteWidth)
	if err != nil || size > most {
		return route, false, fmt.Errorf("no prefix length: %q", fields[length])
	}
	cost, err := strconv.ParseUint(fields[metric], hexadecimal, width)
	if err != nil {
		return route, false, err
	}
	flag, err := strconv.ParseUint(fields[flags], hexadecimal, width)
	if err != nil {
		return route, false, err
	}
	route = wire.Route{Destination: netip.PrefixFrom(to, int(size)), Interface: fields[name], Metric: int(cost)}
	if flag&unix.RTF_GATEWAY != 0 {
		route.Gateway = via
	}
	const (
		anycast = 0x00100000 // RTF_ANYCAST, which x/sys/unix does not have
		own     = unix.RTF_REJECT | unix.RTF_LOCAL | anycast
	)
	up := flag&unix.RTF_UP != 0 && flag&own == 0
	return route, up && route.Interface != loopback && !to.IsMulticast(), nil
}

// addressV6 reads an address of which the bytes are in order.
func addressV6(text string) (netip.Addr, error) {
	data, err := hex.DecodeString(text)
	if err != nil {
		return netip.Addr{}, err
	}
	const length = 16
	if len(data) != length {
		return netip.Addr{}, fmt.Errorf("no IPv6 address: %q", text)
	}
	return netip.AddrFrom16([length]byte(data)), nil
}
