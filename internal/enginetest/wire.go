package enginetest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The structs below have the fields of the engines' replies in their order.

type wireNetwork struct {
	Name       string
	ID         string `json:"Id"`
	Created    time.Time
	Scope      string
	Driver     string
	EnableIPv4 *bool `json:",omitempty"`
	EnableIPv6 bool
	IPAM       struct {
		Driver  string
		Options map[string]string
		Config  []wirePool
	}
	Internal, Attachable, Ingress bool
	ConfigFrom                    struct{ Network string }
	ConfigOnly                    bool
	Containers                    struct{} // {} on ≤ 28, whatever is on it
	Options, Labels               map[string]string
}

type wirePool struct {
	Subnet             string
	IPRange            string            `json:",omitempty"`
	Gateway            string            `json:",omitempty"`
	AuxiliaryAddresses map[string]string `json:",omitempty"`
}

type wireContainer struct {
	ID              string `json:"Id"`
	Names           []string
	Image           string
	Created         int64
	Ports           []wirePort
	Labels          map[string]string
	State           string
	HostConfig      *wireHostConfig `json:",omitempty"`
	NetworkSettings wireSettings
}

type wireHostConfig struct{ NetworkMode string }

type wireSettings struct{ Networks map[string]*wireEndpoint }

type wirePort struct {
	IP                      string `json:",omitempty"`
	PrivatePort, PublicPort uint16 `json:",omitempty"`
	Type                    string
}

type wireEndpoint struct {
	IPAMConfig          *wireIPAM
	Aliases             []string
	NetworkID           string
	EndpointID          string
	Gateway             string
	IPAddress           string
	IPPrefixLen         int
	IPv6Gateway         string
	GlobalIPv6Address   string
	GlobalIPv6PrefixLen int
	MacAddress          string
	GwPriority          *int `json:",omitempty"`
}

type wireIPAM struct {
	IPv4Address  string   `json:",omitempty"`
	IPv6Address  string   `json:",omitempty"`
	LinkLocalIPs []string `json:",omitempty"`
}

type wireInspect struct {
	ID    string `json:"Id"`
	Name  string
	State struct {
		Status    string
		StartedAt *time.Time `json:",omitempty"`
		Error     string
		ExitCode  int `json:",omitempty"`
	}
	Config          *wireConfig `json:",omitempty"`
	HostConfig      wireAsked
	NetworkSettings struct {
		Networks map[string]*wireInspected
	}
}

type wireConfig struct {
	Hostname     string `json:",omitempty"`
	MacAddress   string
	ExposedPorts map[string]struct{} `json:",omitempty"`
}

// wireAsked is what was asked for when the container was made.
type wireAsked struct {
	NetworkMode   string
	Links         []string `json:",omitempty"` // legacy ones
	RestartPolicy struct{ Name string }
	PortBindings  map[string][]wireBinding
}

type wireBinding struct {
	HostIP   string `json:"HostIp"`
	HostPort string
}

// wireInspected is an endpoint with what is used of an inspect only. A list has
// these fields, too.
type wireInspected struct {
	*wireEndpoint
	Links      []string
	DriverOpts map[string]string
	DNSNames   *[]string `json:",omitempty"`
}

func (e *Engine) wireNetworks() any {
	list := make([]any, len(e.networks))
	for i := range e.networks {
		if list[i] = e.wireNetwork(&e.networks[i]); e.networks[i].Raw != "" {
			list[i] = json.RawMessage(e.networks[i].Raw)
		}
	}
	return list
}

func (e *Engine) wireNetwork(n *Network) *wireNetwork {
	w := &wireNetwork{
		Name: n.Name, ID: n.ID, Created: n.Created, Scope: n.Scope, Driver: n.Driver, EnableIPv6: n.IPv6,
		Internal: n.Internal, Attachable: n.Attachable, Ingress: n.Ingress, ConfigOnly: n.ConfigOnly,
		Options: notNil(n.Options), Labels: notNil(n.Labels),
	}
	w.ConfigFrom.Network = n.ConfigFrom
	if e.flavour.SaysIPv4 {
		has := !n.NoIPv4
		w.EnableIPv4 = &has
	}
	w.IPAM.Driver, w.IPAM.Options = n.IPAMDriver, n.IPAMOptions
	for _, p := range n.Pools {
		w.IPAM.Config = append(w.IPAM.Config, wirePool{Subnet: p.Subnet, IPRange: p.Range, Gateway: p.Gateway, AuxiliaryAddresses: p.Aux})
	}
	return w
}

