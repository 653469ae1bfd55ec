package enginetest_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// scene is a recording of what real engines answered, one request after the
// other, from the same networks and containers on. In it, {web} stands for the
// ID of web, and {web:12} for the first 12 digits of that.
type scene struct {
	Scene      string
	Engines    []string // all where it is empty
	Networks   []json.RawMessage
	Containers []struct {
		Name, State, Mode string
		On                []string
		Engines           []string
	}
	Steps []struct {
		Ask  string // method and path
		Body json.RawMessage
		Made string // the name under which the ID of a new network goes
		Look string // the container to be looked at afterwards
		// Replies are status and message by engine, States what an inspect
		// of the container told.
		Replies map[string]string
		States  map[string][]string
	}
}

// TestChangesLikeRealEngines plays the scenes on the fake.
func TestChangesLikeRealEngines(t *testing.T) {
	var scenes []scene
	decode(t, recorded(t, "changes.json"), &scenes)
	for name, flavour := range map[string]enginetest.Flavour{
		"docker20": enginetest.Docker20, "docker26": enginetest.Docker26, "docker28": enginetest.Docker28, "podman": enginetest.Podman,
	} {
		for i := range scenes {
			if len(scenes[i].Engines) > 0 && !slices.Contains(scenes[i].Engines, name) {
				continue
			}
			t.Run(name+"/"+scenes[i].Scene, func(t *testing.T) {
				p := &player{e: enginetest.Start(t, flavour), ids: map[string]string{}}
				p.set(t, name, flavour.Podman, &scenes[i])
				p.play(t, name, &scenes[i])
			})
		}
	}
}

type player struct {
	e   *enginetest.Engine
	ids map[string]string
}

// set makes what is there at the beginning of the scene.
func (p *player) set(t *testing.T, engine string, podman bool, s *scene) {
	t.Helper()
	must := func(ask, body string) []byte {
		method, path, _ := strings.Cut(ask, " ")
		status, reply := send(t, p.e, method, "/v1.41"+path, p.expand(body))
		if status >= 300 {
			t.Fatalf("%s %s: %d %s", ask, body, status, reply)
		}
		return reply
	}
	for _, n := range s.Networks {
		var asked struct{ Name string }
		decode(t, n, &asked)
		p.made(t, asked.Name, must("POST /networks/create", string(n)))
	}
	for _, c := range s.Containers {
		if len(c.Engines) > 0 && !slices.Contains(c.Engines, engine) {
			continue
		}
		made := enginetest.Container{Name: c.Name, State: "created", Mode: p.expand(c.Mode)}
		if owner, shares := strings.CutPrefix(c.Mode, "container:"); shares {
			made.Mode = "container:" + p.ids[owner]
		}
		if c.Mode == "host" || c.Mode == "none" {
			c.On = []string{c.Mode}
		}
		if len(c.On) > 0 {
			made.On = []enginetest.Endpoint{{Network: p.expand(c.On[0])}}
		}
		if podman && c.Mode == "" {
			made.Mode = "bridge"
		}
		p.e.Create(made)
		p.ids[c.Name] = enginetest.ID(c.Name)
		for _, network := range c.On[min(1, len(c.On)):] {
			must("POST /networks/"+network+"/connect", `{"Container":"`+c.Name+`"}`)
		}
		if c.State != "created" {
			must("POST /containers/"+c.Name+"/start", "")
		}
		if c.State == "exited" {
			must("POST /containers/"+c.Name+"/kill", "")
		}
	}
}

func (p *player) made(t *testing.T, name string, reply []byte) {
	t.Helper()
	var made struct{ ID string }
	decode(t, reply, &made)
	p.ids[name] = made.ID
}

