package removal

import (
	"reflect"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func record(a topology.Attachment, state topology.ContainerState) Record {
	return Record{Container: a.ContainerID, Name: a.ContainerID, State: state, Attachment: a}
}

func entry(n topology.Network, records ...Record) *Entry {
	return &Entry{Schema: Schema, ID: "0123456789ab", Engine: EngineRef{Key: "e"}, Network: n, Records: records}
}

func TestPlanRestore(t *testing.T) {
	lost := bridge("front", "10.0.0.0/24")
	another := func(change func(*topology.Network)) topology.Network {
		n := bridge("front", "10.0.0.0/24")
		n.ID = "other-id"
		change(&n)
		return n
	}
	plain := func(*topology.Network) {}
	live, stopped := on("web", "front", topology.Live), on("db", "front", topology.Configured)
	dead := on("db", "front", topology.Dangling)
	typed := func(network string) topology.Attachment {
		a := dead
		a.NetworkName = network
		return a
	}
	configured := bridge("front")
	configured.ConfigFrom = "plan"
	plan := topology.Network{ID: "plan-id", Name: "plan", ConfigOnly: true, Scope: "local"}
	task := topology.Container{ID: "web", Name: "web", State: topology.Running, Task: "x"}
	twinKnown := entry(lost, record(stopped, topology.Exited))
	twinKnown.Namesakes = []string{"other-id"}
	twinRunning := entry(lost, record(live, topology.Running))
	twinRunning.Namesakes = []string{"other-id"}
	for _, test := range []struct {
		name   string
		entry  *Entry
		ix     *topology.Index
		into   string
		steps  []string
		lacks  []Lack
		starts []string
	}{
		{
			name:  "all is gone, and nobody was on it",
			entry: entry(lost), ix: index(docker("28.5.2"), nil, nil), steps: []string{"make"},
		},
		{
			name:  "containers of each kind",
			entry: entry(lost, record(stopped, topology.Exited), record(at(live, "10.0.0.2"), topology.Running)),
			ix:    index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Exited), ctr("web", topology.Running)}, dead),
			steps: []string{"make", "connect web up", "connect db"}, starts: []string{"web starts", "db starts"},
		},
		{
			name:  "the network is still there",
			entry: entry(lost, record(stopped, topology.Exited), record(live, topology.Running)),
			ix:    index(docker("28.5.2"), []topology.Network{lost}, []topology.Container{ctr("db", topology.Exited), ctr("web", topology.Running)}, stopped),
			into:  "front-id", steps: []string{"connect web up"}, starts: []string{"web starts"},
		},
		{
			name:  "the network is there with all that was on it",
			entry: entry(lost, record(stopped, topology.Exited)),
			ix:    index(docker("28.5.2"), []topology.Network{lost}, []topology.Container{ctr("db", topology.Exited)}, stopped),
			into:  "front-id",
		},
		{
			name:  "made anew by another",
			entry: entry(lost, record(stopped, topology.Exited)),
			ix:    index(docker("28.5.2"), []topology.Network{another(plain)}, []topology.Container{ctr("db", topology.Exited)}, dead),
			into:  "other-id", steps: []string{"connect db"}, starts: []string{"db starts"},
		},
		{
			name:  "made anew by another, as what takes no containers",
			entry: entry(lost, record(stopped, topology.Exited)),
			ix:    index(docker("28.5.2"), []topology.Network{another(func(n *topology.Network) { n.ConfigOnly = true })}, []topology.Container{ctr("db", topology.Exited)}, dead),
			lacks: []Lack{{Kind: NameTaken, Other: "front"}},
		},
		{
			name:  "made anew twice",
			entry: entry(lost, record(stopped, topology.Exited)),
			ix: index(docker("28.5.2"), []topology.Network{another(plain), another(func(n *topology.Network) { n.ID = "third-id" })},
				[]topology.Container{ctr("db", topology.Exited)}, dead),
			lacks: []Lack{{Kind: NameTaken, Other: "front"}},
		},
		{
			name:  "another had the name already then",
			entry: twinKnown,
			ix: index(docker("28.5.2"), []topology.Network{another(func(n *topology.Network) { n.IPAM.Pools = nil })},
				[]topology.Container{ctr("db", topology.Exited)}, dead),
			steps: []string{"make"}, lacks: []Lack{{Kind: NameShared, Container: "db", Other: "front"}},
		},
		{
			name:  "another had the name already then, and the container runs",
			entry: twinRunning,
			ix: index(docker("20.10.24"), []topology.Network{another(func(n *topology.Network) { n.IPAM.Pools = nil })},
				[]topology.Container{ctr("web", topology.Running)}),
			steps: []string{"make", "connect web up"}, starts: []string{"web starts"},
		},
		{
			name:  "one holds the name",
			entry: entry(lost, record(stopped, topology.Created)),
			ix:    index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Created)}, named("db", "front")),
			steps: []string{"make"}, starts: []string{"db starts"},
		},
		{
			name:  "one holds a part of the ID that was typed",
			entry: entry(lost, record(stopped, topology.Created)),
			ix:    index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Created)}, named("db", "front-i")),
			steps: []string{"make", "forget db of front-i", "connect db"}, starts: []string{"db starts"},
		},
		{
			name:  "one holds the ID by another name",
			entry: entry(lost, record(stopped, topology.Exited)),
			ix:    index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Exited)}, typed("front-i")),
			steps: []string{"make", "forget db of front-i", "connect db"}, starts: []string{"db starts"},
		},
		{
			name:  "one is on it again, and holds the ID besides",
			entry: entry(lost, record(stopped, topology.Exited)),
			ix: index(docker("28.5.2"), []topology.Network{another(plain)}, []topology.Container{ctr("db", topology.Exited)},
				typed("front-i"), topology.Attachment{ContainerID: "db", NetworkID: "other-id", NetworkName: "front", State: topology.Configured}),
			into: "other-id", steps: []string{"forget db of front-i"}, starts: []string{"db starts"},
		},
		{
			name:  "a container is gone",
			entry: entry(lost, record(stopped, topology.Exited)),
			ix:    index(docker("28.5.2"), nil, nil),
			steps: []string{"make"}, lacks: []Lack{{Kind: ContainerGone, Container: "db"}},
		},
		{
			name:  "a task comes back by itself",
			entry: entry(lost, record(live, topology.Running)),
			ix:    index(docker("28.5.2"), nil, []topology.Container{task}),
			steps: []string{"make"},
		},
		{
			name:  "the subnet is taken",
			entry: entry(lost, record(static(live, "10.0.0.9"), topology.Running)),
			ix:    index(docker("28.5.2"), []topology.Network{bridge("wide", "10.0.0.0/16")}, []topology.Container{ctr("web", topology.Running)}),
			steps: []string{"make", "connect web up"}, starts: []string{"web starts"},
			lacks: []Lack{{Kind: SubnetTaken, Address: "10.0.0.0/24", Other: "wide"}, {Kind: AddressOutside, Container: "web", Address: "10.0.0.9"}},
		},
		{
			name:  "the swarm has the same subnet",
			entry: entry(lost),
			ix:    index(docker("28.5.2"), []topology.Network{another(func(n *topology.Network) { n.Name, n.Scope = "mesh", "swarm" })}, nil),
			steps: []string{"make"},
		},
		{
			name:  "another has the address now",
			entry: entry(lost, record(static(live, "10.0.0.9"), topology.Running)),
			ix: index(docker("28.5.2"), []topology.Network{lost}, []topology.Container{ctr("web", topology.Running), ctr("new", topology.Running)},
				at(on("new", "front", topology.Live), "10.0.0.9")),
			into: "front-id", steps: []string{"connect web up"}, starts: []string{"web starts"},
			lacks: []Lack{{Kind: AddressTaken, Container: "web", Address: "10.0.0.9", Other: "new"}},
		},
		{
			name:  "another will have the address",
			entry: entry(lost, record(static(live, "10.0.0.9"), topology.Running)),
			ix: index(docker("28.5.2"), []topology.Network{lost}, []topology.Container{ctr("web", topology.Running), ctr("new", topology.Exited)},
				static(on("new", "front", topology.Configured), "10.0.0.9")),
			into: "front-id", steps: []string{"connect web up"}, starts: []string{"web starts"},
			lacks: []Lack{{Kind: AddressTaken, Container: "web", Address: "10.0.0.9", Other: "new"}},
		},
		{
			name:  "another has another address",
			entry: entry(lost, record(static(live, "10.0.0.9"), topology.Running)),
			ix: index(docker("28.5.2"), []topology.Network{lost}, []topology.Container{ctr("web", topology.Running), ctr("new", topology.Running)},
				at(on("new", "front", topology.Live), "10.0.0.8")),
			into: "front-id", steps: []string{"connect web up"}, starts: []string{"web starts"},
		},
		{
			name:  "the address is outside",
			entry: entry(lost, record(static(live, "10.0.0.9"), topology.Running)),
			ix: index(docker("28.5.2"), []topology.Network{another(func(n *topology.Network) { n.IPAM.Pools[0].Subnet = topology.ParseSubnet("10.7.0.0/24") })},
				[]topology.Container{ctr("web", topology.Running)}),
			into: "other-id", steps: []string{"connect web up"}, starts: []string{"web starts"},
			lacks: []Lack{{Kind: Different, Other: "front", Differs: []string{"the subnets"}}, {Kind: AddressOutside, Container: "web", Address: "10.0.0.9"}},
		},
		{
			name:  "the configuration is gone",
			entry: entry(configured, record(stopped, topology.Exited)),
			ix:    index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Exited)}, dead),
			lacks: []Lack{{Kind: SourceGone, Other: "plan"}},
		},
		{
			name:  "the configuration is there",
			entry: entry(configured),
			ix:    index(docker("28.5.2"), []topology.Network{plan}, nil),
			steps: []string{"make"},
		},
		{
			name:  "made by the ID, on an engine that looks it up",
			entry: entry(lost, record(stopped, topology.Exited)),
			ix:    index(docker("28.5.2"), nil, []topology.Container{made(ctr("db", topology.Exited), "front-id")}, dead),
			steps: []string{"make"}, lacks: []Lack{{Kind: MadeByID, Container: "db"}}, starts: []string{"db does not: network mode gone"},
		},
		{
			name:  "made by the ID, on Docker 20",
			entry: entry(lost, record(stopped, topology.Exited)),
			ix:    index(docker("20.10.24"), nil, []topology.Container{made(ctr("db", topology.Exited), "front-id")}, dead),
			steps: []string{"make", "connect db"}, starts: []string{"db starts"},
		},
		{
			name:  "made by the name",
			entry: entry(lost, record(stopped, topology.Exited)),
			ix:    index(docker("28.5.2"), nil, []topology.Container{made(ctr("db", topology.Exited), "front")}, dead),
			steps: []string{"make", "connect db"}, starts: []string{"db starts"},
		},
		{
			name:  "another network is gone, too",
			entry: entry(lost, record(stopped, topology.Exited)),
			ix:    index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Exited)}, dead, on("db", "back", topology.Dangling)),
			steps: []string{"make", "connect db"}, starts: []string{"db does not: network gone"},
		},
		{
			name:  "one came to want it later",
			entry: entry(lost),
			ix:    index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Exited)}, dead),
			steps: []string{"make", "connect db"}, starts: []string{"db starts"},
		},
		{
			name:  "one wants another network that is gone",
			entry: entry(lost),
			ix:    index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Exited)}, on("db", "back", topology.Dangling)),
			steps: []string{"make"},
		},
		{
			name: "those first that ask for an address, and those that were up",
			entry: entry(lost,
				record(on("e", "front", topology.Configured), topology.Exited), record(static(on("d", "front", topology.Configured), "10.0.0.40"), topology.Exited),
				record(at(on("c", "front", topology.Live), "10.0.0.10"), topology.Running), record(at(on("b", "front", topology.Live), "10.0.0.9"), topology.Running),
				record(static(on("a", "front", topology.Live), "10.0.0.50"), topology.Running)),
			ix: index(docker("28.5.2"), nil, []topology.Container{
				ctr("a", topology.Running), ctr("b", topology.Running), ctr("c", topology.Running), ctr("d", topology.Exited), ctr("e", topology.Exited),
			}),
			steps:  []string{"make", "connect a up", "connect b up", "connect c up", "connect d", "connect e"},
			starts: []string{"a starts", "b starts", "c starts", "d starts", "e starts"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			order := recordNames(test.entry.Records)
			p := PlanRestore(test.ix, test.entry)
			equal(t, "into", p.Into, test.into)
			equal(t, "steps", restoreTexts(p.Steps), orEmpty(test.steps))
			equal(t, "lacks", p.Lacks, orEmpty(test.lacks))
			equal(t, "starts", startTexts(p.Starts), orEmpty(test.starts))
			equal(t, "done", p.Done(), len(test.steps) == 0)
			equal(t, "makes", p.definition != nil, len(test.steps) > 0 && test.steps[0] == "make")
			equal(t, "the entry's order", recordNames(test.entry.Records), order)
		})
	}
}

