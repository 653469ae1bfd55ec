// Command benchfetch is the baseline for the benchmarks of graph: it fetches
// the two lists from a unix socket and decodes them, and does nothing with
// them. With -typed it decodes into the types of the engine's API, as a
// program would that uses the engine's Go client; else into just the fields
// that a graph needs.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
)

type slimNetwork struct {
	ID                                        string `json:"Id"`
	Name, Driver, Scope                       string
	Internal, Attachable, Ingress, EnableIPv6 bool
	IPAM                                      struct {
		Config []struct{ Subnet, Gateway string }
	}
	Labels map[string]string
}

type slimContainer struct {
	ID     string `json:"Id"`
	Names  []string
	Image  string
	State  string
	Labels map[string]string
	Ports  []struct {
		IP, Type                string
		PrivatePort, PublicPort uint16
	}
	HostConfig      struct{ NetworkMode string }
	NetworkSettings struct {
		Networks map[string]struct{ NetworkID, EndpointID, IPAddress, GlobalIPv6Address, MacAddress string }
	}
}

func main() {
	socket := flag.String("socket", "", "where the engine listens")
	typed := flag.Bool("typed", false, "decode into the types of the engine's API")
	flag.Parse()
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", *socket)
		},
	}}
	if *typed {
		fmt.Println(len(fetch[network.Summary](client, "/networks")), len(fetch[container.Summary](client, "/containers/json?all=1")))
		return
	}
	fmt.Println(len(fetch[slimNetwork](client, "/networks")), len(fetch[slimContainer](client, "/containers/json?all=1")))
}

func fetch[T any](client *http.Client, path string) []T {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://engine/v1.51"+path, http.NoBody)
	if err != nil {
		log.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var list []T
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil {
		log.Fatal(err)
	}
	return list
}
