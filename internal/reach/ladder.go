package reach

import (
	"net/netip"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Layer is a rung of the ladder: what must hold before the next can.
type Layer string

const (
	// Running: both ends are up.
	Running Layer = "running"
	// Path: there is a way for packets.
	Path Layer = "path"
	// Name: the name resolves, to the target.
	Name Layer = "name"
	// ICMP: echo requests are answered.
	ICMP Layer = "icmp"
	// MTU: packets of the interface's size arrive.
	MTU Layer = "mtu"
	// TCP: a connection opens.
	TCP Layer = "tcp"
	// UDP: a datagram is answered.
	UDP Layer = "udp"
	// HTTP: a page is served.
	HTTP Layer = "http"
)

// State is how a rung stands.
type State string

const (
	// Passed: it holds.
	Passed State = "passed"
	// Failed: it was tested, and does not hold.
	Failed State = "failed"
	// Untested: it could not be tested, or the answer says nothing.
	Untested State = "untested"
	// Skipped: it was not asked for, or is foreseen only.
	Skipped State = "skipped"
)

// Verdict is what became of the whole. These are three different things.
type Verdict string

const (
	// Reached: all that was asked for answered.
	Reached Verdict = "reached"
	// NotReached: something that was asked for did not.
	NotReached Verdict = "not reached"
	// NotTested: it could not be found out.
	NotTested Verdict = "not tested"
)

// Rung is one layer, for one address and port where it has those.
type Rung struct {
	Layer    Layer
	Address  netip.Addr
	Port     Port
	Foreseen diagnose.Forecast
	State    State
	// Decides tells that the verdict hangs on it, and not just what is said.
	Decides bool
	// Name is what was looked up.
	Name string
	// Of what was measured, that of the layer is set.
	Resolution *wire.Resolution
	Echoes     *wire.Echoes
	Connection *wire.Connection
	Datagram   *wire.Answer
	PathMTU    *wire.MTU
	Page       *Page
	// Failure is why it could not be tested.
	Failure string
}

// Surprising tells that what was measured is not what was foreseen. Of a port it is
// foreseen whether packets get there, and a refusal shows that they do.
func (r *Rung) Surprising() bool {
	switch r.State {
	case Passed:
		return r.Foreseen == diagnose.ForecastNo
	case Failed:
		if r.refused() {
			return r.Foreseen == diagnose.ForecastNo
		}
		return r.Foreseen == diagnose.ForecastYes
	case Untested, Skipped:
	}
	return false
}

// refused tells that a connection was refused: by the target, or in its name.
func (r *Rung) refused() bool {
	return r.Connection != nil && r.Connection.Outcome == wire.Refused || r.Datagram != nil && r.Datagram.Outcome == wire.Refused
}

// Page is the reply to a request for a URL.
type Page struct {
	Status int    `json:"status,omitempty"`
	Text   string `json:"text,omitempty"`
	// Took is until the head of the reply, in nanoseconds.
	Took time.Duration `json:"took_ns,omitempty"`
	// Location is where it is redirected to.
	Location string `json:"location,omitempty"`
	Error    string `json:"error,omitempty"`
}

// Ladder is all that is known of whether one reaches the other.
type Ladder struct {
	// Index is of the snapshot that it was foreseen from.
	Index  *topology.Index
	From   *topology.Container
	Target Target
	// Foreseen is what the snapshot says.
	Foreseen *diagnose.Reach
	Rungs    []Rung
	Findings []Finding
	Verdict  Verdict
	// Failure is why it could not be tested.
	Failure string
	// Changed is what became of a container meanwhile, and ChangedOne which: the
	// target, or whose namespace it shares.
	Changed    Change
	ChangedOne *topology.Container
	// ShowMTU tells that the MTU was asked for, and is told also where it is as it
	// should be.
	ShowMTU bool
	// Measured tells that a probe ran; without it there is only what is foreseen.
	Measured bool
	// Host is where the host is tested, if that is the target; nil where no address of
	// it is known.
	Host *HostAddress
	// Namespace and Listening are what was seen in the source's and in the target's
	// namespace.
	Namespace *wire.Namespace
	Listening *wire.Namespace
}

// FailedAt is the first rung that decides and does not hold, or nil.
func (l *Ladder) FailedAt() *Rung {
	for i := range l.Rungs {
		if r := &l.Rungs[i]; r.Decides && r.State == Failed {
			return r
		}
	}
	return nil
}

// Rung gives the first rung of a layer, or nil.
func (l *Ladder) Rung(layer Layer) *Rung {
	for i := range l.Rungs {
		if l.Rungs[i].Layer == layer {
			return &l.Rungs[i]
		}
	}
	return nil
}
