//go:build real

package real

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// helperLabel marks the containers that netkit makes, and probeLabel the image.
const (
	helperLabel = "com.github.docker-netkit.helper"
	probeLabel  = "com.github.docker-netkit.probe"
)

// nothingLeft holds that of what netkit makes nothing is left on an engine but one
// image.
func nothingLeft(t *testing.T, e *zoo.Engine) {
	t.Helper()
	var containers []struct {
		ID    string `json:"Id"`
		Names []string
		State string
	}
	filters := url.QueryEscape(`{"label":["` + helperLabel + `"]}`)
	ok(t, e.Do(t.Context(), http.MethodGet, "/containers/json?all=1&filters="+filters, nil, &containers))
	for _, c := range containers {
		t.Errorf("%s: the helper %s %s is left, %s", e.Name, c.ID[:12], strings.Join(c.Names, " "), c.State)
	}
	var images []struct {
		ID       string `json:"Id"`
		RepoTags []string
	}
	filters = url.QueryEscape(`{"label":["` + probeLabel + `"]}`)
	ok(t, e.Do(t.Context(), http.MethodGet, "/images/json?all=1&filters="+filters, nil, &images))
	if len(images) > 1 {
		t.Errorf("%s: %d images of the probe are left: %v", e.Name, len(images), images)
	}
}