func notNil(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func (e *Engine) wireContainers(all bool, wants func(labels map[string]string) bool) any {
	list := make([]any, 0, len(e.containers))
	networks := make(map[string]*Network, len(e.networks))
	for i := range e.networks {
		networks[e.networks[i].ID] = &e.networks[i]
	}
	for i := range e.containers {
		c := &e.containers[i]
		switch {
		case !all && !c.up() || !wants(c.Labels):
		case c.Raw != "":
			list = append(list, json.RawMessage(c.Raw))
		default:
			list = append(list, e.wireContainer(c, networks))
		}
	}
	return list
}

func (e *Engine) wireContainer(c *Container, networks map[string]*Network) *wireContainer {
	w := &wireContainer{
		ID: c.ID, Names: []string{"/" + c.Name}, Image: imageOf(c), Created: createdAt(c), State: c.State,
		Ports: []wirePort{}, Labels: notNil(c.Labels),
	}
	if c.up() {
		w.Ports = e.wirePorts(c.Ports)
	}
	if !e.flavour.Podman {
		w.HostConfig = &wireHostConfig{NetworkMode: c.Mode}
	}
	w.NetworkSettings.Networks = e.wireEndpoints(c, networks, e.flavour.Podman)
	return w
}

func (e *Engine) wirePorts(ports []Port) []wirePort {
	list := []wirePort{}
	for _, p := range ports {
		w := wirePort{IP: p.IP, PrivatePort: p.Container, PublicPort: p.Host, Type: p.Protocol}
		if w.Type == "" {
			w.Type = "tcp"
		}
		if p.Host != 0 && p.IP == "" && !e.flavour.Podman {
			// Docker names both families' "all"; Podman names none.
			w.IP = "0.0.0.0"
			list = append(list, w)
			w.IP = "::"
		}
		list = append(list, w)
	}
	return list
}

// wireEndpoints is the part of a container that tells its networks. Podman
// writes for one that shares a namespace what it writes for the owner.
func (e *Engine) wireEndpoints(c *Container, networks map[string]*Network, withAliases bool) map[string]*wireEndpoint {
	if owner, shares := strings.CutPrefix(c.Mode, "container:"); shares && e.flavour.Podman {
		if c = e.container(owner); c == nil {
			return map[string]*wireEndpoint{}
		}
	}
	endpoints := make(map[string]*wireEndpoint, len(c.On))
	for i := range c.On {
		on := &c.On[i]
		w := e.wireEndpoint(c, on, networks[on.NetworkID])
		if withAliases {
			w.Aliases = e.aliases(c, on)
		}
		endpoints[e.keyOf(on)] = w
	}
	if e.flavour.Podman && len(c.On) == 0 && c.Mode == "bridge" && !c.up() {
		endpoints["bridge"] = &wireEndpoint{NetworkID: "bridge"}
	}
	return endpoints
}

// aliases are the container's further names. An entry that the container has
// not been up with has what the user asked for only, unless it was connected.
func (e *Engine) aliases(c *Container, on *Endpoint) []string {
	if isMode(on.Network) {
		return nil
	}
	list := slices.Clone(on.Aliases)
	if e.flavour.ShortIDAliases && (e.flavour.Podman || settled(on)) {
		list = append(list, c.ID[:12])
	}
	return list
}

func settled(on *Endpoint) bool { return on.NetworkID != "" || on.connected }

// keyOf is the name under which a container has a network.
func (e *Engine) keyOf(on *Endpoint) string {
	if e.flavour.Podman && on.Network == "bridge" {
		return "podman" // its list of networks says bridge all the same
	}
	return on.Network
}

func isMode(network string) bool { return network == "host" || network == "none" }

func (e *Engine) wireEndpoint(c *Container, on *Endpoint, n *Network) *wireEndpoint {
	w := &wireEndpoint{NetworkID: on.NetworkID, MacAddress: on.shownMAC}
	if !e.flavour.Podman && (on.Static4 != "" || on.Static6 != "" || len(on.LinkLocal) > 0) {
		w.IPAMConfig = &wireIPAM{IPv4Address: on.Static4, IPv6Address: on.Static6, LinkLocalIPs: on.LinkLocal}
	}
	if e.flavour.speaks(48) {
		w.GwPriority = &on.GwPriority
	}
	if e.flavour.Podman && (isMode(on.Network) || e.removed[on.NetworkID]) {
		w.NetworkID = on.Network
	}
	if e.flavour.speaks(44) && !settled(on) {
		w.MacAddress = askedMAC(c, on)
	}
	if !c.up() || on.failed {
		return w
	}
	network := on.Network
	if on.shadow && n != nil {
		network = n.Name
	}
	if !e.flavour.Podman {
		w.EndpointID = endpointID(c, network)
	}
	w.IPAddress, w.GlobalIPv6Address = on.IPv4, on.IPv6
	if on.IPv4 != "" || on.IPv6 != "" {
		mac := ID(c.ID + network)
		w.MacAddress = cmp.Or(askedMAC(c, on), "02:"+mac[0:2]+":"+mac[2:4]+":"+mac[4:6]+":"+mac[6:8]+":"+mac[8:10])
	}
	if n == nil {
		return w
	}
	for _, p := range n.Pools {
		subnet, err := netip.ParsePrefix(p.Subnet)
		switch {
		case err != nil:
		case subnet.Addr().Is4() && on.IPv4 != "":
			w.IPPrefixLen, w.Gateway = subnet.Bits(), e.wireGateway(n, p)
		case subnet.Addr().Is6() && on.IPv6 != "":
			w.GlobalIPv6PrefixLen, w.IPv6Gateway = subnet.Bits(), e.wireGateway(n, p)
		}
	}
	return w
}

func endpointID(c *Container, network string) string { return ID(c.Name + " on " + network) }

// askedMAC is the address that the user asked for when the container was made.
func askedMAC(c *Container, on *Endpoint) string {
	if on.MAC == "" && on.Network == c.Mode {
		return c.MAC
	}
	return on.MAC
}

// wireGateway is the gateway of a pool as a container has it: also the one that
// the engine chose. 26 and later choose none for an internal network.
func (e *Engine) wireGateway(n *Network, p Pool) string {
	if p.Gateway != "" || n.Driver != "bridge" || n.Internal && e.flavour.speaks(44) {
		return p.Gateway
	}
	return gatewayOf(p)
}

func (e *Engine) wireInspect(c *Container) any {
	networks := make(map[string]*Network, len(e.networks))
	for i := range e.networks {
		networks[e.networks[i].ID] = &e.networks[i]
	}
	w := &wireInspect{ID: c.ID, Name: "/" + c.Name, HostConfig: e.asksFor(c)}
	w.State.Status, w.State.Error = c.State, c.StartError
	w.State.ExitCode = c.ExitCode
	if !c.Started.IsZero() {
		w.State.StartedAt = &c.Started
	}
	if mac := e.configMAC(c); mac != "" || c.Hostname != "" || len(c.Exposed) > 0 {
		w.Config = &wireConfig{MacAddress: mac, Hostname: c.Hostname}
		for _, port := range c.Exposed {
			if w.Config.ExposedPorts == nil {
				w.Config.ExposedPorts = map[string]struct{}{}
			}
			w.Config.ExposedPorts[port] = struct{}{}
		}
	}
	w.NetworkSettings.Networks = map[string]*wireInspected{}
	for key, there := range e.wireEndpoints(c, networks, true) {
		inspected := &wireInspected{wireEndpoint: there}
		w.NetworkSettings.Networks[key] = inspected
		if e.flavour.Podman || e.flavour.speaks(44) {
			inspected.DNSNames = new([]string)
		}
		if on := c.entry(key); on != nil && !e.flavour.Podman {
			inspected.Links, inspected.DriverOpts = on.Links, driverOpts(c, on)
			if predefined(on.Network) {
				inspected.Links, w.HostConfig.Links = nil, legacyLinks(c, on)
			}
			if e.flavour.speaks(44) && settled(on) && !predefined(on.Network) {
				*inspected.DNSNames = append(append([]string{c.Name}, on.Aliases...), c.ID[:12])
			}
		}
		e.nameHost(c, inspected)
	}
	return w
}

// nameHost adds the name that the user chose for the container's host to those that the
// engine answers for.
func (e *Engine) nameHost(c *Container, inspected *wireInspected) {
	switch {
	case c.Hostname == "":
	case e.flavour.Podman || !e.flavour.speaks(45):
		inspected.Aliases = append(slices.Clone(inspected.Aliases), c.Hostname)
	case len(*inspected.DNSNames) > 0:
		*inspected.DNSNames = append(*inspected.DNSNames, c.Hostname)
	}
}

// legacyLinks are the links of the default bridge, as they are kept.
func legacyLinks(c *Container, on *Endpoint) []string {
	var links []string
	for _, link := range on.Links {
		other, alias, _ := strings.Cut(link, ":")
		links = append(links, "/"+other+":/"+c.Name+"/"+alias)
	}
	return links
}

// asksFor is what was asked for when the container was made.
func (e *Engine) asksFor(c *Container) wireAsked {
	asked := wireAsked{NetworkMode: c.Mode}
	if asked.RestartPolicy.Name = c.Restart; c.Restart == "" && (e.flavour.Podman || e.flavour.speaks(44)) {
		asked.RestartPolicy.Name = "no" // [measured on Docker 26.1, 28.5, Podman 5.4; on 20.10 it is empty]
	}
	if len(c.Ports) > 0 || e.flavour.Podman {
		asked.PortBindings = map[string][]wireBinding{}
	}
	for _, p := range c.Ports {
		key := fmt.Sprintf("%d/%s", p.Container, cmp.Or(p.Protocol, "tcp"))
		asked.PortBindings[key] = append(asked.PortBindings[key], wireBinding{p.IP, strconv.Itoa(int(p.Host))})
	}
	return asked
}

// configMAC is what the container as a whole has. 26 and later tell there what
// was asked for the network of its mode, too; Podman tells nothing.
func (e *Engine) configMAC(c *Container) string {
	if e.flavour.Podman {
		return ""
	}
	if on := c.entry(c.Mode); c.MAC == "" && on != nil && e.flavour.speaks(44) {
		return on.MAC
	}
	return c.MAC
}

// driverOpts are what was asked for: none, of the network of the mode; and of
// others an empty map, as the CLI asks for when it connects.
func driverOpts(c *Container, on *Endpoint) map[string]string {
	if on.DriverOpts == nil && !on.connected && on.Network != c.Mode {
		return map[string]string{}
	}
	return on.DriverOpts
}
