package removal

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// RestorePlan is what is to be done to bring a network back, and its containers
// on it.
type RestorePlan struct {
	Schema int `json:"schema"`
	// Entry is the journal's entry it is made from; empty for networks that
	// were not removed by netkit.
	Entry string    `json:"entry,omitempty"`
	Time  time.Time `json:"removed,omitzero"`
	// Network is what is brought back.
	Network NetworkRef `json:"network"`
	// Into is the ID of a network that is there already and is taken for it.
	Into string `json:"into,omitempty"`
	// Alike tells that this network is what the lost one was: of the same driver,
	// with the same subnets.
	Alike bool `json:"alike,omitzero"`
	// Guessed tells that nothing is known of the network but its name and what
	// its containers hold.
	Guessed bool          `json:"guessed,omitzero"`
	Steps   []RestoreStep `json:"steps"`
	// Lacks are what cannot be brought back as it was.
	Lacks []Lack `json:"not_restored"`
	// Starts tells of each container whether it starts once all is done.
	Starts []RestoredStart `json:"starts"`
	Engine topology.Engine `json:"engine"`

	definition *topology.Network // of what is to be made; nil where nothing is
	twin       bool              // another network has its name, and had it before
	name       string            // by which containers that are not up are connected; see nameForStopped
	records    []Record
}

// RestoreKind is what a step of a restoration does.
type RestoreKind string

// The steps.
const (
	// StepMake makes the network.
	StepMake RestoreKind = "make"
	// StepForget takes a dead entry off a container that is not up.
	StepForget RestoreKind = "forget"
	// StepConnect connects a container.
	StepConnect RestoreKind = "connect"
)

// RestoreStep is one request to the engine.
type RestoreStep struct {
	Kind      RestoreKind `json:"kind"`
	Container string      `json:"container_id,omitempty"`
	Name      string      `json:"container,omitempty"`
	// Up tells that the container is up, so that it gets its place at once.
	Up bool `json:"up,omitzero"`
	// Key is, for a dead entry, under what name the container holds it.
	Key string `json:"key,omitempty"`
}

// LackKind names what cannot be brought back.
type LackKind string

const (
	// ContainerGone: the container does not exist any more.
	ContainerGone LackKind = "container gone"
	// SubnetTaken: another network has addresses of the subnet, so that the
	// network gets another one.
	SubnetTaken LackKind = "subnet taken"
	// AddressTaken: another container has the address now.
	AddressTaken LackKind = "address taken"
	// AddressOutside: no subnet of the network has the address.
	AddressOutside LackKind = "address outside"
	// NameTaken: several networks have the name, or one that takes no
	// containers, so that the network cannot be brought back.
	NameTaken LackKind = "name taken"
	// SourceGone: the network took its configuration from one that is gone.
	SourceGone LackKind = "configuration gone"
	// ModeLost: the container was made with the ID of the lost network, and
	// cannot be connected to another of the swarm.
	ModeLost LackKind = "network mode gone"
)

// Lack is something that cannot be brought back as it was.
type Lack struct {
	Kind LackKind `json:"kind"`
	// Container is whose it was, Address what, and Other who has it now.
	Container string `json:"container,omitempty"`
	Address   string `json:"address,omitempty"`
	Other     string `json:"other,omitempty"`
}

// RestoredStart tells whether a container starts once all is done.
type RestoredStart struct {
	Container string              `json:"container_id"`
	Name      string              `json:"container"`
	Starts    bool                `json:"starts"`
	Why       diagnose.HazardKind `json:"why_not,omitempty"`
}

// Done tells that nothing is left to be done.
func (p *RestorePlan) Done() bool { return len(p.Steps) == 0 }

// PlanRestore plans how to bring the network of an entry back.
func PlanRestore(ix *topology.Index, entry *Entry) *RestorePlan {
	p := &RestorePlan{
		Schema: Schema, Entry: entry.ID, Time: entry.Time, Network: refOf(&entry.Network), Engine: ix.Engine,
		Steps: []RestoreStep{}, Lacks: []Lack{}, Starts: []RestoredStart{},
	}
	r := &restorer{ix: ix, plan: p, lost: &entry.Network, others: entry.Namesakes}
	if r.place() {
		p.name = nameForStopped(r.lost, len(entry.Namesakes) > 0 || len(ix.FindNetworks(entry.Network.Name)) > 1)
		r.connect(slices.Concat(entry.Records, latecomers(ix, entry)))
	}
	r.starts()
	return p
}

