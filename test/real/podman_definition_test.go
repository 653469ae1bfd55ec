//go:build real

package real

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"reflect"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// libpod asks Podman's own API.
func libpod(t *testing.T, e *zoo.Engine, method, path string, body any) (reply map[string]any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, "http://podman/v"+e.Version+"/libpod"+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", e.Socket())
	}}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&reply); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %v (%v)", method, path, resp.Status, reply, err)
	}
	return reply
}

// TestPodmanDefinition: what only Podman's own API knows of a network comes back,
// too. On other engines there is nothing that only they know.
func TestPodmanDefinition(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		if !e.Podman {
			return
		}
		k := keeper(t, e)
		name := k.Name("native")
		libpod(t, e, http.MethodPost, "/networks/create", map[string]any{
			"name": name, "driver": "bridge", "dns_enabled": true, "network_dns_servers": []string{"192.0.2.53"}, "network_interface": "nkpn0",
			"routes":  []map[string]any{{"destination": "10.215.77.0/24", "gateway": "10.215.9.9", "metric": 5}},
			"subnets": []map[string]any{{"subnet": "10.215.9.0/24", "lease_range": map[string]string{"start_ip": "10.215.9.50", "end_ip": "10.215.9.99"}}},
			"options": map[string]string{"isolate": "true", "mtu": "1400"}, "labels": map[string]string{"a": "b"},
		})
		definition := func() map[string]any {
			found := libpod(t, e, http.MethodGet, "/networks/"+name+"/json", nil)
			for _, key := range []string{"id", "created", "containers"} {
				delete(found, key)
			}
			return found
		}
		before := definition()
		env := append(ownConfig(t), "DOCKER_HOST="+e.Endpoint)
		for _, remove := range [][]string{{"safe-rm", name}, {"prune", "--yes", "--filter", "label=a=b"}} {
			succeed(t, env, bench.plugin, remove...)
			succeed(t, env, bench.plugin, "restore", name)
			if after := definition(); !reflect.DeepEqual(after, before) {
				t.Errorf("after %v it is\n%v, was\n%v", remove, after, before)
			}
		}
	})
}
