package removal

import (
	"cmp"
	"slices"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Schema is the version of the JSON form of plans, results and entries.
const Schema = 1

// Options are what the user allows.
type Options struct {
	// Disconnect allows that containers are taken off the networks, and that
	// endpoints which nobody has are cleared.
	Disconnect bool `json:"disconnect"`
	// AcceptBroken allows that containers do not start again.
	AcceptBroken bool `json:"accept_broken"`
	// Leave has containers that are not up left on the networks: they break.
	Leave bool `json:"leave_stopped"`
}

// Plan is what is to be done with some networks, and what stands against it.
type Plan struct {
	Schema  int             `json:"schema"`
	Options Options         `json:"allowed"`
	Targets []NetworkPlan   `json:"networks"`
	Engine  topology.Engine `json:"engine"`
}

// NetworkPlan is the part of a plan that is about one network.
type NetworkPlan struct {
	Network NetworkRef `json:"network"`
	// Duplicate tells that another network has its name.
	Duplicate bool `json:"duplicate_name,omitzero"`
	// Objections are all that stands against removing it.
	Objections []Objection `json:"objections"`
	Effects    []Effect    `json:"effects"`
	// Comeback tells how compose treats the network once it is gone.
	Comeback *Comeback `json:"compose,omitempty"`
	// Steps are done in this order, if nothing that is not allowed stands
	// against them.
	Steps []Step `json:"steps"`

	network   topology.Network
	namesakes []string
	record    []Record
}

// NetworkRef names a network, with what tells it from others.
type NetworkRef struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Driver  string    `json:"driver"`
	Scope   string    `json:"scope,omitempty"`
	Subnets []string  `json:"subnets,omitempty"`
	Project string    `json:"project,omitempty"`
	Created time.Time `json:"created,omitzero"`
}

func refOf(n *topology.Network) NetworkRef {
	ref := NetworkRef{ID: n.ID, Name: n.Name, Driver: n.Driver, Scope: n.Scope, Project: n.Project(), Created: n.Created}
	for _, pool := range n.IPAM.Pools {
		if !pool.Subnet.IsZero() {
			ref.Subnets = append(ref.Subnets, pool.Subnet.String())
		}
	}
	return ref
}

// Comeback tells how compose treats a network that is gone.
type Comeback struct {
	// Project made the network, and makes it again on "up".
	Project string `json:"project,omitempty"`
	// External are projects that use it and do not make it.
	External []string `json:"external,omitempty"`
}

// Fate is what happens to a container, in a word or two.
type Fate string

const (
	// CutOff: it is up, and loses its place on the network at once.
	CutOff Fate = "cut off"
	// Break: it is not up, and does not start again.
	Break Fate = "break"
	// Detach: it is not up, is taken off the network first, itself or with
	// the container whose network it shares, and starts without it.
	Detach Fate = "detach"
)

// Effect is what a container suffers.
type Effect struct {
	Container string                  `json:"container_id"`
	Name      string                  `json:"container"`
	State     topology.ContainerState `json:"state"`
	Fate      Fate                    `json:"fate"`
	// Shares names the container whose network it shares.
	Shares string `json:"shares_network_of,omitempty"`
	// Keeps names the networks that it keeps.
	Keeps []string `json:"keeps"`
	// Loses is what goes with the network.
	Loses Lost `json:"loses"`
	// StartsNow tells whether it would start (again) before anything is done,
	// StartsAfter once all is done, and Why why it will not.
	StartsNow   bool                `json:"starts_now"`
	StartsAfter bool                `json:"starts_after"`
	Why         diagnose.HazardKind `json:"why_not,omitempty"`
	// HoldsName tells that any network of the name will do for it; else only
	// this one does.
	HoldsName bool `json:"holds_name,omitzero"`
	// NotOnIt tells that it is not on the network, and needs it to start all the
	// same, since it was made with it.
	NotOnIt bool `json:"not_on_it,omitzero"`
	// NoWayBack tells that it is not up, and that another network has the name:
	// once it is taken off, it cannot be put back so that it starts.
	NoWayBack bool `json:"no_way_back,omitzero"`
	// ForGood tells that no network made anew will do for it.
	ForGood bool `json:"for_good,omitzero"`
	// Mode is the network mode it was made with.
	Mode topology.NetworkMode `json:"network_mode,omitempty"`
	// Task tells that a swarm service runs it.
	Task string `json:"service,omitempty"`
}

