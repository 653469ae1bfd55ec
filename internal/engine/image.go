package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// ProbeLabel is on the images that hold our probe.
const ProbeLabel = "com.github.docker-netkit.probe"

// HasImage tells whether the engine has an image of this name and tag.
func (e *Engine) HasImage(ctx context.Context, ref string) (bool, error) {
	reply, err := e.get(ctx, imagePath(ref)+"/json", nil)
	if failed, ok := errors.AsType[*RequestError](err); ok && failed.NotFound() {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, reply.body.Close()
}

// ImportImage makes an image of a tar of its files, without any registry, gives
// its ID, and removes the older ones that it replaces: those of this name with
// another tag that have our label. They stay where something uses them.
//
// Podman writes docker.io/library/ before the name, and finds the image without
// that, too [measured on 5.4].
func (e *Engine) ImportImage(ctx context.Context, repo, tag string, labels map[string]string, content io.Reader) (id string, err error) {
	query := url.Values{"fromSrc": {"-"}, "repo": {repo}, "tag": {tag}}
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		query.Add("changes", fmt.Sprintf("LABEL %s=%q", key, labels[key]))
	}
	if id, err = e.importTar(ctx, "/images/create?"+query.Encode(), content); err != nil {
		return "", asHelperError("import the image of its probe", err)
	}
	e.removeOlder(ctx, repo, tag)
	return id, nil
}

func (e *Engine) importTar(ctx context.Context, path string, content io.Reader) (id string, err error) {
	header := http.Header{"Content-Type": {"application/x-tar"}}
	resp, err := e.send(ctx, e.base, http.MethodPost, path, header, content)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, mostOfReply))
		return "", e.refused(ctx, http.MethodPost, path, resp, text)
	}
	// Once it has begun to tell how far it is, an error comes with that, and not
	// as a status.
	for dec := json.NewDecoder(resp.Body); ; {
		var progress struct{ Error, Status string }
		switch err := dec.Decode(&progress); {
		case errors.Is(err, io.EOF):
			return id, nil
		case err != nil:
			return "", e.failedAt(ctx, http.MethodPost, path, resp.StatusCode, notJSON(err))
		case progress.Error != "":
			return "", &RefusedError{Status: http.StatusInternalServerError, Message: progress.Error}
		}
		if strings.HasPrefix(progress.Status, "sha256:") {
			id = progress.Status // the last line, on Docker and Podman [measured]
		}
	}
}

// RemoveUnnamedImage removes an image that was imported, if it has lost its name:
// to another process that imported the same at the same moment.
func (e *Engine) RemoveUnnamedImage(ctx context.Context, id string) {
	reply, err := e.get(ctx, imagePath(id)+"/json", nil)
	if err != nil {
		return
	}
	defer reply.body.Close()
	var image struct{ RepoTags []string }
	if json.NewDecoder(reply.body).Decode(&image) == nil && len(image.RepoTags) == 0 {
		_ = e.act(ctx, http.MethodDelete, imagePath(id), nil, nil)
	}
}

// importing is how long an image may have no name because it is being imported:
// Podman names it a moment after it is there [measured on 5.4].
const importing = 10 * time.Minute

// removeOlder removes images that a new one replaces. That one is there, so
// that nothing hangs on whether this succeeds.
func (e *Engine) removeOlder(ctx context.Context, repo, tag string) {
	reply, err := e.get(ctx, "/images/json", labelled(ProbeLabel))
	if err != nil {
		return
	}
	defer reply.body.Close()
	var images []struct {
		ID       string `json:"Id"`
		RepoTags []string
		Created  int64
	}
	if json.NewDecoder(reply.body).Decode(&images) != nil {
		return
	}
	for _, image := range images {
		refs := slices.DeleteFunc(image.RepoTags, func(ref string) bool { return ref == "<none>:<none>" })
		if len(refs) == 0 && e.Now().Sub(time.Unix(image.Created, 0)) > importing {
			refs = []string{image.ID} // lost its name to a newer one
		}
		for _, ref := range refs {
			name, other, _ := strings.Cut(ref[strings.LastIndexByte(ref, '/')+1:], ":")
			if ref == image.ID || name == repo && other != tag {
				_ = e.act(ctx, http.MethodDelete, imagePath(ref), nil, nil)
			}
		}
	}
}

// imagePath keeps the slashes of a name, as engines want it.
func imagePath(ref string) string { return "/images/" + (&url.URL{Path: ref}).EscapedPath() }

// labelled is the query for what has a label.
func labelled(label string) url.Values {
	return url.Values{"filters": {`{"label":["` + label + `"]}`}}
}
