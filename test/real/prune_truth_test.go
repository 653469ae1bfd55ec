//go:build real

package real

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// pruneTruth: prune offers just the networks that nothing refers to, and docker's own
// prune takes those and the ones that only stopped containers need.
func pruneTruth(t *testing.T, e *zoo.Engine, z *zoo.Zoo) {
	t.Helper()
	env := append(ownConfig(t), "DOCKER_HOST="+e.Endpoint)
	// Other tests have networks there, too.
	filter := "label=" + zoo.Label + "=" + z.Prefix
	var told struct {
		Plan struct {
			Unneeded, StoppedOnly []struct{ Network struct{ ID, Name string } }
			Kept                  []struct{ Network struct{ ID, Name string } }
		}
	}
	text := succeed(t, env, bench.plugin, "prune", "--dry-run", "--format", "json", "--filter", filter)
	text = strings.Replace(text, `"stopped_only"`, `"StoppedOnly"`, 1)
	if err := json.Unmarshal([]byte(text), &told); err != nil {
		t.Fatal(err)
	}
	var unneeded, stopped []string
	for _, n := range told.Plan.Unneeded {
		unneeded = append(unneeded, n.Network.ID)
	}
	for _, n := range told.Plan.StoppedOnly {
		stopped = append(stopped, n.Network.ID)
	}
	if len(unneeded) < 2 || len(stopped) < 1 || len(told.Plan.Kept) < 3 {
		t.Errorf("prune offers %d networks, %d with stopped containers, keeps %d: too few for a test", len(unneeded), len(stopped), len(told.Plan.Kept))
	}
	labelled := listed(t, e, z.Prefix)
	referred := referredTo(t, e)
	for id, name := range labelled {
		nothing := !referred[id] && !referred[name] && !slices.ContainsFunc(sortedKeys(z.Networks), func(short string) bool {
			return short == "configured" && z.Networks["config"] == id
		})
		if offered := slices.Contains(unneeded, id); offered != nothing {
			t.Errorf("prune offers %s: %t; nothing refers to it: %t", name, offered, nothing)
		}
	}
	succeed(t, env, "docker", "network", "prune", "--force", "--filter", filter)
	left := listed(t, e, z.Prefix)
	for id, name := range labelled {
		_, kept := left[id]
		// Podman's own prune leaves what stopped containers need.
		takes := slices.Contains(unneeded, id) || !e.Podman && slices.Contains(stopped, id)
		if kept == takes {
			t.Errorf("docker network prune kept %s: %t; prune says that it takes it: %t", name, kept, takes)
		}
	}
	t.Logf("%s: %d networks, %d that nothing needs, %d that only stopped containers need", e.Name, len(labelled), len(unneeded), len(stopped))
}

// listed are the networks of a zoo that have its label: names by ID.
func listed(t *testing.T, e *zoo.Engine, prefix string) map[string]string {
	t.Helper()
	var list []struct {
		ID     string `json:"Id"`
		Name   string
		Labels map[string]string
	}
	if err := e.Do(t.Context(), http.MethodGet, "/networks", nil, &list); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, n := range list {
		if n.Labels[zoo.Label] == prefix {
			found[n.ID] = n.Name
		}
	}
	return found
}

// referredTo are the names and IDs of networks that any container has, as an
// inspect of each says.
func referredTo(t *testing.T, e *zoo.Engine) map[string]bool {
	t.Helper()
	var list []struct {
		ID string `json:"Id"`
	}
	if err := e.Do(t.Context(), http.MethodGet, "/containers/json?all=1", nil, &list); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, entry := range list {
		var c inspectedContainer
		if err := e.Do(t.Context(), http.MethodGet, "/containers/"+entry.ID+"/json", nil, &c); zoo.Gone(err) {
			continue // another test's
		} else if err != nil {
			t.Fatal(err)
		}
		for name, n := range c.NetworkSettings.Networks {
			if n.NetworkID == "" || e.Podman {
				found[name] = true
				for _, id := range networkIDs(t, e) {
					found[id] = found[id] || strings.HasPrefix(id, name)
				}
			}
			found[n.NetworkID] = true
		}
	}
	return found
}

func networkIDs(t *testing.T, e *zoo.Engine) []string {
	t.Helper()
	var list []struct {
		ID string `json:"Id"`
	}
	if err := e.Do(t.Context(), http.MethodGet, "/networks", nil, &list); err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	return ids
}
