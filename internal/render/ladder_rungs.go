package render

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// layerName is how a rung is called where it is the one that fails.
func layerName(r *reach.Rung) string {
	switch r.Layer {
	case reach.Running, reach.Path, reach.Name:
		return string(r.Layer)
	case reach.ICMP:
		if r.Address.Is6() {
			return "ICMPv6"
		}
		return "ICMP"
	case reach.MTU:
		return "MTU"
	case reach.TCP, reach.UDP:
		name := strings.ToUpper(string(r.Layer)) + " "
		switch {
		case !r.Decides && r.Address.IsValid():
			return name + netip.AddrPortFrom(r.Address, r.Port.Number).String()
		case r.Address.Is6():
			return name + strconv.Itoa(int(r.Port.Number)) + " (IPv6)"
		}
		return name + strconv.Itoa(int(r.Port.Number))
	case reach.HTTP:
		return "HTTP"
	}
	return string(r.Layer)
}

// rungWords says how a rung stands; nothing where that is not worth a word.
func rungWords(l *reach.Ladder, r *reach.Rung) string {
	if beside(l, r) {
		return ""
	}
	words := ""
	switch r.Layer {
	case reach.Running:
		words = runningWords(l, r)
	case reach.Path:
		words = pathWords(l)
		if r.State == reach.Passed && l.Foreseen.Path == diagnose.NoPath {
			return "packets pass"
		}
	case reach.Name:
		words = nameWords(r)
	case reach.MTU:
		if !l.ShowMTU && r.State == reach.Passed && r.PathMTU != nil && r.PathMTU.Path >= r.PathMTU.Interface {
			return ""
		}
		words = "MTU " + measureWords(l, r)
	case reach.ICMP, reach.TCP, reach.UDP, reach.HTTP:
		words = layerName(r)
		if l.Measured {
			words += " " + measureWords(l, r)
		}
	}
	if r.Surprising() {
		if r.Foreseen == diagnose.ForecastYes {
			words += " (it should)"
		} else {
			words += " (it should not)"
		}
	}
	return words
}

// beside tells of a rung that it is no news that it fails, and that it matters to
// nobody: IPv6 to the outside, where the source has none.
func beside(l *reach.Ladder, r *reach.Rung) bool {
	return l.Target.Kind == reach.OfInternet && r.State == reach.Failed && r.Foreseen == diagnose.ForecastNo &&
		r.Address.Is6() && !onlyIPv6(l)
}

func measureWords(l *reach.Ladder, r *reach.Rung) string {
	switch {
	case r.State == reach.Failed, r.State == reach.Untested:
		return failureWords(l, r)
	case r.Echoes != nil:
		words := Milliseconds(r.Echoes.Avg)
		if lost := r.Echoes.Sent - r.Echoes.Received; lost > 0 {
			words += fmt.Sprintf(", %d of %d lost", lost, r.Echoes.Sent)
		}
		return words
	case r.Connection != nil:
		return Milliseconds(r.Connection.Took)
	case r.Datagram != nil:
		return "answers, " + Milliseconds(r.Datagram.Took)
	case r.PathMTU != nil:
		return strconv.Itoa(r.PathMTU.Path)
	case r.Page != nil:
		words := strings.TrimSpace(strconv.Itoa(r.Page.Status)+" "+foreignText(r.Page.Text)) + ", " + Milliseconds(r.Page.Took)
		if r.Page.Location != "" {
			words += ", to " + label(r.Page.Location, false)
		}
		return words
	}
	return ""
}

// failureWords says in a few words why a rung does not hold.
func failureWords(l *reach.Ladder, r *reach.Rung) string {
	switch {
	case r.Layer == reach.Running:
		return runningWords(l, r)
	case r.Layer == reach.Path:
		for i := range l.Foreseen.Reasons {
			if l.Foreseen.Reasons[i].Kind == diagnose.ReasonNoSharedNetwork {
				return "no shared network"
			}
		}
		return pathWords(l)
	case r.Failure != "":
		return "not tested"
	case r.Resolution != nil && len(r.Resolution.IPv4.Addresses) > 0:
		return label(r.Name, false) + " has no IPv6 address"
	case r.Resolution != nil && len(r.Resolution.IPv6.Addresses) > 0:
		return label(r.Name, false) + " has no IPv4 address"
	case r.Resolution != nil && r.Foreseen == diagnose.ForecastNo:
		return label(r.Name, false) + " does not resolve"
	case r.Resolution != nil:
		return lookupWords(r.Name, r.Resolution)
	case r.Echoes != nil:
		return outcomeWords(r.Echoes.Outcome, true)
	case r.Connection != nil:
		return outcomeWords(r.Connection.Outcome, false)
	case r.Datagram != nil:
		return outcomeWords(r.Datagram.Outcome, false)
	case r.PathMTU != nil && r.PathMTU.Path > 0:
		return fmt.Sprintf("%d of %d", r.PathMTU.Path, r.PathMTU.Interface)
	case r.PathMTU != nil:
		return outcomeWords(r.PathMTU.Outcome, true)
	case r.Page != nil:
		return foreignText(r.Page.Error)
	}
	return "not tested"
}

