package render

import (
	"net/netip"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// PingSchema is the version of the JSON of ping.
const PingSchema = 1

// PingJSON is what ping writes for programs. Durations in it are in nanoseconds.
type PingJSON struct {
	Schema  int             `json:"schema"`
	TakenAt time.Time       `json:"taken_at"`
	Engine  topology.Engine `json:"engine"`
	Results []LadderJSON    `json:"results"`
}

// ContainerRef names a container.
type ContainerRef struct {
	ID    string                  `json:"id"`
	Name  string                  `json:"name"`
	State topology.ContainerState `json:"state"`
}

// LadderJSON is one source and one target.
type LadderJSON struct {
	From ContainerRef `json:"from"`
	To   TargetJSON   `json:"to"`
	// Verdict is reached, not reached or not tested; of a ladder that was not
	// measured it is what is foreseen.
	Verdict  reach.Verdict `json:"verdict"`
	Measured bool          `json:"measured"`
	FailedAt reach.Layer   `json:"failed_at,omitempty"`
	Failure  string        `json:"failure,omitempty"`
	// Foreseen is what the snapshot says.
	Foreseen ForeseenJSON  `json:"foreseen"`
	Rungs    []RungJSON    `json:"rungs"`
	Findings []FindingJSON `json:"findings"`
	Reasons  []string      `json:"reasons"`
	// Commands would make it work.
	Commands []string `json:"commands,omitempty"`
	// Namespace is the source's, and Target's listening sockets are the target's.
	Namespace *wire.Namespace `json:"namespace,omitempty"`
	Listeners []wire.Listener `json:"target_listeners,omitempty"`
}

// TargetJSON is what was to be reached.
type TargetJSON struct {
	Asked     string         `json:"asked"`
	Kind      reach.Kind     `json:"kind"`
	Container *ContainerRef  `json:"container,omitempty"`
	Alike     []ContainerRef `json:"also,omitempty"`
	Name      string         `json:"name,omitempty"`
	Address   netip.Addr     `json:"address,omitzero"`
	// HostBy is, of the host, how its address was found.
	HostBy reach.HostBy `json:"host_by,omitempty"`
	Ports  []reach.Port `json:"ports,omitempty"`
}

// ForeseenJSON is what the snapshot says of the path.
type ForeseenJSON struct {
	Path      diagnose.PathKind `json:"path"`
	Name      diagnose.Forecast `json:"name"`
	ICMP      diagnose.Forecast `json:"icmp"`
	TCP       diagnose.Forecast `json:"tcp"`
	Addresses []AddressJSON     `json:"addresses,omitempty"`
}

// AddressJSON is what is foreseen for one address.
type AddressJSON struct {
	Address       netip.Addr        `json:"address"`
	Port          uint16            `json:"host_port,omitempty"`
	ContainerPort uint16            `json:"container_port,omitempty"`
	Network       string            `json:"network,omitempty"`
	ICMP          diagnose.Forecast `json:"icmp"`
	TCP           diagnose.Forecast `json:"tcp"`
}

// RungJSON is one layer: what was foreseen beside what was measured.
type RungJSON struct {
	Layer    reach.Layer       `json:"layer"`
	State    reach.State       `json:"state"`
	Decides  bool              `json:"decides"`
	Foreseen diagnose.Forecast `json:"foreseen,omitempty"`
	Mismatch bool              `json:"mismatch,omitempty"`
	Name     string            `json:"name,omitempty"`
	Address  netip.Addr        `json:"address,omitzero"`
	Port     *reach.Port       `json:"port,omitempty"`
	Failure  string            `json:"failure,omitempty"`

	Resolution *wire.Resolution `json:"resolution,omitempty"`
	Echoes     *wire.Echoes     `json:"echoes,omitempty"`
	Connection *wire.Connection `json:"connection,omitempty"`
	Datagram   *wire.Answer     `json:"datagram,omitempty"`
	MTU        *wire.MTU        `json:"mtu,omitempty"`
	HTTP       *reach.Page      `json:"http,omitempty"`
}

// FindingJSON is a finding, with its words.
type FindingJSON struct {
	Kind      reach.FindingKind `json:"kind"`
	Layer     reach.Layer       `json:"layer,omitempty"`
	Text      string            `json:"text"`
	Port      *reach.Port       `json:"port,omitempty"`
	Address   netip.Addr        `json:"address,omitzero"`
	Listeners []wire.Listener   `json:"listeners,omitempty"`
}

// NewLadderJSON puts a ladder into the form for programs.
func NewLadderJSON(l *reach.Ladder, look *Look) LadderJSON {
	full := *look
	full.NoTrunc, full.Width = true, 0
	out := LadderJSON{
		From: containerRef(l.From), To: targetJSON(l), Verdict: l.Verdict, Measured: l.Measured, Failure: l.Failure,
		Foreseen: foreseenJSON(l.Foreseen), Rungs: []RungJSON{}, Findings: []FindingJSON{}, Reasons: []string{},
		Commands: fixCommands(l, &full), Namespace: l.Namespace,
	}
	if failed := l.FailedAt(); failed != nil {
		out.FailedAt = failed.Layer
	}
	if l.Listening != nil {
		out.Listeners = l.Listening.Listeners
	}
	out.Reasons = append(out.Reasons, reasonLines(l, &full)...)
	for i := range l.Rungs {
		r := &l.Rungs[i]
		out.Rungs = append(out.Rungs, RungJSON{
			Layer: r.Layer, State: r.State, Decides: r.Decides, Foreseen: r.Foreseen, Mismatch: r.Surprising(), Name: r.Name, Address: r.Address,
			Port: portJSON(r.Port), Failure: r.Failure, Resolution: r.Resolution, Echoes: r.Echoes, Connection: r.Connection, Datagram: r.Datagram,
			MTU: r.PathMTU, HTTP: r.Page,
		})
	}
	for i := range l.Findings {
		f := &l.Findings[i]
		out.Findings = append(out.Findings, FindingJSON{
			Kind: f.Kind, Layer: f.Layer, Text: findingWords(l, f, &full), Port: portJSON(f.Port), Address: f.Address, Listeners: f.Listeners,
		})
	}
	return out
}

func containerRef(c *topology.Container) ContainerRef {
	return ContainerRef{ID: c.ID, Name: c.Name, State: c.State}
}

func portJSON(p reach.Port) *reach.Port {
	if p.Number == 0 {
		return nil
	}
	return &p
}

func targetJSON(l *reach.Ladder) TargetJSON {
	t := &l.Target
	out := TargetJSON{Asked: t.Text, Kind: t.Kind, Name: t.Name, Address: t.Address, Ports: t.Ports}
	if t.Container != nil {
		ref := containerRef(t.Container)
		out.Container = &ref
	}
	for _, c := range t.Alike {
		out.Alike = append(out.Alike, containerRef(c))
	}
	if l.Host != nil {
		out.Address, out.HostBy = l.Host.Address, l.Host.By
	}
	return out
}

func foreseenJSON(f *diagnose.Reach) ForeseenJSON {
	out := ForeseenJSON{Path: f.Path, Name: f.Name, ICMP: f.ICMP, TCP: f.TCP}
	for i := range f.Addresses {
		a := &f.Addresses[i]
		found := AddressJSON{Address: a.Address, Port: a.Port, ContainerPort: a.ContainerPort, ICMP: a.ICMP, TCP: a.TCP}
		if a.Network != nil {
			found.Network = a.Network.Name
		}
		out.Addresses = append(out.Addresses, found)
	}
	return out
}
