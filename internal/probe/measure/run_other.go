//go:build !linux

package measure

import (
	"context"
	"errors"
	"io"
)

// Run is an error here: only Linux has network namespaces.
func Run(context.Context, io.Reader, io.Writer) error {
	return errors.New("the probe runs on Linux only")
}
