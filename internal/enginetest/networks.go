package enginetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

func (e *Engine) serveNetwork(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r, "verbose")
	verbose, _ := strconv.ParseBool(r.URL.Query().Get("verbose"))
	e.mu.Lock()
	var reply any
	n, no := e.find(r.PathValue("id"), toInspect)
	switch {
	case no != nil:
	case n.Raw != "":
		reply = json.RawMessage(n.Raw)
	default:
		reply = e.wireDetail(n, verbose)
	}
	e.mu.Unlock()
	if no != nil {
		e.writeRefusal(w, no)
		return
	}
	writeJSON(w, reply)
}

func (e *Engine) serveRemove(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	e.noBody(r)
	e.serveChange(w, http.StatusNoContent, func() ([]event, *refusal) {
		if e.flavour.Podman {
			return e.removeOnPodman(r.PathValue("id"))
		}
		return e.remove(r.PathValue("id"))
	})
}

// remove does it as Docker does: containers that are not up do not matter.
func (e *Engine) remove(ref string) ([]event, *refusal) {
	n, no := e.find(ref, toRemove)
	if no != nil {
		return nil, no
	}
	const removing = "error while removing network: "
	endpoints := e.endpoints(n)
	switch {
	case predefined(n.Name):
		return nil, refuse(http.StatusForbidden, "%s is a pre-defined network and cannot be removed", n.Name)
	case n.Scope == "swarm" && len(n.Services) > 0:
		return nil, refuse(http.StatusBadRequest, "rpc error: code = FailedPrecondition desc = network %s is in use by service %s", n.ID, ID("service " + n.Services[0])[:25])
	case n.ConfigOnly && slices.ContainsFunc(e.networks, func(other Network) bool { return other.ConfigFrom == n.Name }):
		return nil, refuse(http.StatusForbidden, removing+"configuration network %q is in use", n.Name)
	case len(endpoints) > 0 && e.flavour.speaks(48):
		return nil, refuse(http.StatusForbidden, removing+"network %s has active endpoints (%s)", n.Name, strings.Join(endpoints, ", "))
	case len(endpoints) > 0:
		return nil, refuse(http.StatusForbidden, removing+"network %s id %s has active endpoints", n.Name, n.ID)
	}
	return e.destroy(n), nil
}

// endpoints are those that keep a network from being removed, as 28 names them.
func (e *Engine) endpoints(n *Network) []string {
	var list []string
	name := func(name, id string) { list = append(list, fmt.Sprintf("name:%q id:%q", name, id[:12])) }
	for i := range e.containers {
		if c := &e.containers[i]; c.endpointOn(n) != nil {
			name(c.Name, endpointID(c, n.Name))
		}
	}
	for _, c := range e.behind(n) {
		name(gatewayName(c), ID("gateway of "+c.ID))
	}
	for _, stale := range n.Stale {
		name(stale.Name, stale.ID)
	}
	return list
}

func (e *Engine) destroy(n *Network) []event {
	gone := networkEvent("destroy", n)
	e.removed[gone.id] = true
	e.networks = slices.DeleteFunc(e.networks, func(other Network) bool { return other.ID == gone.id })
	return []event{gone}
}

// removeOnPodman refuses by name what any container wants, up or not and also
// if it is gone; and by ID nothing.
func (e *Engine) removeOnPodman(ref string) ([]event, *refusal) {
	wanted := func(c Container) bool { return c.entry(ref) != nil }
	if slices.ContainsFunc(e.containers, wanted) {
		return nil, refuse(http.StatusInternalServerError,
			"%q has associated containers with it. Use -f to forcibly delete containers and pods: network is being used", ref)
	}
	n, no := e.find(ref, toRemove)
	switch {
	case no != nil && no.status == http.StatusNotFound:
		return nil, refuse(http.StatusNotFound, "network not found")
	case no != nil:
		return nil, no
	case predefined(n.Name):
		return nil, e.unknown("what Podman says when %s is to be removed", n.Name)
	}
	return e.destroy(n), nil
}