// latecomers are containers that came to want the network after the entry was
// written, and are in trouble without it.
func latecomers(ix *topology.Index, entry *Entry) []Record {
	var late []Record
	for i := range ix.Attachments {
		a := &ix.Attachments[i]
		c := ix.Container(a.ContainerID)
		recorded := slices.ContainsFunc(entry.Records, func(r Record) bool { return r.Container == a.ContainerID })
		if c != nil && !recorded && a.State == topology.Dangling && a.NetworkID == entry.Network.ID {
			late = append(late, Record{Container: c.ID, Name: c.Name, State: c.State, Attachment: *a})
		}
	}
	return late
}

// restorer makes a plan.
type restorer struct {
	ix   *topology.Index
	plan *RestorePlan
	lost *topology.Network // as it was
	// others had its name already then.
	others []string
	pool   []topology.Pool // of the network that there will be; none where they are not known
	new    string          // the ID that it will have in the plan's reasoning
}

// place decides which network the containers get: the lost one, if it is still
// there; one of its name, if there is just one; or else a new one.
func (r *restorer) place() bool {
	if there := r.ix.Network(r.lost.ID); there != nil {
		r.take(there)
		return true
	}
	switch named := r.namesakes(); {
	case len(named) == 1 && TakesContainers(named[0]):
		r.take(named[0])
		return true
	case len(named) > 0:
		r.lack(Lack{Kind: NameTaken, Other: r.lost.Name})
		return false
	}
	if from := r.lost.ConfigFrom; from != "" && !holdsConfig(r.ix, from) {
		r.lack(Lack{Kind: SourceGone, Other: from})
		return false
	}
	definition := *r.lost
	definition.ID = ""
	if other, subnet := r.overlapping(&definition); other != nil {
		r.lack(Lack{Kind: SubnetTaken, Address: subnet.String(), Other: other.Name})
		definition.IPAM.Pools = nil
	}
	definition.Opts = freeTunnels(r.ix, definition.Opts)
	r.plan.definition, r.plan.twin = &definition, len(r.ix.FindNetworks(r.lost.Name)) > 0
	r.pool, r.new = definition.IPAM.Pools, "new"
	r.plan.Steps = append(r.plan.Steps, RestoreStep{Kind: StepMake})
	return true
}

func (r *restorer) take(n *topology.Network) {
	r.plan.Into, r.new, r.pool = n.ID, n.ID, n.IPAM.Pools
	there := refOf(n)
	r.plan.Alike = n.ID == r.lost.ID || n.Driver == r.lost.Driver && n.Internal == r.lost.Internal && slices.Equal(there.Subnets, r.plan.Network.Subnets)
}

// namesakes are the networks that came to have the name since.
func (r *restorer) namesakes() []*topology.Network {
	var named []*topology.Network
	for i := range r.ix.Networks {
		if n := &r.ix.Networks[i]; n.Name == r.lost.Name && !slices.Contains(r.others, n.ID) {
			named = append(named, n)
		}
	}
	return named
}

// overlapping finds another network that has addresses of a subnet. Networks of
// the swarm have a space of their own.
func (r *restorer) overlapping(n *topology.Network) (*topology.Network, topology.Subnet) {
	for i := range r.ix.Networks {
		other := &r.ix.Networks[i]
		if other.SwarmScope() != n.SwarmScope() || other.ConfigOnly != n.ConfigOnly {
			continue
		}
		for _, theirs := range other.IPAM.Pools {
			for _, ours := range n.IPAM.Pools {
				if overlap(theirs.Subnet, ours.Subnet) {
					return other, ours.Subnet
				}
			}
		}
	}
	return nil, topology.Subnet{}
}

// TakesContainers tells that a container can be connected to the network.
func TakesContainers(n *topology.Network) bool {
	return !n.ConfigOnly && !n.Ingress && !n.Implied && (!n.SwarmScope() || n.Attachable)
}

func (r *restorer) lack(l Lack) { r.plan.Lacks = append(r.plan.Lacks, l) }

