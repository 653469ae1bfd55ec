//go:build linux

package measure

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// meanings are of the kernel's refusals.
var meanings = []struct {
	outcome wire.Outcome
	errnos  []syscall.Errno
}{
	{wire.Refused, []syscall.Errno{unix.ECONNREFUSED}},
	{wire.Closed, []syscall.Errno{unix.ECONNRESET, unix.EPIPE}},
	{wire.Silent, []syscall.Errno{unix.ETIMEDOUT}},
	{wire.Unreachable, []syscall.Errno{unix.EHOSTUNREACH, unix.EHOSTDOWN, unix.EPROTO, unix.ENOPROTOOPT}},
	// A namespace without an address of the family gives the last two.
	{wire.NoRoute, []syscall.Errno{unix.ENETUNREACH, unix.ENETDOWN, unix.EADDRNOTAVAIL, unix.EAFNOSUPPORT}},
	{wire.Prohibited, []syscall.Errno{unix.EPERM, unix.EACCES}},
	{wire.TooBig, []syscall.Errno{unix.EMSGSIZE}},
}

// outcomeOf is what an error of the network means; ok is false where it is none
// of the network, so that nothing was measured.
func outcomeOf(err error) (outcome wire.Outcome, ok bool) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return wire.Silent, true
	}
	errno, ok := errors.AsType[syscall.Errno](err)
	if !ok {
		return "", false
	}
	for _, meaning := range meanings {
		if slices.Contains(meaning.errnos, errno) {
			return meaning.outcome, true
		}
	}
	return "", false
}

// plain is what the system says, without what was done and to whom: that is known, and
// what several layers met is told once then.
func plain(err error) string {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	return err.Error()
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
