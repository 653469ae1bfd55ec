package topology_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// A word that names something exactly is not taken for the beginning of the ID
// of something else.
func TestNamesGoBeforeIDs(t *testing.T) {
	ix := topology.NewIndex(&topology.Snapshot{
		Networks:   []topology.Network{{ID: "db01", Name: "payroll"}, {ID: "aa02", Name: "shop_default"}},
		Containers: []topology.Container{{ID: "db03", Name: "secret"}, {ID: "bb04", Name: "shop-db-1", Service: "db"}},
		Attachments: []topology.Attachment{
			{NetworkID: "db01", ContainerID: "db03", State: topology.Live}, {NetworkID: "aa02", ContainerID: "bb04", State: topology.Live},
		},
	})
	sel, unknown := ix.Select([]string{"db"}, &topology.Filter{})
	if len(unknown) > 0 || sel.HasNetwork("db01") || sel.HasContainer("db03") || !sel.HasNetwork("aa02") || !sel.HasContainer("bb04") {
		t.Errorf("db chose %+v, unknown %v", sel, unknown)
	}
	if sel, _ := ix.Select([]string{"db0"}, &topology.Filter{}); !sel.HasNetwork("db01") || !sel.HasContainer("db03") {
		t.Errorf("db0, the beginning of two IDs, chose %+v", sel)
	}
	if sub := ix.Subset(&sel); !sub.Partial {
		t.Error("a selection does not say that it is one")
	}
}
