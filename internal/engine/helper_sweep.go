package engine

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// leftover is a helper that a list of containers has.
type leftover struct {
	id      string
	state   string
	created int64 // in seconds since 1970
}

// SweepHelpers removes helpers that a crash has left. It asks for them where no
// snapshot was read before, which shows them, too. What has our label and not a
// name of ours, or the other way round, is somebody else's.
//
// One that runs is in use, or ends by itself when nobody speaks to it; one that
// does not and is younger than a minute is about to be started.
func (e *Engine) SweepHelpers(ctx context.Context) error {
	const young = time.Minute
	left := e.leftovers.Load()
	if left == nil {
		var reader containerReader
		query := labelled(HelperLabel)
		query.Set("all", "1")
		if _, err := read(ctx, e, "/containers/json", query, reader.take); err != nil {
			return err
		}
		left = &reader.helpers
	}
	var failed []error
	for _, helper := range *left {
		switch helper.state {
		case "created", "exited", "dead", "stopped":
		default:
			continue
		}
		if e.Now().Sub(time.Unix(helper.created, 0)) < young {
			continue
		}
		// Without force: if it runs by now, it is none of these. Without its volumes:
		// ours have none.
		err := e.act(ctx, http.MethodDelete, "/containers/"+url.PathEscape(helper.id), nil, nil)
		if refused, ok := errors.AsType[*RefusedError](err); !ok || !refused.NotFound() && refused.Status != http.StatusConflict {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}
