package reach

import (
	"context"
	"net/netip"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Foresee gives the ladder without measuring anything.
func Foresee(ix *topology.Index, from *topology.Container, t Target, o Options) *Ladder {
	r := newRun(ix, from, t, o)
	r.foreseenRungs()
	r.judge()
	return r.ladder
}

// Measure finds out whether a container reaches a target. An error means that it
// was interrupted; that it could not be tested is a verdict.
func Measure(ctx context.Context, lab Lab, ix *topology.Index, from *topology.Container, t Target, o Options) (*Ladder, error) {
	r := newRun(ix, from, t, o)
	r.lab = lab
	r.ladder.Measured = true
	if !r.bothUp() {
		r.judge()
		return r.ladder, nil
	}
	if err := r.measure(ctx); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		r.ladder.Failure = err.Error()
	}
	r.judge()
	return r.ladder, nil
}

// run is one source and one target, on the way up the ladder.
type run struct {
	ix      *topology.Index
	options Options
	ladder  *Ladder
	lab     Lab
	source  Session
	raw     Session // where ICMP takes NET_RAW
	// names and addresses are what is tried.
	addresses []netip.Addr
	listening error // why the target's sockets could not be read
}

func newRun(ix *topology.Index, from *topology.Container, t Target, o Options) *run {
	l := &Ladder{Index: ix, From: from, Target: t, ShowMTU: o.MTU}
	switch t.Kind {
	case OfContainer:
		l.Foreseen = diagnose.Predict(ix, from, t.Container)
	case OfHost:
		l.Foreseen = diagnose.PredictHost(ix, from)
	case OfAddress:
		l.Foreseen = diagnose.PredictAddress(ix, from, t.Address)
	case OfInternet, OfName:
		l.Foreseen = diagnose.PredictOutside(ix, from)
	}
	l.Target.Ports = slices.Clone(t.Ports)
	switch t.Kind {
	case OfInternet:
		l.Target.Name = outsideName(o.Internet)
	case OfHost:
		if l.Foreseen.Path != diagnose.SameNamespace {
			l.Target.Name = hostName
		}
	case OfContainer, OfName, OfAddress:
	}
	for _, p := range o.Ports {
		if !hasPort(l.Target.Ports, p) {
			l.Target.Ports = append(l.Target.Ports, p)
		}
	}
	return &run{ix: ix, options: o, ladder: l}
}

// add puts a rung on the ladder.
func (r *run) add(rung Rung) { r.ladder.Rungs = append(r.ladder.Rungs, rung) }

// bothUp adds the first rungs, and tells whether there is anything to measure. A
// paused target is measured: its kernel answers for it.
func (r *run) bothUp() bool {
	rung := Rung{Layer: Running, State: Passed, Decides: true}
	for _, c := range r.ends() {
		if !c.State.Up() {
			rung.State = Failed
		}
	}
	if r.ladder.From.State == topology.Paused {
		rung.State = Failed
	}
	r.add(rung)
	if rung.State == Failed {
		return false
	}
	r.add(Rung{Layer: Path, State: Skipped, Foreseen: pathForecast(r.ladder.Foreseen), Decides: true})
	return true
}

// ends are the containers that must be up: both, and whose namespaces they share.
func (r *run) ends() []*topology.Container {
	var ends []*topology.Container
	for _, c := range []*topology.Container{r.ladder.From, r.ladder.Target.Container} {
		if c == nil {
			continue
		}
		ends = append(ends, c)
		if owner := Namespace(r.ix, c); owner != nil && owner != c {
			ends = append(ends, owner)
		}
	}
	return ends
}

func pathForecast(f *diagnose.Reach) diagnose.Forecast {
	switch {
	case f.ICMP == diagnose.ForecastYes || f.TCP == diagnose.ForecastYes:
		return diagnose.ForecastYes
	case f.ICMP == diagnose.ForecastNo && f.TCP == diagnose.ForecastNo:
		return diagnose.ForecastNo
	}
	return diagnose.ForecastUnknown
}

// foreseenRungs are those of a ladder that is not measured.
func (r *run) foreseenRungs() {
	if !r.bothUp() {
		return
	}
	if r.ladder.Target.Kind == OfHost {
		r.foreseeHost()
	}
	icmp, tcp := r.ownForecast()
	ports := r.ports()
	if r.ladder.Target.Name != "" {
		r.add(Rung{Layer: Name, Name: r.ladder.Target.Name, State: Skipped, Foreseen: r.nameForecast(), Decides: r.nameDecides()})
	}
	if !r.options.NoICMP {
		r.add(Rung{Layer: ICMP, State: Skipped, Foreseen: icmp, Decides: len(ports) == 0})
	}
	for _, p := range ports {
		r.add(Rung{Layer: layerOf(p), Port: p, State: Skipped, Foreseen: tcp, Decides: true})
	}
}

// ownForecast is what is foreseen of the target's own addresses, which are what is
// tested: not of those of the host that lead to it by a published port.
func (r *run) ownForecast() (icmp, tcp diagnose.Forecast) {
	f := r.ladder.Foreseen
	if r.ladder.Target.Kind != OfContainer || len(f.Addresses) == 0 {
		return f.ICMP, f.TCP
	}
	icmp, tcp = diagnose.ForecastNo, diagnose.ForecastNo
	for i := range f.Addresses {
		if a := &f.Addresses[i]; a.Port == 0 && r.ofFamily(a.Address) {
			icmp, tcp = best(icmp, a.ICMP), best(tcp, a.TCP)
		}
	}
	return icmp, tcp
}

// best is what is to be expected where one of two will do.
func best(a, b diagnose.Forecast) diagnose.Forecast {
	if better(b) > better(a) {
		return b
	}
	return a
}

func layerOf(p Port) Layer {
	if p.Protocol == "udp" {
		return UDP
	}
	return TCP
}

// measure goes up the ladder. Both ends are opened side by side.
func (r *run) measure(ctx context.Context) error {
	group, within := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		if r.source, err = r.lab.Session(within, r.ladder.From.ID); err != nil {
			return err
		}
		return r.look(within)
	})
	if r.wantsListeners() {
		group.Go(func() error {
			r.listening = r.readListeners(within)
			return within.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	r.chooseAddresses()
	if err := r.knock(ctx); err != nil || r.cutShort() {
		return err
	}
	if err := r.knockAgain(ctx); err != nil {
		return err
	}
	if r.needsListenersAfterAll() {
		r.listening = r.readListeners(ctx)
	}
	if err := r.knockLeftOut(ctx); err != nil {
		return err
	}
	return r.askAgain(ctx)
}