// connect plans the containers, those first that ask for an address, and then
// in the order of the addresses they had: an engine gives out the next free one.
func (r *restorer) connect(records []Record) {
	order := make([]*Record, len(records))
	for i := range records {
		order[i] = &records[i]
	}
	byTurn(order)
	for _, ordered := range order {
		record := *ordered
		c := r.ix.Container(record.Container)
		switch {
		case c == nil:
			r.lack(Lack{Kind: ContainerGone, Container: record.Name})
		case c.IsTask(): // the swarm brings its tasks back by itself
		default:
			r.connectOne(c, &record)
		}
	}
}

func (r *restorer) connectOne(c *topology.Container, record *Record) {
	dead := r.deadEntry(c, record)
	switch {
	case r.attached(c) && dead == nil && !r.misplaced(c, record):
		return
	case r.lost.SwarmScope() && string(c.Mode) != r.lost.Name && diagnose.ModeLost(r.ix, c):
		// An engine refuses to connect it, or to start it afterwards, and then
		// holds the network for it for good [measured on 26.1, 28.5].
		r.lack(Lack{Kind: ModeLost, Container: c.Name})
		return
	case dead != nil && dead.NetworkID == "" && dead.NetworkName == r.lost.Name:
		// It holds the name, so that any network of that name will do.
		r.plan.Starts = append(r.plan.Starts, RestoredStart{Container: c.ID, Name: c.Name})
		return
	case dead != nil && dead.NetworkName != r.lost.Name:
		r.plan.Steps = append(r.plan.Steps, RestoreStep{Kind: StepForget, Container: c.ID, Name: c.Name, Key: dead.NetworkName})
	}
	if !r.attached(c) || r.misplaced(c, record) {
		record.State = c.State
		r.fit(record)
		r.plan.Steps = append(r.plan.Steps, RestoreStep{Kind: StepConnect, Container: c.ID, Name: c.Name, Up: c.State.Up()})
		r.plan.records = append(r.plan.records, *record)
	}
	r.plan.Starts = append(r.plan.Starts, RestoredStart{Container: c.ID, Name: c.Name})
}

// byTurn sorts records into the order in which they are connected.
func byTurn(records []*Record) {
	slices.SortStableFunc(records, func(a, b *Record) int {
		return cmp.Or(cmp.Compare(turn(&a.Attachment), turn(&b.Attachment)), a.Attachment.IPv4.IP().Compare(b.Attachment.IPv4.IP()))
	})
}

// turn is when a container is connected: before those that get what is left.
func turn(a *topology.Attachment) int {
	static := !a.Static4.IsZero() || !a.Static6.IsZero()
	switch live := a.State == topology.Live; {
	case live && static:
		return 0
	case live:
		return 1
	case static:
		return 2
	}
	return 3
}

// attached tells that the container is on the network already.
func (r *restorer) attached(c *topology.Container) bool {
	return slices.ContainsFunc(r.ix.Of(c.ID), func(a *topology.Attachment) bool {
		return a.Resolved() && a.NetworkID == r.plan.Into && r.plan.Into != ""
	})
}

// misplaced tells that the container is on the network that was made anew, with
// another address than it had: as when bringing it back was cut off before the
// address was asked for.
func (r *restorer) misplaced(c *topology.Container, record *Record) bool {
	if r.plan.Into == r.lost.ID {
		return false
	}
	was := record.Attachment.IPv4.IP()
	return slices.ContainsFunc(r.ix.Of(c.ID), func(a *topology.Attachment) bool {
		return a.State == topology.Live && a.NetworkID == r.plan.Into && was.IsValid() && a.IPv4.IP().IsValid() && a.IPv4.IP() != was &&
			holds(r.pool, was) && len(r.pool) > 0 && r.owner(record.Attachment.IPv4, record) == ""
	})
}

// deadEntry is the entry by which the container wants the network that is gone:
// by its ID, by its name, or by what was typed when the container was made.
func (r *restorer) deadEntry(c *topology.Container, record *Record) *topology.Attachment {
	for _, a := range r.ix.Of(c.ID) {
		byID := r.lost.ID != "" && (a.NetworkID == r.lost.ID || a.NetworkID == "" && strings.HasPrefix(r.lost.ID, a.NetworkName))
		if a.State == topology.Dangling && (byID || a.NetworkName == r.lost.Name || a.NetworkName == record.Attachment.NetworkName) {
			return a
		}
	}
	return nil
}

