package topology_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestSnapshotComesBackFromJSON(t *testing.T) {
	want := sorted()
	want.Networks[0].Name = "\x1b[31m <script>& \u2028 \u202e 数据库"
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got topology.Snapshot
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(&got, want) {
		t.Errorf("the snapshot came back as\n%+v\nwant\n%+v", got, *want)
	}
	again, err := json.Marshal(&got)
	if err != nil || string(again) != string(text) {
		t.Errorf("written again it is\n%s\nwant\n%s\n(%v)", again, text, err)
	}
}

func TestSortOrder(t *testing.T) {
	s := sorted()
	var networks, containers, attachments, gaps []string
	for _, n := range s.Networks {
		networks = append(networks, n.Name+" "+n.ID)
	}
	for _, c := range s.Containers {
		containers = append(containers, c.Name)
	}
	for _, a := range s.Attachments {
		attachments = append(attachments, a.NetworkName+" "+a.ContainerID)
	}
	for _, g := range s.Unread {
		gaps = append(gaps, g.What+" "+g.Text)
	}
	equal(t, "networks", networks, []string{
		"bridge eee1", "host eee2", "mesh fff1", "net2 ddd1", "net10 bbb1", "shop_back aaa2", "shop_front aaa1", "twin ccc1", "twin ccc2",
	})
	equal(t, "containers", containers, []string{"api", "backup", "db", "drifter", "mesh_web.1.x", "orphan", "proxy", "vpn"})
	equal(t, "attachments", attachments, []string{
		"mesh " + task, "shop_back " + api, "shop_back " + db, "shop_front " + api, "shop_front " + proxy,
		"old " + backup, "plan " + drifter, "twin " + drifter,
	})
	equal(t, "gaps", gaps, []string{"container ", "network another", "network fd05::1/112"})
}

func TestSortDoesNotDependOnTheOrderBefore(t *testing.T) {
	want := sorted()
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		got := town()
		random.Shuffle(len(got.Networks), reflect.Swapper(got.Networks))
		random.Shuffle(len(got.Containers), reflect.Swapper(got.Containers))
		random.Shuffle(len(got.Attachments), reflect.Swapper(got.Attachments))
		random.Shuffle(len(got.Unread), reflect.Swapper(got.Unread))
		got.Sort()
		if !reflect.DeepEqual(got, want) {
			t.Fatal("another order before gives another after")
		}
	}
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
