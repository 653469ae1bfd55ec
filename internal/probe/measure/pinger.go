//go:build linux

package measure

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// pinger is a socket that sends ICMP echo requests to one address.
//
// It is not connected, so that each request takes the route of its moment: what
// lasts for hours sees networks come and go.
type pinger struct {
	file *os.File
	conn syscall.RawConn
	to   unix.Sockaddr
	v6   bool
	raw  bool
	// identifier tells our echoes from others'. The kernel does that for
	// datagram sockets, and chooses it.
	identifier uint16
}

// openPinger opens an unprivileged socket, or a raw one where the namespace
// allows no other. The error has [wire.NotPermitted] where it allows neither.
func openPinger(address netip.Addr) (*pinger, error) {
	address = address.Unmap()
	p := &pinger{v6: address.Is6()}
	family, protocol := unix.AF_INET, unix.IPPROTO_ICMP
	if p.v6 {
		family, protocol = unix.AF_INET6, unix.IPPROTO_ICMPV6
		zone, err := zoneOf(address.Zone())
		if err != nil {
			return nil, err
		}
		p.to = &unix.SockaddrInet6{Addr: address.As16(), ZoneId: zone}
	} else {
		p.to = &unix.SockaddrInet4{Addr: address.As4()}
	}
	const flags = unix.SOCK_NONBLOCK | unix.SOCK_CLOEXEC
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|flags, protocol)
	if errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM) || errors.Is(err, unix.EPROTONOSUPPORT) {
		p.raw = true
		p.identifier = uint16(1 + rand.IntN(1<<16-1)) //nolint:gosec // no secret, and it fits
		fd, err = unix.Socket(family, unix.SOCK_RAW|flags, protocol)
		if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
			return nil, fmt.Errorf("%s: net.ipv4.ping_group_range leaves this group out", wire.NotPermitted)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("cannot open a socket for ICMP: %w", err)
	}
	if err := p.setOptions(fd); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("cannot set up a socket for ICMP: %w", err)
	}
	p.file = os.NewFile(uintptr(fd), "icmp")
	if p.conn, err = p.file.SyscallConn(); err != nil {
		_ = p.file.Close()
		return nil, err
	}
	return p, nil
}

// zoneOf is the index of an interface by its name or number.
func zoneOf(zone string) (uint32, error) {
	if zone == "" {
		return 0, nil
	}
	if i, err := net.InterfaceByName(zone); err == nil {
		return uint32(i.Index), nil //nolint:gosec // indexes are positive
	}
	index, err := strconv.ParseUint(zone, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("there is no interface %q here", zone)
	}
	return uint32(index), nil
}

func (p *pinger) setOptions(fd int) error {
	if err := reportErrors(fd, p.v6); err != nil {
		return err
	}
	// Without these two there is no hop limit in the result, and time stamps are
	// our own.
	if p.v6 {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_RECVHOPLIMIT, 1)
	} else {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_RECVTTL, 1)
	}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	if p.raw && p.v6 {
		var filter unix.ICMPv6Filter
		for i := range filter.Data {
			filter.Data[i] = ^uint32(0)
		}
		filter.Data[v6EchoReply>>5] &^= 1 << (v6EchoReply & 31)
		return unix.SetsockoptICMPv6Filter(fd, unix.IPPROTO_ICMPV6, unix.ICMPV6_FILTER, &filter)
	}
	return nil
}

// wholeOnly makes packets go out uncut, whatever the kernel knows of the path,
// and leaves room for large ones.
func (p *pinger) wholeOnly() error {
	var err error
	if e := p.conn.Control(func(fd uintptr) {
		const room = 4 << 20
		_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, room)
		_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUF, room)
		if !p.v6 {
			err = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE)
			return
		}
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_DONTFRAG, 1)
		err = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_PROBE)
	}); e != nil {
		return e
	}
	return err
}

func (p *pinger) close() { _ = p.file.Close() }

// send sends one echo request, and gives the moment before. The error is the
// kernel's refusal.
func (p *pinger) send(sequence uint16, size int) (at time.Time, err error) {
	packet := echoRequest(p.v6, p.identifier, sequence, size)
	// An error that came for an earlier request is told by the next call,
	// whatever that is; so a call that failed is made once more.
	const attempts = 2
	for range attempts {
		if e := p.conn.Write(func(fd uintptr) bool {
			at = time.Now()
			err = unix.Sendto(int(fd), packet, 0, p.to)
			return !errors.Is(err, unix.EAGAIN)
		}); e != nil {
			return at, e
		}
		if err == nil {
			return at, nil
		}
	}
	return at, err
}

