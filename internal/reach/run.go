package reach

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
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
		l.Target.Name = hostName
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
	f := r.ladder.Foreseen
	if r.ladder.Target.Name != "" {
		r.add(Rung{Layer: Name, Name: r.ladder.Target.Name, State: Skipped, Foreseen: r.nameForecast(), Decides: r.nameDecides()})
	}
	if !r.options.NoICMP {
		r.add(Rung{Layer: ICMP, State: Skipped, Foreseen: f.ICMP, Decides: true})
	}
	for _, p := range r.ports() {
		r.add(Rung{Layer: layerOf(p), Port: p, State: Skipped, Foreseen: f.TCP, Decides: true})
	}
}

func (r *run) nameDecides() bool { return r.ladder.Target.Kind != OfHost }

func (r *run) nameForecast() diagnose.Forecast {
	t := &r.ladder.Target
	if t.Kind == OfName {
		return diagnose.ForecastUnknown
	}
	return diagnose.Resolvable(r.ix, r.ladder.From, t.Name).Forecast
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
	if err := r.knock(ctx); err != nil {
		return err
	}
	if r.needsListenersAfterAll() {
		r.listening = r.readListeners(ctx)
	}
	return ctx.Err()
}

// wantsListeners tells that the ports to be tested are those on which the target
// listens.
func (r *run) wantsListeners() bool {
	t := &r.ladder.Target
	return t.Container != nil && len(t.Ports) == 0 && len(exposed(t.Container)) == 0 && !r.sameNamespace()
}

func (r *run) sameNamespace() bool {
	t := r.ladder.Target.Container
	return t != nil && Namespace(r.ix, t) == Namespace(r.ix, r.ladder.From)
}

// needsListenersAfterAll tells that a port did not answer although packets get
// there, or may, so that it matters who listens.
func (r *run) needsListenersAfterAll() bool {
	if r.ladder.Target.Container == nil || r.ladder.Listening != nil || r.listening != nil {
		return false
	}
	return slices.ContainsFunc(r.ladder.Rungs, func(rung Rung) bool {
		return (rung.Layer == TCP || rung.Layer == UDP) && rung.State != Passed && (rung.refused() || rung.Foreseen != diagnose.ForecastNo)
	})
}

// look describes the source's namespace, and looks the name up there.
func (r *run) look(ctx context.Context) error {
	requests := []wire.Request{{ID: 1, Kind: wire.Describe, Timeout: r.options.Wait}}
	name := r.ladder.Target.Name
	if name != "" {
		requests = append(requests, wire.Request{ID: 2, Kind: wire.Resolve, Name: name, Timeout: r.options.Wait})
	}
	var resolution *wire.Resolution
	var failure string
	err := r.source.Do(ctx, requests, func(result wire.Result) {
		switch {
		case result.Namespace != nil:
			r.ladder.Namespace = result.Namespace
		case result.Resolution != nil:
			resolution = result.Resolution
		case result.ID == 2 && result.Failure != "":
			failure = result.Failure
		}
	})
	if err != nil {
		return err
	}
	if r.sameNamespace() {
		r.ladder.Listening = r.ladder.Namespace
	}
	if name == "" {
		return nil
	}
	if resolution != nil && r.mayAppearYet(resolution) {
		if resolution, err = r.lookAgain(ctx, resolution); err != nil {
			return err
		}
	}
	rung := Rung{Layer: Name, Name: name, Foreseen: r.nameForecast(), Decides: r.nameDecides(), Resolution: resolution, Failure: failure}
	switch {
	case resolution == nil:
		rung.State = Untested
	case len(r.resolved(resolution)) > 0:
		rung.State = Passed
	default:
		rung.State = Failed
	}
	r.add(rung)
	return nil
}

// mayAppearYet tells that the name is of a container of a swarm's network, and
// that other nodes may learn of it a second later only [measured on 28.5].
func (r *run) mayAppearYet(found *wire.Resolution) bool {
	if found.IPv4.Outcome != wire.NotFound || r.nameForecast() != diagnose.ForecastYes {
		return false
	}
	for _, a := range r.ix.Of(r.ladder.From.ID) {
		if n := r.ix.Network(a.NetworkID); n != nil && n.SwarmScope() {
			return true
		}
	}
	return false
}

