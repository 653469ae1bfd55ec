package engine

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// concurrentReads bounds the requests that are under way at one time.
const concurrentReads = 8

// Snapshot reads the engine's networks and containers in two requests, side by
// side, however many there are. Either both replies were whole, or there is an
// error; single objects that could not be read are in the snapshot's Unread.
func (e *Engine) Snapshot(ctx context.Context) (*topology.Snapshot, error) {
	var networks networkReader
	var containers containerReader
	takenAt := time.Now()
	var header http.Header
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		reply, err := e.get(ctx, "/networks", nil)
		if err != nil {
			return err
		}
		defer reply.body.Close()
		header = reply.header
		return e.wrap("/networks", list(reply.body, networks.take))
	})
	group.Go(func() error {
		reply, err := e.get(ctx, "/containers/json", url.Values{"all": {"1"}})
		if err != nil {
			return err
		}
		defer reply.body.Close()
		return e.wrap("/containers/json", list(reply.body, containers.take))
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	s := &topology.Snapshot{
		Schema:     topology.Schema,
		TakenAt:    takenAt.UTC().Truncate(time.Second),
		Engine:     e.describe(header),
		Networks:   networks.networks,
		Containers: containers.containers,
		Unread:     append(networks.gaps, containers.gaps...),
	}
	resolve(s, containers.wanted)
	s.Sort()
	return s, nil
}

func (e *Engine) wrap(path string, err error) error {
	if err == nil {
		return nil
	}
	return e.failed(path, http.StatusOK, err)
}

// describe tells which engine answered, from the headers of its reply.
func (e *Engine) describe(header http.Header) topology.Engine {
	engine := topology.Engine{
		API: e.api, OS: header.Get("Ostype"), Swarm: e.swarm,
		Endpoint: e.endpoint.Host, Context: e.endpoint.Context,
	}
	// "Docker/28.5.2 (linux)", "Libpod/5.4.2 (linux)" [measured on Docker
	// 20.10, 26.1, 28.5 and Podman 5.4].
	product, rest, _ := strings.Cut(header.Get("Server"), "/")
	version, system, _ := strings.Cut(rest, " (")
	switch product {
	case "Docker":
		engine.Product = topology.ProductDocker
	case "Libpod":
		engine.Product = topology.ProductPodman
	default:
		return engine
	}
	engine.Version = version
	if engine.OS == "" { // Podman tells it in the reply to a ping only
		engine.OS = strings.TrimSuffix(system, ")")
	}
	return engine
}