// Lost is what a container loses with a network.
type Lost struct {
	IPv4   topology.Address `json:"ipv4,omitzero"`
	IPv6   topology.Address `json:"ipv6,omitzero"`
	Static bool             `json:"static,omitzero"`
	// StaticUnknown tells that the engine does not say whether the container
	// asks for an address: Podman, of one that is not up [measured on 5.4], and
	// Docker, of one that is up on a network of the swarm.
	StaticUnknown bool   `json:"static_unknown,omitzero"`
	MAC           string `json:"mac,omitempty"`
	// StaticMAC is set where the user chose the MAC. Most engines give it to a
	// container only when that is made.
	StaticMAC string   `json:"static_mac,omitempty"`
	Aliases   []string `json:"aliases,omitempty"`
	// Ports are published ports that stop answering, and MovedPorts those that
	// may be published on another port of the host.
	Ports      []topology.Ports `json:"ports,omitempty"`
	MovedPorts []topology.Ports `json:"moved_ports,omitempty"`
}

// Lift is the option that lifts an objection; empty where none does.
type Lift string

// The options.
const (
	LiftDisconnect Lift = "disconnect"
	LiftBroken     Lift = "accept-broken"
)

// Objection is something that stands against the removal of a network.
type Objection struct {
	// Kind is one of diagnose's obstacles, or one of the kinds below.
	Kind diagnose.ObstacleKind `json:"kind"`
	// Lift is the option that lifts it.
	Lift Lift `json:"lifted_by,omitempty"`
	// Names are what it is about: containers, networks, services, endpoints.
	Names []string `json:"names,omitempty"`
	Count int      `json:"count,omitzero"`
	// Gap is what could not be read.
	Gap *topology.Gap `json:"unread,omitempty"`
}

// The objections that containers make.
const (
	// Needed: containers depend on the network.
	Needed diagnose.ObstacleKind = "needed"
	// NeverAgain: containers do not start again, even when they are detached.
	NeverAgain diagnose.ObstacleKind = "never start again"
	// CannotReturn: containers cannot be put back once they are taken off.
	CannotReturn diagnose.ObstacleKind = "cannot be put back"
	// RunsTasks: tasks of the swarm run on it, which only the swarm moves.
	RunsTasks diagnose.ObstacleKind = "swarm tasks"
)

// StepKind is what a step does.
type StepKind string

// The steps of a removal.
const (
	StepDetach StepKind = "detach"
	StepClear  StepKind = "clear"
	StepRemove StepKind = "remove"
)

// Step is one request to the engine.
type Step struct {
	Kind StepKind `json:"kind"`
	// Container and Name are, for a detachment, the container's ID and name;
	// for clearing, Name is the endpoint's.
	Container string `json:"container_id,omitempty"`
	Name      string `json:"name,omitempty"`
}

// Make plans the removal of networks together. The snapshot must hold what only
// an inspect tells of the networks, and of the containers that [Affected] names.
//
// The networks go in the order given, but for those that hold a configuration:
// an engine refuses to remove one while another network has it.
func Make(ix *topology.Index, networks []*topology.Network, options Options) *Plan {
	networks = slices.Clone(networks)
	slices.SortStableFunc(networks, func(a, b *topology.Network) int {
		return cmp.Compare(configLast(a), configLast(b))
	})
	p := &Plan{Schema: Schema, Options: options, Engine: ix.Engine, Targets: []NetworkPlan{}}
	for _, loss := range diagnose.Losses(ix, networks) {
		p.Targets = append(p.Targets, planOne(ix, &loss, options))
	}
	return p
}

func configLast(n *topology.Network) int {
	if n.ConfigOnly {
		return 1
	}
	return 0
}

