package reach

import (
	"context"
	"net/netip"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// Options say what is to be measured, and how.
type Options struct {
	// Count is how many echo requests are sent; 0 means until the context Until
	// ends. Interval is between them.
	Count    int
	Interval time.Duration
	// Wait is how long any one answer may take: of an echo request, a connection,
	// a look-up.
	Wait time.Duration
	// Size is the number of bytes in an echo request.
	Size int
	// Ports are tested beside those of the target.
	Ports  []Port
	NoICMP bool
	// MTU has the path MTU told also where packets of the interface's size arrive.
	MTU bool
	// Family is 4 or 6 where only that is to be used.
	Family int
	// Internet are the addresses and names that stand for the outside.
	Internet []Words
	// Until, if set, ends the echo requests: what was measured by then is what
	// counts, and no more is begun, unless they have no number and so no other end.
	Until context.Context
	// Begun and Reply tell of echo requests as they go; they may be nil.
	Begun func(to netip.Addr)
	Reply func(wire.Reply)
}

// The quick ladder sends a few echo requests at once: one alone includes the time
// in which the neighbours' addresses are found out.
const (
	QuickCount    = 3
	QuickInterval = 5 * time.Millisecond
)

// hasPort tells that the ports hold this one.
func hasPort(ports []Port, p Port) bool {
	for _, have := range ports {
		if have == p {
			return true
		}
	}
	return false
}
