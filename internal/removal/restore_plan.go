package removal

import (
	"slices"
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
	also       []string          // older entries of the same network
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
	// Moves tells that it is on the network already, and is taken off and put on
	// again, with the address that it had.
	Moves bool `json:"moves,omitzero"`
	// Key is, for a dead entry, under what name the container holds it.
	Key string `json:"key,omitempty"`
}

// LackKind names what cannot be brought back.
type LackKind string

const (
	// ContainerGone: the container does not exist any more.
	ContainerGone LackKind = "container gone"
	// MACLost: the engine gives the container another MAC than the user chose.
	MACLost LackKind = "MAC lost"
	// MadeByID: the container was made with the ID of the network, so that the
	// engine puts it on no network any more.
	MadeByID LackKind = "made by ID"
	// OnItWithout: the container is on the network already, by somebody else's
	// doing, without something that it had asked for.
	OnItWithout LackKind = "on it without"
	// NameShared: another network has the name, so that a container which is not
	// up would not start on this one.
	NameShared LackKind = "name shared"
	// NotRead: the container is not among those that could be read, which does
	// not prove that it is gone.
	NotRead LackKind = "container not read"
	// Different: the network that now has the name is not what the lost one was.
	Different LackKind = "different network"
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
)

// Lack is something that cannot be brought back as it was.
type Lack struct {
	Kind LackKind `json:"kind"`
	// Container is whose it was, Address what, and Other who has it now.
	Container string `json:"container,omitempty"`
	Address   string `json:"address,omitempty"`
	Other     string `json:"other,omitempty"`
	// Differs names what is different about the network that is there, or what the
	// container on it lacks.
	Differs []string `json:"differs,omitempty"`
}

// forGood tells that nothing will ever bring this back.
func (l *Lack) forGood() bool {
	return l.Kind == ContainerGone || l.Kind == MadeByID || l.Kind == MACLost
}

// RestoredStart tells whether a container starts once all is done.
type RestoredStart struct {
	Container string `json:"container_id"`
	Name      string `json:"container"`
	Starts    bool   `json:"starts"`
	// Mode is, where that is why it does not start, the network mode.
	Mode topology.NetworkMode `json:"network_mode,omitempty"`
	Why  diagnose.HazardKind  `json:"why_not,omitempty"`
}

// Done tells that nothing is left to be done.
func (p *RestorePlan) Done() bool { return len(p.Steps) == 0 }

// PlanRestore plans how to bring the network of an entry back.
func PlanRestore(ix *topology.Index, entry *Entry) *RestorePlan {
	return PlanRestores(ix, []*Entry{entry})[0]
}

// PlanRestores plans how to bring the networks of several entries back, each
// after those before it.
func PlanRestores(ix *topology.Index, entries []*Entry) []*RestorePlan {
	lost := make([]loss, len(entries))
	for i, entry := range entries {
		lost[i] = loss{Entry: entry, known: true}
	}
	return planAll(ix, lost)
}

// loss is a network that is to be brought back.
type loss struct {
	*Entry
	// known tells that the network was read when it was there, and is not what
	// its containers make believe.
	known bool
	// wanting are containers that want the network without being on it.
	wanting []*topology.Container
}

func planAll(ix *topology.Index, lost []loss) []*RestorePlan {
	plans := make([]*RestorePlan, len(lost))
	again := map[string]string{} // the ID that a lost network will have
	for i := range lost {
		r := newRestorer(ix, &lost[i], again, i)
		if r.place() {
			r.plan.name = nameForStopped(r.lost, len(lost[i].Namesakes) > 0 || len(ix.FindNetworks(r.lost.Name)) > 1)
			r.connect(slices.Concat(lost[i].Records, latecomers(ix, lost[i].Entry)))
			r.await(lost[i].wanting)
		}
		plans[i], again[lost[i].Network.ID] = r.plan, r.new
		ix = topology.NewIndex(r.restored())
	}
	judge(ix, plans)
	return plans
}

// restorer makes a plan.
type restorer struct {
	ix   *topology.Index
	plan *RestorePlan
	loss *loss
	lost *topology.Network // as it was
	// others had its name already then.
	others []string
	pool   []topology.Pool // of the network that there will be; none where they are not known
	new    string          // the ID that it will have in the plan's reasoning
	turn   int             // of the plan, among several
}

func newRestorer(ix *topology.Index, lost *loss, again map[string]string, turn int) *restorer {
	r := &restorer{ix: ix, loss: lost, lost: &lost.Network, others: slices.Clone(lost.Namesakes), turn: turn}
	for _, id := range lost.Namesakes {
		if now := again[id]; now != "" {
			r.others = append(r.others, now)
		}
	}
	r.plan = &RestorePlan{
		Schema: Schema, Entry: lost.ID, Time: lost.Time, Network: refOf(r.lost), Guessed: !lost.known, Engine: ix.Engine,
		Steps: []RestoreStep{}, Lacks: []Lack{}, Starts: []RestoredStart{}, also: lost.also,
	}
	return r
}

// Latecomers are the containers that want a network of these entries, and came
// to do so after they were written.
func Latecomers(ix *topology.Index, entries []*Entry) []*topology.Container {
	var found []*topology.Container
	for _, entry := range entries {
		for _, late := range latecomers(ix, entry) {
			if c := ix.Container(late.Container); !slices.Contains(found, c) {
				found = append(found, c)
			}
		}
	}
	return found
}

// Recorded lists the containers of these entries that are still there.
func Recorded(ix *topology.Index, entries []*Entry) []*topology.Container {
	var found []*topology.Container
	for _, entry := range entries {
		for i := range entry.Records {
			if c := ix.Container(entry.Records[i].Container); c != nil && !slices.Contains(found, c) {
				found = append(found, c)
			}
		}
	}
	return found
}

// latecomers are containers that came to want the network after the entry was
// written, and are in trouble without it.
func latecomers(ix *topology.Index, entry *Entry) []Record {
	var late []Record
	for i := range ix.Attachments {
		a := &ix.Attachments[i]
		c := ix.Container(a.ContainerID)
		recorded := slices.ContainsFunc(entry.Records, func(r Record) bool { return r.Container == a.ContainerID })
		if c != nil && !recorded && a.State == topology.Dangling && a.NetworkID != "" && a.NetworkID == entry.Network.ID {
			late = append(late, Record{Container: c.ID, Name: c.Name, State: c.State, Attachment: *a})
		}
	}
	return late
}
