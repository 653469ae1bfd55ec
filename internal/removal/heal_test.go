package removal

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestHealable(t *testing.T) {
	ix := index(docker("28.5.2"), []topology.Network{bridge("back")}, []topology.Container{
		ctr("fine", topology.Exited), ctr("by-id", topology.Exited), ctr("by-name", topology.Created), ctr("twice", topology.Exited),
		ctr("unsure", topology.Exited), ctr("torn", topology.Created), made(ctr("sharer", topology.Exited), "container:nobody"),
	},
		on("fine", "back", topology.Configured), on("by-id", "front", topology.Dangling), named("by-name", "front"),
		on("twice", "front", topology.Dangling), on("twice", "old", topology.Dangling), on("unsure", "far", topology.Unverified),
		topology.Attachment{ContainerID: "torn", NetworkName: "twin", State: topology.Ambiguous})
	var names []string
	for _, c := range Healable(ix) {
		names = append(names, c.Name)
	}
	equal(t, "healable", names, []string{"by-id", "by-name", "twice"})
}

func TestUnhealable(t *testing.T) {
	ix := index(docker("28.5.2"), []topology.Network{bridge("front")}, []topology.Container{
		made(ctr("by-id", topology.Exited), "0123456789ab"), made(ctr("by-name", topology.Exited), "back"),
	}, on("by-id", "front", topology.Configured), on("by-name", "front", topology.Configured))
	var names []string
	for _, c := range Unhealable(ix) {
		names = append(names, c.Name)
	}
	equal(t, "unhealable", names, []string{"by-id"})
	names = nil
	for _, c := range Healable(ix) {
		names = append(names, c.Name)
	}
	equal(t, "healable", names, []string{"by-name"})
}

func TestPlanHeal(t *testing.T) {
	again := bridge("front", "10.0.0.0/24")
	again.ID = "other-id"
	lost := bridge("front", "10.0.0.0/24")
	known := []Entry{*entry(lost, record(static(on("db", "front", topology.Configured), "10.0.0.9"), topology.Exited))}
	older := bridge("front", "10.5.0.0/24")
	type want struct {
		network  string
		into     string
		guessed  bool
		subnets  []string
		steps    []string
		lacks    []Lack
		starts   []string
		statics4 []string
	}
	for _, test := range []struct {
		name    string
		ix      *topology.Index
		of      []string
		entries []Entry
		want    []want
	}{
		{
			name: "of the journal", of: []string{"db"}, entries: known,
			ix:   index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Exited)}, on("db", "front", topology.Dangling)),
			want: []want{{network: "front", subnets: []string{"10.0.0.0/24"}, steps: []string{"make", "connect db"}, starts: []string{"db starts"}, statics4: []string{"10.0.0.9"}}},
		},
		{
			name: "of the newest entry", of: []string{"db"}, entries: append([]Entry{*entry(older, record(on("db", "front", topology.Configured), topology.Exited))}, known...),
			ix:   index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Exited)}, on("db", "front", topology.Dangling)),
			want: []want{{network: "front", subnets: []string{"10.0.0.0/24"}, steps: []string{"make", "connect db"}, starts: []string{"db starts"}, statics4: []string{"10.0.0.9"}}},
		},
		{
			name: "the journal has others only", of: []string{"db"}, entries: []Entry{*entry(bridge("back", "10.1.0.0/24"))},
			ix:   index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Exited)}, on("db", "front", topology.Dangling)),
			want: []want{{network: "front", guessed: true, steps: []string{"make", "connect db"}, starts: []string{"db starts"}, statics4: []string{""}}},
		},
		{
			name: "guessed, with the address that is asked for", of: []string{"db"},
			ix:   index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Exited)}, static(on("db", "front", topology.Dangling), "10.0.0.9")),
			want: []want{{network: "front", guessed: true, subnets: []string{"10.0.0.0/24"}, steps: []string{"make", "connect db"}, starts: []string{"db starts"}, statics4: []string{"10.0.0.9"}}},
		},
		{
			name: "into the network of that name", of: []string{"db"},
			ix:   index(docker("28.5.2"), []topology.Network{again}, []topology.Container{ctr("db", topology.Exited)}, on("db", "front", topology.Dangling)),
			want: []want{{network: "front", into: "other-id", steps: []string{"connect db"}, starts: []string{"db starts"}, statics4: []string{""}}},
		},
		{
			name: "one that holds the name", of: []string{"db"},
			ix:   index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Created)}, named("db", "front")),
			want: []want{{network: "front", guessed: true, steps: []string{"make"}, starts: []string{"db starts"}}},
		},
		{
			name: "several containers", of: []string{"db", "web"},
			ix: index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Exited), ctr("web", topology.Exited), ctr("other", topology.Exited)},
				on("db", "front", topology.Dangling), on("web", "front", topology.Dangling), on("other", "back", topology.Dangling)),
			want: []want{{network: "front", guessed: true, steps: []string{"make", "connect db", "connect web"}, starts: []string{"db starts", "web starts"}, statics4: []string{"", ""}}},
		},
		{
			name: "several networks", of: []string{"db"},
			ix: index(docker("28.5.2"), nil, []topology.Container{ctr("db", topology.Exited)}, on("db", "back", topology.Dangling), on("db", "front", topology.Dangling)),
			want: []want{
				{network: "back", guessed: true, steps: []string{"make", "connect db"}, starts: []string{"db starts"}, statics4: []string{""}},
				{network: "front", guessed: true, steps: []string{"make", "connect db"}, starts: []string{"db starts"}, statics4: []string{""}},
			},
		},
		{
			name: "one that was made with it, and is not on it", of: []string{"db"},
			ix: index(docker("28.5.2"), []topology.Network{bridge("front")}, []topology.Container{made(ctr("db", topology.Exited), "back")},
				on("db", "front", topology.Configured)),
			want: []want{{network: "back", guessed: true, steps: []string{"make"}, starts: []string{"db starts"}}},
		},
		{
			name: "the same, of the journal", of: []string{"db"}, entries: []Entry{*entry(bridge("back", "10.1.0.0/24"))},
			ix: index(docker("28.5.2"), []topology.Network{bridge("front")}, []topology.Container{made(ctr("db", topology.Exited), "back")},
				on("db", "front", topology.Configured)),
			want: []want{{network: "back", subnets: []string{"10.1.0.0/24"}, steps: []string{"make"}, starts: []string{"db starts"}}},
		},
		{
			name: "one that is well", of: []string{"db"},
			ix: index(docker("28.5.2"), []topology.Network{bridge("front")}, []topology.Container{ctr("db", topology.Exited)}, on("db", "front", topology.Configured)),
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var containers []*topology.Container
			for _, id := range test.of {
				containers = append(containers, test.ix.Container(id))
			}
			var got []want
			for _, p := range PlanHeal(test.ix, containers, test.entries) {
				w := want{network: p.Network.Name, into: p.Into, guessed: p.Guessed, steps: restoreTexts(p.Steps), starts: startTexts(p.Starts), subnets: p.Network.Subnets}
				if len(p.Lacks) > 0 {
					w.lacks = p.Lacks
				}
				for _, r := range p.records {
					w.statics4 = append(w.statics4, r.Attachment.Static4.String())
				}
				got = append(got, w)
			}
			equal(t, "plans", got, test.want)
		})
	}
}

