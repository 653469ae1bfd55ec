//go:build real

package real

import (
	"encoding/binary"
	"net"
	"sync"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stamps are the times at which the kernel took packets to a device and from it: what
// a round trip was, however late the programs at both of its ends were.
type stamps struct {
	mu    sync.Mutex
	left  map[trip]time.Time
	trips map[byte][]time.Duration // by protocol
}

// trip tells requests apart: by the identifier and number of an echo request, or by
// the port that a connection is opened from.
type trip struct {
	protocol byte
	of       uint32
}

// stampsOf watches a device of a container's until the test ends.
func stampsOf(t *testing.T, id, device string) *stamps {
	t.Helper()
	s := &stamps{left: map[trip]time.Time{}, trips: map[byte][]time.Duration{}}
	fd, err := within(pidOf(t, id), func() (int, error) { return openStamps(device) })
	ok(t, err)
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		s.watch(fd, over)
		_ = unix.Close(fd)
	}()
	t.Cleanup(func() { close(over); <-ended })
	return s
}

func openStamps(device string) (int, error) {
	of, err := net.InterfaceByName(device)
	if err != nil {
		return 0, err
	}
	every := int(binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, unix.ETH_P_ALL)))
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, every)
	if err != nil {
		return 0, err
	}
	err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	if err == nil {
		err = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 50_000}) // to see that it is over
	}
	if err == nil {
		err = unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: uint16(every), Ifindex: of.Index})
	}
	if err != nil {
		_ = unix.Close(fd)
	}
	return fd, err
}

func (s *stamps) watch(fd int, over <-chan struct{}) {
	packet, control := make([]byte, 1<<16), make([]byte, 256)
	for {
		select {
		case <-over:
			return
		default:
		}
		n, nc, _, from, err := unix.Recvmsg(fd, packet, control, 0)
		if err != nil {
			continue // nothing came
		}
		link, known := from.(*unix.SockaddrLinklayer)
		messages, err := unix.ParseSocketControlMessage(control[:nc])
		if !known || err != nil {
			continue
		}
		for _, m := range messages {
			if m.Header.Level == unix.SOL_SOCKET && m.Header.Type == unix.SO_TIMESTAMPNS && len(m.Data) >= int(unsafe.Sizeof(unix.Timespec{})) {
				at := (*unix.Timespec)(unsafe.Pointer(&m.Data[0]))
				s.saw(packet[:n], link.Pkttype == unix.PACKET_OUTGOING, time.Unix(at.Unix()))
			}
		}
	}
}

func (s *stamps) saw(packet []byte, leaves bool, at time.Time) {
	const ip = 20
	if len(packet) < ip+8 || packet[0] != 0x45 {
		return
	}
	body := packet[ip:]
	t := trip{protocol: packet[9]}
	switch {
	case t.protocol == icmpProtocol:
		t.of = binary.BigEndian.Uint32(body[4:])
	case t.protocol == tcpProtocol && leaves:
		t.of = uint32(binary.BigEndian.Uint16(body))
	case t.protocol == tcpProtocol:
		t.of = uint32(binary.BigEndian.Uint16(body[2:]))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	left, waits := s.left[t]
	switch {
	case leaves && !waits:
		s.left[t] = at
	case !leaves && waits:
		delete(s.left, t)
		s.trips[t.protocol] = append(s.trips[t.protocol], at.Sub(left))
	}
}

// took are the round trips of a protocol since this was asked last.
func (s *stamps) took(protocol byte) []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	trips := s.trips[protocol]
	s.trips[protocol], s.left = nil, map[trip]time.Time{}
	return trips
}
