package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// RefusedError is an engine's refusal to do what it was asked for.
type RefusedError struct {
	// Status is the HTTP status, and Message what the engine says.
	Status  int
	Message string
}

// Error is what the engine says, on one line.
func (e *RefusedError) Error() string {
	return "the engine says: " + oneLine(e.Message)
}

// NotFound tells that the engine does not know what was to be changed.
func (e *RefusedError) NotFound() bool { return e.Status == http.StatusNotFound }

// SubnetTaken tells that a subnet overlaps with another. The words are those
// of Docker 20.10, 26.1, 28.5 and Podman 5.4 [measured].
func (e *RefusedError) SubnetTaken() bool {
	return strings.Contains(e.Message, "Pool overlaps") || strings.Contains(e.Message, "is already used on the host") ||
		strings.Contains(e.Message, "conflicts with network")
}

// AddressRefused tells that an address or MAC was asked for that the network
// does not give: another has it, or the network's subnet was not chosen by the
// user [measured on 20.10, 26.1, 28.5].
func (e *RefusedError) AddressRefused() bool {
	for _, words := range []string{
		"Address already in use", "user specified IP address is supported", "no configured subnet", "address is not in", "is out of",
		"requested IP", "requested static", "already allocated",
	} {
		if strings.Contains(e.Message, words) {
			return true
		}
	}
	return false
}

// Restarting tells that a container has no place on any network right now,
// since it waits for its next restart [measured on 28.5].
func (e *RefusedError) Restarting() bool {
	return strings.Contains(e.Message, "network sandbox for container")
}

// mostOfReply is how much of a short reply is read, in bytes.
const mostOfReply = 1 << 20

// act sends a request that changes something, and reads the reply into result
// where one is wanted.
func (e *Engine) act(ctx context.Context, method, path string, body, result any) error {
	return e.actAt(ctx, e.base, method, path, body, result)
}

// actAt is the same for a path below another base.
func (e *Engine) actAt(ctx context.Context, base, method, path string, body, result any) error {
	resp, err := e.do(ctx, base, method, path, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, mostOfReply))
	if resp.StatusCode >= http.StatusBadRequest {
		return e.refused(ctx, method, path, resp, text)
	}
	switch {
	case err != nil:
		return e.failedAt(ctx, method, path, resp.StatusCode, err)
	case resp.StatusCode >= http.StatusMultipleChoices:
		return e.failedAt(ctx, method, path, resp.StatusCode, errors.New("status "+resp.Status))
	case result == nil:
		return nil
	}
	if err := json.Unmarshal(text, result); err != nil {
		return e.failedAt(ctx, method, path, resp.StatusCode, notJSON(err))
	}
	return nil
}

// refused is the error of a reply with a status that says no.
func (e *Engine) refused(ctx context.Context, method, path string, resp *http.Response, text []byte) error {
	var refusal struct{ Message string }
	if json.Unmarshal(text, &refusal) != nil || refusal.Message == "" {
		// No engine speaks so. What answered in its place does not know
		// whether the engine was asked.
		return e.failedAt(ctx, method, path, resp.StatusCode, fmt.Errorf("status %s, and not in the engine's words", resp.Status))
	}
	return &RefusedError{Status: resp.StatusCode, Message: refusal.Message}
}

// RemoveNetwork removes a network. Docker refuses while it has endpoints, and
// not while containers that are not up want it.
//
// Podman is asked by name: by ID it removes a network even from under running
// containers, by name it refuses while any container wants it [measured on
// 5.4]. Names are unique there.
func (e *Engine) RemoveNetwork(ctx context.Context, n *topology.Network) error {
	ref := n.ID
	if e.podman.Load() {
		ref = n.Name
	}
	return e.act(ctx, http.MethodDelete, "/networks/"+url.PathEscape(ref), nil, nil)
}

// Disconnect takes a container off a network. The network is an ID, or the name
// by which a container that is not up holds one that is gone.
func (e *Engine) Disconnect(ctx context.Context, network, containerID string) error {
	return e.disconnect(ctx, network, containerID, false)
}

// ClearEndpoint takes away an endpoint that no container has, by its name. The
// caller must know that no container has this name, or an ID that begins with
// it: the engine would take that one off the network (moby#17217).
func (e *Engine) ClearEndpoint(ctx context.Context, networkID, endpointName string) error {
	return e.disconnect(ctx, networkID, endpointName, true)
}

