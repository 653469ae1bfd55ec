//go:build linux

package measure

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// States of sockets in /proc/net, as the kernel numbers them.
const (
	stateClosed = 0x07 // an unconnected one, of udp
	stateListen = 0x0a
)

// socket is a listener, and its number in the kernel.
type socket struct {
	wire.Listener
	inode uint64
}

// parseSockets reads /proc/net/tcp, tcp6, udp or udp6, and gives those that take
// what comes: listening ones of tcp, unconnected ones of udp. What it cannot
// read it leaves out, and the first of that is the error.
func parseSockets(protocol, text string) (sockets []socket, err error) {
	wanted := uint64(stateListen)
	if protocol == "udp" {
		wanted = stateClosed
	}
	for i, line := range strings.Split(text, "\n") {
		if i == 0 || strings.TrimSpace(line) == "" {
			continue // the titles
		}
		s, state, e := parseSocket(strings.Fields(line))
		if e != nil && err == nil {
			err = fmt.Errorf("line %d: %w", i+1, e)
		}
		if e == nil && state == wanted && s.Port != 0 {
			s.Protocol = protocol
			sockets = append(sockets, s)
		}
	}
	return sockets, err
}

func parseSocket(fields []string) (s socket, state uint64, err error) {
	const (
		local, status           = 1, 3
		queues, inode           = 4, 9 // TX:RX
		count                   = 10
		hexadecimal             = 16
		byteWidth, shortW, long = 8, 16, 64
	)
	if len(fields) < count {
		return s, 0, fmt.Errorf("%d fields", len(fields))
	}
	address, port, _ := strings.Cut(fields[local], ":")
	if s.Address, err = hostWords(address); err != nil {
		return s, 0, err
	}
	number, err := strconv.ParseUint(port, hexadecimal, shortW)
	if err != nil {
		return s, 0, err
	}
	s.Port = uint16(number)
	if state, err = strconv.ParseUint(fields[status], hexadecimal, byteWidth); err != nil {
		return s, 0, err
	}
	if _, received, _ := strings.Cut(fields[queues], ":"); state == stateListen {
		// Of a listening socket, these are connections and not bytes.
		waiting, err := strconv.ParseUint(received, hexadecimal, shortW)
		if err != nil {
			return s, 0, err
		}
		s.Waiting = int(waiting)
	}
	s.inode, err = strconv.ParseUint(fields[inode], 10, long)
	return s, state, err
}
