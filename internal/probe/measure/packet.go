//go:build linux

package measure

import "encoding/binary"

const (
	v4EchoRequest, v4EchoReply = 8, 0
	v6EchoRequest, v6EchoReply = 128, 129
	// icmpHeader is the length of the header of an echo, in bytes.
	icmpHeader = 8
	v4Header   = 20
	v6Header   = 40
)

// echoRequest makes an ICMP echo request with this many bytes after its header.
// ICMPv6 checksums cover addresses, and are the kernel's.
func echoRequest(v6 bool, identifier, sequence uint16, size int) []byte {
	packet := make([]byte, icmpHeader+size)
	packet[0] = v4EchoRequest
	if v6 {
		packet[0] = v6EchoRequest
	}
	binary.BigEndian.PutUint16(packet[4:], identifier)
	binary.BigEndian.PutUint16(packet[6:], sequence)
	for i := icmpHeader; i < len(packet); i++ {
		packet[i] = byte(i)
	}
	if !v6 {
		binary.BigEndian.PutUint16(packet[2:], checksum(packet))
	}
	return packet
}

// checksum is the Internet checksum (RFC 1071).
func checksum(packet []byte) uint16 {
	var sum uint32
	for ; len(packet) > 1; packet = packet[2:] {
		sum += uint32(binary.BigEndian.Uint16(packet))
	}
	if len(packet) == 1 {
		sum += uint32(packet[0]) << 8
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum) // folded to 16 bits above
}

// echoHeader is what tells echoes apart.
type echoHeader struct {
	identifier, sequence uint16
}

// parseEcho reads the header of an echo; ok is false where it is none of this
// kind. A packet of a raw IPv4 socket begins with the header of IP.
func parseEcho(packet []byte, kind uint8) (h echoHeader, ok bool) {
	if len(packet) < icmpHeader || packet[0] != kind || packet[1] != 0 {
		return h, false
	}
	return echoHeader{binary.BigEndian.Uint16(packet[4:]), binary.BigEndian.Uint16(packet[6:])}, true
}

// parseV4 gives what is after the header of an IPv4 packet, and its TTL.
func parseV4(packet []byte) (payload []byte, ttl int, ok bool) {
	const ttlAt, word = 8, 4
	if len(packet) < v4Header || packet[0]>>4 != 4 {
		return nil, 0, false
	}
	length := int(packet[0]&0xf) * word
	if length < v4Header || len(packet) < length {
		return nil, 0, false
	}
	return packet[length:], int(packet[ttlAt]), true
}
