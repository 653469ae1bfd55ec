package topology_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestTernary(t *testing.T) {
	if topology.Known(true) != topology.Yes || topology.Known(false) != topology.No {
		t.Error("Known does not keep what it is told")
	}
	if zero := topology.Ternary(0); zero != topology.Unknown {
		t.Error("the zero value says something")
	}
	for value, text := range map[topology.Ternary]string{topology.Unknown: "null", topology.No: "false", topology.Yes: "true"} {
		written, err := json.Marshal(value)
		if err != nil || string(written) != text {
			t.Errorf("%d is written as %s (%v), want %s", value, written, err, text)
		}
		back := topology.Yes // must be overwritten, also by null
		if err := json.Unmarshal([]byte(text), &back); err != nil || back != value {
			t.Errorf("%s is read as %d (%v), want %d", text, back, err, value)
		}
	}
	var n topology.Network
	if err := json.Unmarshal([]byte(`{"ipv4":"yes"}`), &n); err == nil || !strings.Contains(err.Error(), "want true, false or null") {
		t.Errorf("a text is taken for a ternary: %v", err)
	}
}
