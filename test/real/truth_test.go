//go:build real

package real

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestTruth: what is said of a zoo is true.
func TestTruth(t *testing.T) {
	eachEngineInTurn(t, func(t *testing.T, e *zoo.Engine) {
		z, err := zoo.Build(t.Context(), e, prefix(t))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { clean(t, z.Keeper) })
		for kind, reason := range z.Refused {
			t.Logf("%s does not make: %s (%s)", e.Name, kind, reason)
		}
		checkZoo(t, z)
		t.Run("graph", func(t *testing.T) { graphTruth(t, e, z) })
		t.Run("prune", func(t *testing.T) { pruneTruth(t, e, z) }) // removes some
	})
}

// graphTruth: what graph says of who is on what is what the engine says when each
// network and each container is inspected by itself; nothing is missing and nothing
// is added.
func graphTruth(t *testing.T, e *zoo.Engine, z *zoo.Zoo) {
	t.Helper()
	told, truth := compare(t, e)
	if diff := difference(told.facts(), truth.facts()); diff != "" {
		t.Errorf("graph and inspect differ:\n%s", diff)
	}
	if len(told.Unread) > 0 {
		t.Errorf("graph could not read: %v", told.Unread)
	}
	checkKinds(t, z, told)
}

// compare reads graph and the truth. A container that restarts changes by
// itself, so that graph counts only where the truth was the same before and after.
func compare(t *testing.T, e *zoo.Engine) (*picture, *picture) {
	t.Helper()
	before := inspectAll(t, e)
	for range 20 {
		told := graphJSON(t, netkit(t, e, "graph", "--format", "json"))
		after := inspectAll(t, e)
		if slices.Equal(before.facts(), after.facts()) {
			return told, after
		}
		before = after
	}
	t.Fatalf("%s does not come to rest", e.Name)
	return nil, nil
}

// picture is what is compared: of graph's JSON, these fields are a promise.
type picture struct {
	Networks []struct {
		ID, Name, Driver, Scope string
		Implied                 bool
	}
	Containers []struct {
		ID, Name, State string
		Mode            string `json:"network_mode"`
	}
	Attachments []attachment
	Unread      []map[string]any
}

type attachment struct {
	NetworkID   string `json:"network_id"`
	NetworkName string `json:"network_name"`
	ContainerID string `json:"container_id"`
	State       string
	IPv4, IPv6  string
	Static      string `json:"static_ipv4"`
}

func graphJSON(t *testing.T, text string) *picture {
	t.Helper()
	var p picture
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatalf("graph --format json: %v", err)
	}
	return &p
}

// facts are the sentences that a picture says, sorted.
func (p *picture) facts() []string {
	var facts []string
	say := func(format string, args ...any) { facts = append(facts, fmt.Sprintf(format, args...)) }
	names := map[string]string{}
	for _, n := range p.Networks {
		if !n.Implied {
			say("network %s %q %s %s", n.ID, n.Name, n.Driver, n.Scope)
		}
	}
	for _, c := range p.Containers {
		names[c.ID] = c.Name
		say("container %s %s is %s", c.ID, c.Name, c.State)
		if owner, ok := strings.CutPrefix(c.Mode, "container:"); ok {
			say("container %s %s shares the network of %s", c.ID, c.Name, owner)
		}
	}
	for _, a := range p.Attachments {
		network := a.NetworkID
		if network == "" {
			network = fmt.Sprintf("named %q", a.NetworkName)
		}
		say("%s: %s %s on %s with %s %s, wants %s", a.State, a.ContainerID, names[a.ContainerID], network, a.IPv4, a.IPv6, a.Static)
	}
	slices.Sort(facts)
	return facts
}

// difference names what only one of two sorted lists has.
func difference(told, truth []string) string {
	var b strings.Builder
	for _, fact := range truth {
		if _, ok := slices.BinarySearch(told, fact); !ok {
			fmt.Fprintf(&b, "  missing: %s\n", fact)
		}
	}
	for _, fact := range told {
		if _, ok := slices.BinarySearch(truth, fact); !ok {
			fmt.Fprintf(&b, "  untrue:  %s\n", fact)
		}
	}
	if b.Len() == 0 && len(told) != len(truth) {
		fmt.Fprintf(&b, "  told %d times, true %d times\n", len(told), len(truth))
	}
	return b.String()
}

// inspectedNetwork and inspectedContainer are what is used of "docker network
// inspect" and "docker inspect".
type inspectedNetwork struct {
	ID                  string `json:"Id"`
	Name, Driver, Scope string
	Containers          map[string]struct{ Name, IPv4Address, IPv6Address string }
}

