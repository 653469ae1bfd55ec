package explain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// held counts the facts that were held to a measurement.
type held struct {
	t     *testing.T
	count map[string]int
}

// hold wants a claim to be what was measured. One that is not known is not wrong.
func (h *held) hold(what, who string, f diagnose.Forecast, works bool) {
	h.t.Helper()
	switch {
	case f == diagnose.ForecastYes && !works, f == diagnose.ForecastNo && works:
		h.t.Errorf("%s: %s is said to be %s, and measured: %t", who, what, f, works)
	case f == diagnose.ForecastUnknown:
		h.count[what+" not known"]++
	case f != diagnose.ForecastYes && f != diagnose.ForecastNo:
		h.t.Errorf("%s: %s is %q", who, what, f)
	}
	h.count[what]++
}

func (h *held) atLeast(least map[string]int) {
	h.t.Helper()
	for what, count := range least {
		if h.count[what] < count {
			h.t.Errorf("only %d times was %q held to a measurement, want %d", h.count[what], what, count)
		}
	}
	h.t.Log(h.count)
}

// What is said of a network is what each plain member of it was measured to find.
func TestNetworksAsMeasured(t *testing.T) {
	for _, r := range recordings(t) {
		t.Run(r.name, func(t *testing.T) {
			h := &held{t, map[string]int{}}
			for i := range r.ix.Networks {
				n := &r.ix.Networks[i]
				f := explain.OfNetwork(r.ix, n)
				if f.Reach == nil {
					if len(r.plain(n)) > 0 {
						t.Errorf("%s: nothing is said of what its containers reach", n.Name)
					}
					continue
				}
				for _, a := range r.plain(n) {
					holdMember(h, r, n, f.Reach, a)
				}
			}
			h.atLeast(map[string]int{"members": 20, "names": 20, "outside": 20, "host": 20, "from host": 20, "other networks": 100})
		})
	}
}

func holdMember(h *held, r *recording, n *topology.Network, reach *explain.NetworkReach, a *topology.Attachment) {
	h.t.Helper()
	me := r.ix.Container(a.ContainerID)
	who := n.Name + ", " + me.Name
	for _, other := range r.plain(n) {
		c := r.ix.Container(other.ContainerID)
		if c == me {
			continue
		}
		connects, asked := false, false
		for _, address := range addressesOf(other) {
			connects = connects || r.connects(me.Name, address, c.Name)
			asked = asked || r.asked(address)
		}
		if asked {
			h.hold("members", who+" → "+c.Name, reach.Members.Forecast, connects)
		}
		if len(r.Measured[me.Name].Names) > 0 && (me.Name != "h2d2" || c.Name != "h2d1") { // linked
			_, resolves := r.Measured[me.Name].Names[c.Name]
			h.hold("names", who+" → "+c.Name, reach.Names.Forecast, resolves)
		}
	}
	for i, claim := range []*explain.Claim{reach.IPv4, reach.IPv6} {
		works := r.pings(me.Name, outside[i])
		if claim == nil {
			if works && n.Driver != "host" { // of whose IPv6 nothing is said
				h.t.Errorf("%s: no address of the kind is said, and %s answers", who, outside[i])
			}
			continue
		}
		h.hold("outside", who, claim.Forecast, works)
	}
	for _, address := range reach.HostAddresses {
		h.hold("host", who+" → "+address, diagnose.ForecastYes, r.pings(me.Name, address))
	}
	if reach.Host.Forecast == diagnose.ForecastNo {
		h.hold("host", who, diagnose.ForecastNo, slices.ContainsFunc(r.Host, func(address string) bool {
			return address != "203.0.113.1" && address != "2001:db8:113::1" && r.pings(me.Name, address)
		}))
	}
	if n.Driver == "host" || n.Driver == "null" {
		return
	}
	for _, address := range addressesOf(a) {
		if reach.FromHost.Forecast == diagnose.ForecastNo || r.asked(address) {
			h.hold("from host", who, reach.FromHost.Forecast, r.connects("h2h1", address, me.Name))
		}
	}
	holdOthers(h, r, n, reach, a)
}

// holdOthers holds what is said of other networks to what their plain members were
// measured to reach.
func holdOthers(h *held, r *recording, n *topology.Network, reach *explain.NetworkReach, a *topology.Attachment) {
	h.t.Helper()
	told := map[string]diagnose.Forecast{}
	for _, others := range reach.Others {
		for _, name := range others.Names {
			told[name] = others.Forecast
		}
	}
	for i := range r.ix.Networks {
		m := &r.ix.Networks[i]
		if m.ID == n.ID || m.Driver == "host" || m.Driver == "null" {
			continue
		}
		f, ok := told[m.Name]
		if !ok {
			f = diagnose.ForecastNo
		}
		for _, from := range r.plain(m) {
			works := false
			name := r.ix.Container(from.ContainerID).Name
			for _, address := range addressesOf(a) {
				works = works || r.pings(name, address) || r.connects(name, address, r.ix.Container(a.ContainerID).Name)
			}
			h.hold("other networks", m.Name+" → "+n.Name, f, works)
		}
	}
}

// What is said of a container is what was measured from it and to it.
func TestContainersAsMeasured(t *testing.T) {
	for _, r := range recordings(t) {
		t.Run(r.name, func(t *testing.T) {
			h := &held{t, map[string]int{}}
			for i := range r.ix.Containers {
				c := &r.ix.Containers[i]
				f := explain.OfContainer(r.ix, c, explain.Details{})
				if _, up := r.Measured[c.Name]; up {
					holdContainer(h, r, c, &f)
				} else if len(f.Neighbours) > 0 || f.Up {
					t.Errorf("%s is not up, and has neighbours: %v", c.Name, f.Neighbours)
				}
			}
			h.atLeast(map[string]int{"outside": 30, "neighbour": 60, "name": 60, "host": 30, "own address": 25})
		})
	}
}

