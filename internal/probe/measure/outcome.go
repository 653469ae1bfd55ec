//go:build linux

package measure

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// outcomeOf is what an error of the network means; ok is false where it is none
// of the network, so that nothing was measured.
func outcomeOf(err error) (outcome wire.Outcome, ok bool) {
	var errno syscall.Errno
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return wire.Silent, true
	case !errors.As(err, &errno):
		return "", false
	}
	switch errno {
	case unix.ECONNREFUSED:
		return wire.Refused, true
	case unix.ECONNRESET, unix.EPIPE:
		return wire.Closed, true
	case unix.ETIMEDOUT:
		return wire.Silent, true
	case unix.EHOSTUNREACH, unix.EHOSTDOWN, unix.EPROTO, unix.ENOPROTOOPT:
		return wire.Unreachable, true
	case unix.ENETUNREACH, unix.ENETDOWN, unix.EADDRNOTAVAIL, unix.EAFNOSUPPORT:
		// A namespace without an address of the family gives the last two.
		return wire.NoRoute, true
	case unix.EPERM, unix.EACCES:
		return wire.Prohibited, true
	case unix.EMSGSIZE:
		return wire.TooBig, true
	}
	return "", false
}

// icmpError is what the kernel queued at a socket: an ICMP error that came for
// one of its packets.
type icmpError struct {
	outcome wire.Outcome
	from    netip.Addr
	// mtu is what a router says that it takes, with TooBig; 0 where it does not.
	mtu int
	// quoted is the packet, from the header of its protocol on.
	quoted []byte
}

// text names who answered.
func (e icmpError) text() string {
	if !e.from.IsValid() {
		return ""
	}
	return fmt.Sprintf("%s answered: %s", e.from, e.outcome)
}

// Types and codes of ICMP errors (RFC 792, 1122, 1812; RFC 4443).
const (
	v4Unreachable = 3
	v4TooBig      = 4 // a code of v4Unreachable
	v6Unreachable = 1
	v6TooBig      = 2
)

// outcomeOfICMP is what an ICMP error says.
func outcomeOfICMP(v6 bool, kind, code uint8) wire.Outcome {
	switch {
	case !v6 && kind == v4Unreachable:
		switch code {
		case v4TooBig:
			return wire.TooBig
		case 9, 10, 13: // network, host, communication administratively prohibited
			return wire.Prohibited
		case 3: // port
			return wire.Refused
		}
	case v6 && kind == v6TooBig:
		return wire.TooBig
	case v6 && kind == v6Unreachable:
		switch code {
		case 1, 5, 6: // prohibited, failed source policy, reject route
			return wire.Prohibited
		case 4: // port
			return wire.Refused
		}
	}
	return wire.Unreachable
}
