// Command benchengine serves, on a unix socket, the replies of an engine with
// as many networks and containers as asked, made up once at the start. It is
// for benchmarks: nothing changes, and what is measured is the client.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	socket := flag.String("socket", "", "where to listen")
	networks := flag.Int("networks", 1000, "how many networks")
	containers := flag.Int("containers", 10000, "how many containers")
	flag.Parse()
	replies := map[string][]byte{
		"/networks":        encode(makeNetworks(*networks)),
		"/containers/json": encode(makeContainers(*containers, *networks)),
		"/info":            encode(map[string]any{"IPv4Forwarding": true, "Swarm": map[string]any{"LocalNodeState": "inactive"}}),
	}
	_ = os.Remove(*socket)
	listener, err := net.Listen("unix", *socket) //nolint:noctx // listens for as long as the process lives
	if err != nil {
		log.Fatal(err)
	}
	size := 0
	for _, reply := range replies {
		size += len(reply)
	}
	fmt.Println(size)
	server := &http.Server{Handler: handler(replies), ReadHeaderTimeout: time.Second}
	log.Fatal(server.Serve(listener))
}

func handler(replies map[string][]byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", "1.51")
		w.Header().Set("Ostype", "linux")
		w.Header().Set("Server", "Docker/28.5.2 (linux)")
		path := r.URL.Path
		if path == "/_ping" {
			w.WriteHeader(http.StatusOK)
			return
		}
		if _, rest, versioned := strings.Cut(strings.TrimPrefix(path, "/v"), "/"); versioned && strings.HasPrefix(path, "/v") {
			path = "/" + rest
		}
		reply, ok := replies[path]
		if !ok {
			reply, ok = inspected(path)
		}
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(reply) //nolint:gosec // JSON, which only the plugin under test reads
	}
}

// inspected are the replies to inspects of single objects, which tell little here.
func inspected(path string) ([]byte, bool) {
	id, ofNetwork := strings.CutPrefix(path, "/networks/")
	if ofNetwork {
		return []byte(`{"Id":"` + id + `","Containers":{}}`), true
	}
	id, ofContainer := strings.CutPrefix(path, "/containers/")
	id, ofContainer2 := strings.CutSuffix(id, "/json")
	return []byte(`{"Id":"` + id + `","State":{"StartedAt":"2026-11-01T10:00:00Z"},"HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"8080"}]}}}`), ofContainer && ofContainer2
}

func encode(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		log.Fatal(err)
	}
	return text
}

func networkID(i int) string   { return fmt.Sprintf("%064x", 0xa0000000+i) }
func containerID(i int) string { return fmt.Sprintf("%064x", 0xc0000000+i) }

func makeNetworks(count int) []map[string]any {
	list := make([]map[string]any, count)
	for i := range list {
		list[i] = map[string]any{
			"Name": fmt.Sprintf("project%d_net%d", i/4, i%4), "Id": networkID(i), "Created": "2026-11-01T10:00:00.123456789Z",
			"Scope": "local", "Driver": "bridge", "EnableIPv4": true, "EnableIPv6": false,
			"IPAM": map[string]any{"Driver": "default", "Options": map[string]string{}, "Config": []map[string]string{
				{"Subnet": fmt.Sprintf("10.%d.%d.0/24", i/250, i%250), "Gateway": fmt.Sprintf("10.%d.%d.1", i/250, i%250)},
			}},
			"Internal": i%5 == 0, "Attachable": false, "Ingress": false, "ConfigFrom": map[string]string{"Network": ""}, "ConfigOnly": false,
			"Containers": map[string]any{}, "Options": map[string]string{},
			"Labels": map[string]string{
				"com.docker.compose.project": fmt.Sprintf("project%d", i/4), "com.docker.compose.network": fmt.Sprintf("net%d", i%4),
				"com.docker.compose.version": "2.40.0",
			},
		}
	}
	return list
}

func makeContainers(count, networks int) []map[string]any {
	list := make([]map[string]any, count)
	for i := range list {
		first := i % networks
		names := map[string]any{fmt.Sprintf("project%d_net%d", first/4, first%4): endpoint(first, i)}
		if i%3 == 0 {
			second := (first/4)*4 + (first+1)%4
			names[fmt.Sprintf("project%d_net%d", second/4, second%4)] = endpoint(second, i)
		}
		state, status := "running", "Up 3 hours"
		if i%10 == 9 {
			state, status = "exited", "Exited (0) 2 hours ago"
		}
		list[i] = map[string]any{
			"Id": containerID(i), "Names": []string{fmt.Sprintf("/project%d-service%d-1", first/4, i)}, "Image": "registry.example/service:1.2.3",
			"ImageID": "sha256:" + containerID(i), "Command": "/bin/service --listen :8080", "Created": 1790000000 + i,
			"Ports": []map[string]any{{"IP": "0.0.0.0", "PrivatePort": 8080, "PublicPort": 20000 + i, "Type": "tcp"}, {"PrivatePort": 9090, "Type": "tcp"}},
			"Labels": map[string]string{
				"com.docker.compose.project": fmt.Sprintf("project%d", first/4), "com.docker.compose.service": fmt.Sprintf("service%d", i),
				"com.docker.compose.config-hash": containerID(i), "com.docker.compose.container-number": "1", "com.docker.compose.oneoff": "False",
			},
			"State": state, "Status": status,
			"HostConfig":      map[string]string{"NetworkMode": fmt.Sprintf("project%d_net%d", first/4, first%4)},
			"NetworkSettings": map[string]any{"Networks": names},
			"Mounts":          []map[string]any{{"Type": "volume", "Name": fmt.Sprintf("data%d", i), "Destination": "/data", "Driver": "local", "RW": true}},
		}
	}
	return list
}

func endpoint(network, container int) map[string]any {
	e := map[string]any{
		"IPAMConfig": nil, "Links": nil, "Aliases": nil, "MacAddress": "", "DriverOpts": nil, "GwPriority": 0,
		"NetworkID": networkID(network), "EndpointID": "", "Gateway": "", "IPAddress": "", "IPPrefixLen": 0,
		"IPv6Gateway": "", "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0, "DNSNames": nil,
	}
	if container%10 != 9 {
		e["EndpointID"] = containerID(container)
		e["MacAddress"] = "02:42:0a:00:00:02"
		e["IPAddress"] = fmt.Sprintf("10.%d.%d.%d", network/250, network%250, 2+container%250)
		e["IPPrefixLen"] = 24
		e["Gateway"] = fmt.Sprintf("10.%d.%d.1", network/250, network%250)
	}
	return e
}
