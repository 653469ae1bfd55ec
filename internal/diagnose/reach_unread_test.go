package diagnose_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestUnreadAliasesOfOthers: an alias that was not read leads to who has it, so that it
// makes no name of a target doubtful that has none where the source looks.
func TestUnreadAliasesOfOthers(t *testing.T) {
	unread := func(s *topology.Snapshot) *topology.Snapshot {
		for i := range s.Attachments {
			s.Attachments[i].AliasesRead = false
		}
		return s
	}
	front, back := network("front", "bridge"), network("back", "bridge")
	if r := predict(unread(pair([]string{"front"}, []string{"back"}, front, back))); r.Name != diagnose.ForecastNo {
		t.Errorf("on different networks, a name is %s", r.Name)
	}
	shared := predict(unread(pair([]string{"front"}, []string{"front"}, front, back)))
	if shared.Name != diagnose.ForecastYes || shared.Names[0].Name != "b" {
		t.Errorf("on one network, the names are %+v", shared.Names)
	}
}
