package engine

import (
	"context"
	"encoding/json"
	"net/url"
)

// Events calls changed for every event that may change the topology, until
// the context ends or the stream breaks. The first call comes when the stream
// is open, so that a snapshot taken then misses nothing.
func (e *Engine) Events(ctx context.Context, changed func()) error {
	const path = "/events"
	filters := `{"type":{"container":true,"network":true}}`
	reply, err := e.get(ctx, path, url.Values{"filters": {filters}})
	if err != nil {
		return err
	}
	defer reply.body.Close()
	changed()
	dec := json.NewDecoder(reply.body)
	for {
		var event struct {
			Type, Action string
			// Events of a container tell its labels, and its name among them.
			Actor struct {
				Attributes struct {
					wireLabels
					Name string `json:"name"`
				}
			}
		}
		if err := dec.Decode(&event); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return e.wrap(ctx, path, notJSON(err))
		}
		ours := isHelper(event.Actor.Attributes.Helper, event.Actor.Attributes.Name)
		if !ours && changesTopology(event.Type, event.Action) {
			changed()
		}
	}
}

func changesTopology(kind, action string) bool {
	if kind == "network" {
		return true
	}
	switch action {
	case "create", "start", "restart", "die", "stop", "pause", "unpause", "rename", "destroy", "remove", "update",
		"died", "init", "cleanup": // Podman's words
		return true
	}
	return false // exec_*, health_status, top, attach, …
}