func (e *Engine) disconnect(ctx context.Context, network, container string, force bool) error {
	return e.act(ctx, http.MethodPost, "/networks/"+url.PathEscape(network)+"/disconnect",
		map[string]any{"Container": container, "Force": force}, nil)
}

// Connect puts a container on a network, running or not.
func (e *Engine) Connect(ctx context.Context, networkID, containerID string, want *topology.EndpointConfig) error {
	type ipam struct {
		IPv4Address  string   `json:",omitempty"`
		IPv6Address  string   `json:",omitempty"`
		LinkLocalIPs []string `json:",omitempty"`
	}
	type endpoint struct {
		IPAMConfig *ipam             `json:",omitempty"`
		Links      []string          `json:",omitempty"`
		Aliases    []string          `json:",omitempty"`
		DriverOpts map[string]string `json:",omitempty"`
		MacAddress string            `json:",omitempty"`
		GwPriority int               `json:",omitempty"`
	}
	config := endpoint{Links: want.Links, Aliases: want.Aliases, DriverOpts: want.DriverOpts, MacAddress: want.MAC, GwPriority: want.GatewayPriority}
	if !want.IPv4.IsZero() || !want.IPv6.IsZero() || len(want.LinkLocal) > 0 {
		config.IPAMConfig = &ipam{IPv4Address: want.IPv4.String(), IPv6Address: want.IPv6.String()}
		for _, address := range want.LinkLocal {
			config.IPAMConfig.LinkLocalIPs = append(config.IPAMConfig.LinkLocalIPs, address.String())
		}
	}
	return e.act(ctx, http.MethodPost, "/networks/"+url.PathEscape(networkID)+"/connect",
		map[string]any{"Container": containerID, "EndpointConfig": config}, nil)
}

// CreateNetwork makes a network of this definition, and gives its ID. A name
// that is in use is refused, unless it is to be a twin: Docker 20.10 takes that
// [measured], newer ones refuse it all the same.
func (e *Engine) CreateNetwork(ctx context.Context, n *topology.Network, twin bool) (id string, err error) {
	if e.podman.Load() && n.Native != "" {
		return e.createNative(ctx, n)
	}
	type pool struct {
		Subnet             string            `json:",omitempty"`
		IPRange            string            `json:",omitempty"`
		Gateway            string            `json:",omitempty"`
		AuxiliaryAddresses map[string]string `json:",omitempty"`
	}
	var pools []pool
	for _, p := range n.IPAM.Pools {
		w := pool{Subnet: p.Subnet.String(), IPRange: p.Range.String(), Gateway: p.Gateway.String()}
		for name, address := range p.Aux {
			if w.AuxiliaryAddresses == nil {
				w.AuxiliaryAddresses = map[string]string{}
			}
			w.AuxiliaryAddresses[name] = address.String()
		}
		pools = append(pools, w)
	}
	body := map[string]any{
		"Name": n.Name, "CheckDuplicate": !twin, "Driver": n.Driver, "Internal": n.Internal, "Attachable": n.Attachable,
		"Ingress": n.Ingress, "ConfigOnly": n.ConfigOnly, "EnableIPv6": n.IPv6, "Labels": n.Labels, "Options": n.Opts,
	}
	if n.Scope != "" && !n.ConfigOnly { // an engine refuses it with one [measured on 20.10, 26.1, 28.5]
		body["Scope"] = n.Scope
	}
	if n.IPv4 != topology.Unknown {
		body["EnableIPv4"] = n.IPv4 == topology.Yes
	}
	if n.ConfigFrom != "" {
		// The rest is what the other network gives; asking for it, too, is refused.
		// Whether it is internal or attachable is its own [measured on 20.10, 26.1,
		// 28.5].
		body["ConfigFrom"] = map[string]string{"Network": n.ConfigFrom}
		for _, key := range []string{"EnableIPv6", "EnableIPv4", "Labels", "Options"} {
			delete(body, key)
		}
	} else if n.IPAM.Driver != "" || len(pools) > 0 {
		body["IPAM"] = map[string]any{"Driver": n.IPAM.Driver, "Options": n.IPAM.Opts, "Config": pools}
	}
	var made struct {
		ID string `json:"Id"`
	}
	if err := e.act(ctx, http.MethodPost, "/networks/create", body, &made); err != nil {
		return "", err
	}
	if made.ID == "" {
		return "", errors.New("the engine made a network and did not say which")
	}
	return made.ID, nil
}