type wireDetail struct {
	*wireNetwork
	Containers map[string]wireAttached
	Peers      []wirePeer             `json:",omitempty"`
	Services   map[string]wireService `json:",omitempty"`
}

type wireAttached struct{ Name, EndpointID, MacAddress, IPv4Address, IPv6Address string }

type wirePeer struct{ Name, IP string }

// peerAddress is that of a node of the swarm; the first is this one.
func peerAddress(i int) string { return fmt.Sprintf("192.0.2.%d", i+1) }

type wireService struct {
	VIP          string
	Ports        []string
	LocalLBIndex int
	Tasks        []struct{}
}

// wireDetail is what an inspect tells of a network, beyond what a list tells:
// each endpoint by who has it.
func (e *Engine) wireDetail(n *Network, verbose bool) *wireDetail {
	w := &wireDetail{wireNetwork: e.wireNetwork(n), Containers: map[string]wireAttached{}}
	networks := map[string]*Network{n.ID: n}
	for i := range e.containers {
		c := &e.containers[i]
		if on := c.endpointOn(n); on != nil {
			there := e.wireEndpoint(c, on, networks[on.NetworkID])
			w.Containers[c.ID] = wireAttached{
				Name: c.Name, EndpointID: there.EndpointID, MacAddress: there.MacAddress,
				IPv4Address: withLength(there.IPAddress, there.IPPrefixLen), IPv6Address: withLength(there.GlobalIPv6Address, there.GlobalIPv6PrefixLen),
			}
		}
	}
	for _, c := range e.behind(n) {
		w.Containers[c.ID] = wireAttached{Name: gatewayName(c), EndpointID: ID("gateway of " + c.ID)}
	}
	for _, stale := range n.Stale {
		w.Containers["ep-"+stale.ID] = wireAttached{Name: stale.Name, EndpointID: stale.ID, IPv4Address: withLength(stale.IPv4, n.lengthOf(stale.IPv4))}
	}
	for _, id := range n.Builds {
		w.Containers[id] = wireAttached{Name: id, EndpointID: ID("endpoint of " + id)}
	}
	if n.LoadBalancer {
		w.Containers["lb-"+n.Name] = wireAttached{Name: n.Name + "-endpoint", EndpointID: ID(n.Name + "-endpoint")}
	}
	for i, name := range n.Peers {
		w.Peers = append(w.Peers, wirePeer{Name: name, IP: peerAddress(i)})
	}
	if verbose && len(n.Services) > 0 {
		w.Services = map[string]wireService{}
		for i, name := range n.Services {
			w.Services[name] = wireService{Ports: []string{}, LocalLBIndex: i + 1, Tasks: []struct{}{}}
		}
	}
	return w
}

// behind are the containers whose way out of an overlay leads through a network.
// They stand in its inspect under their own IDs, and in no list as being on it.
func (e *Engine) behind(n *Network) []*Container {
	if n.Name != "docker_gwbridge" {
		return nil
	}
	var found []*Container
	for i := range e.containers {
		onOverlay := slices.ContainsFunc(e.networks, func(other Network) bool {
			return other.Driver == "overlay" && e.containers[i].endpointOn(&other) != nil
		})
		if onOverlay {
			found = append(found, &e.containers[i])
		}
	}
	return found
}

func gatewayName(c *Container) string { return "gateway_" + ID("gateway of " + c.ID)[:12] }

// lengthOf is the length of the subnet that the address is in.
func (n *Network) lengthOf(address string) int {
	a, _ := netip.ParseAddr(address)
	for _, p := range n.Pools {
		if subnet, err := netip.ParsePrefix(p.Subnet); err == nil && subnet.Contains(a) {
			return subnet.Bits()
		}
	}
	return 0
}

func withLength(address string, bits int) string {
	if address == "" {
		return ""
	}
	return fmt.Sprintf("%s/%d", address, bits)
}
