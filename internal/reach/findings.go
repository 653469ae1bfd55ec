package reach

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// findings explain what was measured.
func (r *run) findings() []Finding {
	l := r.ladder
	var found []Finding
	add := func(f Finding, ok bool) {
		if ok && !slices.ContainsFunc(found, func(have Finding) bool {
			return have.Kind == f.Kind && have.Port == f.Port && have.Layer == f.Layer
		}) {
			found = append(found, f)
		}
	}
	if l.Changed != "" && l.Changed != Paused {
		// Whatever did not answer may have, had it stayed as it was.
		return []Finding{{Kind: ChangedMeanwhile, Container: l.ChangedOne, Text: string(l.Changed)}}
	}
	for i := range l.Rungs {
		rung := &l.Rungs[i]
		switch rung.Layer {
		case Name:
			if l.Failure == "" {
				add(r.aboutName(rung))
			}
		case ICMP:
			add(r.aboutICMP(rung))
			if l.Failure == "" { // else it was cut off
				add(lossOf(rung))
			}
		case TCP:
			add(r.aboutTCP(rung))
		case UDP:
			add(r.aboutUDP(rung))
		case MTU:
			add(aboutMTU(rung))
		case Running, Path, HTTP:
		}
	}
	for _, f := range r.aboutSockets() {
		add(f, true)
	}
	add(Finding{Kind: Frozen, Container: l.Target.Container}, r.frozen())
	add(r.oneFamily())
	add(Finding{Kind: Several, Name: l.Target.Name}, len(l.Target.Alike) > 0 && l.Measured && l.Rung(Name) != nil)
	return found
}

func (r *run) aboutName(rung *Rung) (Finding, bool) {
	f := Finding{Layer: Name, Name: rung.Name}
	if rung.Resolution == nil {
		return f, false
	}
	ipv4, ipv6 := &rung.Resolution.IPv4, &rung.Resolution.IPv6
	if rung.State == Failed {
		f.Text, f.Outcome = ipv4.Server, ipv4.Outcome
		switch {
		case r.nameless():
			return f, false
		case ipv4.Outcome == wire.Silent && rung.Foreseen == diagnose.ForecastYes:
			f.Kind = NoAnswer
		case r.ladder.Target.Container != nil && r.anyPassed():
			f.Kind = ByAddressOnly
		case r.ladder.Target.Kind == OfName && !strings.Contains(strings.TrimSuffix(f.Name, "."), "."):
			// Not worth a look at the servers that were asked in turn.
			f.Kind, f.Text = NoSuchContainer, ""
		case ipv4.Outcome == wire.Silent, ipv4.Outcome == wire.ServerFailed, ipv4.Outcome == wire.Refused:
			f.Kind = NoAnswer
		case r.ladder.Target.Kind == OfName:
			f.Kind, f.Text = NoSuchContainer, ""
		default:
			return f, false
		}
		return f, true
	}
	known := r.knownAddresses()
	if len(known) == 0 {
		return f, false
	}
	for _, address := range slices.Concat(ipv4.Addresses, ipv6.Addresses) {
		if slices.Contains(known, address) || address.IsLoopback() && r.sameNamespace() {
			return f, false
		}
		f.Address = address
	}
	f.Kind, f.Container = WrongAnswer, holder(r.ix, r.ladder.From, f.Address)
	return f, f.Address.IsValid() && (f.Container == nil || f.Container.ID != r.ladder.Target.Container.ID)
}

// nameless tells that it is no news that the name does not resolve: the engine gives
// the source none such. What its name server then asks in turn is beside the point.
func (r *run) nameless() bool {
	switch r.ladder.Target.Kind {
	case OfHost:
		return true
	case OfContainer:
		return r.nameForecast() == diagnose.ForecastNo && !r.anyPassed()
	case OfInternet, OfName, OfAddress:
	}
	return false
}

// knownAddresses are those of the target, and of the others that the name means.
func (r *run) knownAddresses() []netip.Addr {
	t := &r.ladder.Target
	if t.Container == nil || t.Container.IsTask() { // a service has a virtual address
		return nil
	}
	var known []netip.Addr
	for _, c := range append([]*topology.Container{t.Container}, t.Alike...) {
		owner := Namespace(r.ix, c)
		if owner == nil {
			continue
		}
		for _, a := range r.ix.Of(owner.ID) {
			for _, address := range []topology.Address{a.IPv4, a.IPv6} {
				if address.IP().IsValid() {
					known = append(known, address.IP())
				}
			}
		}
	}
	return known
}

