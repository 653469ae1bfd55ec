package reach

import (
	"context"
	"errors"
	"net/netip"
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

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
			if l.Protocol == "tcp" && r.forSource(&l) && !hasPort(ports, p) {
				ports = append(ports, p)
			}
		}
	}
	return ports[:min(len(ports), mostPorts)]
}

// mostPorts is how many ports are tested that nobody asked for.
const mostPorts = 32

// forSource tells that a socket may be for the source. What a loopback address alone
// takes is not for other namespaces; in its own, the name server of the engine has one
// that is for no program.
func (r *run) forSource(l *wire.Listener) bool {
	if !r.sameNamespace() {
		return !l.Address.IsLoopback()
	}
	return slices.ContainsFunc(r.addresses, func(address netip.Addr) bool {
		takes, known := l.Takes(address)
		return takes || !known
	})
}

// leftOut are the ports that the target exposes and that were too many to be tested,
// as far as it listens on them.
func (r *run) leftOut() []Port {
	t := &r.ladder.Target
	if len(t.Ports) > 0 || t.Container == nil || r.ladder.Listening == nil {
		return nil
	}
	tried := r.ports()
	var ports []Port
	for i := range r.ladder.Listening.Listeners {
		l := &r.ladder.Listening.Listeners[i]
		p := Port{Number: l.Port, Protocol: l.Protocol}
		if l.Protocol == "tcp" && r.forSource(l) && !hasPort(tried, p) && !hasPort(ports, p) && exposes(t.Container, p) {
			ports = append(ports, p)
		}
	}
	return ports[:min(len(ports), mostPorts)]
}

func exposes(c *topology.Container, p Port) bool {
	return slices.ContainsFunc(c.Ports, func(run topology.Ports) bool {
		return run.Protocol == p.Protocol && p.Number >= run.First && int(p.Number) < int(run.First)+run.Len()
	})
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
