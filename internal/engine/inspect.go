package engine

import (
	"context"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// WithEndpoints is the snapshot with what only an inspect of a network tells,
// for these networks: endpoints that no container has, the nodes that it
// reaches, and for a network of the swarm the services that want it, and how
// many nodes there are. A network that is gone by now, and what the engine does
// not tell, leave a gap.
func (e *Engine) WithEndpoints(ctx context.Context, s *topology.Snapshot, networks []*topology.Network) (*topology.Snapshot, error) {
	details := make([]*wireDetail, len(networks))
	missing := make([]error, len(networks))
	var swarm swarmReader
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(concurrentReads)
	for i, n := range networks {
		group.Go(func() (err error) {
			details[i], err = e.detailOf(ctx, n)
			return unanswered(err, &missing[i])
		})
	}
	if slices.ContainsFunc(networks, (*topology.Network).SwarmScope) && s.Engine.Swarm != topology.SwarmWorker {
		group.Go(func() error { return swarm.readServices(ctx, e) })
		group.Go(func() error { return swarm.readNodes(ctx, e) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	out := *s
	out.Networks, out.Unread = slices.Clone(s.Networks), slices.Clone(s.Unread)
	at := map[string]int{}
	for i := range out.Networks {
		at[out.Networks[i].ID] = i
	}
	for i, asked := range networks {
		n := &out.Networks[at[asked.ID]]
		if missing[i] != nil {
			out.Unread = append(out.Unread, topology.Gap{What: "endpoints", ID: n.ID, Name: n.Name, Reason: oneLine(missing[i].Error())})
			continue
		}
		details[i].fill(n)
		if n.SwarmScope() {
			out.Unread = append(out.Unread, swarm.fill(n, details[i])...)
		}
	}
	swarm.describe(&out.Engine)
	out.Sort()
	return &out, nil
}

// unanswered keeps the error of a request of which no use can be made, and
// gives back any other, after which there is no use in asking on.
func unanswered(err error, kept *error) error {
	if failed, ok := errors.AsType[*RequestError](err); ok && failed.answered() {
		*kept = failed.Err
		return nil
	}
	return err
}

type wireDetail struct {
	Containers map[string]struct{ Name, EndpointID string }
	Peers      []struct{ IP string }
}

func (e *Engine) detailOf(ctx context.Context, n *topology.Network) (*wireDetail, error) {
	var detail wireDetail
	if _, err := e.getJSON(ctx, "/networks/"+url.PathEscape(n.ID), &detail); err != nil {
		return nil, err
	}
	return &detail, nil
}

// fill tells whose each endpoint is by the key that it stands under [measured
// on 20.10, 26.1, 28.5; the stale ones in moby's source]: the ID of a
// container; ep-ID where nobody has it; lb-NETWORK for the load balancer of the
// swarm, ingress-sbox for that of the routing mesh.
//
// The name gateway_… is that of the way out of a container on an overlay. It
// stands under the container's ID, and no list has the container on that
// network. Nor does a list have what runs a step of "docker build".
func (w *wireDetail) fill(n *topology.Network) {
	n.Inspected, n.Endpoints, n.Peers = true, nil, len(w.Peers)
	for key, endpoint := range w.Containers {
		found := topology.Endpoint{ID: endpoint.EndpointID, Name: endpoint.Name, Kind: topology.Stale}
		switch {
		case strings.HasPrefix(key, "lb-"), key == "ingress-sbox", n.Name == topology.SwarmGateway && strings.HasPrefix(endpoint.Name, "gateway_"), isBuild(key, endpoint.Name):
			found.Kind = topology.OfEngine
		case isContainerID(key):
			found.Kind, found.ContainerID = topology.OfContainer, key
		}
		n.Endpoints = append(n.Endpoints, found)
	}
	slices.SortFunc(n.Endpoints, func(a, b topology.Endpoint) int {
		return strings.Compare(a.Name+a.ID, b.Name+b.ID)
	})
}

// isContainerID tells a key that only containers have: the container of an endpoint, also
// if no list has it, as where a proxy shows a user just their own. To take that endpoint
// for one that nobody has would take the container off the network.
func isContainerID(key string) bool {
	const length = 64
	_, err := hex.DecodeString(key)
	return len(key) == length && err == nil
}

// isBuild tells the endpoint of a step that BuildKit runs: its key and its name are
// the ID that BuildKit gives it, of 25 digits to the base of 36 [measured on 20.10,
// 28.5]. To take it for one that nobody has would break the build.
func isBuild(key, name string) bool {
	const length = 25
	digit := func(r rune) bool { return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' }
	return key == name && len(key) == length && strings.TrimFunc(key, digit) == ""
}
