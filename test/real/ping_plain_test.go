//go:build real

package real

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestPingPlainBuild: a build that brings no probe along is its own.
func TestPingPlainBuild(t *testing.T) {
	setUp(t)
	plain := filepath.Join(bench.dir, "plain")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", plain, "github.com/docker-netkit/docker-netkit/cmd/docker-netkit")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		p := buildPair(t, e)
		got := run(t, p.environment(), plain, "ping", "--format", "json", p.Name("a"), p.Name("b"))
		said := asMeasured(t, got, 0, []string{"a", "b"})
		if said.Verdict != "reached" || !said.Measured {
			t.Errorf("%s: %+v", e.Name, said)
		}
		nothingLeft(t, e, p.a, p.b)
	})
}
