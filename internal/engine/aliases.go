package engine

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// WithAliases is the snapshot with the aliases of the containers, which only
// an inspect of each tells. They are read side by side, a bounded number at a
// time. A container that is gone by now leaves a gap.
func (e *Engine) WithAliases(ctx context.Context, s *topology.Snapshot, containers []*topology.Container) (*topology.Snapshot, error) {
	aliases := make([]map[string][]string, len(containers))
	missing := make([]error, len(containers))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(concurrentReads)
	for i, c := range containers {
		group.Go(func() error {
			found, err := e.aliasesOf(ctx, c.ID)
			if failed, ok := errors.AsType[*RequestError](err); ok && failed.answered() {
				missing[i] = failed.Err
				return nil
			}
			aliases[i] = found
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	out := *s
	out.Attachments = slices.Clone(s.Attachments)
	out.Unread = slices.Clone(s.Unread)
	byContainer := make(map[string]map[string][]string, len(containers))
	for i, c := range containers {
		if missing[i] != nil {
			out.Unread = append(out.Unread, topology.Gap{What: "aliases", ID: c.ID, Name: c.Name, Reason: oneLine(missing[i].Error())})
			continue
		}
		byContainer[c.ID] = aliases[i]
	}
	for i := range out.Attachments {
		a := &out.Attachments[i]
		if found, ok := byContainer[a.ContainerID]; ok {
			a.Aliases, a.AliasesRead = found[a.NetworkName], true
			dropOwnID(a)
		}
	}
	out.Sort()
	return &out, nil
}

func (e *Engine) aliasesOf(ctx context.Context, id string) (map[string][]string, error) {
	path := "/containers/" + url.PathEscape(id) + "/json"
	reply, err := e.get(ctx, path, nil)
	if err != nil {
		return nil, err
	}
	defer reply.body.Close()
	var container struct {
		NetworkSettings struct {
			Networks map[string]*struct{ Aliases []string }
		}
	}
	if err := json.NewDecoder(reply.body).Decode(&container); err != nil {
		return nil, e.wrap(ctx, path, notJSON(err))
	}
	aliases := map[string][]string{}
	for name, endpoint := range container.NetworkSettings.Networks {
		if endpoint != nil {
			slices.Sort(endpoint.Aliases)
			aliases[name] = slices.Compact(endpoint.Aliases)
		}
	}
	return aliases, nil
}

// dropOwnID takes the container's short ID from its aliases: engines with an
// API below 1.45 and Podman put it there, and the user did not.
func dropOwnID(a *topology.Attachment) {
	kept := a.Aliases[:0:0]
	for _, alias := range a.Aliases {
		if !strings.HasPrefix(a.ContainerID, alias) {
			kept = append(kept, alias)
		}
	}
	a.Aliases = kept
}
