//go:build linux

package measure

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"
)

// reportErrors makes the kernel queue the ICMP errors of a socket with who sent
// them. An errno alone does not tell a firewall from a missing host.
func reportErrors(fd int, v6 bool) error {
	if v6 {
		return unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_RECVERR, 1)
	}
	return unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_RECVERR, 1)
}

// queuedError takes the next ICMP error from the queue of a socket; ok is false
// where there is none. What the own kernel refused at once is not given: the
// call that it refused has told so.
func queuedError(fd int) (found icmpError, ok bool) {
	data, control := make([]byte, 256), make([]byte, 512)
	for {
		n, controlled, _, _, err := unix.Recvmsg(fd, data, control, unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
		if err != nil {
			return icmpError{}, false
		}
		messages, err := unix.ParseSocketControlMessage(control[:controlled])
		if err != nil {
			continue
		}
		for _, message := range messages {
			kind := message.Header.Type
			level := message.Header.Level
			if (level == unix.IPPROTO_IP && kind == unix.IP_RECVERR) || (level == unix.IPPROTO_IPV6 && kind == unix.IPV6_RECVERR) {
				if found, ok = parseExtendedError(message.Data); ok {
					found.quoted = data[:n]
					return found, true
				}
			}
		}
	}
}

// parseExtendedError reads a struct sock_extended_err and the address after it.
func parseExtendedError(data []byte) (icmpError, bool) {
	const (
		head            = 16 // of struct sock_extended_err
		inet, inet6     = 16, 28
		addressV4At     = head + 4
		addressV6At     = head + 8
		errno           = 0
		origin, kind    = 4, 5
		code            = 6
		info, infoWidth = 8, 4
	)
	if len(data) < head {
		return icmpError{}, false
	}
	v6 := data[origin] == unix.SO_EE_ORIGIN_ICMP6
	if !v6 && data[origin] != unix.SO_EE_ORIGIN_ICMP {
		return icmpError{}, false
	}
	e := icmpError{outcome: outcomeOfICMP(v6, data[kind], data[code])}
	if binary.NativeEndian.Uint32(data[errno:]) == uint32(unix.EMSGSIZE) {
		e.mtu = int(binary.NativeEndian.Uint32(data[info : info+infoWidth]))
	}
	if len(data) >= head+2 {
		switch family := binary.NativeEndian.Uint16(data[head:]); {
		case family == unix.AF_INET && len(data) >= head+inet:
			e.from, _ = netip.AddrFromSlice(data[addressV4At : addressV4At+4])
		case family == unix.AF_INET6 && len(data) >= head+inet6:
			e.from, _ = netip.AddrFromSlice(data[addressV6At : addressV6At+16])
			e.from = e.from.Unmap()
		}
	}
	return e, true
}
