//go:build !linux

package measure

import (
	"context"
	"errors"
	"io"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// Run is an error here: only Linux has network namespaces.
func Run(context.Context, io.Reader, io.Writer) error {
	return errors.New("the probe runs on Linux only")
}

// Own has nothing to tell: only Linux has these files.
func Own() *wire.Namespace {
	return &wire.Namespace{Unread: []string{"interfaces and routes: they are read on Linux only"}}
}
