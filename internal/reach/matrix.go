package reach

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Matrix is who reaches whom among some containers.
type Matrix struct {
	// Index is of the snapshot that it was foreseen from.
	Index      *topology.Index
	Containers []*topology.Container
	// Cells are by sender, then by receiver.
	Cells [][]Cell
}

// Cell is one ordered pair.
type Cell struct {
	State CellState
	// Foreseen is what the snapshot says of ICMP, and Reach all that it says.
	Foreseen diagnose.Forecast
	Reach    *diagnose.Reach
	// Reasons are those of the address.
	Reasons []diagnose.Reason
	// Address is the one that was tried, or that answered.
	Address netip.Addr
	Echoes  *wire.Echoes
	// Ports are what became of TCP ports, tried where ICMP was not answered.
	Ports map[Port]*wire.Connection
	// Failure is why it could not be tested, or not to the end.
	Failure string
}

// CellState is what became of a pair.
type CellState string

const (
	// Self is the diagonal.
	Self CellState = "self"
	// Answers: ICMP echo requests are answered.
	Answers CellState = "answers"
	// AnswersTCP: they are not, and a TCP port answers.
	AnswersTCP CellState = "answers tcp only"
	// AnswersPort: no echo requests were sent, and a TCP port answers.
	AnswersPort CellState = "answers on tcp"
	// PortFails: a port that was asked for, or each that was tried, does not answer.
	PortFails CellState = "port does not answer"
	// Nothing: neither.
	Nothing CellState = "no answer"
	// NotUp: one of both does not run.
	NotUp CellState = "not up"
	// CellUntested: it could not be tested.
	CellUntested CellState = "not tested"
)

// Surprising tells that what was measured is not what was foreseen.
func (c *Cell) Surprising() bool {
	switch c.State {
	case Answers, AnswersPort:
		return c.Foreseen == diagnose.ForecastNo
	case AnswersTCP, Nothing:
		return c.Foreseen == diagnose.ForecastYes
	case PortFails:
		return c.Foreseen == diagnose.ForecastYes && (c.Silent() || !c.port(wire.Refused))
	case Self, NotUp, CellUntested:
	}
	return false
}

// Silent tells that echo requests were sent, and not answered.
func (c *Cell) Silent() bool { return c.Echoes != nil && c.Echoes.Outcome != wire.Reached }

// tried tells that something was sent.
func (c *Cell) tried() bool { return c.Echoes != nil || len(c.Ports) > 0 }

// port tells that a TCP port was tried and ended so.
func (c *Cell) port(outcome wire.Outcome) bool {
	for _, connection := range c.Ports {
		if connection.Outcome == outcome {
			return true
		}
	}
	return false
}

// ForeseeMatrix foresees every ordered pair. With a network, the addresses on it
// are meant.
func ForeseeMatrix(ix *topology.Index, containers []*topology.Container, on *topology.Network, family int) *Matrix {
	m := &Matrix{Index: ix, Containers: containers, Cells: make([][]Cell, len(containers))}
	for i, from := range containers {
		m.Cells[i] = make([]Cell, len(containers))
		for j, to := range containers {
			cell := &m.Cells[i][j]
			switch {
			case i == j:
				cell.State = Self
				continue
			case !from.State.Up() || from.State == topology.Paused || !to.State.Up():
				cell.State = NotUp
			default:
				cell.State = CellUntested
			}
			cell.Reach = diagnose.PredictPath(ix, from, to)
			cell.foresee(on, family)
		}
	}
	return m
}

// foresee chooses the address that will do best.
func (c *Cell) foresee(on *topology.Network, family int) {
	c.Foreseen = diagnose.ForecastNo
	for i := range c.Reach.Addresses {
		a := &c.Reach.Addresses[i]
		switch is4 := a.Address.Unmap().Is4(); {
		case a.Port != 0, family == 4 && !is4, family == 6 && is4:
			continue
		case on != nil && a.Network != nil && a.Network.ID != on.ID:
			continue
		case c.Address.IsValid() && better(c.Foreseen) >= better(a.ICMP):
			continue
		}
		c.Address, c.Foreseen, c.Reasons = a.Address, a.ICMP, a.Reasons
	}
}

func better(f diagnose.Forecast) int {
	switch f {
	case diagnose.ForecastYes:
		return 2
	case diagnose.ForecastUnknown:
		return 1
	case diagnose.ForecastNo:
	}
	return 0
}

