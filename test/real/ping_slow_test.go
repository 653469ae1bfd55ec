//go:build real

package real

import (
	"encoding/binary"
	"fmt"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// slow answers ICMP echo requests and openings of TCP connections after a while,
// behind a TUN device.
type slow struct {
	address string
	delay   time.Duration
	device  *os.File
}

// answerSlowly puts one behind a device of a container's own.
func answerSlowly(t *testing.T, id string, delay time.Duration) *slow {
	t.Helper()
	s := &slow{address: "10.218.0.2", delay: delay}
	var err error
	s.device, err = within(pidOf(t, id), func() (*os.File, error) { return openTUN("slow0") })
	ok(t, err)
	inNamespace(t, id, "ip", "addr", "add", "10.218.0.1/24", "dev", "slow0")
	inNamespace(t, id, "ip", "link", "set", "slow0", "up")
	ended := make(chan struct{})
	go func() { defer close(ended); s.serve() }()
	t.Cleanup(func() { _ = s.device.Close(); <-ended })
	return s
}

// openTUN makes a device in the network namespace of who asks.
func openTUN(name string) (*os.File, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("/dev/net/tun: %w", err)
	}
	request, err := unix.NewIfreq(name)
	if err == nil {
		request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, request)
	}
	if err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("TUNSETIFF: %w", err)
	}
	return os.NewFile(uintptr(fd), name), nil
}

// The protocols of IP.
const (
	icmpProtocol = 1
	tcpProtocol  = 6
)

func (s *slow) serve() {
	packet := make([]byte, 1<<16)
	for {
		n, err := s.device.Read(packet)
		if err != nil {
			return
		}
		answer := answerTo(packet[:n])
		if answer == nil {
			continue
		}
		time.AfterFunc(s.delay, func() { _, _ = s.device.Write(answer) })
	}
}

// answerTo is the answer to an IPv4 packet: an echo reply, or a SYN-ACK; or nil.
func answerTo(packet []byte) []byte {
	const ip, syn = 20, 0x02
	if len(packet) < ip+8 || packet[0] != 0x45 {
		return nil
	}
	answer := append([]byte(nil), packet...)
	copy(answer[12:16], packet[16:20])
	copy(answer[16:20], packet[12:16])
	body := answer[ip:]
	switch {
	case packet[9] == icmpProtocol && body[0] == 8:
		body[0] = 0
		seal(body, 2, 0)
	case packet[9] == tcpProtocol && len(body) >= 20 && body[13] == syn:
		answer = answer[:ip+20]
		body = answer[ip:]
		copy(body[0:2], packet[ip+2:])
		copy(body[2:4], packet[ip:])
		binary.BigEndian.PutUint32(body[8:], binary.BigEndian.Uint32(packet[ip+4:])+1)
		binary.BigEndian.PutUint32(body[4:], 1000)
		body[12], body[13] = 5<<4, 0x12 // no options; SYN and ACK
		binary.BigEndian.PutUint16(answer[2:], uint16(len(answer)))
		seal(body, 16, sum(answer[12:20])+tcpProtocol+uint32(len(body)))
	default:
		return nil
	}
	seal(answer[:ip], 10, 0)
	return answer
}

// seal writes the checksum at a place, over all and what is given.
func seal(data []byte, at int, and uint32) {
	data[at], data[at+1] = 0, 0
	total := sum(data) + and
	for total > 0xffff {
		total = total>>16 + total&0xffff
	}
	binary.BigEndian.PutUint16(data[at:], ^uint16(total))
}

func sum(data []byte) uint32 {
	var total uint32
	for i := 0; i+1 < len(data); i += 2 {
		total += uint32(binary.BigEndian.Uint16(data[i:]))
	}
	if len(data)%2 == 1 {
		total += uint32(data[len(data)-1]) << 8
	}
	return total
}