// arrival is a reply to an echo request, or an ICMP error for one.
type arrival struct {
	sequence uint16
	from     netip.Addr
	at       time.Time // of which only the monotonic reading is exact
	stamp    int64     // the kernel's time of arrival in ns since 1970, or 0
	ttl      int
	size     int // of the ICMP packet, without its header
	// failure is set for an ICMP error.
	failure *icmpError
}

// took is the time since a request was sent. The kernel's stamp is free of how
// long we waited for a processor; but it is of a clock that may be set.
func (a arrival) took(sent time.Time) time.Duration {
	own := a.at.Sub(sent)
	if a.stamp == 0 {
		return own
	}
	if exact := time.Duration(a.stamp - sent.UnixNano()); exact > 0 && exact <= own {
		return exact
	}
	return own
}

// receive waits for the next arrival. It is an error once the socket is closed.
func (p *pinger) receive(buffer []byte) (arrival, error) {
	var a arrival
	var failed error
	err := p.conn.Read(func(fd uintptr) bool {
		for {
			if e, ok := queuedError(int(fd)); ok {
				if a, ok = p.parseFailure(e); ok {
					return true
				}
				continue
			}
			control := make([]byte, 256)
			n, controlled, _, from, err := unix.Recvmsg(int(fd), buffer, control, unix.MSG_DONTWAIT)
			switch {
			case errors.Is(err, unix.EAGAIN):
				return false
			case errors.Is(err, unix.EBADF):
				failed = err
				return true
			case err != nil:
				continue // of an ICMP error, which is in the queue
			}
			var ok bool
			if a, ok = p.parseReply(buffer[:n], control[:controlled], from); ok {
				return true
			}
		}
	})
	a.at = time.Now()
	if err == nil {
		err = failed
	}
	return a, err
}

// parseFailure reads an ICMP error; ok is false where it is for another's.
func (p *pinger) parseFailure(e icmpError) (a arrival, ok bool) {
	request := uint8(v4EchoRequest)
	if p.v6 {
		request = v6EchoRequest
	}
	h, ok := parseEcho(e.quoted, request)
	if !ok || (p.raw && h.identifier != p.identifier) {
		return a, false
	}
	return arrival{sequence: h.sequence, from: e.from, failure: &e}, true
}

// parseReply reads an echo reply; ok is false where it is none for us.
func (p *pinger) parseReply(packet, control []byte, from unix.Sockaddr) (a arrival, ok bool) {
	reply := uint8(v6EchoReply)
	if !p.v6 {
		reply = v4EchoReply
		if p.raw {
			if packet, a.ttl, ok = parseV4(packet); !ok {
				return a, false
			}
		}
	}
	h, ok := parseEcho(packet, reply)
	if !ok || (p.raw && h.identifier != p.identifier) {
		return a, false
	}
	a.sequence, a.size = h.sequence, len(packet)-icmpHeader
	switch from := from.(type) {
	case *unix.SockaddrInet4:
		a.from = netip.AddrFrom4(from.Addr)
	case *unix.SockaddrInet6:
		a.from = netip.AddrFrom16(from.Addr)
	}
	a.readControl(control)
	return a, true
}

// readControl takes the hop limit and the time stamp from what the kernel sends
// along.
func (a *arrival) readControl(control []byte) {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return
	}
	const wide, narrow, half = 16, 8, 4
	for _, message := range messages {
		data := message.Data
		switch {
		case message.Header.Level == unix.SOL_SOCKET && message.Header.Type == unix.SO_TIMESTAMPNS:
			// A struct timespec, which is half as long on 32-bit machines.
			switch {
			case len(data) >= wide:
				a.stamp = int64(binary.NativeEndian.Uint64(data))*int64(time.Second) + //nolint:gosec // a time
					int64(binary.NativeEndian.Uint64(data[narrow:])) //nolint:gosec // a time
			case len(data) >= narrow:
				a.stamp = int64(binary.NativeEndian.Uint32(data))*int64(time.Second) + int64(binary.NativeEndian.Uint32(data[half:]))
			}
		case len(data) < half:
		case message.Header.Level == unix.IPPROTO_IP && message.Header.Type == unix.IP_TTL,
			message.Header.Level == unix.IPPROTO_IPV6 && message.Header.Type == unix.IPV6_HOPLIMIT:
			a.ttl = int(binary.NativeEndian.Uint32(data))
		}
	}
}

// sourceTo is the own address that packets to an address would have; not valid
// where there is no route. Nothing is sent.
func sourceTo(address netip.Addr) netip.Addr {
	const discard = 9 // a port is needed; any will do
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(address.Unmap(), discard)))
	if err != nil {
		return netip.Addr{}
	}
	defer func() { _ = conn.Close() }()
	return addressOf(conn.LocalAddr())
}
