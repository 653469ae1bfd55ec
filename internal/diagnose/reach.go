package diagnose

import (
	"net/netip"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Forecast is what is to be expected of a name or an address.
type Forecast string

const (
	// ForecastYes: it is expected to work.
	ForecastYes Forecast = "yes"
	// ForecastNo: it is expected not to work.
	ForecastNo Forecast = "no"
	// ForecastUnknown: the snapshot does not tell. It is never used for no.
	ForecastUnknown Forecast = "unknown"
)

// either is what is to be expected where one of two will do.
func (f Forecast) either(other Forecast) Forecast {
	switch {
	case f == ForecastYes || other == ForecastYes:
		return ForecastYes
	case f == ForecastUnknown || other == ForecastUnknown:
		return ForecastUnknown
	}
	return ForecastNo
}

// Or is what is to be expected where one of two will do.
func (f Forecast) Or(other Forecast) Forecast { return f.either(other) }

// both is what is to be expected where two things must work.
func (f Forecast) both(other Forecast) Forecast {
	switch {
	case f == ForecastNo || other == ForecastNo:
		return ForecastNo
	case f == ForecastUnknown || other == ForecastUnknown:
		return ForecastUnknown
	}
	return ForecastYes
}

// PathKind is the way that packets take.
type PathKind string

const (
	// SameNamespace: source and target have one set of interfaces.
	SameNamespace PathKind = "same namespace"
	// SharedNetwork: both are on one network.
	SharedNetwork PathKind = "shared network"
	// Routed: the host passes packets on between two networks.
	Routed PathKind = "routed"
	// ThroughHost: by an address of the host; to a container by a port that it
	// publishes there.
	ThroughHost PathKind = "through the host"
	// NoPath: none of these is expected to work.
	NoPath PathKind = "none"
)

// TargetKind is what is to be reached.
type TargetKind string

// What can be reached: a container, the host of the engine, what is outside of
// that, and an address of which no more is known.
const (
	TargetContainer TargetKind = "container"
	TargetHost      TargetKind = "host"
	TargetOutside   TargetKind = "outside"
	TargetAddress   TargetKind = "address"
)

// Reach is what is foreseen for a source and a target.
type Reach struct {
	From *topology.Container
	// To is nil for the host and the outside.
	To   *topology.Container
	Kind TargetKind
	Path PathKind
	// Names are those that the target goes by, best first.
	Names []NameForecast
	// Addresses are every address of the target, best first, and then the host's
	// addresses and ports that it is published on.
	Addresses []AddressForecast
	// IPv4 and IPv6 tell, for the outside, whether there is a way for each family,
	// and Reasons4 and Reasons6 why.
	IPv4, IPv6         Forecast
	Reasons4, Reasons6 []Reason
	// Name, ICMP and TCP are yes if one name or address will do.
	Name, ICMP, TCP Forecast
	// Reasons are the chain, the decisive one first.
	Reasons []Reason
	// Fix is the first step of the least destructive way to make it work; nil if none
	// is needed or known.
	Fix *Fix
}

// NameForecast tells whether a name resolves in the source to the target.
type NameForecast struct {
	Name     string
	Network  *topology.Network
	Forecast Forecast
	Reason   *Reason
}

// AddressForecast tells whether packets to an address are answered.
//
// TCP means that those of a connection get to the target's namespace, which
// then answers with a connection or a refusal: whether something listens there
// is measured and not foreseen.
type AddressForecast struct {
	Address netip.Addr
	// Port is set where only this port leads to the target: a published one of
	// the host, or one that a firewall lets through; ContainerPort is then the one
	// that it leads to.
	Port, ContainerPort uint16
	Network             *topology.Network
	ICMP, TCP           Forecast
	Reasons             []Reason
}

// Predict foresees whether one container reaches another, from a snapshot in
// which the attachments of both were read with their settings.
func Predict(ix *topology.Index, from, to *topology.Container) *Reach {
	r := PredictPath(ix, from, to)
	r.Fix = fixPair(ix, from, to)
	return r
}

// PredictPath is the same without a fix, for many pairs: to find the steps of one
// takes time by the size of the snapshot.
func PredictPath(ix *topology.Index, from, to *topology.Container) *Reach {
	r, _, _ := forecast(ix, from, to)
	return r
}

func forecast(ix *topology.Index, from, to *topology.Container) (r *Reach, source, target place) {
	r = &Reach{From: from, To: to, Kind: TargetContainer}
	source, target = placeOf(ix, from), placeOf(ix, to)
	switch {
	case source.same(&target):
		r.sameNamespace(ix, &source, &target)
	default:
		r.apart(ix, &source, &target)
	}
	r.nameTarget(ix, &source, &target)
	r.doubt(&source, &target)
	r.sum()
	if r.Name == ForecastNo && len(source.doubts)+len(target.doubts) > 0 && !source.surelyDown() && !target.surelyDown() {
		r.Name = ForecastUnknown
	}
	r.Reasons = r.chain(&source, &target)
	return r, source, target
}

// sameNamespace lists loopback and the addresses of the namespace: each works.
func (r *Reach) sameNamespace(ix *topology.Index, p, target *place) {
	r.Path = SameNamespace
	if target.down {
		return // the addresses that it will have are not told
	}
	why := []Reason{{Kind: ReasonSameNamespace, Container: p.owner}}
	f := p.answers().both(target.answers())
	for _, address := range []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()} {
		af := AddressForecast{Address: address, ICMP: f, TCP: f, Reasons: why}
		if address.Is6() && !p.loopback6(ix) { // kept off where no network has IPv6
			af.ICMP, af.TCP, af.Reasons = ForecastNo, ForecastNo, []Reason{{Kind: ReasonIPv6Off, Container: p.owner}}
		}
		r.Addresses = append(r.Addresses, af)
	}
	for _, e := range p.ends {
		r.Addresses = append(r.Addresses, AddressForecast{Address: e.address, Network: e.network, ICMP: f, TCP: f, Reasons: why})
	}
}

