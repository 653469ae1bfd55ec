package render

import (
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestMendingCommand(t *testing.T) {
	static := topology.ParseAddress("10.0.0.9")
	in := func(subnet string) topology.IPAM {
		return topology.IPAM{Pools: []topology.Pool{{Subnet: topology.ParseSubnet(subnet)}}}
	}
	longID := strings.Repeat("ab", 32)
	for name, c := range map[string]struct {
		networks []topology.Network
		wants    topology.Attachment
		look     Look
		want     string
	}{
		"gone": {
			wants: topology.Attachment{NetworkID: "old", NetworkName: "net", State: topology.Dangling},
			look:  Look{Docker: "docker", Offline: true},
			want:  "# docker network create net\n# docker network connect net c",
		},
		"gone, on an engine": {
			wants: topology.Attachment{NetworkID: "old", NetworkName: "net", State: topology.Dangling},
			look:  Look{Docker: "docker --context x"},
			want:  "docker --context x netkit restore --heal c",
		},
		"never ran, on an engine": {
			wants: topology.Attachment{NetworkName: "sp ace", State: topology.Dangling},
			look:  Look{Docker: "docker"},
			want:  "docker netkit restore --heal c",
		},
		"a namesake that an ID begins with": {
			networks: []topology.Network{{ID: longID, Name: "net", IPAM: in("10.1.0.0/24")}, {ID: "netnet", Name: "other"}},
			wants:    topology.Attachment{NetworkID: longID, NetworkName: "net", State: topology.Configured, Static4: static},
			look:     Look{Docker: "docker"},
			want:     "docker network disconnect " + longID + " c\ndocker network connect " + longID + " c",
		},
		"gone, and another has the name": {
			networks: []topology.Network{{ID: "new", Name: "net"}},
			wants:    topology.Attachment{NetworkID: "old", NetworkName: "net", State: topology.Dangling},
			look:     Look{Docker: "docker --context x", Offline: true},
			want:     "# docker --context x network connect net c",
		},
		"with an address that the other holds": {
			networks: []topology.Network{{ID: "new", Name: "net", IPAM: in("10.0.0.0/24")}},
			wants:    topology.Attachment{NetworkID: "old", NetworkName: "net", State: topology.Dangling, Static4: static},
			look:     Look{Docker: "docker", Offline: true},
			want:     "# docker network connect net c",
		},
		"with an address that the other does not hold": {
			networks: []topology.Network{{ID: "new", Name: "net", IPAM: in("10.1.0.0/24")}},
			wants:    topology.Attachment{NetworkID: "old", NetworkName: "net", State: topology.Dangling, Static4: static},
			look:     Look{Docker: "docker", Offline: true},
			want:     "# docker network connect net c",
		},
		"a name that needs quotes is said by its whole ID": {
			networks: []topology.Network{{ID: longID, Name: "sp ace"}},
			wants:    topology.Attachment{NetworkID: "old", NetworkName: "sp ace", State: topology.Dangling},
			look:     Look{Docker: "docker", Offline: true},
			want:     "# docker network connect " + longID + " c",
		},
		"never ran": {
			wants: topology.Attachment{NetworkName: "net", State: topology.Dangling},
			look:  Look{Docker: "docker", Offline: true},
			want:  "# docker network create net",
		},
		"never ran, and asks for an address": {
			wants: topology.Attachment{NetworkName: "net", State: topology.Dangling, Static4: static},
			look:  Look{Docker: "docker", Offline: true},
		},
		"a name that is a flag":      {wants: topology.Attachment{NetworkName: "--internal", State: topology.Dangling}, look: Look{Docker: "docker", Offline: true}},
		"a name that is a mode":      {wants: topology.Attachment{NetworkName: "host", State: topology.Dangling}, look: Look{Docker: "docker", Offline: true}},
		"a name that runs a program": {wants: topology.Attachment{NetworkID: "old", NetworkName: "$(touch x)", State: topology.Dangling}, look: Look{Docker: "docker", Offline: true}},
		"no way to the engine":       {wants: topology.Attachment{NetworkName: "net", State: topology.Dangling}},
		"a saved snapshot": {
			wants: topology.Attachment{NetworkName: "net", State: topology.Dangling},
			look:  Look{Docker: "docker", Offline: true},
			want:  "# docker network create net",
		},
		"an address outside": {
			networks: []topology.Network{{ID: "n", Name: "net", IPAM: in("10.1.0.0/24")}},
			wants:    topology.Attachment{NetworkID: "n", NetworkName: "net", State: topology.Configured, Static4: static},
			look:     Look{Docker: "docker"},
			want:     "docker network disconnect net c\ndocker network connect net c",
		},
		"a namesake that takes no containers": {
			networks: []topology.Network{{ID: "new", Name: "net", ConfigOnly: true}},
			wants:    topology.Attachment{NetworkID: "old", NetworkName: "net", State: topology.Dangling},
			look:     Look{Docker: "docker", Offline: true},
		},
		"ambiguous": {wants: topology.Attachment{NetworkName: "net", State: topology.Ambiguous}, look: Look{Docker: "docker"}},
	} {
		c.wants.ContainerID = "c"
		ix := topology.NewIndex(&topology.Snapshot{
			Networks: c.networks, Containers: []topology.Container{{ID: "c", Name: "c", State: topology.Exited}},
			Attachments: []topology.Attachment{c.wants},
		})
		hazards := diagnose.Hazards(ix)
		if len(hazards) != 1 {
			t.Errorf("%s: %d hazards, want one", name, len(hazards))
			continue
		}
		if got := strings.Join(mendingCommands(ix, hazards, &c.look), "\n"); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestTroublesOfOneNetwork(t *testing.T) {
	ctr := func(name, service string, state topology.ContainerState) topology.Container {
		return topology.Container{ID: name, Name: name, State: state, Project: "crm", Service: service}
	}
	gone := func(container, id string) topology.Attachment {
		return topology.Attachment{NetworkID: id, NetworkName: "crm_default", ContainerID: container, State: topology.Dangling}
	}
	s := &topology.Snapshot{
		Containers:  []topology.Container{ctr("crm-app-1", "app", topology.Exited), ctr("crm-db-1", "db", topology.Exited), ctr("crm-job-1", "job", topology.Created)},
		Attachments: []topology.Attachment{gone("crm-app-1", "old"), gone("crm-db-1", "old"), gone("crm-job-1", "")},
	}
	s.Sort()
	ix := topology.NewIndex(s)
	troubles := Troubles(ix, diagnose.Hazards(ix), &Look{Docker: "docker", Offline: true})
	if len(troubles) != 1 || !troubles[0].Known {
		t.Fatalf("got %+v, want one trouble", troubles)
	}
	if want := "network crm_default (old) is gone: crm-app-1, crm-db-1 and crm-job-1 will not start"; troubles[0].Text != want {
		t.Errorf("got  %s\nwant %s", troubles[0].Text, want)
	}
	want := `# docker network create --label com.docker.compose.project=crm --label com.docker.compose.network=default crm_default
# docker network connect --alias app crm_default crm-app-1
# docker network connect --alias db crm_default crm-db-1`
	if got := strings.Join(troubles[0].Commands, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	troubles = Troubles(ix, diagnose.Hazards(ix), &Look{Docker: "docker"})
	want = "docker netkit restore --heal crm-app-1 crm-db-1 crm-job-1"
	if got := strings.Join(troubles[0].Commands, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNetworksOfOneNameAreNotMerged(t *testing.T) {
	s := &topology.Snapshot{
		Containers: []topology.Container{{ID: "a", Name: "a", State: topology.Exited}, {ID: "b", Name: "b", State: topology.Exited}},
		Attachments: []topology.Attachment{
			{NetworkID: "11", NetworkName: "dup", ContainerID: "a", State: topology.Dangling},
			{NetworkID: "22", NetworkName: "dup", ContainerID: "b", State: topology.Dangling},
		},
	}
	ix := topology.NewIndex(s)
	troubles := Troubles(ix, diagnose.Hazards(ix), &Look{Docker: "docker"})
	if len(troubles) != 2 {
		t.Fatalf("got %d troubles, want 2", len(troubles))
	}
	for _, trouble := range troubles {
		if len(trouble.Commands) > 0 {
			t.Errorf("%s: suggests %q, and it is not known whether they were one network", trouble.Text, trouble.Commands)
		}
	}
}
