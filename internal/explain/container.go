package explain

import (
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// ContainerFacts are what there is to say of one container.
type ContainerFacts struct {
	Kind  string                  `json:"kind"` // container
	Name  string                  `json:"name"`
	ID    string                  `json:"id"`
	Image string                  `json:"image,omitempty"`
	State topology.ContainerState `json:"state"`
	Up    bool                    `json:"up"`
	// Place is whose interfaces it has.
	Place PlaceKind `json:"place"`
	// Owner is the container whose interfaces it shares, by name or, where that is
	// gone, by ID; OwnerUp tells that it has some to share.
	Owner   string `json:"owner,omitempty"`
	OwnerUp bool   `json:"owner_up,omitzero"`
	// OwnerGone tells that there is no such container any more.
	OwnerGone bool   `json:"owner_gone,omitzero"`
	Project   string `json:"project,omitempty"`
	Service   string `json:"service,omitempty"`
	// Task is the swarm service of which it is a task. Finished ones are never
	// started again.
	Task     string `json:"swarm_service,omitempty"`
	Finished bool   `json:"finished_task,omitzero"`
	Podman   bool   `json:"podman,omitzero"`
	// Restart is when the engine starts it again by itself; empty where that is not
	// known.
	Restart string `json:"restart,omitempty"`
	// StartError is what the engine said when it could not start it.
	StartError string `json:"start_error,omitempty"`
	// ExitCode is the status with which its program ended by itself, where that is an
	// error, and Logs the command that shows what it wrote last.
	ExitCode int    `json:"exit_code,omitzero"`
	Logs     string `json:"logs,omitempty"`

	// Networks are those that it is on, or will be once it runs; of one that shares
	// interfaces, those of the owner.
	Networks []Connection `json:"networks,omitempty"`
	Sharers  []string     `json:"sharers,omitempty"`
	// Names are those by which its neighbours find it. NamesKnown tells that it was
	// asked which aliases it has.
	Names      []Name `json:"names,omitempty"`
	NamesKnown bool   `json:"names_known"`
	// Nameless are its networks on which names do not resolve.
	Nameless []string `json:"networks_without_names,omitempty"`

	// IPv4 and IPv6 tell whether it reaches what the host reaches outside; nil
	// where it has no address of the family.
	IPv4          *Claim   `json:"outside_ipv4,omitempty"`
	IPv6          *Claim   `json:"outside_ipv6,omitempty"`
	Host          Claim    `json:"host"`
	HostAddresses []string `json:"host_addresses,omitempty"`
	HostName      Claim    `json:"host_name"`
	// FromHost tells whether the host reaches it, and OwnAddresses at which of its
	// addresses.
	FromHost     Claim    `json:"from_host"`
	OwnAddresses []string `json:"own_addresses,omitempty"`
	// Neighbours are those that are on a network of its, or share its interfaces.
	Neighbours []Neighbour `json:"neighbours,omitempty"`
	// Ports are those that are published. Asked are, of one that is not up, those
	// that will be.
	Ports []Port `json:"ports,omitempty"`
	Asked []Port `json:"ports_on_start,omitempty"`
	// ByMesh tells that its service publishes ports by the routing mesh, too, which
	// managers tell with the service only.
	ByMesh bool `json:"by_mesh,omitzero"`
	// Taken are those that another container has now, so that this one does not
	// start.
	Taken []Taken `json:"ports_taken,omitempty"`
	// Troubles are why it cannot start, for reasons of networks.
	Troubles []Trouble `json:"troubles,omitempty"`
	Unread   []string  `json:"unread,omitempty"`
}

// PlaceKind is whose interfaces a container has.
type PlaceKind string

// Whose interfaces a container has.
const (
	PlaceOwn    PlaceKind = "own"
	PlaceHost   PlaceKind = "host"
	PlaceNone   PlaceKind = "none"
	PlaceShared PlaceKind = "shared"
)

// Connection is a network of a container.
type Connection struct {
	Network string                   `json:"network"`
	State   topology.AttachmentState `json:"state"`
	What    NetworkKind              `json:"what,omitempty"`
	// Internal tells that the network has no way to the outside.
	Internal bool   `json:"internal,omitzero"`
	IPv4     string `json:"ipv4,omitempty"`
	IPv6     string `json:"ipv6,omitempty"`
	// Static tells that the user asked for these addresses.
	Static bool `json:"static,omitzero"`
}

// Name is a name by which a container is found.
type Name struct {
	Name string   `json:"name"`
	Kind NameKind `json:"kind"`
	// Networks are those on which it resolves.
	Networks []string `json:"networks"`
}

// NameKind is where a name comes from.
type NameKind string

// Where a name comes from.
const (
	NameOwn     NameKind = "name"
	NameAlias   NameKind = "alias"
	NameHost    NameKind = "host name"
	NameService NameKind = "service"
	NameID      NameKind = "short id"
)

// Neighbour is a container beside another, and whether they reach each other.
type Neighbour struct {
	Name  string `json:"name"`
	State string `json:"state"`
	// Networks are those that both are on; none where they share interfaces.
	Networks []string `json:"networks,omitempty"`
	// There tells whether the container reaches the neighbour, and Back whether the
	// neighbour reaches it.
	There Claim `json:"there"`
	Back  Claim `json:"back"`
	// Call is the best name or, without one, address for the neighbour.
	Call string `json:"call,omitempty"`
}

// Trouble is a reason for which a container does not start.
type Trouble struct {
	Kind      diagnose.HazardKind `json:"kind"`
	Network   string              `json:"network,omitempty"`
	NetworkID string              `json:"network_id,omitempty"`
	Owner     string              `json:"owner,omitempty"`
	Address   string              `json:"address,omitempty"`
	Commands  []string            `json:"commands,omitempty"`
}

// Taken is a port of the host that a container is to have and that another has.
type Taken struct {
	Port Port   `json:"port"`
	By   string `json:"by"`
}

// OfContainer finds the facts of a container.
func OfContainer(ix *topology.Index, container *topology.Container, more Details) ContainerFacts {
	c := container
	f := ContainerFacts{
		Kind: "container", Name: c.Name, ID: c.ID, Image: c.Image, State: c.State, Up: c.State.Up(), Place: PlaceOwn,
		Project: c.Project, Service: c.Service, Task: c.SwarmService, Finished: finished(c),
		Podman:  ix.Engine.Product == topology.ProductPodman,
		Restart: c.Restart, StartError: strings.Join(strings.Fields(c.StartError), " "),
		Troubles: troublesOf(ix, c, more), Unread: gapsOf(ix, c.ID),
	}
	if c.Failed() {
		f.ExitCode, f.Logs = c.ExitCode, render.LogsCommand(ix, c, more.look())
	}
	owner := f.place(ix, c)
	if owner != nil && !f.Finished && (f.Place != PlaceShared || f.OwnerUp) {
		f.connections(ix, owner)
		f.names(ix, owner)
	}
	for _, sharer := range ix.Sharers(c.ID) {
		f.Sharers = append(f.Sharers, sharer.Name)
	}
	f.reach(ix, c)
	if f.Up {
		f.neighbours(ix, c, owner)
	}
	if owner != nil && f.Up {
		f.Ports = portsOf(ix, owner)
		f.idlePorts(ix, owner)
		f.ByMesh = byMesh(ix, owner)
	}
	if !f.Up && !f.Finished && f.Place == PlaceOwn {
		f.portsOnStart(ix, c)
	}
	return f
}

// portsOnStart are the ports that one which is not up is to publish, and those of them
// that another has by now.
func (f *ContainerFacts) portsOnStart(ix *topology.Index, c *topology.Container) {
	asked := slices.Concat(c.Wanted, c.WantedAny)
	if !c.Inspected {
		asked = nil // Podman's list tells some
		for _, p := range c.Ports {
			if p.Published() {
				asked = append(asked, p)
			}
		}
	}
	if len(asked) == 0 {
		return
	}
	held := diagnose.PortsHeld(ix)
	for i := range asked {
		port := portOf(c, &asked[i])
		port.Leads = diagnose.ForecastNo
		f.Asked = appendPort(f.Asked, port)
		if by := held.TakenFrom(c, asked[i:i+1]); len(by) > 0 {
			f.Taken = append(f.Taken, Taken{port, by[0].Holder.Name})
		}
	}
}

// idlePorts adds the ports that were asked for and that the engine publishes nowhere,
// since no network of the container takes what comes from outside: Docker lists none
// of them.
func (f *ContainerFacts) idlePorts(ix *topology.Index, c *topology.Container) {
	if len(f.Ports) > 0 || f.Place != PlaceOwn || ix.Engine.Product != topology.ProductDocker {
		return
	}
	for _, p := range slices.Concat(c.Wanted, c.WantedAny) {
		port := portOf(c, &p)
		port.Leads = diagnose.ForecastNo
		f.Ports = appendPort(f.Ports, port)
	}
}

// byMesh tells that a container is a task whose service publishes ports by the routing
// mesh: the swarm puts no others on the network of that.
func byMesh(ix *topology.Index, c *topology.Container) bool {
	return c.IsTask() && c.State.Up() && slices.ContainsFunc(ix.Of(c.ID), func(a *topology.Attachment) bool {
		n := ix.Network(a.NetworkID)
		return n != nil && n.Ingress && a.State == topology.Live
	})
}

// place finds whose interfaces the container has.
func (f *ContainerFacts) place(ix *topology.Index, c *topology.Container) (owner *topology.Container) {
	owner = c
	if id, shares := ix.Owner(c); shares {
		f.Place = PlaceShared
		if owner = ix.Container(id); owner == nil {
			if !ix.Partial {
				f.Owner, f.OwnerGone = topology.ShortID(id), id != ""
			}
			return nil
		}
		// The host's interfaces stay when a container that used them stops.
		f.Owner, f.OwnerUp = owner.Name, owner.State.Up() && !ix.Stale(c) || owner.Mode == topology.NetworkHost && f.Up
	}
	onHost, onNone, joined := owner.Mode == topology.NetworkHost, owner.Mode == topology.NetworkNone, false
	for _, a := range ix.Of(owner.ID) {
		if n := ix.Network(a.NetworkID); n != nil {
			onHost = onHost || n.Driver == "host"
			onNone = onNone || n.Driver == "null"
			joined = joined || n.Driver != "host" && n.Driver != "null"
		}
	}
	switch {
	case f.Place == PlaceShared:
	case onHost:
		f.Place = PlaceHost
	case onNone && !joined: // taken off that, one of this mode may be on others
		f.Place = PlaceNone
	}
	return owner
}

// connections are the networks of whoever has the interfaces.
func (f *ContainerFacts) connections(ix *topology.Index, owner *topology.Container) {
	for _, a := range ix.Of(owner.ID) {
		conn := Connection{Network: a.NetworkName, State: a.State, IPv4: textOf(a.IPv4), IPv6: textOf(a.IPv6)}
		if n := ix.Network(a.NetworkID); n != nil {
			if n.Driver == "host" || n.Driver == "null" {
				continue // told by the place
			}
			conn.Network, conn.What, conn.Internal = n.Name, kindOf(ix, n), n.Internal
		}
		conn.Static = !a.StaticUnknown && (!a.Static4.IsZero() || !a.Static6.IsZero())
		if a.State != topology.Live {
			conn.IPv4, conn.IPv6 = textOf(a.Static4), textOf(a.Static6)
		}
		f.Networks = append(f.Networks, conn)
	}
}

// names asks of each candidate whether a neighbour in thought would find the
// container by it. Of one that is not up, it asks for the time when it is.
func (f *ContainerFacts) names(ix *topology.Index, owner *topology.Container) {
	up := ix
	if !owner.State.Up() {
		up = diagnose.AsIfUp(ix, owner)
	}
	f.NamesKnown = true
	for _, a := range up.Of(owner.ID) {
		n := up.Network(a.NetworkID)
		if n == nil || a.State != topology.Live || n.Driver == "host" || n.Driver == "null" {
			continue
		}
		f.NamesKnown = f.NamesKnown && a.AliasesRead
		if thought := diagnose.MemberOf(up, n); thought.First != nil {
			f.namesOn(thought, owner, a, n)
		}
	}
}

func (f *ContainerFacts) namesOn(thought *diagnose.Thought, owner *topology.Container, a *topology.Attachment, n *topology.Network) {
	found := false
	try := func(name string, kind NameKind) {
		res := diagnose.Resolvable(thought.Index, thought.First, name)
		isOwner := func(c *topology.Container) bool { return c.ID == owner.ID }
		if name == "" || res.Forecast != diagnose.ForecastYes || res.Reason == nil && !slices.ContainsFunc(res.Containers, isOwner) {
			return
		}
		found = true
		f.addName(name, kind, n.Name)
	}
	try(owner.Name, NameOwn)
	for _, alias := range a.Aliases {
		if alias != owner.Name {
			try(alias, NameAlias)
		}
	}
	try(a.HostName, NameHost)
	if owner.SwarmService != "" && n.SwarmScope() && !n.Ingress {
		// A task is on the networks of its service, whose names resolve there
		// [measured on Docker 28.5].
		for _, name := range []string{owner.SwarmService, "tasks." + owner.SwarmService} {
			found = true
			f.addName(name, NameService, n.Name)
		}
	}
	try(topology.ShortID(owner.ID), NameID)
	if !found {
		f.Nameless = append(f.Nameless, n.Name)
	}
}

func (f *ContainerFacts) addName(name string, kind NameKind, network string) {
	for i := range f.Names {
		if f.Names[i].Name == name {
			f.Names[i].Networks = append(f.Names[i].Networks, network)
			return
		}
	}
	f.Names = append(f.Names, Name{Name: name, Kind: kind, Networks: []string{network}})
}

func (f *ContainerFacts) reach(ix *topology.Index, c *topology.Container) {
	f.IPv4, f.IPv6 = outsideClaims(ix, c)
	host := diagnose.PredictHost(ix, c)
	f.Host, f.HostAddresses = claimOf(host.TCP, host.Reasons).without(diagnose.ReasonHostNameNotGiven), reached(host)
	for _, name := range host.Names {
		if name.Name == hostName {
			f.HostName = claimOfName(&name)
		}
	}
	thought := diagnose.OnHost(ix)
	fromHost := diagnose.Predict(thought.Index, thought.OnHost, thought.Container(c.ID))
	direct := diagnose.ForecastNo
	for i := range fromHost.Addresses {
		a := &fromHost.Addresses[i]
		if a.Port != 0 {
			continue // told with the published ports
		}
		switch {
		case a.TCP == diagnose.ForecastYes:
			direct = diagnose.ForecastYes
			if text := a.Address.String(); !slices.Contains(f.OwnAddresses, text) {
				f.OwnAddresses = append(f.OwnAddresses, text)
			}
		case a.TCP == diagnose.ForecastUnknown && direct == diagnose.ForecastNo:
			direct = diagnose.ForecastUnknown
		}
	}
	if len(fromHost.Addresses) == 0 {
		direct = fromHost.TCP
	}
	f.FromHost = claimOf(direct, fromHost.Reasons).without(diagnose.ReasonSharer)
	if f.Place != PlaceHost {
		f.FromHost = f.FromHost.without(diagnose.ReasonHostMode)
	}
}

// neighbours are the containers that are on a network of the container's, or have
// the same interfaces.
func (f *ContainerFacts) neighbours(ix *topology.Index, c, owner *topology.Container) {
	if owner == nil {
		return
	}
	order, shared := beside(ix, c, owner)
	for _, id := range order {
		other := ix.Container(id)
		if other == nil || !other.State.Up() {
			continue
		}
		there, back := diagnose.PredictPath(ix, c, other), diagnose.PredictPath(ix, other, c)
		f.Neighbours = append(f.Neighbours, Neighbour{
			Name: other.Name, State: string(other.State), Networks: shared[id],
			There: claimOf(there.TCP, there.Reasons), Back: claimOf(back.TCP, back.Reasons), Call: callOf(there),
		})
	}
}

// beside are the IDs of those that are beside a container, and the networks that
// each shares with it: none where they have the same interfaces.
func beside(ix *topology.Index, c, owner *topology.Container) (order []string, shared map[string][]string) {
	shared = map[string][]string{}
	add := func(id, network string) {
		if id == c.ID {
			return
		}
		if _, seen := shared[id]; !seen {
			order, shared[id] = append(order, id), nil
		}
		if network != "" && !slices.Contains(shared[id], network) {
			shared[id] = append(shared[id], network)
		}
	}
	if owner != c && owner.State.Up() {
		add(owner.ID, "")
	}
	for _, sharer := range ix.Sharers(owner.ID) {
		add(sharer.ID, "")
	}
	for _, own := range ix.Of(owner.ID) {
		n := ix.Network(own.NetworkID)
		if n == nil || own.State != topology.Live || n.Driver == "host" || n.Driver == "null" {
			continue
		}
		for _, a := range ix.On(n.ID) {
			if a.ContainerID != owner.ID {
				add(a.ContainerID, n.Name)
			}
		}
	}
	return order, shared
}

// callOf is the best name of a target, or its address where no name is sure.
func callOf(r *diagnose.Reach) string {
	for _, n := range r.Names {
		if n.Forecast == diagnose.ForecastYes {
			return n.Name
		}
	}
	for _, a := range r.Addresses {
		if a.TCP == diagnose.ForecastYes && a.Port == 0 {
			return a.Address.String()
		}
	}
	return ""
}

// troublesOf are the hazards of a container, with the commands that mend them.
func troublesOf(ix *topology.Index, c *topology.Container, more Details) []Trouble {
	look := more.look()
	look.NoTrunc = true
	var troubles []Trouble
	for _, h := range diagnose.Hazards(ix) {
		if h.Container != c {
			continue
		}
		t := Trouble{Kind: h.Kind, Network: h.NetworkName, NetworkID: h.NetworkID, Owner: topology.ShortID(h.OwnerID)}
		if owner := ix.Container(h.OwnerID); owner != nil {
			t.Owner = owner.Name
		}
		t.Address = textOf(h.Address)
		for _, told := range render.Troubles(ix, []diagnose.Hazard{h}, look) {
			t.Commands = append(t.Commands, told.Commands...)
		}
		troubles = append(troubles, t)
	}
	return troubles
}
