package wire

import (
	"net/netip"
	"time"
)

// Result is what was measured, or a part of it.
type Result struct {
	// ID is the request's.
	ID int `json:"id"`
	// Done tells that this is the last result of the request.
	Done bool `json:"done,omitempty"`
	// Failure tells that it could not be measured, and why. That is not the same
	// as measuring that nothing is reached.
	Failure string `json:"failure,omitempty"`

	Namespace  *Namespace  `json:"namespace,omitempty"`
	Resolution *Resolution `json:"resolution,omitempty"`
	Reply      *Reply      `json:"reply,omitempty"`
	Echoes     *Echoes     `json:"echoes,omitempty"`
	Connection *Connection `json:"connection,omitempty"`
	Datagram   *Answer     `json:"datagram,omitempty"`
	PathMTU    *MTU        `json:"mtu,omitempty"`
	// Data is what came over an opened connection.
	Data []byte `json:"data,omitempty"`
}

// NotPermitted is a part of the [Result.Failure] of what needs ICMP where the
// namespace allows neither kind of socket for it: a probe with the capability
// NET_RAW can do it there.
const NotPermitted = "ICMP needs NET_RAW here"

// Outcome is how an attempt to reach something ended.
type Outcome string

const (
	// Reached: it answered.
	Reached Outcome = "reached"
	// Refused: something at the address said no: a TCP reset in answer to the
	// opening, or an ICMP "port unreachable".
	Refused Outcome = "refused"
	// Closed: TCP opened, and was closed or reset again at once.
	Closed Outcome = "closed"
	// Silent: no answer came in time. It was dropped on the way, there or back,
	// or nobody has the address.
	Silent Outcome = "silent"
	// Unreachable: a router, or the own kernel after asking the neighbours in
	// vain, said that the host cannot be reached.
	Unreachable Outcome = "unreachable"
	// NoRoute: the namespace has no route to the address.
	NoRoute Outcome = "no route"
	// Prohibited: a firewall said no: the own one (EPERM, EACCES), or one on the
	// way by ICMP "administratively prohibited".
	Prohibited Outcome = "prohibited"
	// TooBig: the packet is larger than the path takes, and must not be cut.
	TooBig Outcome = "too big"
	// NotFound is of names only: there is none such.
	NotFound Outcome = "not found"
	// ServerFailed is of names only: the server answered that it cannot tell.
	ServerFailed Outcome = "server failed"
)

// Resolution is what became of a name. A name that is an address is its own.
type Resolution struct {
	IPv4 Lookup `json:"ipv4"`
	IPv6 Lookup `json:"ipv6"`
}

// Lookup is one family of a [Resolution]. A name that exists and has no address
// of the family is Reached, without addresses.
type Lookup struct {
	Outcome   Outcome      `json:"outcome"`
	Addresses []netip.Addr `json:"addresses,omitempty"`
	// Server is the address and port of the server that answered, or was asked
	// last; empty where the hosts file told.
	Server string        `json:"server,omitempty"`
	Hosts  bool          `json:"hosts,omitempty"`
	Took   time.Duration `json:"took"`
	// Text is what the resolver says of a failure.
	Text string `json:"text,omitempty"`
}

// Reply is the answer to one echo request, or that there was none.
type Reply struct {
	// Sequence counts the requests from 1.
	Sequence int     `json:"sequence"`
	Outcome  Outcome `json:"outcome"`
	// From is who answered: also the router that says that it cannot go on.
	From netip.Addr    `json:"from,omitzero"`
	Took time.Duration `json:"took,omitempty"`
	// TTL is the hop limit that the answer had left; 0 where it is not known.
	TTL       int  `json:"ttl,omitempty"`
	Size      int  `json:"size,omitempty"`
	Duplicate bool `json:"duplicate,omitempty"`
}

// Echoes sums up what became of echo requests.
type Echoes struct {
	// Outcome is Reached if any was answered, else why the last was not.
	Outcome    Outcome `json:"outcome"`
	Sent       int     `json:"sent"`
	Received   int     `json:"received"`
	Duplicates int     `json:"duplicates,omitempty"`
	// Min, Avg, Max and Jitter are of the round trip. Jitter is the standard
	// deviation, which ping calls mdev.
	Min    time.Duration `json:"min,omitempty"`
	Avg    time.Duration `json:"avg,omitempty"`
	Max    time.Duration `json:"max,omitempty"`
	Jitter time.Duration `json:"jitter,omitempty"`
	// Source is the own address that was chosen, and From who said that it
	// cannot be reached.
	Source netip.Addr `json:"source,omitzero"`
	From   netip.Addr `json:"from,omitzero"`
	// Raw tells that a raw socket was used, since the namespace allows no other.
	Raw  bool   `json:"raw,omitempty"`
	Text string `json:"text,omitempty"`
}

// Connection is what became of a TCP connection.
type Connection struct {
	Outcome Outcome       `json:"outcome"`
	Took    time.Duration `json:"took"`
	Source  netip.Addr    `json:"source,omitzero"`
	Text    string        `json:"text,omitempty"`
}

// Answer is what became of a datagram. Silent tells little: a program need not
// answer, and UDP itself does not.
type Answer struct {
	Outcome Outcome       `json:"outcome"`
	Took    time.Duration `json:"took"`
	Source  netip.Addr    `json:"source,omitzero"`
	Data    []byte        `json:"data,omitempty"`
	Text    string        `json:"text,omitempty"`
}

// MTU is the largest packet that a path takes, in bytes with the IP header.
type MTU struct {
	Outcome Outcome `json:"outcome"`
	Path    int     `json:"path,omitempty"`
	// Interface is the MTU of the interface that leads there.
	Interface int    `json:"interface,omitempty"`
	Text      string `json:"text,omitempty"`
}
