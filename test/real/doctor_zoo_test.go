//go:build real

package real

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// doctorZoo is where cases for the doctor are made, and from where it looks.
type doctorZoo struct {
	*zoo.Keeper
	t   *testing.T
	env []string
	// host is a container in the engine's own network namespace: from there, the doctor is
	// on the engine's host.
	host  string
	ports int
	// late is done once all cases are made: it would be in the way of others.
	late []func()
}

func newDoctorZoo(t *testing.T, e *zoo.Engine) *doctorZoo {
	t.Helper()
	z := &doctorZoo{Keeper: keeper(t, e), t: t, ports: 20000 + os.Getpid()%20000}
	// Podman's host is told by the place of its socket.
	dir := filepath.Join(t.TempDir(), "podman")
	ok(t, os.Mkdir(dir, 0o755))
	ok(t, os.Symlink(e.Socket(), filepath.Join(dir, "podman.sock")))
	z.env = append(ownConfig(t), "DOCKER_HOST=unix://"+filepath.Join(dir, "podman.sock"))
	z.host = z.up("host", zoo.Container{Mode: "host"})
	own, err := os.Readlink("/proc/self/ns/net")
	ok(t, err)
	its, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", pidOf(t, z.host)))
	ok(t, err)
	if own == its {
		t.Fatal("the engine is in the network namespace of the tests, so that making cases there would change this machine")
	}
	return z
}

// on runs a program in the engine's network namespace.
func (z *doctorZoo) on(args ...string) string {
	z.t.Helper()
	return inNamespace(z.t, z.host, args...)
}

func (z *doctorZoo) net(short string, n zoo.Network) string {
	z.t.Helper()
	n.Name = z.Name(short)
	id, err := z.Network(z.t.Context(), &n)
	ok(z.t, err)
	return id
}

// down makes a container that never ran.
func (z *doctorZoo) down(short string, c zoo.Container) string {
	z.t.Helper()
	c.Name = z.Name(short)
	id, err := z.Create(z.t.Context(), &c)
	ok(z.t, err)
	return id
}

func (z *doctorZoo) up(short string, c zoo.Container) string {
	z.t.Helper()
	id := z.down(short, c)
	ok(z.t, z.Start(z.t.Context(), id))
	return id
}

// stopped ran once.
func (z *doctorZoo) stopped(short string, c zoo.Container) string {
	z.t.Helper()
	id := z.up(short, c)
	z.stop(id)
	return id
}

func (z *doctorZoo) stop(id string) { z.t.Helper(); ok(z.t, z.Stop(z.t.Context(), id)) }

func (z *doctorZoo) restart(id string) {
	z.t.Helper()
	z.stop(id)
	ok(z.t, z.Start(z.t.Context(), id))
}

func (z *doctorZoo) join(network, id string) {
	z.t.Helper()
	ok(z.t, z.Connect(z.t.Context(), network, id, ""))
}

func (z *doctorZoo) leave(network, id string) {
	z.t.Helper()
	ok(z.t, z.Disconnect(z.t.Context(), network, id))
}

// drop removes a network by ID, which Podman does also where containers want it.
func (z *doctorZoo) drop(id string) {
	z.t.Helper()
	ok(z.t, z.RemoveNetwork(z.t.Context(), id))
}

// port is a port of the host that no other case has.
func (z *doctorZoo) port() string { z.ports++; return strconv.Itoa(z.ports) }

// project are the labels of a compose project's service.
func (z *doctorZoo) project(short, service string) map[string]string {
	return map[string]string{"com.docker.compose.project": z.Name(short), "com.docker.compose.service": service}
}

// card makes a network card in the engine's namespace, which ends with the test.
func (z *doctorZoo) card(name string, args ...string) {
	z.t.Helper()
	z.on("ip", "link", "add", name, "type", "veth", "peer", "name", name+"p")
	z.t.Cleanup(func() {
		_, _ = tryInNamespace(context.WithoutCancel(z.t.Context()), pidOf(z.t, z.host), "ip", "link", "del", name)
	})
	z.on("ip", "link", "set", name+"p", "up")
	z.on(append([]string{"ip", "link", "set", name, "up"}, args...)...)
}

// setting sets a switch of the kernel's in the engine's namespace, until the test ends.
func (z *doctorZoo) setting(name, value string) {
	z.t.Helper()
	before := strings.TrimSpace(z.on("sysctl", "-n", name))
	z.on("sysctl", "-w", name+"="+value)
	z.t.Cleanup(func() {
		if said, err := tryInNamespace(context.WithoutCancel(z.t.Context()), pidOf(z.t, z.host), "sysctl", "-w", name+"="+before); err != nil {
			z.t.Errorf("%s is not %s as before: %v: %s", name, before, err, said)
		}
	})
}