// fit takes addresses off a record that the network will not give.
func (r *restorer) fit(record *Record) {
	a := &record.Attachment
	for _, address := range []*topology.Address{&a.Static4, &a.Static6} {
		r.fitStatic(record, address)
	}
	for _, address := range []*topology.Address{&a.IPv4, &a.IPv6} {
		if address.IP().IsValid() && (!holds(r.pool, address.IP()) || len(r.pool) == 0 || r.owner(*address, record) != "") {
			*address = topology.Address{}
			a.MAC = ""
		}
	}
}

func (r *restorer) fitStatic(record *Record, address *topology.Address) {
	if address.IsZero() {
		return
	}
	other := r.owner(*address, record)
	switch {
	case address.IP().IsValid() && (len(r.pool) == 0 || !holds(r.pool, address.IP())):
		r.lack(Lack{Kind: AddressOutside, Container: record.Name, Address: address.String()})
	case other != "":
		r.lack(Lack{Kind: AddressTaken, Container: record.Name, Address: address.String(), Other: other})
	default:
		return
	}
	*address = topology.Address{}
}

// owner is another container that has the address on the network, or will.
func (r *restorer) owner(address topology.Address, record *Record) string {
	for _, a := range r.ix.On(r.plan.Into) {
		if a.ContainerID == record.Container {
			continue
		}
		for _, taken := range []topology.Address{a.IPv4, a.IPv6, a.Static4, a.Static6} {
			if taken.IP().IsValid() && taken.IP() == address.IP() {
				if c := r.ix.Container(a.ContainerID); c != nil {
					return c.Name
				}
			}
		}
	}
	return ""
}

// starts tells of each container whether it starts once all is done.
func (r *restorer) starts() {
	hazards := map[string]diagnose.HazardKind{}
	for _, h := range diagnose.Hazards(topology.NewIndex(r.restored())) {
		if hazards[h.Container.ID] == "" && h.Kind != diagnose.MaybeElsewhere {
			hazards[h.Container.ID] = h.Kind
		}
	}
	for i := range r.plan.Starts {
		s := &r.plan.Starts[i]
		s.Why = hazards[s.Container]
		s.Starts = s.Why == ""
	}
}

// restored is the snapshot as it will be, with every container stopped.
func (r *restorer) restored() *topology.Snapshot {
	s := *r.ix.Snapshot
	s.Networks, s.Containers, s.Attachments = slices.Clone(r.ix.Networks), slices.Clone(r.ix.Containers), nil
	if r.plan.definition != nil {
		made := *r.plan.definition
		made.ID = r.new
		s.Networks = append(s.Networks, made)
	}
	for i := range s.Containers {
		if s.Containers[i].State.Up() {
			s.Containers[i].State = topology.Exited
		}
	}
	connected, forgotten := map[string]*Record{}, map[string]string{}
	for i := range r.plan.records {
		connected[r.plan.records[i].Container] = &r.plan.records[i]
	}
	for _, step := range r.plan.Steps {
		if step.Kind == StepForget {
			forgotten[step.Container] = step.Key
		}
	}
	for i := range r.ix.Attachments {
		a := r.ix.Attachments[i]
		switch {
		case connected[a.ContainerID] != nil && a.NetworkName == r.lost.Name && a.State == topology.Dangling,
			forgotten[a.ContainerID] == a.NetworkName && a.State == topology.Dangling:
			continue
		case a.State == topology.Dangling && a.NetworkID == "" && a.NetworkName == r.lost.Name && r.new != "":
			a.State, a.NetworkID, a.ByName = topology.Configured, r.new, true
		case a.State == topology.Live:
			a.State = topology.Configured
		}
		s.Attachments = append(s.Attachments, a)
	}
	for id, record := range connected {
		a := record.Attachment
		a.ContainerID, a.NetworkID, a.NetworkName, a.State = id, r.new, r.lost.Name, topology.Configured
		s.Attachments = append(s.Attachments, a)
	}
	s.Sort()
	return &s
}
