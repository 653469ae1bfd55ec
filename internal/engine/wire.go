package engine

import "encoding/json"

// The structs below hold what is used of the engine's replies, in types that
// take whatever an engine may write: addresses stay text.

type wireNetwork struct {
	ID         string `json:"Id"`
	Name       string
	Driver     string
	Scope      string
	Created    json.RawMessage
	EnableIPv4 *bool
	EnableIPv6 bool
	Internal   bool
	Attachable bool
	Ingress    bool
	ConfigOnly bool
	ConfigFrom struct{ Network string }
	IPAM       struct {
		Driver  string
		Options map[string]string
		Config  []struct {
			Subnet             string
			IPRange            string
			Gateway            string
			AuxiliaryAddresses map[string]string
		}
	}
	Options map[string]string
	Labels  map[string]string
}

type wireContainer struct {
	ID      string `json:"Id"`
	Names   []string
	Image   string
	Created int64
	State   string
	Ports   []wirePort
	// Only the labels that mean something to the model are kept: a
	// container can have hundreds.
	Labels          wireLabels
	HostConfig      struct{ NetworkMode string }
	NetworkSettings struct {
		Networks map[string]*wireEndpoint
	}
}

type wireLabels struct {
	Project      string `json:"com.docker.compose.project"`
	Service      string `json:"com.docker.compose.service"`
	Stack        string `json:"com.docker.stack.namespace"`
	SwarmService string `json:"com.docker.swarm.service.name"`
	Task         string `json:"com.docker.swarm.task.id"`
	Helper       string `json:"com.github.docker-netkit.helper"`
}

type wirePort struct {
	IP          string
	PrivatePort uint16
	PublicPort  uint16
	Type        string
}

type wireEndpoint struct {
	NetworkID           string
	EndpointID          string
	Gateway             string
	IPAddress           string
	IPPrefixLen         int
	IPv6Gateway         string
	GlobalIPv6Address   string
	GlobalIPv6PrefixLen int
	MacAddress          string
	GwPriority          int
	// Aliases comes from Podman in the list, from Docker in an inspect only.
	Aliases    []string
	IPAMConfig *struct {
		IPv4Address string
		IPv6Address string
	}
}
