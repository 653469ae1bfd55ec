package engine

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// concurrentReads bounds the requests that are under way at one time.
const concurrentReads = 8

// Snapshot reads the engine's networks and containers in two requests, side by
// side, however many there are; and in a swarm one more, of an engine that does
// not tell its part in that. Either both replies were whole, or there is an
// error; single objects that could not be read are in the snapshot's Unread.
//
// The two replies are of moments that differ a little. Where that shows, since
// something was made between them, both are read once more.
func (e *Engine) Snapshot(ctx context.Context) (*topology.Snapshot, error) {
	s, now, err := e.snapshot(ctx)
	if err == nil && caughtInBetween(s, now) {
		s, _, err = e.snapshot(ctx)
	}
	if err != nil {
		return nil, err
	}
	s.Sort()
	return s, nil
}

// snapshot reads both lists once, and gives the engine's own time with them.
func (e *Engine) snapshot(ctx context.Context) (*topology.Snapshot, time.Time, error) {
	var networks networkReader
	var containers containerReader
	takenAt := time.Now()
	var header http.Header
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		header, err = read(groupCtx, e, "/networks", nil, networks.take)
		return err
	})
	group.Go(func() error {
		_, err := read(groupCtx, e, "/containers/json", url.Values{"all": {"1"}}, containers.take)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, takenAt, err
	}
	e.leftovers.Store(&containers.helpers)
	s := &topology.Snapshot{
		Schema:     topology.Schema,
		TakenAt:    takenAt.UTC().Truncate(time.Second),
		Engine:     e.describe(header),
		Networks:   networks.networks,
		Containers: containers.containers,
		Unread:     slices.Concat(networks.gaps, containers.gaps),
	}
	if s.Engine.Product == "" {
		e.askProduct(ctx, &s.Engine)
	}
	if err := e.askRole(ctx, s); err != nil {
		return nil, takenAt, err
	}
	resolve(s, containers.wanted)
	return s, engineTime(header), nil
}

// read asks for a list and takes its elements.
func read[T any](ctx context.Context, e *Engine, path string, query url.Values, take func(element[T])) (http.Header, error) {
	reply, err := e.get(ctx, path, query)
	if err != nil {
		return nil, err
	}
	defer reply.body.Close()
	return reply.header, e.wrap(ctx, path, list(reply.body, take))
}

// caughtInBetween tells that something changed between the two replies, or may
// well have: a container that is up, or only just made, wants a network that is
// not in the list (the engine removes no network that has an endpoint); or
// nobody is on a network that was only just made.
func caughtInBetween(s *topology.Snapshot, now time.Time) bool {
	const justNow = 3 * time.Second
	lacking, used := map[string]bool{}, map[string]bool{}
	for i := range s.Attachments {
		a := &s.Attachments[i]
		used[a.NetworkID] = true
		if a.State == topology.Dangling {
			lacking[a.ContainerID] = true
		}
	}
	return slices.ContainsFunc(s.Containers, func(c topology.Container) bool {
		return lacking[c.ID] && (c.State.Up() || now.Sub(c.Created) < justNow)
	}) || slices.ContainsFunc(s.Networks, func(n topology.Network) bool {
		return !used[n.ID] && !n.Predefined() && !n.Created.IsZero() && now.Sub(n.Created) < justNow
	})
}

// engineTime is the time by the engine's own clock, which also tells when its
// containers were made.
func engineTime(header http.Header) time.Time {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		return date
	}
	return time.Now()
}

func (e *Engine) wrap(ctx context.Context, path string, err error) error {
	if err == nil {
		return nil
	}
	return e.failed(ctx, path, http.StatusOK, err)
}

// describe tells which engine answered, from the headers of its reply.
func (e *Engine) describe(header http.Header) topology.Engine {
	engine := topology.Engine{
		API: e.api, OS: header.Get("Ostype"), Swarm: e.swarm,
		Endpoint: e.endpoint.Host, Context: e.endpoint.Context,
	}
	if engine.Product = product(header); engine.Product == "" {
		return engine
	}
	name, rest, _ := strings.Cut(header.Get("Server"), "/")
	if name != "Docker" && name != "Libpod" {
		engine.Version = header.Get(podmanHeader)
		return engine
	}
	version, system, _ := strings.Cut(rest, " (")
	engine.Version = version
	if engine.OS == "" { // Podman tells it in the reply to a ping only
		engine.OS = strings.TrimSuffix(system, ")")
	}
	return engine
}

// askProduct asks an engine of which no header tells what it is, as when a proxy
// puts its own name into them. What cannot be read stays unknown.
func (e *Engine) askProduct(ctx context.Context, engine *topology.Engine) {
	v, err := e.Version(ctx)
	if err != nil {
		return
	}
	engine.Product, engine.Version = v.Product, v.Version
	if engine.OS == "" {
		engine.OS = v.OS
	}
}

// podmanHeader holds Podman's version, in each of its replies [measured on 5.4].
const podmanHeader = "Libpod-Api-Version"

// product is what the engine calls itself: "Docker/28.5.2 (linux)",
// "Libpod/5.4.2 (linux)" [measured on Docker 20.10, 26.1, 28.5 and Podman 5.4].
func product(header http.Header) string {
	if header.Get(podmanHeader) != "" {
		return topology.ProductPodman
	}
	name, _, _ := strings.Cut(header.Get("Server"), "/")
	switch name {
	case "Docker":
		return topology.ProductDocker
	case "Libpod":
		return topology.ProductPodman
	}
	return ""
}
