package engine

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// swarmReader reads what concerns all networks of the swarm.
type swarmReader struct {
	services []wireService
	nodes    int
	address  string // of this node
	worker   bool
	// Why one or the other could not be read.
	servicesMissing, nodesMissing error
}

func (r *swarmReader) readServices(ctx context.Context, e *Engine) (err error) {
	r.services, err = e.services(ctx)
	if failed, ok := errors.AsType[*RequestError](err); ok && failed.notManager() {
		// Nothing is unread: it is not to be had here. A node that was a manager
		// when it was asked may be none by now, and 20.10 did not say.
		r.worker = true
		return nil
	}
	return unanswered(err, &r.servicesMissing)
}

func (r *swarmReader) readNodes(ctx context.Context, e *Engine) error {
	swarm, err := e.swarmInfo(ctx)
	r.nodes, r.address = swarm.Nodes, swarm.NodeAddr
	return unanswered(err, &r.nodesMissing)
}

// fill adds the services that want a network, and gives what is not known of it.
// For a moment after its last container stopped, a node counts itself among those
// that the network reaches; without a place there, it is none of them.
func (r *swarmReader) fill(n *topology.Network, detail *wireDetail) []topology.Gap {
	n.Services = using(r.services, n)
	for _, peer := range detail.Peers {
		if len(n.Endpoints) == 0 && peer.IP != "" && peer.IP == r.address {
			n.Peers--
		}
	}
	var gaps []topology.Gap
	for what, missing := range map[string]error{"services": r.servicesMissing, "nodes": r.nodesMissing} {
		if missing != nil {
			gaps = append(gaps, topology.Gap{What: what, ID: n.ID, Name: n.Name, Reason: oneLine(missing.Error())})
		}
	}
	return gaps
}

func (r *swarmReader) describe(e *topology.Engine) {
	if e.SwarmNodes = r.nodes; r.worker {
		e.Swarm = topology.SwarmWorker
	}
}

// notManager tells that a node refuses what only a manager of a swarm does
// [measured on 20.10, 26.1, 28.5]. The status alone is that of a manager, too,
// while its swarm has no leader.
func (e *RequestError) notManager() bool {
	return e.Status == http.StatusServiceUnavailable && strings.Contains(e.Err.Error(), "not a swarm manager")
}

// wireSwarm is what an engine tells of its swarm. The number of nodes is known
// to managers only.
type wireSwarm struct {
	LocalNodeState   string
	ControlAvailable bool
	Nodes            int
	// NodeAddr is the address by which the others know this node.
	NodeAddr string
}

func (w *wireSwarm) role() topology.SwarmRole {
	switch {
	case w.LocalNodeState == "":
		return ""
	case w.LocalNodeState == "inactive":
		return topology.SwarmInactive
	case w.ControlAvailable:
		return topology.SwarmManager
	}
	return topology.SwarmWorker
}

// swarmInfo asks which part the engine has in its swarm.
func (e *Engine) swarmInfo(ctx context.Context) (wireSwarm, error) {
	var info struct{ Swarm wireSwarm }
	if _, err := e.getJSON(ctx, infoPath, &info); err != nil {
		return wireSwarm{}, err
	}
	return info.Swarm, nil
}

// askRole finds the part in a swarm of an engine that does not tell it in its
// ping: Docker 20.10 [measured]. Without it, a network that is gone could not be
// told from one that other nodes have. It is asked for where the list of
// networks shows that there is a swarm; one that does not answer stays unknown.
func (e *Engine) askRole(ctx context.Context, s *topology.Snapshot) error {
	ingress := func(n topology.Network) bool { return n.Ingress }
	if s.Engine.Swarm != "" || s.Engine.Product != topology.ProductDocker || !slices.ContainsFunc(s.Networks, ingress) {
		return nil
	}
	swarm, err := e.swarmInfo(ctx)
	s.Engine.Swarm = swarm.role()
	var unknown error
	return unanswered(err, &unknown)
}

type wireService struct {
	Spec struct {
		Name         string
		TaskTemplate struct{ Networks []struct{ Target string } }
		Networks     []struct{ Target string }
	}
}

// services lists the services of the swarm. Only a manager answers.
func (e *Engine) services(ctx context.Context) ([]wireService, error) {
	var services []wireService
	if _, err := e.getJSON(ctx, "/services", &services); err != nil {
		return nil, err
	}
	return services, nil
}

// using are the names of the services that want a network, by ID or by name.
func using(services []wireService, n *topology.Network) []string {
	var names []string
	for _, service := range services {
		for _, target := range slices.Concat(service.Spec.TaskTemplate.Networks, service.Spec.Networks) {
			if target.Target == n.ID || target.Target == n.Name {
				names = append(names, service.Spec.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