// anyPassed tells that one of the target's own addresses answers.
func (r *run) anyPassed() bool {
	return slices.ContainsFunc(r.ladder.Rungs, func(rung Rung) bool {
		return rung.State == Passed && (rung.Layer == ICMP || rung.Layer == TCP) && slices.Contains(r.addresses, rung.Address)
	})
}

func (r *run) aboutICMP(rung *Rung) (Finding, bool) {
	f := Finding{Layer: ICMP, Address: rung.Address}
	switch {
	case rung.Echoes == nil:
		return f, false
	case rung.State == Passed:
		f.Kind = Unforeseen
		return f, rung.Foreseen == diagnose.ForecastNo
	case r.tcpAnswers(rung.Address) && (rung.Echoes.Outcome == wire.Silent || rung.Echoes.Outcome == wire.Prohibited):
		f.Kind = ICMPBlocked
		return f, true
	case rung.Foreseen != diagnose.ForecastYes, r.ladder.Failure != "": // it was cut off
		return f, false
	}
	f.Kind, f.Text = dropped(rung.Echoes.Outcome), rung.Echoes.Text
	return f, true
}

// dropped tells a firewall that says so from one that does not, and both from
// where there is no way.
func dropped(outcome wire.Outcome) FindingKind {
	//exhaustive:ignore
	switch outcome {
	case wire.Prohibited, wire.Refused:
		return FirewallRejects
	case wire.NoRoute, wire.Unreachable:
		return NoWay
	}
	return FirewallDrops
}

// tcpAnswers tells that the address answered on some port, be it with a refusal.
func (r *run) tcpAnswers(address netip.Addr) bool {
	return slices.ContainsFunc(r.ladder.Rungs, func(rung Rung) bool {
		return rung.Layer == TCP && rung.Address == address && (rung.State == Passed || rung.refused())
	})
}

// lossOf tells how many answers are missing.
func lossOf(rung *Rung) (Finding, bool) {
	e := rung.Echoes
	if e == nil || e.Received == 0 || e.Received >= e.Sent {
		return Finding{}, false
	}
	const whole = 100
	return Finding{Kind: Lossy, Layer: ICMP, Address: rung.Address, Percent: (e.Sent - e.Received) * whole / e.Sent}, true
}

func (r *run) aboutTCP(rung *Rung) (Finding, bool) {
	f := Finding{Layer: TCP, Port: rung.Port, Address: rung.Address}
	if rung.Connection == nil {
		return f, false
	}
	byHost := r.ladder.Foreseen.Path == diagnose.ThroughHost && !slices.Contains(r.addresses, rung.Address)
	switch rung.Connection.Outcome {
	case wire.Reached:
		f.Kind = Unforeseen
		if byHost {
			f.Kind = ByHostOnly
			return f, true
		}
		return f, rung.Foreseen == diagnose.ForecastNo
	case wire.Closed:
		f.Kind = ClosedAtOnce
		return f, true
	case wire.Refused:
		if r.sameNamespace() && !rung.Decides {
			return f, false // its other loopback address takes connections
		}
		return r.aboutRefusal(f)
	case wire.Silent, wire.Unreachable, wire.NoRoute, wire.Prohibited, wire.TooBig, wire.NotFound, wire.ServerFailed:
	}
	if rung.Foreseen != diagnose.ForecastYes || byHost || r.ladder.Failure != "" {
		return f, false
	}
	if r.frozen() {
		return f, false // its kernel takes as many connections as fit its backlog
	}
	f.Kind, f.Text = dropped(rung.Connection.Outcome), rung.Connection.Text
	if rung.Connection.Outcome == wire.Silent {
		f.Text = "" // that it took too long
	}
	f.Listeners = r.listeners(rung.Port)
	if f.Kind == FirewallDrops && waiting(f.Listeners) > 0 {
		f.Kind, f.Text = Busy, ""
	}
	return f, true
}

// frozen tells that the target's programs do not run.
func (r *run) frozen() bool {
	target := r.ladder.Target.Container
	return target != nil && (target.State == topology.Paused || r.ladder.Changed == Paused)
}

// waiting is how many connections wait at sockets to be taken.
func waiting(listeners []wire.Listener) int {
	n := 0
	for i := range listeners {
		n += listeners[i].Waiting
	}
	return n
}

