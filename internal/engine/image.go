package engine

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// ProbeLabel is on the images that hold our probe. Its value is the image's tag.
const ProbeLabel = "com.github.docker-netkit.probe"

// layerLabel tells on such an image the digest of the files that it was made of. No
// image is made by chance whose label and whose only layer agree.
const layerLabel = "com.github.docker-netkit.probe.layer"

// library is what stands for the short name of an image. Given a short name, Podman
// takes also an image of another registry whose name ends so [measured on 5.4].
const library = "docker.io/library/"

// HasImage tells whether the engine has an image of this name and tag.
func (e *Engine) HasImage(ctx context.Context, ref string) (bool, error) {
	reply, err := e.get(ctx, imagePath(library+ref)+"/json", nil)
	if failed, ok := errors.AsType[*RequestError](err); ok && failed.NotFound() {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, reply.body.Close()
}

// ImportImage makes an image of a tar of its files, without any registry, gives
// its ID, and removes the older ones that it replaces: those of this very name
// whose label tells the tag that they have. They stay where something uses them.
//
// Podman shows docker.io/library/ before the name, Docker does not; both take it
// [measured on 20.10, 28.5, Podman 5.4].
func (e *Engine) ImportImage(ctx context.Context, repo, tag string, content io.Reader) (id string, err error) {
	files, err := io.ReadAll(content)
	if err != nil {
		return "", fmt.Errorf("cannot read the image of the probe: %w", err)
	}
	digest := sha256.Sum256(files)
	query := url.Values{"fromSrc": {"-"}, "repo": {library + repo}, "tag": {tag}, "changes": {
		fmt.Sprintf("LABEL %s=%q", ProbeLabel, tag),
		fmt.Sprintf("LABEL %s=%q", layerLabel, "sha256:"+hex.EncodeToString(digest[:])),
	}}
	if id, err = e.importTar(ctx, "/images/create?"+query.Encode(), bytes.NewReader(files)); err != nil {
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

// listedImage is an image as the list of images tells it.
type listedImage struct {
	ID       string `json:"Id"`
	RepoTags []string
	Labels   map[string]string
	Created  int64
}

// removeOlder removes images that a new one replaces. That one is there, so
// that nothing hangs on whether this succeeds.
func (e *Engine) removeOlder(ctx context.Context, repo, tag string) {
	reply, err := e.get(ctx, "/images/json", labelled(ProbeLabel))
	if err != nil {
		return
	}
	defer reply.body.Close()
	var images []listedImage
	if json.NewDecoder(reply.body).Decode(&images) != nil {
		return
	}
	// The name in full, so that one of that name in a registry is another.
	name := repo
	if e.podman.Load() {
		name = library + repo
	}
	for _, image := range images {
		of := image.Labels[ProbeLabel]
		refs := slices.DeleteFunc(image.RepoTags, func(ref string) bool { return ref == "<none>:<none>" })
		switch lost := len(refs) == 0 && e.Now().Sub(time.Unix(image.Created, 0)) > importing; {
		case lost && e.isImported(ctx, image.ID):
			// It lost its name to a newer one.
			_ = e.act(ctx, http.MethodDelete, imagePath(image.ID), nil, nil)
		case of != tag && slices.Contains(refs, name+":"+of):
			_ = e.act(ctx, http.MethodDelete, imagePath(library+repo+":"+of), nil, nil)
		}
	}
}

// isImported tells that an image is what we imported, and nothing was done with it:
// it has our labels only, the one layer that they tell, and nothing else is set. One
// that a user made of ours, or labelled like ours, is different.
func (e *Engine) isImported(ctx context.Context, id string) bool {
	reply, err := e.get(ctx, imagePath(id)+"/json", nil)
	if err != nil {
		return false
	}
	defer reply.body.Close()
	var image struct {
		Parent, Author string
		Config         struct {
			Labels                map[string]string
			Cmd, Entrypoint, Env  []string
			User, WorkingDir      string
			Volumes, ExposedPorts map[string]any
		}
		RootFS struct{ Layers []string }
	}
	if json.NewDecoder(reply.body).Decode(&image) != nil {
		return false
	}
	c := &image.Config
	return len(c.Labels) == 2 && c.Labels[ProbeLabel] != "" && len(image.RootFS.Layers) == 1 && c.Labels[layerLabel] == image.RootFS.Layers[0] &&
		image.Parent == "" && image.Author == "" && len(c.Cmd)+len(c.Entrypoint)+len(c.Env)+len(c.Volumes)+len(c.ExposedPorts) == 0 &&
		c.User+c.WorkingDir == ""
}

// imagePath keeps the slashes of a name, as engines want it.
func imagePath(ref string) string { return "/images/" + (&url.URL{Path: ref}).EscapedPath() }

// labelled is the query for what has a label.
func labelled(label string) url.Values {
	return url.Values{"filters": {`{"label":["` + label + `"]}`}}
}