type inspectedContainer struct {
	ID              string `json:"Id"`
	Name            string
	State           struct{ Status string }
	HostConfig      struct{ NetworkMode string }
	NetworkSettings struct {
		Networks map[string]struct {
			NetworkID, EndpointID, IPAddress, GlobalIPv6Address string
			IPAMConfig                                          *struct{ IPv4Address string }
		}
	}
}

// inspectAll asks for every network and every container by itself, and puts
// the replies together: the other way to know what graph says.
func inspectAll(t *testing.T, e *zoo.Engine) *picture {
	t.Helper()
	var p picture
	var list []struct {
		ID string `json:"Id"`
	}
	get := func(path string, reply any) {
		if err := e.Do(t.Context(), http.MethodGet, path, nil, reply); err != nil {
			t.Fatal(err)
		}
	}
	get("/networks", &list)
	worker := isWorker(t, e)
	networks := map[string]inspectedNetwork{}
	for _, entry := range list {
		var n inspectedNetwork
		get("/networks/"+entry.ID, &n)
		if e.Podman && n.Name == "podman" {
			n.Name = "bridge" // as its list says, so that docker's clients know it
		}
		networks[n.ID] = n
		p.Networks = append(p.Networks, struct {
			ID, Name, Driver, Scope string
			Implied                 bool
		}{ID: n.ID, Name: n.Name, Driver: n.Driver, Scope: n.Scope})
	}
	list = nil
	get("/containers/json?all=1", &list)
	for _, entry := range list {
		var c inspectedContainer
		get("/containers/"+entry.ID+"/json", &c)
		p.Containers = append(p.Containers, struct {
			ID, Name, State string
			Mode            string `json:"network_mode"`
		}{c.ID, strings.TrimPrefix(c.Name, "/"), c.State.Status, c.HostConfig.NetworkMode})
		p.Attachments = append(p.Attachments, memberships(e, worker, networks, &c)...)
	}
	for _, n := range networks {
		for id, member := range n.Containers {
			known := slices.ContainsFunc(p.Attachments, func(a attachment) bool { return a.NetworkID == n.ID && a.ContainerID == id })
			// Load balancers are no containers, and a way out for what is on
			// an overlay is no membership.
			if !known && !strings.HasPrefix(id, "lb-") && id != "ingress-sbox" && !strings.HasPrefix(member.Name, "gateway_") {
				p.Attachments = append(p.Attachments, attachment{NetworkID: n.ID, ContainerID: id, State: "live, says only the network"})
			}
		}
	}
	return &p
}

// isWorker tells that the engine is a worker of a swarm, which does not know
// all of the swarm's networks.
func isWorker(t *testing.T, e *zoo.Engine) bool {
	t.Helper()
	var info struct {
		Swarm struct {
			LocalNodeState   string
			ControlAvailable bool
		}
	}
	if err := e.Do(t.Context(), http.MethodGet, "/info", nil, &info); err != nil {
		t.Fatal(err)
	}
	return info.Swarm.LocalNodeState == "active" && !info.Swarm.ControlAvailable
}

// memberships are a container's, by the rules of what an engine does when it
// starts the container.
func memberships(e *zoo.Engine, worker bool, networks map[string]inspectedNetwork, c *inspectedContainer) []attachment {
	if strings.HasPrefix(c.HostConfig.NetworkMode, "container:") {
		return nil
	}
	var all []attachment
	for _, name := range slices.Sorted(maps.Keys(c.NetworkSettings.Networks)) {
		entry := c.NetworkSettings.Networks[name]
		a := attachment{NetworkID: entry.NetworkID, NetworkName: name, ContainerID: c.ID}
		if entry.IPAMConfig != nil {
			a.Static = entry.IPAMConfig.IPv4Address
		}
		up := c.State.Status == "running" || c.State.Status == "paused"
		if up && len(entry.NetworkID) == 25 && a.Static == entry.IPAddress {
			a.Static = "" // of a network of the swarm, which may have chosen it
		}
		var found []string
		for _, n := range networks {
			switch {
			case n.ID == entry.NetworkID,
				entry.NetworkID == "" && (n.Name == name || strings.HasPrefix(n.ID, name)),
				n.Name == name && (name == "bridge" || name == "host" || name == "none"):
				found = append(found, n.ID)
			}
		}
		modeOfPodman := e.Podman && (entry.NetworkID == "host" || entry.NetworkID == "none")
		switch {
		case modeOfPodman && up:
			a.State = "live"
		case modeOfPodman:
			a.State = "configured"
		case len(found) == 0 && worker && len(entry.NetworkID) != 64: // a network of the swarm, or nobody knows
			a.State = "unverified"
		case len(found) == 0:
			a.State = "dangling"
		case len(found) > 1:
			a.State = "ambiguous"
		case up:
			a.NetworkID, a.State = found[0], "live"
			// The network must say so too, with the same addresses.
			member, ok := networks[found[0]].Containers[c.ID]
			if !ok {
				a.State = "live, says only the container"
			}
			a.IPv4, _, _ = strings.Cut(member.IPv4Address, "/")
			a.IPv6, _, _ = strings.Cut(member.IPv6Address, "/")
		default:
			a.NetworkID, a.State = found[0], "configured"
		}
		all = append(all, a)
	}
	return all
}

