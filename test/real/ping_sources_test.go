//go:build real

package real

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestPingSources: a source needs no tools, no rights and no place to write to, and
// its own resolver is asked. One that cannot send is told, and let be.
func TestPingSources(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		image := sleepingImage(t, e)
		p := buildPair(t, e)
		p.live("bare", &zoo.Container{Image: image, Command: []string{"/sleep", "100000"}})
		p.live("reader", &zoo.Container{HostConfig: map[string]any{"ReadonlyRootfs": true}})
		p.live("nobody", &zoo.Container{User: "65534:65534"})
		p.live("bound", &zoo.Container{HostConfig: map[string]any{"CapDrop": []string{"ALL"}, "SecurityOpt": []string{"no-new-privileges"}}})
		for _, short := range []string{"bare", "reader", "nobody", "bound"} {
			said := p.measure(0, p.Name(short), "b:80")
			for _, layer := range []string{"name", "icmp", "tcp"} {
				if rung := said.rung(t, layer); rung.State != "passed" {
					t.Errorf("%s: from %s: %s %s %s", e.Name, short, layer, rung.State, rung.Failure)
				}
			}
		}
		p.ownResolver()
		p.silentSources()
		nothingLeft(t, e, p.people()...)
	})
}

// people are the IDs of all containers of the pair's keeper.
func (p *pair) people() []string {
	p.t.Helper()
	var list []struct {
		ID string `json:"Id"`
	}
	filters := url.QueryEscape(`{"label":["` + zoo.Label + `=` + p.Prefix + `"]}`)
	ok(p.t, p.Do(p.t.Context(), http.MethodGet, "/containers/json?all=1&filters="+filters, nil, &list))
	var all []string
	for _, c := range list {
		all = append(all, c.ID)
	}
	return all
}

// sleepingImage is an image with one program, and without anything else.
func sleepingImage(t *testing.T, e *zoo.Engine) string {
	t.Helper()
	path, err := exec.LookPath("busybox")
	ok(t, err)
	program, err := os.ReadFile(path)
	ok(t, err)
	var content bytes.Buffer
	w := tar.NewWriter(&content)
	ok(t, w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "sleep", Mode: 0o755, Size: int64(len(program))}))
	_, err = w.Write(program)
	ok(t, err)
	ok(t, w.Close())
	repo := prefix(t) + "bare"
	ok(t, e.Do(t.Context(), http.MethodPost, "/images/create?fromSrc=-&repo="+repo+"&tag=1", io.Reader(&content), nil))
	t.Cleanup(func() {
		ok(t, e.Do(context.WithoutCancel(t.Context()), http.MethodDelete, "/images/"+repo+":1", nil, nil))
	})
	return repo + ":1"
}

// ownResolver: on the default bridge, a container asks the server that it was given.
func (p *pair) ownResolver() {
	p.t.Helper()
	server := p.live("server", &zoo.Container{Mode: "bridge"})
	address := p.addressOf(server)
	socket, err := within(pidOf(p.t, server), func() (net.PacketConn, error) {
		return new(net.ListenConfig).ListenPacket(p.t.Context(), "udp4", ":53")
	})
	ok(p.t, err)
	defer func() { _ = socket.Close() }()
	go answerNames(socket, net.ParseIP(address))
	p.live("given", &zoo.Container{Mode: "bridge", HostConfig: map[string]any{"Dns": []string{address}}})
	said := p.measure(0, p.Name("given"), "known.example.com")
	if said.Namespace == nil || !slices.Equal(said.Namespace.Resolver.Servers, []string{address}) {
		p.t.Errorf("the resolver is %+v, want %s", said.Namespace, address)
	}
	found := said.rung(p.t, "name").Resolution.IPv4
	if found.Server != address+":53" || !slices.Equal(found.Addresses, []string{address}) || found.Took <= 0 {
		p.t.Errorf("the name is %+v, want %s of %s:53", found, address, address)
	}
}

// answerNames is a server that says of every name that it has an IPv4 address.
func answerNames(socket net.PacketConn, address net.IP) {
	question := make([]byte, 1500)
	for {
		n, from, err := socket.ReadFrom(question)
		if err != nil {
			return
		}
		end := 12
		for end < n && question[end] != 0 {
			end += int(question[end]) + 1
		}
		end += 5
		if end > n {
			continue
		}
		answer := append([]byte(nil), question[:end]...)
		copy(answer[2:12], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0})
		if question[end-3] == 1 { // A
			answer[7] = 1
			answer = append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4)
			answer = append(answer, address.To4()...)
		}
		_, _ = socket.WriteTo(answer, from)
	}
}

// silentSources: from these nothing can be sent, and no helper is tried.
func (p *pair) silentSources() {
	p.t.Helper()
	ok(p.t, p.Pause(p.t.Context(), p.live("paused", &zoo.Container{})))
	ok(p.t, p.Stop(p.t.Context(), p.live("stopped", &zoo.Container{})))
	fixes := map[string]string{"paused": "unpause", "stopped": "start"}
	if !p.Podman { // has no such state
		id := p.live("restarting", &zoo.Container{Command: []string{"sh", "-c", "exit 1"}, Restart: "always"})
		p.reaches(id, "restarting")
		fixes["restarting"] = ""
	}
	for short, fix := range fixes {
		b := standBetween(p.t, p.Engine)
		got := run(p.t, environment("DOCKER_HOST="+b.host), bench.plugin, "ping", "--format", "json", p.Name(short), p.Name("b"))
		said := asMeasured(p.t, got, 2, []string{short, "b"})
		if said.Verdict != "not reached" || said.FailedAt != "running" {
			p.t.Errorf("%s: from %s: %s at %s %s", p.Engine.Name, short, said.Verdict, said.FailedAt, said.Failure)
		}
		if !strings.Contains(strings.Join(said.Commands, "\n"), fix) {
			p.t.Errorf("%s: from %s: %q does not suggest %s", p.Engine.Name, short, said.Commands, fix)
		}
		if b.changes > 0 {
			p.t.Errorf("%s: from %s: %d requests changed something", p.Engine.Name, short, b.changes)
		}
	}
}