func (r *run) lookAgain(ctx context.Context, found *wire.Resolution) (*wire.Resolution, error) {
	const pause = 200 * time.Millisecond
	for deadline := time.Now().Add(r.options.Wait); found.IPv4.Outcome == wire.NotFound && time.Now().Before(deadline); {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
		request := wire.Request{ID: 1, Kind: wire.Resolve, Name: r.ladder.Target.Name, Timeout: time.Until(deadline)}
		err := r.source.Do(ctx, []wire.Request{request}, func(result wire.Result) {
			if result.Resolution != nil {
				found = result.Resolution
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// resolved are the addresses that a name has, IPv4 first, of the asked family.
func (r *run) resolved(found *wire.Resolution) []netip.Addr {
	var all []netip.Addr
	for _, address := range slices.Concat(found.IPv4.Addresses, found.IPv6.Addresses) {
		if r.ofFamily(address) {
			all = append(all, address)
		}
	}
	return all
}

func (r *run) ofFamily(address netip.Addr) bool {
	switch r.options.Family {
	case 4:
		return address.Unmap().Is4()
	case 6:
		return !address.Unmap().Is4()
	}
	return true
}

// readListeners reads the sockets of the target, in its own namespace.
func (r *run) readListeners(ctx context.Context) error {
	session, err := r.lab.Session(ctx, r.ladder.Target.Container.ID)
	if err != nil {
		return err
	}
	var failure string
	err = session.Do(ctx, []wire.Request{{ID: 1, Kind: wire.Describe, Timeout: r.options.Wait}}, func(result wire.Result) {
		if result.Namespace != nil {
			r.ladder.Listening = result.Namespace
		}
		failure = result.Failure
	})
	if err == nil && failure != "" {
		err = errors.New(failure)
	}
	return err
}

// hostName is the name that the host has where somebody gave it one. It is looked
// up, and nothing hangs on it.
const hostName = "host.docker.internal"

// outsideName is the first name among what stands for the outside.
func outsideName(internet []Words) string {
	for _, w := range internet {
		if !w.Address.IsValid() {
			return w.Host
		}
	}
	return ""
}

// outside takes all addresses that stand for the outside: one that answers will
// do.
func (r *run) outside() bool {
	for _, w := range r.options.Internet {
		if w.Address.IsValid() && r.ofFamily(w.Address) {
			r.addresses = append(r.addresses, w.Address)
		}
	}
	return len(r.addresses) > 0
}

// chooseAddresses takes the addresses that the name has, or else those that are
// foreseen to do: one of each family.
func (r *run) chooseAddresses() {
	if r.ladder.Target.Kind == OfInternet && r.outside() {
		return
	}
	var resolved, foreseen []netip.Addr
	if rung := r.ladder.Rung(Name); rung != nil && rung.Resolution != nil {
		resolved = r.resolved(rung.Resolution)
	}
	for i := range r.ladder.Foreseen.Addresses {
		if a := &r.ladder.Foreseen.Addresses[i]; a.Port == 0 && r.ofFamily(a.Address) {
			foreseen = append(foreseen, a.Address)
		}
	}
	candidates := append(resolved, foreseen...)
	switch target := &r.ladder.Target; {
	case target.Address.IsValid():
		candidates = []netip.Addr{target.Address}
	case target.Kind == OfHost:
		candidates = append(foreseen, resolved...)
	case len(resolved) > 0:
		candidates = resolved
	}
	families := map[bool]bool{}
	for _, address := range candidates {
		if is4 := address.Unmap().Is4(); !families[is4] {
			families[is4] = true
			r.addresses = append(r.addresses, address)
		}
	}
}

// ports are those to be tested: those asked for, or else the exposed ones, or else
// those on which the target listens.
func (r *run) ports() []Port {
	t := &r.ladder.Target
	if len(t.Ports) > 0 {
		return t.Ports
	}
	if t.Kind == OfInternet {
		return outsidePorts(r.options.Internet)
	}
	if t.Container == nil {
		return nil
	}
	ports := exposed(t.Container)
	if len(ports) == 0 && r.ladder.Listening != nil {
		for _, l := range r.ladder.Listening.Listeners {
			p := Port{Number: l.Port, Protocol: l.Protocol}
			// What a loopback address alone takes is not for others.
			if l.Protocol == "tcp" && (!l.Address.IsLoopback() || r.sameNamespace()) && !hasPort(ports, p) {
				ports = append(ports, p)
			}
		}
	}
	const most = 8
	return ports[:min(len(ports), most)]
}

// outsidePorts are the ports that stand for the outside: that of web pages, unless
// others are named.
func outsidePorts(internet []Words) []Port {
	var ports []Port
	for _, w := range internet {
		for _, p := range w.Ports {
			if !hasPort(ports, p) {
				ports = append(ports, p)
			}
		}
	}
	if len(ports) == 0 {
		return []Port{{Number: 443, Protocol: "tcp"}}
	}
	return ports
}

// exposed are the TCP ports that the container exposes or publishes.
func exposed(c *topology.Container) []Port {
	var ports []Port
	for _, run := range c.Ports {
		const many = 16
		if run.Protocol != "tcp" || run.Len() > many {
			continue
		}
		for i := range run.Len() {
			if p := (Port{Number: run.First + uint16(i), Protocol: "tcp"}); !hasPort(ports, p) {
				ports = append(ports, p)
			}
		}
	}
	return ports
}

// attempt is a request on the way, and the rung it is for.
type attempt struct {
	request wire.Request
	rung    Rung
}

// knock sends packets to the addresses.
func (r *run) knock(ctx context.Context) error {
	var attempts []attempt
	asked := len(r.ladder.Target.Ports) > 0
	for _, address := range r.addresses {
		icmp, tcp := r.forecast(address)
		if !r.options.NoICMP {
			attempts = append(attempts, attempt{
				wire.Request{Kind: wire.Echo, Address: address, Count: r.options.Count, Interval: r.options.Interval, Timeout: r.options.Wait, Size: r.options.Size},
				Rung{Layer: ICMP, Address: address, Foreseen: icmp, Decides: !asked},
			})
		}
		for _, p := range r.ports() {
			attempts = append(attempts, portAttempt(address, p, tcp, r.options.Wait))
		}
	}
	attempts = append(attempts, r.throughHost()...)
	if err := r.do(ctx, attempts); err != nil {
		return err
	}
	if err := r.knockRaw(ctx); err != nil {
		return err
	}
	if err := r.sizes(ctx); err != nil {
		return err
	}
	return r.fetch(ctx)
}

func portAttempt(address netip.Addr, p Port, foreseen diagnose.Forecast, wait time.Duration) attempt {
	rung := Rung{Layer: layerOf(p), Address: address, Port: p, Foreseen: foreseen, Decides: true}
	if p.Protocol == "udp" {
		return attempt{wire.Request{Kind: wire.Datagram, Address: address, Port: p.Number, Timeout: wait, Data: question(p.Number)}, rung}
	}
	return attempt{wire.Request{Kind: wire.Connect, Address: address, Port: p.Number, Timeout: wait}, rung}
}

// throughHost tries the published ports on the host where that is the only way.
func (r *run) throughHost() []attempt {
	if r.ladder.Foreseen.Path != diagnose.ThroughHost {
		return nil
	}
	const look = 50 * time.Millisecond // a proxy that has nothing behind it closes at once
	var attempts []attempt
	var tried []Port
	for i := range r.ladder.Foreseen.Addresses {
		a := &r.ladder.Foreseen.Addresses[i]
		p := Port{Number: a.ContainerPort, Protocol: "tcp"}
		if a.Port == 0 || a.TCP == diagnose.ForecastNo || !r.ofFamily(a.Address) || len(r.ladder.Target.Ports) > 0 && !hasPort(r.ladder.Target.Ports, p) {
			continue
		}
		if hasPort(tried, p) {
			continue // another of the host's addresses
		}
		tried = append(tried, p)
		attempts = append(attempts, attempt{
			wire.Request{Kind: wire.Connect, Address: a.Address, Port: a.Port, Timeout: r.options.Wait, Linger: look},
			Rung{Layer: TCP, Address: a.Address, Port: Port{Number: a.Port, Protocol: "tcp"}, Foreseen: a.TCP},
		})
	}
	return attempts
}

// forecast is what is foreseen for an address.
func (r *run) forecast(address netip.Addr) (icmp, tcp diagnose.Forecast) {
	f := r.ladder.Foreseen
	for i := range f.Addresses {
		if a := &f.Addresses[i]; a.Port == 0 && a.Address == address {
			return a.ICMP, a.TCP
		}
	}
	found := diagnose.PredictAddress(r.ix, r.ladder.From, address)
	return found.ICMP, found.TCP
}

// do carries attempts out side by side, and puts their rungs on the ladder.
func (r *run) do(ctx context.Context, attempts []attempt) error {
	if len(attempts) == 0 {
		return nil
	}
	requests := make([]wire.Request, len(attempts))
	for i := range attempts {
		attempts[i].request.ID = i
		requests[i] = attempts[i].request
	}
	r.announce(attempts)
	err := r.untilStopped(ctx, r.source, requests, func(result wire.Result) { r.take(&attempts[result.ID].rung, &result) })
	for i := range attempts {
		r.add(attempts[i].rung)
	}
	return err
}

func (r *run) announce(attempts []attempt) {
	if r.options.Begun == nil {
		return
	}
	for i := range attempts {
		if attempts[i].rung.Layer == ICMP {
			r.options.Begun(attempts[i].rung.Address)
			return
		}
	}
}

// take puts a result on its rung.
func (r *run) take(rung *Rung, result *wire.Result) {
	var outcome wire.Outcome
	switch {
	case result.Failure != "":
		rung.State, rung.Failure = Untested, result.Failure
		return
	case result.Reply != nil:
		if r.options.Reply != nil && rung.Address == r.addresses[0] {
			r.options.Reply(*result.Reply)
		}
		return
	case result.Echoes != nil:
		rung.Echoes, outcome = result.Echoes, result.Echoes.Outcome
	case result.Connection != nil:
		rung.Connection, outcome = result.Connection, result.Connection.Outcome
	case result.Datagram != nil:
		rung.Datagram, outcome = result.Datagram, result.Datagram.Outcome
	case result.PathMTU != nil:
		rung.PathMTU, outcome = result.PathMTU, result.PathMTU.Outcome
	default:
		return
	}
	switch {
	case outcome == wire.Reached:
		rung.State = Passed
	case outcome == wire.Silent && rung.Layer == UDP:
		rung.State = Untested
	default:
		rung.State = Failed
	}
}

// knockRaw sends the echo requests again that the namespace allows with NET_RAW
// only.
func (r *run) knockRaw(ctx context.Context) error {
	var again []*Rung
	for i := range r.ladder.Rungs {
		if rung := &r.ladder.Rungs[i]; rung.Layer == ICMP && strings.Contains(rung.Failure, wire.NotPermitted) {
			again = append(again, rung)
		}
	}
	if len(again) == 0 {
		return nil
	}
	session, err := r.lab.RawSession(ctx, r.ladder.From.ID)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, rung := range again {
			rung.Failure = fmt.Sprintf("%s, and a probe that may was refused: %v", rung.Failure, err)
		}
		return nil
	}
	r.raw = session
	requests := make([]wire.Request, len(again))
	for i, rung := range again {
		rung.Failure = ""
		requests[i] = wire.Request{
			ID: i, Kind: wire.Echo, Address: rung.Address, Count: r.options.Count, Interval: r.options.Interval, Timeout: r.options.Wait, Size: r.options.Size,
		}
	}
	return r.untilStopped(ctx, session, requests, func(result wire.Result) { r.take(again[result.ID], &result) })
}

// untilStopped carries requests out, and has the end of [Options.Until] stop them:
// a session whose context ends has the requests summed up.
func (r *run) untilStopped(ctx context.Context, s Session, requests []wire.Request, each func(wire.Result)) error {
	until := r.options.Until
	if until == nil {
		return s.Do(ctx, requests, each)
	}
	if until.Err() != nil {
		for i := range requests {
			if q := &requests[i]; q.Kind == wire.Echo && q.Count == 0 {
				q.Count = 1 // nothing would stop them any more
			}
		}
		return s.Do(ctx, requests, each)
	}
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(until, cancel)() //nolint:contextcheck // until is another end than that of ctx
	err := s.Do(within, requests, each)
	if until.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}

// sizes finds out whether large packets arrive where small ones do.
func (r *run) sizes(ctx context.Context) error {
	var attempts []attempt
	if r.sameNamespace() {
		return nil // nothing of it leaves the kernel
	}
	session := r.source
	for i := range r.ladder.Rungs {
		rung := &r.ladder.Rungs[i]
		if rung.Layer != ICMP || rung.State != Passed || rung.Address.IsLoopback() {
			continue
		}
		if rung.Echoes != nil && rung.Echoes.Raw && r.raw != nil {
			session = r.raw
		}
		attempts = append(attempts, attempt{
			wire.Request{Kind: wire.PathMTU, Address: rung.Address, Timeout: r.options.Wait},
			Rung{Layer: MTU, Address: rung.Address},
		})
	}
	source := r.source
	defer func() { r.source = source }()
	r.source = session
	return r.do(ctx, attempts)
}
