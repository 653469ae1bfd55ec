package removal

import (
	"context"
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Clearable lists the endpoints of a network that nobody has and that can be cleared: the
// engine clears by name, and would take a container of that name off the network
// (moby#17217). The snapshot must hold the network's endpoints.
func Clearable(ix *topology.Index, n *topology.Network) []topology.Endpoint {
	var found []topology.Endpoint
	for _, e := range n.Endpoints {
		if e.Kind == topology.Stale && e.Name != "" && !diagnose.TakenForContainer(ix, e.Name) {
			found = append(found, e)
		}
	}
	return found
}

// Clear clears endpoints that nobody has, after it has looked again: one that is gone by
// now is passed over, and where one has an owner now, nothing is done ([ChangedError]).
// It gives those that were cleared.
func (w *Worker) Clear(ctx context.Context, networkID string, endpoints []topology.Endpoint) (cleared []topology.Endpoint, err error) {
	unlock, err := w.Journal.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	var there []topology.Endpoint
	if err := w.read(ctx, func(ctx context.Context) error {
		there, err = w.stillClearable(ctx, networkID, endpoints)
		return err
	}); err != nil {
		return nil, err
	}
	for _, e := range there {
		if ctx.Err() != nil {
			return cleared, errInterrupted
		}
		if err := w.act(ctx, func(ctx context.Context) error { return w.Engine.ClearEndpoint(ctx, networkID, e.Name) }); err != nil {
			return cleared, err
		}
		cleared = append(cleared, e)
	}
	return cleared, nil
}

func (w *Worker) stillClearable(ctx context.Context, networkID string, endpoints []topology.Endpoint) ([]topology.Endpoint, error) {
	s, err := w.Engine.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	n := topology.NewIndex(s).Network(networkID)
	if n == nil {
		return nil, &ChangedError{Changes: []string{"the network is gone"}}
	}
	if s, err = w.Engine.WithEndpoints(ctx, s, []*topology.Network{n}); err != nil {
		return nil, err
	}
	ix := topology.NewIndex(s)
	n = ix.Network(networkID)
	clearable := Clearable(ix, n)
	var found []topology.Endpoint
	for _, e := range endpoints {
		switch {
		case slices.Contains(clearable, e):
			found = append(found, e)
		case slices.ContainsFunc(n.Endpoints, func(now topology.Endpoint) bool { return now.ID == e.ID }):
			return nil, &ChangedError{Changes: []string{"an endpoint is a container's, or has the name of one, by now"}}
		}
	}
	return found, nil
}
