package render

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// MatrixJSON is what ping writes of many containers, for programs.
type MatrixJSON struct {
	Schema     int             `json:"schema"`
	TakenAt    time.Time       `json:"taken_at"`
	Engine     topology.Engine `json:"engine"`
	Containers []ContainerRef  `json:"containers"`
	// Pairs are all ordered pairs, by sender and then by receiver, each a place in
	// Containers.
	Pairs []PairJSON `json:"pairs"`
}

// PairJSON is one ordered pair.
type PairJSON struct {
	From     int               `json:"from"`
	To       int               `json:"to"`
	State    reach.CellState   `json:"state"`
	Foreseen diagnose.Forecast `json:"foreseen"`
	Mismatch bool              `json:"mismatch,omitempty"`
	Path     diagnose.PathKind `json:"path"`
	Address  netip.Addr        `json:"address,omitzero"`
	Echoes   *wire.Echoes      `json:"echoes,omitempty"`
	TCP      []PortJSON        `json:"tcp,omitempty"`
	Note     string            `json:"note,omitempty"`
	Failure  string            `json:"failure,omitempty"`
}

// PortJSON is what became of a TCP port.
type PortJSON struct {
	reach.Port
	*wire.Connection
}

// NewMatrixJSON puts a matrix into the form for programs.
func NewMatrixJSON(ix *topology.Index, m *reach.Matrix, look *Look) MatrixJSON {
	full := *look
	full.NoTrunc, full.Width = true, 0
	out := MatrixJSON{Schema: PingSchema, TakenAt: ix.TakenAt, Engine: ix.Engine, Containers: []ContainerRef{}, Pairs: []PairJSON{}}
	for _, c := range m.Containers {
		out.Containers = append(out.Containers, containerRef(c))
	}
	for i := range m.Cells {
		for j := range m.Cells[i] {
			c := &m.Cells[i][j]
			if c.State == reach.Self {
				continue
			}
			pair := PairJSON{
				From: i, To: j, State: c.State, Foreseen: c.Foreseen, Mismatch: c.Surprising(), Path: c.Reach.Path, Address: c.Address,
				Echoes: c.Echoes, Note: cellNote(m, i, j, &full), Failure: c.Failure,
			}
			for port, connection := range c.Ports {
				pair.TCP = append(pair.TCP, PortJSON{port, connection})
			}
			slices.SortFunc(pair.TCP, func(a, b PortJSON) int { return strings.Compare(a.String(), b.String()) })
			out.Pairs = append(out.Pairs, pair)
		}
	}
	return out
}
