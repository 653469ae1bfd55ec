package engine

import "context"

// platform is what programs an engine runs.
type platform struct{ os, arch string }

// Platform tells what programs the engine runs, in Go's words: linux, amd64. It
// asks once.
func (e *Engine) Platform(ctx context.Context) (os, arch string, err error) {
	if known := e.platform.Load(); known != nil {
		return known.os, known.arch, nil
	}
	v, err := e.Version(ctx)
	if err != nil {
		return "", "", err
	}
	e.platform.Store(&platform{v.OS, v.Arch})
	return v.OS, v.Arch, nil
}
