//go:build linux

package measure

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// v6Only asks the kernel which IPv6 sockets take IPv6 only, by inode. /proc does
// not tell that. It needs no privilege.
func v6Only(protocol string) (map[uint64]bool, error) {
	number, state := uint8(unix.IPPROTO_TCP), stateListen
	if protocol == "udp" {
		number, state = unix.IPPROTO_UDP, stateClosed
	}
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil, fmt.Errorf("cannot ask for sockets: %w", err)
	}
	defer func() { _ = unix.Close(fd) }()
	limit := unix.NsecToTimeval(int64(time.Second))
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &limit); err != nil {
		return nil, err
	}
	if err := unix.Sendto(fd, diagRequest(number, state), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, fmt.Errorf("cannot ask for sockets: %w", err)
	}
	const most = 64 << 10
	only, buffer := map[uint64]bool{}, make([]byte, most)
	for {
		n, _, err := unix.Recvfrom(fd, buffer, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read of sockets: %w", err)
		}
		done, err := parseDiag(buffer[:n], only)
		if done || err != nil {
			return only, err
		}
	}
}

// diagRequest asks for all IPv6 sockets of a protocol in a state: a struct
// nlmsghdr, and a struct inet_diag_req_v2 of which the rest is zero.
func diagRequest(protocol uint8, state int) []byte {
	const length, states = unix.SizeofNlMsghdr + 56, 4
	request := make([]byte, length)
	binary.NativeEndian.PutUint32(request[0:], length)
	binary.NativeEndian.PutUint16(request[4:], unix.SOCK_DIAG_BY_FAMILY)
	binary.NativeEndian.PutUint16(request[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	body := request[unix.SizeofNlMsghdr:]
	body[0], body[1] = unix.AF_INET6, protocol
	binary.NativeEndian.PutUint32(body[states:], 1<<state)
	return request
}

// parseDiag reads what came in one piece, and tells whether it was the last.
func parseDiag(data []byte, only map[uint64]bool) (done bool, err error) {
	const typeAt, alignment = 4, 4
	for len(data) >= unix.SizeofNlMsghdr {
		length := int(binary.NativeEndian.Uint32(data))
		if length < unix.SizeofNlMsghdr || length > len(data) {
			return true, errors.New("a message of sockets is cut off")
		}
		switch binary.NativeEndian.Uint16(data[typeAt:]) {
		case unix.NLMSG_DONE:
			return true, nil
		case unix.NLMSG_ERROR:
			return true, errors.New("the kernel does not tell of sockets")
		case unix.SOCK_DIAG_BY_FAMILY:
			parseDiagSocket(data[unix.SizeofNlMsghdr:length], only)
		}
		data = data[min(len(data), (length+alignment-1)&^(alignment-1)):]
	}
	return false, nil
}

// parseDiagSocket reads a struct inet_diag_msg and its attributes.
func parseDiagSocket(data []byte, only map[uint64]bool) {
	const (
		head      = 72
		inodeAt   = 68
		attribute = 4
		v6Only    = 11 // INET_DIAG_SKV6ONLY, which x/sys/unix does not have
		alignment = 4
	)
	if len(data) < head {
		return
	}
	inode := uint64(binary.NativeEndian.Uint32(data[inodeAt:]))
	for data = data[head:]; len(data) >= attribute; {
		length, kind := int(binary.NativeEndian.Uint16(data)), binary.NativeEndian.Uint16(data[2:])
		if length < attribute || length > len(data) {
			return
		}
		if kind == v6Only && length > attribute {
			only[inode] = data[attribute] != 0
		}
		data = data[min(len(data), (length+alignment-1)&^(alignment-1)):]
	}
}