// Affected lists the containers that are on the networks, each once: those
// whose settings a plan needs.
func Affected(ix *topology.Index, networks []*topology.Network) []*topology.Container {
	var affected []*topology.Container
	seen := map[string]bool{}
	for _, n := range networks {
		for _, a := range ix.On(n.ID) {
			if c := ix.Container(a.ContainerID); c != nil && !seen[c.ID] {
				seen[c.ID] = true
				affected = append(affected, c)
			}
		}
	}
	return affected
}

func planOne(ix *topology.Index, loss *diagnose.Loss, options Options) NetworkPlan {
	n := loss.Network
	t := NetworkPlan{Network: refOf(n), Duplicate: ix.Duplicate(n.Name), network: *n, Objections: []Objection{}, Effects: []Effect{}, Comeback: comeback(n, loss.Effects)}
	for i := range loss.Effects {
		e := effectOf(ix, &loss.Effects[i], options)
		e.NoWayBack = t.Duplicate && !e.State.Up() && !options.Leave && e.Shares == "" && !e.NotOnIt && e.Task == ""
		t.Effects = append(t.Effects, e)
	}
	for _, o := range loss.Obstacles {
		objection := Objection{Kind: o.Kind, Names: o.Names, Count: o.Count, Gap: o.Gap}
		//exhaustive:ignore
		switch o.Kind {
		case diagnose.HasStale:
			objection.Lift = LiftDisconnect
		case diagnose.StoppedElsewhere:
			objection.Lift = LiftBroken
		}
		t.Objections = append(t.Objections, objection)
	}
	t.Objections = append(t.Objections, byContainers(loss.Effects, options)...)
	if names := t.noWayBack(); len(names) > 0 {
		t.Objections = append(t.Objections, Objection{Kind: CannotReturn, Lift: LiftBroken, Names: names})
	}
	t.Steps = steps(n, loss.Effects, options)
	t.namesakes, t.record = namesakes(ix, n), records(ix, n)
	return t
}

// NoWayBack tells that a container cannot be put back on the network so that it
// starts.
func (t *NetworkPlan) NoWayBack(container string) bool {
	return slices.ContainsFunc(t.Effects, func(e Effect) bool { return e.Container == container && e.NoWayBack })
}

func (t *NetworkPlan) noWayBack() []string {
	var names []string
	for i := range t.Effects {
		if t.Effects[i].NoWayBack {
			names = append(names, t.Effects[i].Name)
		}
	}
	return names
}

// byContainers are the objections that follow from what containers suffer.
func byContainers(effects []diagnose.Effect, options Options) []Objection {
	var needed, never, tasks []string
	for i := range effects {
		e := &effects[i]
		switch {
		case e.Container.IsTask():
			tasks = append(tasks, e.Container.Name)
			continue
		case (e.ForGood || e.Before.Will() && !e.Detached.Will()) && (e.Container.State.Up() || !options.Leave):
			never = append(never, e.Container.Name)
		}
		if e.Attachment != nil || options.Leave { // else detaching is in vain
			needed = append(needed, e.Container.Name)
		}
	}
	var found []Objection
	if len(needed) > 0 {
		lift := LiftDisconnect
		if options.Leave {
			lift = LiftBroken
		}
		found = append(found, Objection{Kind: Needed, Lift: lift, Names: needed})
	}
	if len(never) > 0 {
		found = append(found, Objection{Kind: NeverAgain, Lift: LiftBroken, Names: never})
	}
	if len(tasks) > 0 {
		found = append(found, Objection{Kind: RunsTasks, Names: tasks})
	}
	return found
}