func recordNames(records []Record) []string {
	names := []string{}
	for _, r := range records {
		names = append(names, r.Name)
	}
	return names
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// The network is made as it was, but for what is taken.
func TestPlanRestoreDefinition(t *testing.T) {
	lost := bridge("front", "10.0.0.0/24")
	lost.Opts, lost.Labels, lost.IPAM.Driver = map[string]string{"mtu": "1400"}, map[string]string{"a": "b"}, "default"
	p := PlanRestore(index(docker("28.5.2"), nil, nil), entry(lost))
	want := lost
	want.ID = ""
	equal(t, "definition", *p.definition, want)
	equal(t, "twin", p.twin, false)

	twin := bridge("front", "10.0.0.0/8")
	twin.ID = "twin-id"
	e := entry(lost)
	e.Namesakes = []string{"twin-id"}
	p = PlanRestore(index(docker("28.5.2"), []topology.Network{twin}, nil), e)
	want.IPAM.Pools = nil
	equal(t, "definition with a subnet that is taken", *p.definition, want)
	equal(t, "twin with a namesake", p.twin, true)
	if len(lost.IPAM.Pools) != 1 || len(e.Network.IPAM.Pools) != 1 {
		t.Error("the entry lost its subnet")
	}
}

// Addresses that the engine chose are left out where the network has them no
// more, and the MAC with them; what the journal holds stays as it is.
func TestPlanRestoreFits(t *testing.T) {
	had := at(on("web", "front", topology.Live), "10.0.0.5")
	had.MAC, had.Aliases = "02:42:0a:00:00:05", []string{"www"}
	gone := had
	gone.IPv4, gone.MAC = topology.Address{}, ""
	for _, test := range []struct {
		name    string
		network topology.Network
		others  []topology.Attachment
		want    topology.Attachment
		lacks   []Lack
	}{
		{"as it was", bridge("front", "10.0.0.0/24"), nil, had, nil},
		{"another subnet", bridge("front", "10.7.0.0/24"), nil, gone, nil},
		{"no known subnet", bridge("front"), nil, gone, nil},
		{
			"taken", bridge("front", "10.0.0.0/24"),
			[]topology.Attachment{at(on("new", "front", topology.Live), "10.0.0.5")},
			gone,
			[]Lack{{Kind: AddressTaken, Container: "web", Address: "10.0.0.5", Other: "new"}},
		},
	} {
		e := entry(bridge("front", "10.0.0.0/24"), record(had, topology.Running))
		p := PlanRestore(index(docker("28.5.2"), []topology.Network{test.network}, []topology.Container{ctr("web", topology.Running), ctr("new", topology.Running)}, test.others...), e)
		if len(p.records) != 1 {
			t.Fatalf("%s: records %+v", test.name, p.records)
		}
		equal(t, test.name, p.records[0].Attachment, test.want)
		equal(t, test.name+": lacks", p.Lacks, append([]Lack{}, test.lacks...))
		if !reflect.DeepEqual(e.Records[0].Attachment, had) {
			t.Errorf("%s: the entry holds %+v now", test.name, e.Records[0].Attachment)
		}
	}
}

func TestTakesContainers(t *testing.T) {
	for _, test := range []struct {
		name    string
		network topology.Network
		want    bool
	}{
		{"a bridge", topology.Network{Scope: "local"}, true},
		{"an attachable overlay", topology.Network{Scope: "swarm", Attachable: true}, true},
		{"an overlay", topology.Network{Scope: "swarm"}, false},
		{"ingress", topology.Network{Scope: "swarm", Attachable: true, Ingress: true}, false},
		{"a configuration", topology.Network{Scope: "local", ConfigOnly: true}, false},
		{"one that is not there", topology.Network{Implied: true}, false},
	} {
		equal(t, test.name, TakesContainers(&test.network), test.want)
	}
}

func TestRestoredVerdicts(t *testing.T) {
	for _, test := range []struct {
		name          string
		restored      Restored
		whole, failed bool
	}{
		{"all is as it was", Restored{Connected: []Attached{{Name: "web"}}}, true, false},
		{"an error", Restored{Error: "x"}, false, true},
		{"interrupted", Restored{Interrupted: true}, false, true},
		{"one is not connected", Restored{Connected: []Attached{{Error: "x"}}}, false, true},
		{"one lacks something", Restored{Connected: []Attached{{Lacks: []string{"x"}}}}, false, false},
		{"the network lacks something", Restored{Lacks: []Lack{{Kind: SubnetTaken}}}, false, false},
		{"one will not start", Restored{WillNotStart: []RestoredStart{{Name: "web"}}}, false, false},
	} {
		equal(t, test.name+": whole", test.restored.Whole(), test.whole)
		equal(t, test.name+": failed", test.restored.Failed(), test.failed)
	}
}