// examination is what is used of "doctor --format json".
type examination struct {
	Results []struct {
		ID, Outcome string
		Findings    []finding
		Unknown     []string
	}
}

type finding struct {
	ID, Severity, Text, Fix, Verify string
	Template                        string
	About                           []struct{ Kind, ID, Name string }
	Commands                        []string
	Fixable                         bool
	Followers                       []finding
}

// examine runs the doctor in the engine's namespace.
func (z *doctorZoo) examine(args ...string) *examination {
	z.t.Helper()
	args = append([]string{"-t", strconv.Itoa(pidOf(z.t, z.host)), "-n", bench.plugin, "doctor", "--format", "json", "--fail-on", "never", "--severity", "hint", "--unused-age", "0s"}, args...)
	return asExamination(z.t, succeed(z.t, z.env, "nsenter", args...))
}

// examineFromAfar runs it in the namespace of the tests, which is not the engine's.
func (z *doctorZoo) examineFromAfar(args ...string) *examination {
	z.t.Helper()
	args = append([]string{"doctor", "--format", "json", "--fail-on", "never"}, args...)
	return asExamination(z.t, succeed(z.t, z.env, bench.plugin, args...))
}

func asExamination(t *testing.T, text string) *examination {
	t.Helper()
	var x examination
	if err := json.Unmarshal([]byte(text), &x); err != nil {
		t.Fatalf("doctor: %v\n%s", err, text)
	}
	return &x
}

func (x *examination) outcome(check string) string {
	for _, result := range x.Results {
		if result.ID == check {
			return result.Outcome
		}
	}
	return "not run"
}

// all lists the findings, those that follow from others too.
func (x *examination) all() []finding {
	var all []finding
	var add func([]finding)
	add = func(some []finding) {
		for i := range some {
			all = append(all, some[i])
			add(some[i].Followers)
		}
	}
	for _, result := range x.Results {
		add(result.Findings)
	}
	return all
}

// about lists the findings of a check that are about one of these objects; about any,
// where there are none.
func (x *examination) about(check string, names ...string) []finding {
	return slices.DeleteFunc(x.all(), func(f finding) bool {
		return f.ID != check || len(names) > 0 && !slices.ContainsFunc(f.About, func(o struct{ Kind, ID, Name string }) bool {
			return slices.Contains(names, o.Name) || slices.Contains(names, o.ID)
		})
	})
}

// major is the number of a version of Docker; 0 for Podman.
func major(e *zoo.Engine) int {
	first, _, _ := strings.Cut(e.Version, ".")
	number, err := strconv.Atoi(first)
	if e.Podman || err != nil {
		return 0
	}
	return number
}

// starts tells whether the engine starts a container now.
func (z *doctorZoo) starts(id string) bool {
	z.t.Helper()
	err := z.Start(z.t.Context(), id)
	if err != nil && !zoo.Refused(err) {
		z.t.Fatal(err)
	}
	return err == nil
}

// paste runs what findings about the zoo tell the user to run, and then what shows that
// it helped. What asks is answered with yes.
func (z *doctorZoo) paste(x *examination) {
	z.t.Helper()
	pasted := 0
	z.net("pasted", zoo.Network{Subnet: []string{"10.216.1.0/24"}})
	for _, f := range x.all() {
		own := slices.ContainsFunc(f.About, func(o struct{ Kind, ID, Name string }) bool { return strings.HasPrefix(o.Name, z.Prefix) })
		commands := f.Commands
		if strings.Contains(f.Template, " NETWORK ") {
			commands = append(commands, strings.Replace(f.Template, "NETWORK", z.Name("pasted"), 1))
		}
		if !own || len(commands) == 0 || f.ID == "restarting-needs-network" || strings.Contains(commands[0], " prune") {
			continue // which looks only, or is for the user to choose from
		}
		for _, command := range commands {
			if strings.Contains(command, "docker netkit") {
				command += " --yes"
			}
			said := run(z.t, z.env, "sh", "-c", command)
			z.t.Logf("%s: %s: status %d", f.ID, command, said.status)
			if said.status != 0 {
				z.t.Errorf("%s: %q fails: %s%s", f.ID, command, said.stdout, said.stderr)
			}
		}
		pasted++
		if after := run(z.t, z.env, "sh", "-c", f.Verify+" --fail-on hint --unused-age 0s"); after.status != 0 {
			z.t.Errorf("%s was to be mended by %q, and %s says\n%s%s", f.Text, commands, f.Verify, after.stdout, after.stderr)
		}
	}
	if pasted < 3 {
		z.t.Errorf("only %d mends were pasted", pasted)
	}
}
