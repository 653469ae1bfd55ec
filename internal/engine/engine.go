package engine

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/cli/cli/command"
	"github.com/moby/moby/client"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Engine is a connection to one engine.
type Engine struct {
	endpoint Endpoint
	root     string // of every request's path: the endpoint with its prefix
	base     string // the root, and the version of the API
	header   http.Header
	http     *http.Client
	api      string
	swarm    topology.SwarmRole
	// What the newest reply told of who answers, and of its clock.
	podman atomic.Bool
	libpod atomic.Value // a string: the version of Podman's own API
	ahead  atomic.Int64 // of our clock, in nanoseconds
	// What programs it runs, once it was asked.
	platform atomic.Pointer[platform]
	// The helpers that the newest snapshot's lists had, once there is one.
	leftovers atomic.Pointer[[]leftover]
}

// Open connects to the engine that the CLI is set to: by flag, environment or
// context. It sends nothing but the CLI's own ping, and one more where that
// had no answer within the CLI's two seconds. The tap may be nil.
func Open(ctx context.Context, cli command.Cli, tap *Tap) (*Engine, error) {
	endpoint, err := EndpointOf(cli)
	if err != nil {
		return nil, err
	}
	api, err := connect(ctx, cli)
	if err != nil {
		return nil, &UnreachableError{Endpoint: endpoint, Err: err}
	}
	info := cli.ServerInfo()
	if info.OSType == "" {
		// The CLI's ping failed, and the CLI does not say why.
		ping, err := api.Ping(ctx, client.PingOptions{NegotiateAPIVersion: true})
		if err != nil {
			return nil, notOpened(ctx, endpoint, err)
		}
		info.SwarmStatus = ping.SwarmStatus
	}
	e := &Engine{
		endpoint: endpoint,
		api:      api.ClientVersion(),
		header:   tap.headers(),
		swarm:    swarmRole(info.SwarmStatus),
	}
	prefix := ""
	if parsed, err := client.ParseHostURL(api.DaemonHost()); err == nil {
		prefix = strings.TrimSuffix(parsed.Path, "/")
	}
	// The dialer has spoken TLS already where there is any to speak, so that
	// plain HTTP goes over it; the host in the URL is only for the header.
	e.root = "http://" + client.DummyHost + prefix
	e.base = e.root + "/v" + e.api
	e.http = &http.Client{
		Transport: &http.Transport{
			DialContext:         cancellable(api.Dialer()),
			MaxIdleConnsPerHost: concurrentReads,
			DisableCompression:  true,
		},
		CheckRedirect: client.CheckRedirect,
	}
	return e, nil
}

// notOpened tells an engine that does not answer from one that answers and
// cannot be spoken with.
func notOpened(ctx context.Context, endpoint Endpoint, err error) error {
	if errdefs.IsInvalidArgument(err) && ctx.Err() == nil {
		return fmt.Errorf("cannot speak with the engine at %s: %s", endpoint, oneLine(err.Error()))
	}
	return &UnreachableError{Endpoint: endpoint, Err: err}
}

// connect gives the CLI's client. The CLI pings with a time limit of its own,
// which is not to keep anybody waiting who wants to wait less.
func connect(ctx context.Context, cli command.Cli) (client.APIClient, error) {
	connected := make(chan client.APIClient, 1)
	go func() { connected <- cli.Client() }()
	select {
	case api := <-connected:
		return api, ctx.Err()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// cancellable makes a dialer heed its context also where the one below does
// not: the CLI's dials TCP and TLS without one.
func cancellable(dial func(context.Context) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	type result struct {
		conn net.Conn
		err  error
	}
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		done := make(chan result)
		go func() {
			conn, err := dial(ctx)
			select {
			case done <- result{conn, err}:
			case <-ctx.Done():
				if err == nil {
					_ = conn.Close()
				}
			}
		}()
		select {
		case r := <-done:
			return r.conn, r.err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Endpoint is where the engine was reached.
func (e *Engine) Endpoint() Endpoint { return e.endpoint }

// Now is the time by the engine's own clock, as far as the newest reply told it.
func (e *Engine) Now() time.Time { return time.Now().Add(time.Duration(e.ahead.Load())) }

// heed keeps what every reply tells.
func (e *Engine) heed(header http.Header) {
	e.podman.Store(product(header) == topology.ProductPodman)
	if version := header.Get(podmanHeader); version != "" {
		e.libpod.Store(version)
	}
	// The header has whole seconds, so that less is no difference.
	if ahead := time.Until(engineTime(header)); ahead.Abs() > 2*time.Second {
		e.ahead.Store(int64(ahead))
	}
}

// Close ends idle connections.
func (e *Engine) Close() { e.http.CloseIdleConnections() }

func swarmRole(status *client.SwarmStatus) topology.SwarmRole {
	switch {
	case status == nil:
		return ""
	case status.NodeState == "inactive":
		return topology.SwarmInactive
	case status.ControlAvailable:
		return topology.SwarmManager
	}
	return topology.SwarmWorker
}