func (p *player) play(t *testing.T, engine string, s *scene) {
	t.Helper()
	for _, step := range s.Steps {
		want, recorded := step.Replies[engine]
		if !recorded {
			continue
		}
		method, path, _ := strings.Cut(p.expand(step.Ask), " ")
		status, body := send(t, p.e, method, "/v1.41"+path, p.expand(string(step.Body)))
		var reply struct{ Message, Warning string }
		_ = json.Unmarshal(body, &reply) // Podman writes OK
		got := strings.TrimSpace(fmt.Sprint(status, " ", p.shorten(reply.Message+reply.Warning)))
		if got != want {
			t.Errorf("%s %s\nis answered %s\nand really    %s", step.Ask, step.Body, got, want)
		}
		if status == 201 && step.Made != "" {
			p.made(t, step.Made, body)
		}
		if really, looked := step.States[engine]; looked {
			if got := p.look(t, step.Look); !slices.Equal(got, really) {
				t.Errorf("after %s %s, %s is\n%s\nand really\n%s", step.Ask, step.Body, step.Look, strings.Join(got, "\n"), strings.Join(really, "\n"))
			}
		}
	}
}

var reference = regexp.MustCompile(`\{(\w+)(:12)?\}`)

// expand puts IDs for what stands for them.
func (p *player) expand(text string) string {
	return reference.ReplaceAllStringFunc(text, func(found string) string {
		parts := reference.FindStringSubmatch(found)
		id := p.ids[parts[1]]
		if parts[2] != "" {
			return id[:12]
		}
		return id
	})
}

var anyID = regexp.MustCompile(`[0-9a-f]{64}`)

var endpointOf28 = regexp.MustCompile(`id:"[0-9a-f]{12}"`)

// shorten is the inverse of expand.
func (p *player) shorten(text string) string {
	for name, id := range p.ids {
		text = strings.ReplaceAll(text, id, "{"+name+"}")
	}
	for name, id := range p.ids {
		text = strings.ReplaceAll(text, id[:12], "{"+name+":12}")
	}
	text = anyID.ReplaceAllString(text, "{id}")
	return endpointOf28.ReplaceAllString(text, `id:"{endpoint}"`)
}

// look is a container's state and networks, as the recordings have it.
func (p *player) look(t *testing.T, container string) []string {
	t.Helper()
	var c struct {
		State           struct{ Status string }
		NetworkSettings struct {
			Networks map[string]struct {
				IPAMConfig *struct {
					IPv4Address, IPv6Address string
					LinkLocalIPs             []string
				}
				NetworkID, EndpointID, IPAddress, GlobalIPv6Address, Gateway, IPv6Gateway, MacAddress string
				Aliases, Links, DNSNames                                                              []string
				DriverOpts                                                                            map[string]string
			}
		}
	}
	_, body := send(t, p.e, "GET", "/v1.41/containers/"+container+"/json", "")
	decode(t, body, &c)
	var lines []string
	for name, on := range c.NetworkSettings.Networks {
		line := name + ": "
		tell := func(what string, values ...string) {
			if text := strings.Join(values, ","); text != "" {
				line += " " + what + "=" + text
			}
		}
		line += on.NetworkID
		if on.NetworkID == "" {
			line += "-"
		}
		if on.EndpointID != "" {
			line += " up"
		}
		if strings.HasPrefix(on.IPAddress, "10.213.") {
			tell("4", on.IPAddress)
		}
		tell("6", on.GlobalIPv6Address)
		if strings.HasPrefix(on.Gateway, "10.213.") {
			tell("gw", on.Gateway)
		}
		tell("gw6", on.IPv6Gateway)
		if on.IPAMConfig != nil {
			tell("ask4", on.IPAMConfig.IPv4Address)
			tell("ask6", on.IPAMConfig.IPv6Address)
			tell("link-local", on.IPAMConfig.LinkLocalIPs...)
		}
		if strings.HasPrefix(on.MacAddress, "02:00:00:") {
			tell("mac", on.MacAddress)
		}
		tell("aliases", on.Aliases...)
		tell("links", on.Links...)
		for key, value := range on.DriverOpts {
			tell("opts", key+"="+value)
		}
		tell("dns", on.DNSNames...)
		lines = append(lines, p.shorten(line))
	}
	slices.Sort(lines)
	return append([]string{c.State.Status}, lines...)
}
