package wire

import (
	"net/netip"
	"time"
)

// Version is of the protocol. A probe and a plugin of different versions do not
// speak with each other: the plugin brings its own probe along.
const Version = 1

// Silence is how long a probe waits for a line before it takes the plugin for
// gone, and about how long the plugin waits for one of the probe: a connection that
// was cut off somewhere on the way tells of no end, and neither does a helper that is
// paused.
const Silence = time.Minute

// NoData is the size of an echo request without any.
const NoData = -1

// Beat is how often the plugin sends a line at least.
const Beat = 15 * time.Second

// Hello is the first line that a probe writes.
type Hello struct {
	// Version is the probe's [Version].
	Version int `json:"netkit_probe"`
}

// Kind is what a request asks for.
type Kind string

const (
	// Alive asks for nothing but a sign of life: a last result with nothing in it.
	Alive Kind = "alive"
	// Describe asks what the namespace has: interfaces, routes, resolver,
	// listening sockets.
	Describe Kind = "describe"
	// Resolve asks for the addresses of a name, through the container's own
	// resolver: its hosts file, its servers, its search domains.
	Resolve Kind = "resolve"
	// Echo sends ICMP echo requests to an address, and reports each reply as it
	// comes, and a summary.
	Echo Kind = "echo"
	// Connect opens a TCP connection and closes it.
	Connect Kind = "connect"
	// Datagram sends a UDP datagram and waits for what comes back.
	Datagram Kind = "datagram"
	// PathMTU looks for the largest packet that reaches an address unfragmented.
	PathMTU Kind = "mtu"
	// Open opens a TCP connection for the plugin to speak through: [Send] carries
	// bytes to it, results with Data carry bytes back, [Shut] closes it. Send may
	// follow at once; its Data waits for the connection.
	Open Kind = "open"
	// Send carries Data to the connection that the request Of opened. Like Shut
	// and Stop it has no result of its own, and does nothing where Of has ended.
	Send Kind = "send"
	// Shut closes the connection that the request Of opened.
	Shut Kind = "shut"
	// Stop ends the request Of before its time: Echo with the summary of what was
	// measured so far, any other with a Failure.
	Stop Kind = "stop"
)

// Request is one thing to measure. Times are in nanoseconds.
type Request struct {
	// ID is the plugin's choice, and different for each.
	ID   int  `json:"id"`
	Kind Kind `json:"kind"`
	// Name is what Resolve looks up.
	Name string `json:"name,omitempty"`
	// Address and Port are where the others go to. The address of a link-local
	// IPv6 destination has its interface as zone.
	Address netip.Addr `json:"address,omitzero"`
	Port    uint16     `json:"port,omitempty"`
	// Count is how many echo requests are sent, Interval apart, which is a second
	// where it is 0; a Count of 0 means until stopped.
	Count    int           `json:"count,omitempty"`
	Interval time.Duration `json:"interval,omitempty"`
	// Timeout is how long an answer may take: of each echo request, of the
	// connection, of the whole look-up. It is 5 seconds where it is 0.
	Timeout time.Duration `json:"timeout"`
	// Size is the number of bytes after the ICMP header; 56 where it is 0, and none
	// where it is [NoData].
	Size int `json:"size,omitempty"`
	// Linger is how long Connect looks whether the connection is closed again at
	// once, as by a proxy that has nothing behind it.
	Linger time.Duration `json:"linger,omitempty"`
	// Data is what Datagram and Send carry.
	Data []byte `json:"data,omitempty"`
	// Of is the request that Send, Shut and Stop are about.
	Of int `json:"of,omitempty"`
}