func holdContainer(h *held, r *recording, c *topology.Container, f *explain.ContainerFacts) {
	h.t.Helper()
	for i, claim := range []*explain.Claim{f.IPv4, f.IPv6} {
		works := r.pings(c.Name, outside[i])
		if claim == nil {
			if works && f.Place != explain.PlaceHost && f.Owner != "h2h1" { // nothing is said of the host's IPv6
				h.t.Errorf("%s: no address of the kind is said, and %s answers", c.Name, outside[i])
			}
			continue
		}
		h.hold("outside", c.Name, claim.Forecast, works)
	}
	for _, address := range f.HostAddresses {
		h.hold("host", c.Name+" → "+address, diagnose.ForecastYes, r.pings(c.Name, address) || address == "::1" || address == "127.0.0.1")
	}
	for _, address := range f.OwnAddresses {
		if f.Place == explain.PlaceOwn && r.asked(address) && c.State == topology.Running {
			h.hold("own address", c.Name+" at "+address, diagnose.ForecastYes, r.connects("h2h1", address, c.Name))
		}
	}
	if f.FromHost.Forecast == diagnose.ForecastNo {
		for _, a := range r.ix.Of(c.ID) {
			for _, address := range addressesOf(a) {
				h.hold("own address", c.Name+" at "+address, diagnose.ForecastNo, r.connects("h2h1", address, c.Name))
			}
		}
	}
	for _, n := range f.Neighbours {
		other := r.container(h.t, n.Name)
		if _, up := r.Measured[n.Name]; !up || len(n.Networks) == 0 || other.State != topology.Running || c.State != topology.Running {
			continue
		}
		there, back := r.any(c, other), r.any(other, c)
		h.hold("neighbour", c.Name+" → "+n.Name, n.There.Forecast, there)
		h.hold("neighbour", n.Name+" → "+c.Name, n.Back.Forecast, back)
		holdNames(h, r, c, f, other, n.Networks)
	}
}

// any tells whether a container connects to another at any address of it.
func (r *recording) any(from, to *topology.Container) bool {
	owner := to
	if id, shares := r.ix.Owner(to); shares {
		owner = r.ix.Container(id)
	}
	for _, a := range r.ix.Of(owner.ID) {
		for _, address := range addressesOf(a) {
			if r.connects(from.Name, address, owner.Name) {
				return true
			}
		}
	}
	for address, listener := range r.Measured[from.Name].TCP { // a published port
		if listener == owner.Name && address != "" {
			return true
		}
	}
	return false
}

// holdNames holds each name that is told to what the neighbour resolves.
func holdNames(h *held, r *recording, c *topology.Container, f *explain.ContainerFacts, neighbour *topology.Container, networks []string) {
	h.t.Helper()
	for _, name := range f.Names {
		if !slices.Contains(r.AskedNames, name.Name) || !slices.ContainsFunc(name.Networks, func(n string) bool { return slices.Contains(networks, n) }) {
			continue
		}
		_, resolves := r.Measured[neighbour.Name].Names[name.Name]
		h.hold("name", neighbour.Name+" looks up "+name.Name+" of "+c.Name, diagnose.ForecastYes, resolves)
	}
}

// What is said of a pair is what was measured.
func TestPairsAsMeasured(t *testing.T) {
	for _, r := range recordings(t) {
		t.Run(r.name, func(t *testing.T) {
			h := &held{t, map[string]int{}}
			for i := range r.ix.Containers {
				for k := range i {
					from, to := &r.ix.Containers[i], &r.ix.Containers[k]
					_, up := r.Measured[from.Name]
					_, both := r.Measured[to.Name]
					if !up || !both || from.State != topology.Running || to.State != topology.Running {
						continue
					}
					f := explain.OfPair(r.ix, from, to, explain.Details{Docker: "docker"})
					for _, way := range []explain.Way{f.There, f.Back} {
						holdWay(h, r, way)
					}
					if f.There.Path == diagnose.SharedNetwork && len(f.Shared) == 0 || strings.Contains(f.Markdown(explain.English), "No network has both") && f.There.Path == diagnose.SameNamespace {
						t.Errorf("%s and %s: no network has both, and the path is: %s", f.From, f.To, f.There.Path)
					}
					if f.Alike && f.There.TCP != f.Back.TCP {
						t.Errorf("%s and %s: %s and %s are said to be alike", f.From, f.To, f.There.TCP, f.Back.TCP)
					}
				}
			}
			h.atLeast(map[string]int{"ping": 100, "name": 50})
		})
	}
}

func holdWay(h *held, r *recording, way explain.Way) {
	h.t.Helper()
	who := way.From + " → " + way.To
	for _, point := range way.Addresses {
		if point.Port == 0 && point.Network != "" {
			h.hold("ping", who+" at "+point.Address, diagnose.ForecastYes, r.pings(way.From, point.Address))
		}
	}
	for _, name := range way.Names {
		if slices.Contains(r.AskedNames, name) {
			_, resolves := r.Measured[way.From].Names[name]
			h.hold("name", who+" as "+name, diagnose.ForecastYes, resolves)
		}
	}
	if way.TCP == diagnose.ForecastNo && len(way.Addresses) > 0 && way.ICMP == diagnose.ForecastNo {
		h.t.Errorf("%s: no way, and by %v", who, way.Addresses)
	}
	if (way.TCP != diagnose.ForecastYes) && len(way.Reasons) == 0 {
		h.t.Errorf("%s: no reason", who)
	}
}
