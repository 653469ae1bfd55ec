package explain

import (
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// PairFacts are what there is to say of the ways between two containers.
type PairFacts struct {
	Kind string `json:"kind"` // pair
	From string `json:"from"`
	To   string `json:"to"`
	// Shared are the networks that both are on.
	Shared []string `json:"shared_networks,omitempty"`
	There  Way      `json:"there"`
	Back   Way      `json:"back"`
	// Alike tells that what holds for one direction holds for the other.
	Alike bool `json:"alike"`
	// Mended tells that one fix is for both directions.
	Mended bool `json:"one_fix"`
	// Ended are those of the two whose program ended by itself, with an error.
	Ended  []Ended  `json:"ended,omitempty"`
	Unread []string `json:"unread,omitempty"`
}

// Ended is a container whose program ended with an error, and the command that shows
// what it wrote last.
type Ended struct {
	Container string `json:"container"`
	ExitCode  int    `json:"exit_code"`
	Logs      string `json:"logs,omitempty"`
}

// Mends are the ways whose fix is to be told, each step once.
func (f PairFacts) Mends() []Way {
	there, back := f.There.mended(), f.Back.mended()
	switch {
	case there && back && !f.Mended:
		return []Way{f.There, f.Back}
	case there && back && len(f.Back.Commands) > len(f.There.Commands):
		return []Way{f.Back} // with the steps of both
	case there:
		return []Way{f.There}
	case back:
		return []Way{f.Back}
	}
	return nil
}

// Way is what is foreseen from one container to another.
type Way struct {
	From string            `json:"from"`
	To   string            `json:"to"`
	Path diagnose.PathKind `json:"path"`
	// Name, ICMP and TCP tell whether a name, a ping and a connection get there.
	Name diagnose.Forecast `json:"name"`
	ICMP diagnose.Forecast `json:"icmp"`
	TCP  diagnose.Forecast `json:"tcp"`
	// Names and Addresses are those that are expected to work, best first, and
	// Doubtful those of which it cannot be told.
	Names     []string   `json:"names,omitempty"`
	Addresses []WayPoint `json:"addresses,omitempty"`
	Doubtful  []WayPoint `json:"doubtful_addresses,omitempty"`
	Reasons   []Reason   `json:"reasons,omitempty"`
	// NameReasons are why there is no name, or why that is not known.
	NameReasons []Reason `json:"name_reasons,omitempty"`
	// Fix is what would make it work, and Commands how.
	Fix diagnose.FixKind `json:"fix,omitempty"`
	// FixContainer is what it acts on, and FixNetwork the network that it uses.
	FixContainer string `json:"fix_container,omitempty"`
	FixNetwork   string `json:"fix_network,omitempty"`
	// Then is what is to be done after it.
	Then     []Step   `json:"then,omitempty"`
	Commands []string `json:"commands,omitempty"`
	// Test is the command that measures what is foreseen to work.
	Test string `json:"test,omitempty"`
}

// Step is a further step of a fix.
type Step struct {
	Fix          diagnose.FixKind `json:"fix"`
	FixContainer string           `json:"fix_container,omitempty"`
	FixNetwork   string           `json:"fix_network,omitempty"`
}

// mended tells that something would make the way work.
func (w *Way) mended() bool { return w.Fix != "" && w.Fix != diagnose.FixUsePublished }

// NamesOnly tells that the way works, and that the fix is for a name.
func (w Way) NamesOnly() bool { return w.TCP == diagnose.ForecastYes }

// WayPoint is an address of a target.
type WayPoint struct {
	Address string `json:"address"`
	// Port is set where only this port of the address leads there, to
	// ContainerPort.
	Port          uint16 `json:"port,omitempty"`
	ContainerPort uint16 `json:"container_port,omitempty"`
	Network       string `json:"network,omitempty"`
}

// OfPair finds the facts of the ways between two containers.
func OfPair(ix *topology.Index, from, to *topology.Container, more Details) PairFacts {
	f := PairFacts{
		Kind: "pair", From: from.Name, To: to.Name, Unread: gapsOf(ix, from.ID, to.ID),
		There: wayOf(ix, from, to, more), Back: wayOf(ix, to, from, more),
	}
	f.Shared = sharedNetworks(ix, from, to)
	f.Alike = f.There.TCP == f.Back.TCP && f.There.ICMP == f.Back.ICMP && f.There.Name == f.Back.Name && f.There.Path == f.Back.Path && kinds(f.There) == kinds(f.Back)
	// On one network, each reaches the other.
	connects := func(w Way) bool { return w.Fix == diagnose.FixConnect || w.Fix == diagnose.FixConnectNew }
	f.Mended = connects(f.There) && connects(f.Back) || holdsAll(f.There.Commands, f.Back.Commands) || holdsAll(f.Back.Commands, f.There.Commands)
	for _, c := range []*topology.Container{from, to} {
		if c.Failed() && (len(f.Ended) == 0 || f.Ended[0].Container != c.Name) {
			f.Ended = append(f.Ended, Ended{c.Name, c.ExitCode, render.LogsCommand(ix, c, more.look())})
		}
	}
	for _, w := range []*Way{&f.There, &f.Back} {
		if len(f.Shared) == 0 {
			w.Reasons = without(w.Reasons, diagnose.ReasonNoSharedNetwork) // told before
		}
		w.Reasons = without(w.Reasons, diagnose.ReasonFamily)
	}
	return f
}

// holdsAll tells that the steps of one way are all among those of another.
func holdsAll(all, some []string) bool {
	return len(some) > 0 && !slices.ContainsFunc(some, func(command string) bool { return !slices.Contains(all, command) })
}

// splitReasons parts the reasons of names from those of the way.
func (w *Way) splitReasons() {
	var way []Reason
	for _, r := range w.Reasons {
		switch r.Kind { //nolint:exhaustive // the others are of the way
		case diagnose.ReasonAliasElsewhere, diagnose.ReasonSharer, diagnose.ReasonAliasesUnknown, diagnose.ReasonDefaultBridge,
			diagnose.ReasonNoNames, diagnose.ReasonNoSuchName, diagnose.ReasonServiceAddress:
			w.NameReasons = append(w.NameReasons, r)
		default:
			way = append(way, r)
		}
	}
	w.Reasons = way
}

// kinds are the kinds of the reasons of a way.
func kinds(w Way) string {
	var text string
	for _, r := range w.Reasons {
		text += string(r.Kind) + "\n"
	}
	return text
}

// sharedNetworks are the networks that both are on, if only by the interfaces of
// another.
func sharedNetworks(ix *topology.Index, from, to *topology.Container) []string {
	on := map[string]bool{}
	for _, a := range ix.Of(interfacesOf(ix, from)) {
		on[a.NetworkID] = a.Resolved()
	}
	var names []string
	for _, a := range ix.Of(interfacesOf(ix, to)) {
		if n := ix.Network(a.NetworkID); n != nil && on[a.NetworkID] && a.Resolved() && n.Driver != "host" && n.Driver != "null" {
			names = append(names, n.Name)
		}
	}
	return names
}

// interfacesOf is the ID of whom the interfaces are that a container has; empty where
// it has lost them.
func interfacesOf(ix *topology.Index, c *topology.Container) string {
	owner, shares := ix.Owner(c)
	switch {
	case !shares:
		return c.ID
	case ix.Stale(c):
		return ""
	}
	return owner
}

func wayOf(ix *topology.Index, from, to *topology.Container, more Details) Way {
	r := diagnose.Predict(ix, from, to)
	w := Way{From: from.Name, To: to.Name, Path: r.Path, Name: r.Name, ICMP: r.ICMP, TCP: r.TCP, Reasons: reasonsOf(r.Reasons)}
	w.splitReasons()
	for _, n := range r.Names {
		if n.Forecast == diagnose.ForecastYes {
			w.Names = append(w.Names, n.Name)
		}
	}
	for i := range r.Addresses {
		a := &r.Addresses[i]
		point := WayPoint{Address: a.Address.String(), Port: a.Port, ContainerPort: a.ContainerPort}
		if a.Network != nil {
			point.Network = a.Network.Name
		}
		switch a.TCP.Or(a.ICMP) {
		case diagnose.ForecastYes:
			w.Addresses = append(w.Addresses, point)
		case diagnose.ForecastUnknown:
			w.Doubtful = append(w.Doubtful, point)
		case diagnose.ForecastNo:
		}
	}
	if w.TCP == diagnose.ForecastYes {
		w.Test = render.PingCommand(ix, from, to, more.look())
	}
	if r.Fix != nil {
		for last := r.Fix; last != nil; last = last.Then {
			if last.Then != nil && last.Then.Kind == diagnose.FixUsePublished {
				last.Then = nil // it tests, and mends nothing
			}
			if last != r.Fix {
				w.Then = append(w.Then, stepOf(last))
			}
		}
		first := stepOf(r.Fix)
		w.Fix, w.FixContainer, w.FixNetwork = first.Fix, first.FixContainer, first.FixNetwork
		w.Commands = render.FixCommands(ix, from, r.Fix, more.look())
	}
	return w
}

func stepOf(fix *diagnose.Fix) Step {
	step := Step{Fix: fix.Kind}
	if fix.Container != nil {
		step.FixContainer = fix.Container.Name
	}
	if fix.Network != nil {
		step.FixNetwork = fix.Network.Name
	}
	return step
}
