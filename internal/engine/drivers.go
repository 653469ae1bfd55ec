package engine

import (
	"context"
	"encoding/json"
	"slices"
)

// NetworkDrivers asks the engine which network drivers it has, built in and
// plugins, in order of name. It is one request.
func (e *Engine) NetworkDrivers(ctx context.Context) ([]string, error) {
	const path = "/info"
	reply, err := e.get(ctx, path, nil)
	if err != nil {
		return nil, err
	}
	defer reply.body.Close()
	var info struct{ Plugins struct{ Network []string } }
	if err := json.NewDecoder(reply.body).Decode(&info); err != nil {
		return nil, e.wrap(ctx, path, notJSON(err))
	}
	drivers := info.Plugins.Network
	slices.Sort(drivers)
	return slices.Compact(drivers), nil
}
