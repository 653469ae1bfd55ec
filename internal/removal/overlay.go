package removal

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// tunnels is the option of an overlay that holds the numbers of its tunnels, one
// for each subnet. The swarm writes there what it chose.
const tunnels = "com.docker.network.driver.overlay.vxlanid_list"

// freeTunnels are the options of an overlay that is to be made anew. Where
// another network has a number of its tunnels by now, the swarm is to choose:
// asked for one that is taken, it makes a network that never comes to be
// [measured on 20.10, 26.1, 28.5].
func freeTunnels(ix *topology.Index, options map[string]string) map[string]string {
	asked := strings.Split(options[tunnels], ",")
	taken := slices.ContainsFunc(ix.Networks, func(n topology.Network) bool {
		return n.Opts[tunnels] != "" && slices.ContainsFunc(strings.Split(n.Opts[tunnels], ","), func(number string) bool {
			return slices.Contains(asked, number)
		})
	})
	if !taken {
		return options
	}
	free := maps.Clone(options)
	delete(free, tunnels)
	return free
}

// afterwards is the snapshot once networks were removed. A node lists one of the
// swarm for some moments more [0.2 s, measured on 20.10, 26.1, 28.5], and takes it
// for one that is there: who restores it right then would be led astray. So this
// waits for its end, within reason.
func (w *Worker) afterwards(ctx context.Context, targets []NetworkPlan, r *Result) (s *topology.Snapshot, err error) {
	const patience, pause = 3 * time.Second, 50 * time.Millisecond
	deadline := time.Now().Add(patience)
	for {
		if err = w.act(ctx, func(ctx context.Context) (err error) { s, err = w.Engine.Snapshot(ctx); return err }); err != nil {
			return nil, err
		}
		if !lingers(topology.NewIndex(s), targets, r) || time.Now().After(deadline) {
			return s, nil
		}
		select {
		case <-ctx.Done():
			return s, nil
		case <-time.After(pause):
		}
	}
}

// lingers tells that a network of the swarm is removed, and listed still.
func lingers(ix *topology.Index, targets []NetworkPlan, r *Result) bool {
	for i := range r.Outcomes {
		n := &targets[i].network
		if r.Outcomes[i].State == Removed && n.SwarmScope() && ix.Network(n.ID) != nil {
			return true
		}
	}
	return false
}
