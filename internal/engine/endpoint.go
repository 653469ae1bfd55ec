package engine

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/containerd/errdefs"
	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/context/docker"
)

// Endpoint is where an engine is looked for.
type Endpoint struct {
	// Host is the address, as in DOCKER_HOST.
	Host string
	// Context is the docker context that names it; "default" where -H,
	// DOCKER_HOST or nothing does.
	Context string
}

// String describes the endpoint for an error message.
func (e Endpoint) String() string {
	if e.Context == "" || e.Context == command.DefaultContextName {
		return e.Host
	}
	return fmt.Sprintf("%s (context %q)", e.Host, e.Context)
}

// endpointError says why a context gives no endpoint.
func endpointError(context string, err error) error {
	switch {
	case context == command.DefaultContextName && errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("cannot read a TLS file: %w; check --tlscacert, --tlscert, --tlskey and DOCKER_CERT_PATH", err)
	case context == command.DefaultContextName:
		return fmt.Errorf("cannot use the endpoint of -H or DOCKER_HOST: %w", err)
	case errdefs.IsNotFound(err):
		return fmt.Errorf("there is no docker context %q; docker context ls lists them", context)
	}
	return fmt.Errorf("cannot use docker context %q: %w; see: docker context inspect", context, err)
}

// EndpointOf finds the endpoint without connecting to it. The CLI's own
// way ends the process when the context is broken; this one says why.
func EndpointOf(cli command.Cli) (Endpoint, error) {
	endpoint := Endpoint{Context: cli.CurrentContext()}
	meta, err := cli.ContextStore().GetMetadata(endpoint.Context)
	if err != nil {
		return endpoint, endpointError(endpoint.Context, err)
	}
	found, err := docker.EndpointFromContext(meta)
	if err != nil {
		return endpoint, fmt.Errorf("cannot use docker context %q: %w; see: docker context inspect", endpoint.Context, err)
	}
	if _, err := docker.WithTLSData(cli.ContextStore(), endpoint.Context, found); err != nil {
		return endpoint, fmt.Errorf("cannot read the TLS files of docker context %q: %w", endpoint.Context, err)
	}
	endpoint.Host = found.Host
	return endpoint, nil
}
