//go:build real

package real

import (
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestDoctorFix: --fix mends what it says, asks before, and then looks again. Without an
// answer, it does nothing.
func TestDoctorFix(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		z := newDoctorZoo(t, e)
		lost := z.net("lost", zoo.Network{})
		id := z.stopped("loser", zoo.Container{Mode: z.Name("lost"), Aliases: []string{"db"}})
		z.drop(lost)
		own := []string{"doctor", "--fix", "--check", "network-gone", z.Name("loser")}
		still := func(after string) {
			t.Helper()
			if z.starts(id) {
				t.Fatalf("%s: the container starts, and nothing was to be done", after)
			}
		}
		still("before anything")

		out := run(t, z.env, bench.plugin, own...)
		if out.status != 2 || !strings.Contains(out.stderr, "nobody can be asked") || !strings.Contains(out.stdout, "[network-gone]") {
			t.Errorf("without a terminal: status %d\n%s%s", out.status, out.stdout, out.stderr)
		}
		still("without a terminal")

		out = run(t, z.env, bench.plugin, append(own, "--dry-run")...)
		if out.status != 2 || !strings.Contains(out.stdout+out.stderr, z.Name("lost")) || strings.Contains(out.stdout+out.stderr, "Looking again") {
			t.Errorf("dry run: status %d\n%s%s", out.status, out.stdout, out.stderr)
		}
		still("after a dry run")

		x := onTerminal(t, z.env, 100, 40, bench.plugin, own...)
		x.Await("the question", 0, patience, func(text string) bool { return strings.Contains(text, "[y/N]") })
		x.Press("n\r")
		if status, text := x.End(patience); status != 2 || !strings.Contains(text, "Left as it is.") {
			t.Errorf("declined: status %d\n%s", status, text)
		}
		still("after no")

		x = onTerminal(t, z.env, 100, 40, bench.plugin, own...)
		x.Await("the question", 0, patience, func(text string) bool { return strings.Contains(text, "[y/N]") })
		x.Press("y\r")
		status, text := x.End(patience)
		if status != 0 || !strings.Contains(text, "Looking again:") || !strings.Contains(text, "Nothing found") {
			t.Errorf("accepted: status %d\n%s", status, text)
		}
		t.Log(text)
		if !z.starts(id) {
			t.Error("the container does not start after the mend")
		}
		out = run(t, z.env, bench.plugin, append(own, "--yes")...)
		if out.status != 0 || !strings.Contains(out.stderr, "nothing that --fix can mend") {
			t.Errorf("once more: status %d\n%s%s", out.status, out.stdout, out.stderr)
		}
	})
}