// checkZoo makes sure that the zoo has the kinds that it is there for, so that
// the comparison does not pass for want of them.
func checkZoo(t *testing.T, z *zoo.Zoo) {
	t.Helper()
	for kind := range z.Refused {
		mayRefuse := map[string]bool{
			"two networks of one name":                    z.Podman || z.AtLeast("1.44"),
			"network removed under a stopped container":   z.Podman,
			"network made anew under a stopped container": z.Podman,
			"config-only": z.Podman,
		}
		if !mayRefuse[kind] {
			t.Errorf("%s should make this kind: %s (%s)", z.Engine.Name, kind, z.Refused[kind])
		}
	}
}

// checkKinds names what must be said of the special ones, so that the
// comparison above cannot be right by being blind in the same way.
func checkKinds(t *testing.T, z *zoo.Zoo, told *picture) {
	t.Helper()
	type want struct{ container, network, state string }
	wants := []want{
		{"web", "shop_front", "live"},
		{"api", "shop_front", "live"},
		{"api", "shop_back", "live"},
		{"db", "shop_back", "configured"},
		{"paused", "states", "live"},
		{"stopped", "states", "configured"},
		{"died", "states", "configured"},
		{"by-name", "waiting", "configured"},
		{"by-id", "waiting", "configured"},
		{"by-prefix", "waiting", "configured"},
		{"by-id-alias", "waiting", "configured"},
		{"by-prefix-alias", "waiting", "configured"},
		{"on-two", "waiting", "configured"},
		{"on-two", "states", "configured"},
		{"sixer", "six", "live"},
	}
	if _, refused := z.Refused["macvlan"]; !refused {
		wants = append(wants, want{"macvlaner", "macvlan", "live"})
	}
	if _, refused := z.Refused["config-only"]; !refused && !z.Podman {
		wants = append(wants, want{"configured", "configured", "live"})
	}
	if z.Networks["twin-2"] != "" {
		wants = append(wants, want{"twin-by-id", "twin", "live"}, want{"twin-2-by-id", "twin-2", "live"}, want{"twin-by-name", "", "ambiguous"})
	}
	if z.Networks["gone"] == "" {
		wants = append(wants, want{"dangling", "", "dangling"}, want{"dangling-name", "", "dangling"})
	}
	if z.Podman { // goes by names, so that another network of the name will do
		wants = append(wants, want{"dangling-again", "again", "configured"})
	} else {
		wants = append(wants, want{"dangling-again", "", "dangling"})
	}
	for _, w := range wants {
		if !slices.ContainsFunc(told.Attachments, func(a attachment) bool {
			return a.ContainerID == z.Containers[w.container] && a.State == w.state && (w.network == "" || a.NetworkID == z.Networks[w.network])
		}) {
			t.Errorf("graph does not say that %s is on %q, %s", w.container, w.network, w.state)
		}
	}
	nowhere := []string{"bare", "sharer", "sharer-stopped", "sharer-created"}
	if !z.Podman { // says "bridge" of what is on no network
		nowhere = append(nowhere, "detached")
	}
	for _, none := range nowhere {
		if slices.ContainsFunc(told.Attachments, func(a attachment) bool { return a.ContainerID == z.Containers[none] }) {
			t.Errorf("graph says that %s is on a network of its own", none)
		}
	}
	for _, c := range told.Containers {
		for _, sharer := range []string{"sharer", "sharer-stopped", "sharer-created"} {
			if c.ID == z.Containers[sharer] && c.Mode != "container:"+z.Containers["api"] {
				t.Errorf("graph says that %s has the network mode %q, not that it shares api's", sharer, c.Mode)
			}
		}
	}
}