// apart lists the addresses of a target in another namespace.
func (r *Reach) apart(ix *topology.Index, source, target *place) {
	r.Path = NoPath
	if target.kind == onHost {
		for _, af := range hostAddresses(ix, source) {
			if target.down {
				af.ICMP, af.TCP = ForecastNo, ForecastNo
			}
			r.Addresses = append(r.Addresses, af)
		}
	}
	var shared, routed []AddressForecast
	for i := range target.ends {
		e := &target.ends[i]
		for _, af := range direct(ix, source, target, e) {
			if source.on(e.network) != nil {
				shared = append(shared, af)
			} else {
				routed = append(routed, af)
			}
		}
	}
	r.Addresses = append(r.Addresses, bestFirst(shared)...)
	r.Addresses = append(r.Addresses, bestFirst(routed)...)
	r.Addresses = append(r.Addresses, bestFirst(published(ix, source, target))...)
	switch {
	case worksAny(shared):
		r.Path = SharedNetwork
	case worksAny(routed):
		r.Path = Routed
	case worksAny(r.Addresses):
		r.Path = ThroughHost
	case len(shared) > 0 && !allNo(shared):
		r.Path = SharedNetwork
	}
}

// doubt makes each no unknown where something about the source or the target is
// not known, and both may be up.
func (r *Reach) doubt(source, target *place) {
	if len(source.doubts)+len(target.doubts) == 0 || source.surelyDown() || target.surelyDown() {
		return
	}
	for i := range r.Addresses {
		a := &r.Addresses[i]
		a.ICMP, a.TCP = a.ICMP.either(ForecastUnknown), a.TCP.either(ForecastUnknown)
	}
	for i := range r.Names {
		r.Names[i].Forecast = r.Names[i].Forecast.either(ForecastUnknown)
	}
}

// sum makes the overall forecasts of the single ones.
func (r *Reach) sum() {
	r.Name, r.ICMP, r.TCP = ForecastNo, ForecastNo, ForecastNo
	for _, n := range r.Names {
		r.Name = r.Name.either(n.Forecast)
	}
	for _, a := range r.Addresses {
		r.ICMP, r.TCP = r.ICMP.either(a.ICMP), r.TCP.either(a.TCP)
	}
}

// chain is why: what keeps either from answering, then the reasons of the best
// address, then those of the others and of the names.
func (r *Reach) chain(source, target *place) []Reason {
	var chain []Reason
	add := func(reasons ...Reason) {
		for _, reason := range reasons {
			if !hasReason(chain, reason) {
				chain = append(chain, reason)
			}
		}
	}
	add(source.reasons...)
	add(target.reasons...)
	if len(source.doubts)+len(target.doubts) > 0 && r.TCP != ForecastYes && !source.surelyDown() && !target.surelyDown() {
		r.ICMP, r.TCP = r.ICMP.either(ForecastUnknown), r.TCP.either(ForecastUnknown)
		add(source.doubts...)
		add(target.doubts...)
	}
	for _, want := range []Forecast{ForecastYes, ForecastUnknown, ForecastNo} {
		for _, a := range r.Addresses {
			if a.TCP.either(a.ICMP) == want && (want != ForecastNo || r.TCP != ForecastYes) {
				add(a.Reasons...)
			}
		}
	}
	if r.TCP == ForecastNo && r.Path == NoPath && source.kind == ownNamespace && target.kind == ownNamespace &&
		!source.down && !target.down && !sharesAny(source, target) {
		chain = insertReason(chain, Reason{Kind: ReasonNoSharedNetwork, Container: target.owner})
	}
	for _, n := range r.Names {
		if n.Reason != nil && n.Forecast != ForecastYes {
			add(*n.Reason)
		}
	}
	return chain
}

func worksAny(addresses []AddressForecast) bool {
	for _, a := range addresses {
		if a.TCP == ForecastYes || a.ICMP == ForecastYes {
			return true
		}
	}
	return false
}

func allNo(addresses []AddressForecast) bool {
	for _, a := range addresses {
		if a.TCP != ForecastNo || a.ICMP != ForecastNo {
			return false
		}
	}
	return true
}

// bestFirst puts what works before what may, and that before what does not.
func bestFirst(addresses []AddressForecast) []AddressForecast {
	sorted := make([]AddressForecast, 0, len(addresses))
	for _, want := range []Forecast{ForecastYes, ForecastUnknown, ForecastNo} {
		for _, a := range addresses {
			if a.TCP.either(a.ICMP) == want {
				sorted = append(sorted, a)
			}
		}
	}
	return sorted
}
