package engine

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// WithDefinitions is the snapshot with the whole definition of each network, as
// far as the list lacks it. Podman's does: name servers, routes, ranges of
// addresses and the isolation of bridges stand in its own API only [measured on
// 5.4]. What cannot be read leaves a gap.
func (e *Engine) WithDefinitions(ctx context.Context, s *topology.Snapshot) (*topology.Snapshot, error) {
	if s.Engine.Product != topology.ProductPodman {
		return s, nil
	}
	var missing error
	native, err := e.libpodNetworks(ctx)
	if err := unanswered(err, &missing); err != nil {
		return nil, err
	}
	out := *s
	out.Networks, out.Unread = slices.Clone(s.Networks), slices.Clone(s.Unread)
	for i := range out.Networks {
		n := &out.Networks[i]
		if n.Implied {
			continue
		}
		if n.Native = native[n.ID]; n.Native == "" {
			reason := "Podman's own API does not list it"
			if missing != nil {
				reason = oneLine(missing.Error())
			}
			out.Unread = append(out.Unread, topology.Gap{What: "network", ID: n.ID, Name: n.Name, Field: "definition", Reason: reason})
		}
	}
	return &out, nil
}

// libpodPath is a path of Podman's own API, which has versions of its own.
func (e *Engine) libpodPath(path string) string {
	version, _ := e.libpod.Load().(string)
	return "/v" + version + "/libpod" + path
}

// libpodNetworks reads the definitions of all networks, by ID.
func (e *Engine) libpodNetworks(ctx context.Context) (map[string]string, error) {
	path := e.libpodPath("/networks/json")
	reply, err := e.getAt(ctx, e.root, path)
	if err != nil {
		return nil, err
	}
	defer reply.body.Close()
	var list []map[string]json.RawMessage
	if err := json.NewDecoder(reply.body).Decode(&list); err != nil {
		return nil, e.wrap(ctx, path, notJSON(err))
	}
	native := map[string]string{}
	for _, n := range list {
		var id string
		if json.Unmarshal(n["id"], &id) != nil {
			continue
		}
		for _, key := range []string{"id", "created", "containers"} { // no part of what can be asked for
			delete(n, key)
		}
		text, err := json.Marshal(n)
		if err != nil {
			return nil, e.wrap(ctx, path, err)
		}
		native[id] = string(text)
	}
	return native, nil
}

// ownInterface is a name of an interface that Podman chose. Another network may
// have it by now.
var ownInterface = regexp.MustCompile(`^podman\d+$`)

// createNative makes a network of its definition in Podman's own API. Subnets
// that the network is not to have any more are left out.
func (e *Engine) createNative(ctx context.Context, n *topology.Network) (id string, err error) {
	var definition map[string]any
	if err := json.Unmarshal([]byte(n.Native), &definition); err != nil {
		return "", errors.New("the definition that was kept cannot be read: " + oneLine(err.Error()))
	}
	if name, _ := definition["network_interface"].(string); ownInterface.MatchString(name) {
		delete(definition, "network_interface")
	}
	subnets, _ := definition["subnets"].([]any)
	definition["subnets"] = slices.DeleteFunc(subnets, func(subnet any) bool {
		fields, _ := subnet.(map[string]any)
		return !slices.ContainsFunc(n.IPAM.Pools, func(p topology.Pool) bool { return p.Subnet.String() == fields["subnet"] })
	})
	var made struct{ ID string }
	if err := e.actAt(ctx, e.root, http.MethodPost, e.libpodPath("/networks/create"), definition, &made); err != nil {
		return "", err
	}
	return made.ID, nil
}