// aboutRefusal says who listens on a port that refused.
func (r *run) aboutRefusal(f Finding) (Finding, bool) {
	if r.ladder.Target.Kind == OfHost {
		f.Kind = NotListening // or a firewall of the host says so, which looks the same
		return f, true
	}
	if r.ladder.Listening == nil || r.ladder.Target.Container == nil {
		return f, false
	}
	f.Listeners = r.listeners(f.Port)
	f.Kind, f.Container = NotListening, r.ladder.Target.Container
	if len(f.Listeners) == 0 {
		return f, true
	}
	f.Kind = LoopbackOnly
	if r.sameNamespace() {
		f.Kind = ElsewhereOnly // loopback is theirs too
	}
	for _, l := range f.Listeners {
		if takes, known := l.Takes(f.Address); takes && known {
			f.Kind = FirewallRejects
			return f, true
		}
		if !l.Address.IsLoopback() {
			f.Kind = ElsewhereOnly
		}
	}
	return f, true
}

// aboutSockets tells, where no port was there to be tested, that programs of the
// target listen for themselves only, or that it is not known on what they listen.
func (r *run) aboutSockets() []Finding {
	l := r.ladder
	if !r.wantsListeners() || l.Failure != "" || l.Rung(TCP) != nil || len(r.addresses) == 0 {
		return nil
	}
	if r.listening != nil {
		return []Finding{{Kind: SocketsUnread, Container: l.Target.Container, Text: r.listening.Error()}}
	}
	if l.Listening == nil || !r.anyPassed() {
		return nil
	}
	var found []Finding
	for _, s := range l.Listening.Listeners {
		if s.Protocol == "tcp" && s.Address.IsLoopback() && s.Address != nameServer {
			p := Port{Number: s.Port, Protocol: s.Protocol}
			found = append(found, Finding{Kind: LoopbackOnly, Layer: TCP, Port: p, Address: r.addresses[0], Listeners: r.listeners(p)})
		}
	}
	const most = 3
	return found[:min(len(found), most)]
}

// nameServer is where Docker's own name server listens in a container's namespace
// [measured on 20.10, 26.1, 28.5].
var nameServer = netip.AddrFrom4([4]byte{127, 0, 0, 11})

// listeners are the sockets of the target on a port.
func (r *run) listeners(p Port) []wire.Listener {
	if r.ladder.Listening == nil {
		return nil
	}
	var found []wire.Listener
	for _, l := range r.ladder.Listening.Listeners {
		if l.Port == p.Number && l.Protocol == p.Protocol {
			found = append(found, l)
		}
	}
	return found
}

func (r *run) aboutUDP(rung *Rung) (Finding, bool) {
	f := Finding{Layer: UDP, Port: rung.Port, Address: rung.Address}
	if rung.Datagram == nil {
		return f, false
	}
	switch rung.Datagram.Outcome {
	case wire.Refused:
		return r.aboutRefusal(f)
	case wire.Silent:
		f.Kind, f.Listeners = UDPSilent, r.listeners(rung.Port)
		return f, true
	case wire.Reached, wire.Closed, wire.Unreachable, wire.NoRoute, wire.Prohibited, wire.TooBig, wire.NotFound, wire.ServerFailed:
	}
	return f, false
}

func aboutMTU(rung *Rung) (Finding, bool) {
	m := rung.PathMTU
	const largest = 65535 // of an IP packet; loopback takes one byte more
	if m == nil || m.Path == 0 || m.Path >= min(m.Interface, largest) {
		return Finding{}, false
	}
	return Finding{Kind: LargeDropped, Layer: MTU, Address: rung.Address, Path: m.Path, Interface: m.Interface}, true
}

// oneFamily tells that of two addresses only the one of one family is reached.
func (r *run) oneFamily() (Finding, bool) {
	f := Finding{Kind: OneFamily, Layer: ICMP}
	passed := map[bool]bool{}
	failed := map[bool]netip.Addr{}
	for i := range r.ladder.Rungs {
		rung := &r.ladder.Rungs[i]
		if rung.Layer != ICMP {
			continue
		}
		switch is4 := rung.Address.Unmap().Is4(); rung.State {
		case Passed:
			passed[is4] = true
		case Failed:
			failed[is4] = rung.Address
		case Untested, Skipped:
		}
	}
	for is4, address := range failed {
		if passed[!is4] && !passed[is4] && r.ladder.Target.Kind != OfInternet {
			f.Address = address
			return f, true
		}
	}
	return f, false
}