func TestGuessPool(t *testing.T) {
	for _, test := range []struct {
		name            string
		asked           []string
		subnet, gateway string // empty where none is guessed
	}{
		{"no address", []string{"", ""}, "", ""},
		{"one", []string{"10.0.0.9"}, "10.0.0.0/24", "10.0.0.1"},
		{"one of several", []string{"", "10.0.0.9"}, "10.0.0.0/24", "10.0.0.1"},
		{"the gateway is asked for", []string{"10.0.0.1", "10.0.0.2"}, "10.0.0.0/24", "10.0.0.3"},
		{"side by side", []string{"10.0.0.9", "10.0.1.9"}, "10.0.0.0/23", "10.0.0.1"},
		{"as far apart as may be", []string{"10.0.255.9", "10.0.0.9"}, "10.0.0.0/16", "10.0.0.1"},
		{"too far apart", []string{"10.0.0.9", "10.1.0.9"}, "", ""},
		{"no IPv4 address", []string{"fd00::9"}, "", ""},
		{"no address at all", []string{"rubbish"}, "", ""},
	} {
		var records []Record
		for _, ip := range test.asked {
			records = append(records, Record{Attachment: topology.Attachment{Static4: topology.ParseAddress(ip)}})
		}
		pool, ok := guessPool(records)
		equal(t, test.name+": guessed", ok, test.subnet != "")
		equal(t, test.name, [2]string{pool.Subnet.String(), pool.Gateway.String()}, [2]string{test.subnet, test.gateway})
	}
}

func TestComposeLabels(t *testing.T) {
	shop := map[string]string{topology.LabelComposeProject: "shop", topology.LabelComposeNetwork: "front"}
	for _, test := range []struct {
		name     string
		network  string
		projects []string
		want     map[string]string
	}{
		{"of a project", "shop_front", []string{"shop"}, shop},
		{"of one project, all", "shop_front", []string{"shop", "shop"}, shop},
		{"of two projects", "shop_front", []string{"shop", "blog"}, nil},
		{"of a project, and of none", "shop_front", []string{"shop", ""}, nil},
		{"of none, and of a project", "shop_front", []string{"", "shop"}, nil},
		{"of none", "shop_front", []string{""}, nil},
		{"of none, with a name that begins oddly", "_front", []string{""}, nil},
		{"named otherwise", "front", []string{"shop"}, nil},
		{"named as another project's", "shop2_front", []string{"shop"}, nil},
	} {
		var containers []topology.Container
		var records []Record
		for i, project := range test.projects {
			c := ctr(string(rune('a'+i)), topology.Exited)
			c.Project = project
			containers, records = append(containers, c), append(records, Record{Container: c.ID})
		}
		equal(t, test.name, composeLabels(index(topology.Engine{}, nil, containers), test.network, records), test.want)
	}
	equal(t, "a container that is gone", composeLabels(index(topology.Engine{}, nil, nil), "shop_front", []Record{{Container: "x"}}), map[string]string(nil))
}