// Progress tells how far a matrix is: of its senders, how many have a session to
// measure from, and how many are done.
type Progress struct{ Senders, Ready, Done int }

// MeasureMatrix measures every pair whose ends are up: one session a sender, side
// by side. Advance, if set, is told of each step, one at a time. An error means that
// it was interrupted.
func MeasureMatrix(ctx context.Context, lab Lab, m *Matrix, o Options, advance func(Progress)) error {
	var mu sync.Mutex
	var progress Progress
	tell := func(change func(*Progress)) {
		mu.Lock()
		defer mu.Unlock()
		change(&progress)
		if advance != nil {
			advance(progress)
		}
	}
	var rows []*row
	for i := range m.Containers {
		row := &row{from: m.Containers[i], to: m.Containers, cells: m.Cells[i], options: o, lab: lab}
		row.ready = func() { tell(func(p *Progress) { p.Ready++ }) }
		if row.anything() {
			rows = append(rows, row)
		}
	}
	tell(func(p *Progress) { p.Senders = len(rows) })
	group, within := errgroup.WithContext(ctx)
	for _, row := range rows {
		group.Go(func() error {
			err := row.measure(within)
			if err != nil && within.Err() == nil {
				row.breakOff(err)
				err = nil
			}
			if err == nil {
				tell(func(p *Progress) { p.Done++ })
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return m.askAgain(ctx, lab)
}

// row is one sender.
type row struct {
	from    *topology.Container
	to      []*topology.Container
	cells   []Cell
	options Options
	lab     Lab
	// ready is called once there is a session.
	ready func()
}

func (r *row) anything() bool {
	for i := range r.cells {
		if r.cells[i].State == CellUntested {
			return true
		}
	}
	return false
}

// fail says of what was not tested why.
func (r *row) fail(err error) {
	for i := range r.cells {
		if c := &r.cells[i]; c.State == CellUntested && c.Failure == "" {
			c.Failure = err.Error()
		}
	}
}

// breakOff is the end of measuring midway. What was to answer and did not may not have
// been asked to the end, or from a namespace that is not there any more, and tells
// nothing.
func (r *row) breakOff(err error) {
	for i := range r.cells {
		if c := &r.cells[i]; c.doubtful() && c.State != Answers {
			c.State = CellUntested
		}
	}
	r.fail(err)
}

func (r *row) measure(ctx context.Context) error {
	session, err := r.lab.Session(ctx, r.from.ID)
	if err != nil {
		return err
	}
	r.ready()
	untested := r.untested()
	if !r.options.NoICMP {
		if err := r.echo(ctx, session, untested); err != nil {
			return err
		}
		if again := r.forbidden(); len(again) > 0 {
			raw, err := r.lab.RawSession(ctx, r.from.ID)
			if err != nil {
				return err
			}
			if err := r.echo(ctx, raw, again); err != nil {
				return err
			}
		}
	}
	if err := r.connect(ctx, session); err != nil {
		return err
	}
	if r.options.NoICMP {
		r.fail(errNoPort)
	}
	return nil
}

// errNoPort is why a pair is not tested where neither ICMP nor a port is tried.
var errNoPort = errors.New("no TCP port of it is known; name one with --port")

func (r *row) untested() []int {
	var cells []int
	for i := range r.cells {
		c := &r.cells[i]
		if c.State != CellUntested {
			continue
		}
		if !c.Address.IsValid() {
			c.State = Nothing // it has no address to try
			continue
		}
		cells = append(cells, i)
	}
	return cells
}

// forbidden are the cells whose echo requests take NET_RAW.
func (r *row) forbidden() []int {
	var cells []int
	for i := range r.cells {
		if c := &r.cells[i]; strings.Contains(c.Failure, wire.NotPermitted) {
			c.Failure = ""
			cells = append(cells, i)
		}
	}
	return cells
}

func (r *row) echo(ctx context.Context, session Session, cells []int) error {
	requests := make([]wire.Request, len(cells))
	for k, i := range cells {
		requests[k] = wire.Request{
			ID: i, Kind: wire.Echo, Address: r.cells[i].Address, Count: r.options.Count, Interval: r.options.Interval, Timeout: r.options.Wait, Size: r.options.Size,
		}
	}
	if len(requests) == 0 {
		return nil
	}
	return session.Do(ctx, requests, func(result wire.Result) {
		c := &r.cells[result.ID]
		switch {
		case result.Failure != "":
			c.Failure = result.Failure
		case result.Echoes != nil:
			c.Echoes, c.State = result.Echoes, Nothing
			if result.Echoes.Outcome == wire.Reached {
				c.State = Answers
			}
		}
	})
}

// connect tries the TCP ports that were asked for; or else, of those that did not
// answer, the ones that they expose, so that a firewall against ICMP is told from
// one against all.
func (r *row) connect(ctx context.Context, session Session) error {
	type knock struct {
		cell int
		port Port
	}
	var knocks []knock
	var requests []wire.Request
	for i := range r.cells {
		for _, p := range r.portsOf(i) {
			requests = append(requests, wire.Request{
				ID: len(knocks), Kind: wire.Connect, Address: r.cells[i].Address, Port: p.Number, Timeout: r.options.Wait,
			})
			knocks = append(knocks, knock{i, p})
		}
	}
	try := func(requests []wire.Request) error {
		if len(requests) == 0 {
			return nil
		}
		return session.Do(ctx, requests, func(result wire.Result) {
			if result.Connection == nil {
				return
			}
			k := knocks[result.ID]
			c := &r.cells[k.cell]
			if c.Ports == nil {
				c.Ports = map[Port]*wire.Connection{}
			}
			c.Ports[k.port] = result.Connection
		})
	}
	err := try(requests)
	if err == nil {
		// One that takes few connections at a time drops some as a firewall does.
		err = try(slices.DeleteFunc(requests, func(q wire.Request) bool {
			c := &r.cells[knocks[q.ID].cell]
			made := c.Ports[knocks[q.ID].port]
			return c.Foreseen == diagnose.ForecastNo || made == nil || made.Outcome != wire.Silent
		}))
	}
	for i := range r.cells {
		if c := &r.cells[i]; len(c.Ports) > 0 && err == nil {
			r.settle(c)
		}
	}
	return err
}

// portsOf are the ports to be tried of a receiver.
func (r *row) portsOf(i int) []Port {
	c := &r.cells[i]
	tried := c.State == Nothing || c.State == Answers || c.State == CellUntested && r.options.NoICMP
	if !tried || !c.Address.IsValid() {
		return nil
	}
	if len(r.options.Ports) > 0 {
		return r.options.Ports
	}
	if c.State == Answers {
		return nil
	}
	const most = 4
	ports := exposed(r.to[i])
	return ports[:min(len(ports), most)]
}

// settle says what the ports make of a pair. Of those asked for, each must answer; of
// others, one.
func (r *row) settle(c *Cell) {
	reached := c.port(wire.Reached)
	if len(r.options.Ports) > 0 {
		for _, connection := range c.Ports {
			reached = reached && connection.Outcome == wire.Reached
		}
	}
	asked := len(r.options.Ports) > 0
	switch {
	case asked && !reached, r.options.NoICMP && !reached, c.port(wire.Refused) && !reached:
		c.State = PortFails
	case r.options.NoICMP:
		c.State = AnswersPort
	case c.State == Nothing && reached:
		c.State = AnswersTCP
	}
}

// Cut tells that a sender gets no answer from any of several that it is foreseen to
// reach, although others do: what is amiss is with the sender.
func (m *Matrix) Cut(sender int) bool {
	lost, answering := 0, false
	for j := range m.Cells[sender] {
		c := &m.Cells[sender][j]
		if j == sender || c.Foreseen != diagnose.ForecastYes {
			continue
		}
		if c.State != Nothing {
			return false
		}
		lost++
		for i := range m.Cells {
			answering = answering || i != sender && m.Cells[i][j].State == Answers
		}
	}
	return lost > 1 && answering
}

// Asymmetric lists the pairs of which one answers the other, and not the other way
// round: indices of the one that gets no answer, and of the one that does not give
// it.
func (m *Matrix) Asymmetric() [][2]int {
	var pairs [][2]int
	for i := range m.Cells {
		for j := range m.Cells[i] {
			c := &m.Cells[i][j]
			silent := c.State == Nothing || c.State == PortFails && c.Silent()
			if silent && m.Cells[j][i].State == Answers {
				pairs = append(pairs, [2]int{i, j})
			}
		}
	}
	return pairs
}
