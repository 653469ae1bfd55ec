package topology

// AttachmentState tells how much of an attachment there is right now.
type AttachmentState string

const (
	// Live: the container is up and has an endpoint on the network.
	Live AttachmentState = "live"
	// Configured: the container is not up, and will want the network when
	// it starts.
	Configured AttachmentState = "configured"
	// Dangling: the container wants a network that is gone.
	Dangling AttachmentState = "dangling"
	// Ambiguous: the container names a network by a name that several
	// networks have, so that the engine refuses to start it.
	Ambiguous AttachmentState = "ambiguous"
	// Unverified: the network is not in this engine's list, and cannot be
	// told from one that other nodes of the swarm still have.
	Unverified AttachmentState = "unverified"
)

// Attachment is one container on one network.
type Attachment struct {
	// NetworkID is the network's ID. Where the network could not be found
	// it is the ID the container holds, or empty if it holds only a name.
	NetworkID string `json:"network_id,omitempty"`
	// NetworkName is the network as the container knows it: mostly its
	// name; for a container that never ran, what the user typed.
	NetworkName string          `json:"network_name"`
	ContainerID string          `json:"container_id"`
	State       AttachmentState `json:"state"`
	EndpointID  string          `json:"endpoint_id,omitempty"`
	IPv4        Address         `json:"ipv4,omitzero"`
	IPv6        Address         `json:"ipv6,omitzero"`
	// PrefixLen4 and PrefixLen6 are the lengths of the addresses' subnets,
	// in bits.
	PrefixLen4 int     `json:"ipv4_prefix_len,omitzero"`
	PrefixLen6 int     `json:"ipv6_prefix_len,omitzero"`
	Gateway4   Address `json:"ipv4_gateway,omitzero"`
	Gateway6   Address `json:"ipv6_gateway,omitzero"`
	MAC        string  `json:"mac,omitempty"`
	// Static4 and Static6 are the addresses the user asked for; they are
	// kept over a restart.
	Static4 Address `json:"static_ipv4,omitzero"`
	Static6 Address `json:"static_ipv6,omitzero"`
	// StaticUnknown tells that the engine does not say whether the user asked
	// for the addresses: of a container that is up on a network of the swarm, it
	// tells the address that the swarm chose as if it had been asked for
	// [measured on Docker 20.10, 26.1, 28.5].
	StaticUnknown bool `json:"static_unknown,omitzero"`
	// GatewayPriority decides which network gives the default route
	// (API 1.48 and later).
	GatewayPriority int `json:"gateway_priority,omitzero"`
	// ByName tells that the container holds the network as it was typed, and
	// not by its ID, since it was not up since it was put there. Another
	// network of that name will do [measured on Docker 20.10, 26.1, 28.5].
	ByName bool `json:"by_name,omitzero"`
	// Aliases are the further names of the container on this network.
	// AliasesRead tells that they, and the fields below, were asked for;
	// without it, an empty list means that they are not known.
	Aliases     []string `json:"aliases,omitempty"`
	AliasesRead bool     `json:"aliases_read,omitzero"`
	// HostName is the name that the user gave the container's host, where the engine
	// answers for it on this network. Docker below API 1.45 and Podman have it among
	// the aliases.
	HostName string `json:"host_name,omitempty"`
	// StaticMAC is the MAC that the user asked for, where the engine tells that.
	StaticMAC string `json:"static_mac,omitempty"`
	// Links are legacy links, as name:alias.
	Links []string `json:"links,omitempty"`
	// LinkLocal are further addresses that the user asked for.
	LinkLocal []Address `json:"link_local,omitempty"`
	// DriverOpts are options for the network's driver, of this endpoint only.
	DriverOpts map[string]string `json:"driver_options,omitempty"`
}

// EndpointConfig is what a network is asked for when a container is connected
// to it. Addresses in it are kept by the engine over restarts.
type EndpointConfig struct {
	IPv4, IPv6      Address
	LinkLocal       []Address
	MAC             string
	Aliases, Links  []string
	DriverOpts      map[string]string
	GatewayPriority int
}

// Config is what the user asked for: what is needed to make the attachment
// again, apart from addresses that the engine chose.
func (a *Attachment) Config() EndpointConfig {
	return EndpointConfig{
		IPv4: a.Static4, IPv6: a.Static6, LinkLocal: a.LinkLocal, Aliases: a.Aliases, Links: a.Links,
		DriverOpts: a.DriverOpts, GatewayPriority: a.GatewayPriority,
	}
}

// Resolved tells that the snapshot holds the network of this attachment.
func (a *Attachment) Resolved() bool { return a.State == Live || a.State == Configured }