func effectOf(ix *topology.Index, e *diagnose.Effect, options Options) Effect {
	out := Effect{
		Container: e.Container.ID, Name: e.Container.Name, State: e.Container.State, Fate: CutOff,
		Keeps: []string{}, StartsNow: e.Before.Will(), Mode: e.Container.Mode, Task: e.Container.SwarmService,
	}
	start := e.Detached
	if left := !options.Disconnect || options.Leave; left && !e.Container.State.Up() {
		start = e.Left
	}
	out.StartsAfter = start.Will()
	if start.Why != nil {
		out.Why = start.Why.Kind
	}
	switch {
	case e.Container.State.Up() && e.Attachment != nil:
	case !out.StartsAfter:
		out.Fate = Break
	default:
		out.Fate = Detach
	}
	for _, kept := range e.Keeps {
		if n := ix.Network(kept.NetworkID); n != nil {
			out.Keeps = append(out.Keeps, n.Name)
		}
	}
	out.NotOnIt, out.ForGood = e.Attachment == nil, e.ForGood
	if e.Owner != nil {
		out.Shares = e.Owner.Name
	}
	if e.Owner != nil || e.Attachment == nil {
		return out
	}
	a := e.Attachment
	out.HoldsName = a.ByName || ix.Engine.Product == topology.ProductPodman
	out.Loses = Lost{IPv4: a.IPv4, IPv6: a.IPv6, MAC: a.MAC, StaticMAC: a.StaticMAC, Aliases: ownAliases(e.Container, a), Ports: e.Ports, MovedPorts: e.Moved}
	if out.Loses.IPv4.IsZero() {
		out.Loses.IPv4 = a.Static4
	}
	if out.Loses.IPv6.IsZero() {
		out.Loses.IPv6 = a.Static6
	}
	out.Loses.StaticUnknown = a.StaticUnknown || ix.Engine.Product == topology.ProductPodman && !e.Container.State.Up()
	out.Loses.Static = !a.Static4.IsZero() || !a.Static6.IsZero()
	return out
}

// ownAliases are the aliases that are not simply the container's name.
func ownAliases(c *topology.Container, a *topology.Attachment) []string {
	return slices.DeleteFunc(slices.Clone(a.Aliases), func(alias string) bool { return alias == c.Name })
}

func comeback(n *topology.Network, effects []diagnose.Effect) *Comeback {
	c := Comeback{Project: n.Labels[topology.LabelComposeProject]}
	for _, e := range effects {
		if project := e.Container.Project; project != "" && project != c.Project && !slices.Contains(c.External, project) {
			c.External = append(c.External, project)
		}
	}
	if c.Project == "" && len(c.External) == 0 {
		return nil
	}
	return &c
}

// steps are in the order in which they are done. Containers that restart by
// themselves come first: detaching them may fail, and then nothing else was
// done yet.
func steps(n *topology.Network, effects []diagnose.Effect, options Options) []Step {
	steps := []Step{}
	for _, restarting := range []bool{true, false} {
		for _, e := range effects {
			if e.Owner != nil || e.Attachment == nil || e.Container.IsTask() || (e.Container.State == topology.Restarting) != restarting {
				continue
			}
			if e.Container.State.Up() || !options.Leave {
				steps = append(steps, Step{Kind: StepDetach, Container: e.Container.ID, Name: e.Container.Name})
			}
		}
	}
	for _, e := range n.Endpoints {
		if e.Kind == topology.Stale {
			steps = append(steps, Step{Kind: StepClear, Name: e.Name})
		}
	}
	return append(steps, Step{Kind: StepRemove})
}

// Standing are the objections that the options do not lift.
func (t *NetworkPlan) Standing(options Options) []Objection {
	var standing []Objection
	for _, o := range t.Objections {
		if o.Lift == LiftDisconnect && options.Disconnect || o.Lift == LiftBroken && options.AcceptBroken {
			continue
		}
		standing = append(standing, o)
	}
	return standing
}

// Free tells that nothing stands against removing the network.
func (t *NetworkPlan) Free() bool { return len(t.Objections) == 0 }

// Allowed tells that nothing stands against the plan that is not allowed.
func (p *Plan) Allowed() bool {
	return !slices.ContainsFunc(p.Targets, func(t NetworkPlan) bool { return len(t.Standing(p.Options)) > 0 })
}

// AllowedWith tells whether the plan would be allowed with these options, too.
func (p *Plan) AllowedWith(options Options) bool {
	return !slices.ContainsFunc(p.Targets, func(t NetworkPlan) bool { return len(t.Standing(options)) > 0 })
}

// Free tells that nothing at all stands against the plan.
func (p *Plan) Free() bool {
	return !slices.ContainsFunc(p.Targets, func(t NetworkPlan) bool { return !t.Free() })
}
