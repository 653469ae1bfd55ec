package enginetest_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// zoo is what the recordings in testdata were made of, as far as its names go.
func zoo() []enginetest.Object {
	front := enginetest.Bridge("shop_front", "172.18.0.0/16", "172.18.0.1")
	back := enginetest.Bridge("shop_back", "172.30.0.0/24", "172.30.0.1")
	web := enginetest.Running("web", enginetest.On("shop_front", "172.18.0.2"))
	web.Ports = []enginetest.Port{{Container: 80, Host: 8080}}
	onBack := enginetest.On("shop_back", "172.30.0.9")
	onBack.Aliases = []string{"b2"}
	onFront := enginetest.On("shop_front", "172.18.0.3")
	onFront.Aliases = []string{"backend"}
	return []enginetest.Object{
		front, back, web,
		enginetest.Running("api", onFront, onBack),
		enginetest.Sharing("vpn", "api"),
		enginetest.Stopped("db", enginetest.On("shop_back", "")),
		enginetest.NeverRan("cr1", enginetest.On("shop_back", "")),
		enginetest.Running("hosty", enginetest.On("host", "")),
		enginetest.Running("nony", enginetest.On("none", "")),
		enginetest.Container{Name: "onbridge", State: "paused", On: []enginetest.Endpoint{enginetest.On("bridge", "172.17.0.2")}},
	}
}

// TestLikeRealEngines holds what the fake writes against replies recorded from
// real engines: the same object has the same fields, and those that tell
// engines apart have the same values.
func TestLikeRealEngines(t *testing.T) {
	for name, flavour := range map[string]enginetest.Flavour{
		"docker20": enginetest.Docker20, "docker28": enginetest.Docker28, "podman": enginetest.Podman,
	} {
		t.Run(name, func(t *testing.T) {
			e := enginetest.Start(t, flavour, zoo()...)
			recordedNetworks := byName(t, recorded(t, name+"-networks.json"))
			for name, faked := range byName(t, get(t, e, "/networks")) {
				checkFields(t, "network "+name, faked, recordedNetworks[name])
			}
			recordedContainers := byName(t, recorded(t, name+"-containers.json"))
			for name, faked := range byName(t, get(t, e, "/containers/json?all=1")) {
				real := recordedContainers[name]
				checkFields(t, "container "+name, faked, real)
				if faked["State"] != real["State"] {
					t.Errorf("%s is %v here and %v there", name, faked["State"], real["State"])
				}
				checkEndpoints(t, name, faked, real)
			}
			var inspected map[string]any
			decode(t, recorded(t, name+"-inspect.json"), &inspected)
			var faked map[string]any
			decode(t, get(t, e, "/containers/api/json"), &faked)
			checkFields(t, "inspect", faked, inspected)
			checkEndpoints(t, "api", faked, inspected)
		})
	}
}

func checkFields(t *testing.T, what string, faked, real map[string]any) {
	t.Helper()
	if real == nil {
		t.Errorf("%s is not in the recording", what)
	}
	for field := range faked {
		if _, ok := real[field]; !ok {
			t.Errorf("%s has a field %s, and a real one has not", what, field)
		}
	}
	if _, ok := real["HostConfig"]; ok && faked["HostConfig"] == nil {
		t.Errorf("%s has no HostConfig, and a real one has", what)
	}
}

// checkEndpoints compares which fields of the endpoints hold something: that is
// what tells states and engines apart.
func checkEndpoints(t *testing.T, name string, faked, real map[string]any) {
	t.Helper()
	ours, theirs := endpoints(faked), endpoints(real)
	if got, want := slices.Sorted(maps.Keys(ours)), slices.Sorted(maps.Keys(theirs)); !slices.Equal(got, want) {
		t.Errorf("%s is on %v here and on %v there", name, got, want)
		return
	}
	for network, endpoint := range ours {
		for field, value := range endpoint {
			there, ok := theirs[network][field]
			switch {
			case !ok:
				t.Errorf("%s on %s has a field %s, and a real one has not", name, network, field)
			case field == "Aliases":
				if len(list(value)) != len(list(there)) {
					t.Errorf("%s on %s has aliases %v here and %v there", name, network, value, there)
				}
			case field == "IPAMConfig" || field == "Gateway": // 28 gives an internal network none
			case empty(value) != empty(there):
				t.Errorf("%s on %s has %s %q here and %q there", name, network, field, value, there)
			}
		}
	}
}

func list(value any) []any { l, _ := value.([]any); return l }

func empty(value any) bool { return value == nil || value == "" || value == 0.0 }

func endpoints(object map[string]any) map[string]map[string]any {
	settings, _ := object["NetworkSettings"].(map[string]any)
	networks, _ := settings["Networks"].(map[string]any)
	found := map[string]map[string]any{}
	for name, endpoint := range networks {
		found[name], _ = endpoint.(map[string]any)
	}
	return found
}

func recorded(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func decode(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

func byName(t *testing.T, text []byte) map[string]map[string]any {
	t.Helper()
	var objects []map[string]any
	decode(t, text, &objects)
	named := map[string]map[string]any{}
	for _, o := range objects {
		name, _ := o["Name"].(string)
		if names := list(o["Names"]); len(names) > 0 {
			name, _ = names[0].(string)
		}
		named[strings.TrimPrefix(name, "/")] = o
	}
	return named
}

// ask sends a GET to the engine, and gives the status and the body.
func ask(t *testing.T, e *enginetest.Engine, path string) (status int, body []byte) {
	t.Helper()
	return send(t, e, http.MethodGet, path, "")
}

// send sends a request to the engine, and gives the status and the body.
func send(t *testing.T, e *enginetest.Engine, method, path, content string) (status int, body []byte) {
	t.Helper()
	status, body, err := trySend(t, e, method, path, content)
	if err != nil {
		t.Fatal(err)
	}
	return status, body
}

func trySend(t *testing.T, e *enginetest.Engine, method, path, content string) (status int, body []byte, err error) {
	t.Helper()
	network, address, _ := strings.Cut(e.Host(), "://")
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://engine"+path, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	reply, err := transport.RoundTrip(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = reply.Body.Close() }()
	body, err = io.ReadAll(reply.Body)
	return reply.StatusCode, body, err
}

func get(t *testing.T, e *enginetest.Engine, path string) []byte {
	t.Helper()
	_, body := ask(t, e, "/v1.41"+path)
	return body
}
