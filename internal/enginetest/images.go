package enginetest

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Image is an image of the engine.
type Image struct {
	// Name and Tag are as it was imported.
	Name, Tag string
	// ID is one of its own where it is empty.
	ID     string
	Labels map[string]string
	// Files are the names of those in the tar that it was made of, and Layers the
	// digests of such tars.
	Files, Layers []string
	// Cmd is what it runs.
	Cmd []string
	// InUse keeps it from being removed without force.
	InUse bool
	// Created is now where it is zero.
	Created time.Time
}

func (i Image) putInto(e *Engine) {
	if i.Created.IsZero() {
		i.Created = time.Now()
	}
	if i.ID == "" {
		e.imported++
		i.ID = "sha256:" + ID(fmt.Sprint(i.Name, i.Tag, e.imported))
	}
	for other := range e.images {
		if o := &e.images[other]; o.Name == i.Name && o.Tag == i.Tag {
			o.Name, o.Tag = "", "" // it stays, without a name
		}
	}
	e.images = append(e.images, i)
}

// Images are those that the engine has now.
func (e *Engine) Images() []Image {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.images)
}

// ref is the image's name as the engine tells it.
func (e *Engine) ref(i *Image) string {
	switch {
	case i.Name == "":
		return "<none>:<none>"
	case e.flavour.Podman && !strings.Contains(i.Name, "/"):
		return library + i.Name + ":" + i.Tag
	}
	return i.Name + ":" + i.Tag
}

// library is what the short name of an image stands for.
const library = "docker.io/library/"

// image is the one with this name or ID, or nil. Podman takes for a short name also
// one of another registry that ends so.
func (e *Engine) image(ref string) *Image {
	bare, full := strings.CutPrefix(ref, library)
	var elsewhere *Image
	for i := range e.images {
		image := &e.images[i]
		name := image.Name + ":" + image.Tag
		if image.ID == ref || image.Name != "" && name == bare {
			return image
		}
		if e.flavour.Podman && !full && strings.HasSuffix(name, "/"+ref) {
			elsewhere = image
		}
	}
	return elsewhere
}

// noImage is what an engine says of an image that it does not have, by what it
// was asked for.
func (e *Engine) noImage(ref, to string) *refusal {
	ref = strings.TrimPrefix(ref, library)
	switch {
	case e.flavour.Podman && to == toCreate:
		return refuse(http.StatusNotFound, "no such image: docker.io/library/%s: image not known", ref)
	case e.flavour.Podman && to == toLook:
		return refuse(http.StatusNotFound, "failed to find image %s: docker.io/library/%s: No such image", ref, ref)
	case e.flavour.Podman:
		return refuse(http.StatusNotFound, "failed to find image %s: docker.io/library/%s: image not known", ref, ref)
	case to == toLook && !e.flavour.speaks(44):
		return refuse(http.StatusNotFound, "no such image: %s: No such image: %s", ref, ref)
	}
	return refuse(http.StatusNotFound, "No such image: %s", ref)
}

// What an image is asked for.
const (
	toCreate = "to create a container"
	toLook   = "to look at it"
	toDelete = "to delete it"
)

// serveImage answers for the paths below /images, since the name of an image may
// have slashes.
func (e *Engine) serveImage(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	ref, isJSON := strings.CutSuffix(r.PathValue("ref"), "/json")
	if !isJSON {
		e.writeRefusal(w, e.unknown("GET %s", r.URL.Path))
		return
	}
	e.mu.Lock()
	image := e.image(ref)
	var reply map[string]any
	if image != nil {
		reply = map[string]any{
			"Id": image.ID, "RepoTags": e.refsOf(image.ID), "Config": map[string]any{"Labels": image.Labels, "Cmd": image.Cmd},
			"RootFS": map[string]any{"Type": "layers", "Layers": image.Layers},
		}
	}
	e.mu.Unlock()
	if image == nil {
		e.writeRefusal(w, e.noImage(ref, toLook))
		return
	}
	writeJSON(w, reply)
}

// refsOf are the names of an image, which an inspect tells.
func (e *Engine) refsOf(id string) []string {
	refs := []string{}
	for i := range e.images {
		if o := &e.images[i]; o.ID == id && o.Name != "" {
			refs = append(refs, e.ref(o))
		}
	}
	return refs
}

func (e *Engine) serveImages(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r, "filters")
	wants := e.labelFilter(r)
	list := []any{}
	listed := map[string]bool{}
	e.mu.Lock()
	for i := range e.images {
		image := &e.images[i]
		if !wants(image.Labels) || listed[image.ID] {
			continue
		}
		listed[image.ID] = true
		refs := e.refsOf(image.ID)
		if len(refs) == 0 && !e.flavour.speaks(44) {
			refs = []string{"<none>:<none>"}
		}
		list = append(list, map[string]any{"Id": image.ID, "RepoTags": refs, "Labels": image.Labels, "Created": image.Created.Unix()})
	}
	e.mu.Unlock()
	writeJSON(w, list)
}

func (e *Engine) serveDeleteImage(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	e.noBody(r)
	ref := r.PathValue("ref")
	e.mu.Lock()
	image := e.image(ref)
	var no *refusal
	var reply []map[string]string
	switch {
	case image == nil:
		no = e.noImage(ref, toDelete)
	case image.InUse:
		no = refuse(http.StatusConflict, "conflict: unable to remove repository reference %q (must force) - container is using its referenced image", ref)
	default:
		reply = []map[string]string{{"Untagged": e.ref(image)}, {"Deleted": image.ID}}
		gone := *image // by its name it loses that only, where it has another
		e.images = slices.DeleteFunc(e.images, func(other Image) bool {
			return other.ID == gone.ID && (other.ID == ref || other.Name == gone.Name && other.Tag == gone.Tag)
		})
	}
	e.mu.Unlock()
	if no != nil {
		e.writeRefusal(w, no)
		return
	}
	writeJSON(w, reply)
}

func (e *Engine) serveImport(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r, "fromSrc", "repo", "tag", "changes")
	query := r.URL.Query()
	if query.Get("fromSrc") != "-" {
		e.writeRefusal(w, e.unknown("the source of an image in %s", r.URL))
		return
	}
	image := Image{Name: strings.TrimPrefix(query.Get("repo"), library), Tag: query.Get("tag"), Labels: map[string]string{}}
	for _, change := range query["changes"] {
		key, value, ok := strings.Cut(strings.TrimPrefix(change, "LABEL "), "=")
		if !ok || !strings.HasPrefix(change, "LABEL ") {
			e.t.Errorf("the fake engine does not know the change %q of an image", change)
		}
		image.Labels[key] = strings.Trim(value, `"`)
	}
	digest := sha256.New()
	content := io.TeeReader(r.Body, digest)
	for files := tar.NewReader(content); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			e.writeRefusal(w, refuse(http.StatusInternalServerError, "%v", err))
			return
		}
		image.Files = append(image.Files, header.Name)
	}
	_, _ = io.Copy(io.Discard, content) // what follows the last file is of the layer, too
	image.Layers = []string{"sha256:" + hex.EncodeToString(digest.Sum(nil))}
	var id string
	e.change(func() []event {
		image.putInto(e)
		id = e.images[len(e.images)-1].ID
		return nil
	})
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(mustJSON(map[string]string{"status": id}))
}