func outcomeWords(o wire.Outcome, icmp bool) string {
	switch o {
	case wire.Reached:
		return "answers"
	case wire.Refused:
		if icmp {
			return "rejected"
		}
		return "refused"
	case wire.Closed:
		return "opened and closed at once"
	case wire.Silent:
		return "no answer"
	case wire.Unreachable:
		return "unreachable"
	case wire.NoRoute:
		return "no route"
	case wire.Prohibited:
		return "prohibited"
	case wire.TooBig:
		return "packet too big"
	case wire.NotFound:
		return "not found"
	case wire.ServerFailed:
		return "server failed"
	}
	return label(string(o), false)
}

func runningWords(l *reach.Ladder, r *reach.Rung) string {
	if r.State == reach.Passed {
		if l.Target.Container == nil || l.Target.Container.ID == l.From.ID {
			return "running"
		}
		return "both running"
	}
	var words []string
	for _, c := range []*topology.Container{l.From, l.Target.Container} {
		switch {
		case c == nil, len(words) > 0 && c.ID == l.From.ID:
		case !c.State.Up() || c == l.From && c.State == topology.Paused:
			words = append(words, label(c.Name, false)+" is "+stateWord(c.State))
		}
	}
	if len(words) == 0 {
		return "the container whose network is shared is not running"
	}
	return strings.Join(words, ", ")
}

// pathWords says which way packets go.
func pathWords(l *reach.Ladder) string {
	f := l.Foreseen
	if l.Target.Kind == reach.OfHost && f.Path != diagnose.NoPath && l.Host != nil {
		return hostWords(l.Host)
	}
	if l.Target.Kind != reach.OfContainer && f.Path == diagnose.ThroughHost {
		return "a way out"
	}
	switch f.Path {
	case diagnose.SameNamespace:
		return "one namespace"
	case diagnose.SharedNetwork:
		var names []string
		for i := range f.Reasons {
			if r := &f.Reasons[i]; r.Kind == diagnose.ReasonSharedNetwork && r.Network != nil {
				names = append(names, label(r.Network.Name, false))
			}
		}
		names = unique(names)
		return "share " + listing(names, mostNames)
	case diagnose.Routed:
		return "routed between networks"
	case diagnose.ThroughHost:
		return "only through the host"
	case diagnose.NoPath:
		return "no path"
	}
	return label(string(f.Path), false)
}

// hostWords says where the host is tested, and why there.
func hostWords(host *reach.HostAddress) string {
	why := ""
	switch host.By {
	case reach.HostByName:
		why = "host.docker.internal"
	case reach.HostByRoute:
		why = "gateway of the default route"
	case reach.HostByNetwork:
		why = "gateway"
		if host.Network != nil {
			why += " of " + label(host.Network.Name, false)
		}
	case reach.HostByLoopback:
		why = "the same network"
	}
	if !host.Address.IsValid() {
		return "host = " + why
	}
	return "host = " + host.Address.String() + " (" + why + ")"
}

func nameWords(r *reach.Rung) string {
	name := label(r.Name, false)
	switch {
	case r.State == reach.Skipped:
		return "name " + name
	case r.Resolution == nil:
		return "DNS " + name + " not tested"
	case r.State == reach.Failed && !r.Decides: // nothing hangs on it, nor on why
		return name + " does not resolve"
	case r.State == reach.Failed:
		return "DNS " + failureWords(nil, r)
	}
	var addresses []string
	for _, lookup := range []*wire.Lookup{&r.Resolution.IPv4, &r.Resolution.IPv6} {
		for _, address := range lookup.Addresses {
			addresses = append(addresses, address.String())
		}
	}
	from := "DNS "
	if r.Resolution.IPv4.Hosts || r.Resolution.IPv6.Hosts {
		from = "hosts file "
	}
	const most = 3
	return from + name + " = " + listing(addresses, most)
}

// lookupWords says why a name has no address.
func lookupWords(name string, found *wire.Resolution) string {
	lookup := &found.IPv4
	if lookup.Outcome == wire.Reached { // no address of this family
		lookup = &found.IPv6
	}
	switch lookup.Outcome {
	case wire.Reached:
		return label(name, false) + " has no address"
	case wire.NotFound:
		return label(name, false) + " is not found"
	case wire.Silent:
		return "no answer for " + label(name, false) + " in " + lookup.Took.Round(100*time.Millisecond).String()
	case wire.ServerFailed:
		return "server cannot resolve " + label(name, false)
	case wire.Refused, wire.Closed, wire.Unreachable, wire.NoRoute, wire.Prohibited, wire.TooBig:
	}
	return "server not reached"
}

// Milliseconds writes a duration as ping does: three digits that count.
func Milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	digits := 0
	switch {
	case ms < 1:
		digits = 3
	case ms < 10:
		digits = 2
	case ms < 100:
		digits = 1
	}
	return strconv.FormatFloat(ms, 'f', digits, 64) + " ms"
}
