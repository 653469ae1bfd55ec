package enginetest

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
)

type createBody struct {
	Name, Driver, Scope                       string
	CheckDuplicate                            bool
	Internal, Attachable, Ingress, ConfigOnly bool
	ConfigFrom                                *struct{ Network string }
	EnableIPv4                                *bool
	EnableIPv6                                bool
	IPAM                                      *struct {
		Driver  string
		Options map[string]string
		Config  []struct {
			Subnet, IPRange, Gateway string
			AuxiliaryAddresses       map[string]string
		}
	}
	Options, Labels map[string]string
}

func (e *Engine) serveCreate(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	var body createBody
	if !e.readBody(w, r, &body) {
		return
	}
	var reply struct {
		ID      string `json:"Id"`
		Warning string
	}
	var no *refusal
	e.change(func() []event {
		var n *Network
		if n, reply.Warning, no = e.create(&body); no != nil {
			return nil
		}
		reply.ID = n.ID
		return []event{networkEvent("create", n)}
	})
	if no != nil {
		e.writeRefusal(w, no)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write(mustJSON(reply))
}

func (e *Engine) create(body *createBody) (made *Network, warning string, no *refusal) {
	n := body.network()
	if !e.flavour.Podman {
		warning, no = e.check(&n, body)
	}
	if no == nil {
		made, no = e.make(n, body)
	}
	if no != nil {
		return nil, "", no
	}
	return made, warning, nil
}

// make makes a network that was asked for.
func (e *Engine) make(n Network, body *createBody) (made *Network, no *refusal) {
	if e.flavour.Podman {
		no = e.checkOnPodman(&n, body)
	}
	if no == nil {
		no = e.fillPools(&n)
	}
	if no != nil {
		return nil, no
	}
	// Not the ID of the name: that may be of one that was there before.
	e.made++
	n.ID = ID(fmt.Sprintf("%s, made %d", n.Name, e.made))
	if n.Scope == "swarm" {
		n.ID = n.ID[:25]
	}
	n.putInto(e)
	return &e.networks[len(e.networks)-1], nil
}

// network is the one that is asked for, before the engine fills it in.
func (b *createBody) network() Network {
	n := Network{
		Name: b.Name, Driver: cmp.Or(b.Driver, "bridge"), Scope: b.Scope, IPv6: b.EnableIPv6, Internal: b.Internal,
		Attachable: b.Attachable, Ingress: b.Ingress, ConfigOnly: b.ConfigOnly, Options: b.Options, Labels: b.Labels,
		NoIPv4: b.EnableIPv4 != nil && !*b.EnableIPv4,
	}
	if b.ConfigFrom != nil {
		n.ConfigFrom = b.ConfigFrom.Network
	}
	if b.IPAM != nil {
		n.IPAMDriver, n.IPAMOptions = b.IPAM.Driver, b.IPAM.Options
		for _, c := range b.IPAM.Config {
			n.Pools = append(n.Pools, Pool{Subnet: c.Subnet, Range: c.IPRange, Gateway: c.Gateway, Aux: c.AuxiliaryAddresses})
		}
	}
	return n
}

// check refuses what Docker refuses, in its order.
func (e *Engine) check(n *Network, body *createBody) (warning string, no *refusal) {
	n.NoIPv4 = n.NoIPv4 && e.flavour.SaysIPv4
	if predefined(n.Name) || n.Name == "default" {
		return "", refuse(http.StatusForbidden, "operation is not permitted on predefined %s network ", n.Name)
	}
	if no := e.checkName(n.Name); no != nil {
		return "", no
	}
	if i := slices.IndexFunc(e.networks, func(other Network) bool { return other.Name == n.Name }); i >= 0 {
		if body.CheckDuplicate || e.flavour.speaks(44) {
			return "", refuse(http.StatusConflict, "network with name %s already exists", n.Name)
		}
		warning = fmt.Sprintf("Network with name %s (id : %s) already exists", n.Name, e.networks[i].ID)
	}
	if no := e.checkPools(n); no != nil {
		return "", no
	}
	if no := checkConfig(n, body); no != nil {
		return "", no
	}
	if no := e.checkScope(n); no != nil {
		return "", no
	}
	if no := checkDriver(n); no != nil {
		return "", no
	}
	return warning, e.takeConfig(n)
}

func (e *Engine) checkName(name string) *refusal {
	switch {
	case name != "":
		return nil
	case e.flavour.speaks(48):
		return refuse(http.StatusBadRequest, "invalid name: name is empty")
	case e.flavour.speaks(44):
		return refuse(http.StatusBadRequest, "invalid name: ")
	}
	return e.unknown("what this engine says of a network without a name")
}

// checkPools refuses subnets and gateways that make no sense.
func (e *Engine) checkPools(n *Network) *refusal {
	var wrong []string
	for _, p := range n.Pools {
		subnet, err := netip.ParsePrefix(p.Subnet)
		gateway, noGateway := netip.ParseAddr(p.Gateway)
		outside := p.Gateway != "" && (noGateway != nil || !subnet.Contains(gateway))
		switch {
		case err != nil && e.flavour.speaks(44):
			wrong = append(wrong, fmt.Sprintf("invalid subnet %s: invalid CIDR block notation", p.Subnet))
		case err != nil:
			return refuse(http.StatusInternalServerError, "Invalid subnet %s : invalid CIDR address: %s", p.Subnet, p.Subnet)
		case outside && e.flavour.speaks(44):
			wrong = append(wrong, fmt.Sprintf("invalid gateway %s: parent subnet %s doesn't contain this address", p.Gateway, p.Subnet))
		case outside:
			return refuse(http.StatusInternalServerError, "failed to allocate gateway (%s): Requested address is out of range", p.Gateway)
		}
	}
	if len(wrong) > 0 {
		return refuse(http.StatusBadRequest, "invalid network config:\n%s", joined(wrong))
	}
	return nil
}

// checkScope refuses what takes a swarm where there is none.
func (e *Engine) checkScope(n *Network) *refusal {
	_, manages := e.flavour.swarmState()
	switch {
	case n.ConfigOnly:
		n.Driver = "null"
	case n.Driver == "overlay" && manages:
		n.Scope = "swarm"
	case n.Driver == "overlay":
		status := http.StatusForbidden
		if !e.flavour.speaks(44) {
			status = http.StatusInternalServerError
		}
		return refuse(status, "%s", e.notManager())
	case n.Scope == "swarm" && !manages:
		return refuse(http.StatusForbidden, "cannot create a swarm scoped network when swarm is not active")
	case n.Ingress:
		return refuse(http.StatusForbidden, "Ingress network can only be global scope network")
	}
	return nil
}

// notManager is what an engine says that is no manager of a swarm. The words of
// a worker are those of moby's source.
func (e *Engine) notManager() string {
	if state, _ := e.flavour.swarmState(); state == "active" {
		return "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. " +
			"Please run this command on a manager node or promote the current node to a manager."
	}
	return `This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.`
}

func checkDriver(n *Network) *refusal {
	drivers := []string{"bridge", "overlay", "macvlan", "ipvlan"}
	switch {
	case n.ConfigOnly:
	case n.Driver == "host" || n.Driver == "null":
		return refuse(http.StatusForbidden, "only one instance of %q network is allowed", n.Driver)
	case !slices.Contains(drivers, n.Driver):
		return refuse(http.StatusNotFound, "plugin %q not found", n.Driver)
	case n.IPAMDriver != "" && n.IPAMDriver != "default" && n.IPAMDriver != "null":
		return refuse(http.StatusNotFound, "plugin %q not found", n.IPAMDriver)
	}
	return nil
}

// checkConfig refuses what a configuration-only network, or one that takes its
// configuration from such a one, cannot have of its own.
func checkConfig(n *Network, body *createBody) *refusal {
	const refused = "user specified configurations are not supported if the network depends on a configuration network"
	switch {
	case n.ConfigOnly && (body.Scope != "" || n.Internal || n.Attachable || n.Ingress):
		return refuse(http.StatusForbidden, "configuration network can only contain network specific fields. "+
			"Network operator fields like [ ingress | internal | attachable | scope ] are not supported.")
	case n.ConfigOnly && n.ConfigFrom != "":
		return refuse(http.StatusForbidden, "a configuration network cannot depend on another configuration network")
	case n.ConfigFrom == "":
		return nil
	case len(n.Pools) > 0 || len(n.IPAMOptions) > 0 || len(n.Labels) > 0 || n.IPv6:
		return refuse(http.StatusForbidden, refused)
	case len(n.Options) > 0:
		return refuse(http.StatusForbidden, "network driver options are not supported if the network depends on a configuration network")
	}
	return nil
}

// takeConfig takes over what the network's configuration-only network has.
// Whether it is internal or attachable is its own.
func (e *Engine) takeConfig(n *Network) *refusal {
	if n.ConfigFrom == "" {
		return nil
	}
	i := slices.IndexFunc(e.networks, func(other Network) bool { return other.Name == n.ConfigFrom && other.ConfigOnly })
	if i < 0 {
		return refuse(http.StatusNotFound, "configuration network %q does not exist", n.ConfigFrom)
	}
	from := &e.networks[i]
	n.IPv6, n.IPAMDriver, n.IPAMOptions = from.IPv6, from.IPAMDriver, from.IPAMOptions
	n.Pools, n.Options, n.Labels = slices.Clone(from.Pools), maps.Clone(from.Options), maps.Clone(from.Labels)
	return nil
}

// checkOnPodman refuses what Podman refuses. What it does not know, it passes
// over.
func (e *Engine) checkOnPodman(n *Network, body *createBody) *refusal {
	const status = http.StatusInternalServerError
	n.Attachable, n.Ingress, n.ConfigOnly, n.ConfigFrom, n.Scope, n.NoIPv4 = false, false, false, "", "", false
	n.IPAMDriver, n.IPAMOptions = "default", map[string]string{"driver": "host-local"}
	const mtu = "com.docker.network.driver.mtu"
	if size, asked := n.Options[mtu]; asked {
		delete(n.Options, mtu)
		n.Options["mtu"] = size
	}
	switch {
	case predefined(n.Name) || n.Name == "default":
		return refuse(status, "cannot create network with name %q because it conflicts with a valid network mode", n.Name)
	case n.Name == "":
		return e.unknown("what name Podman gives a network that has none")
	case !slices.Contains([]string{"bridge", "macvlan", "ipvlan"}, n.Driver):
		return refuse(status, "failed to find driver or plugin %q", n.Driver)
	case slices.ContainsFunc(e.networks, func(other Network) bool { return other.Name == n.Name }):
		return refuse(http.StatusConflict, "network name %s already used: network already exists", n.Name)
	case body.IPAM == nil:
		return nil
	}
	for i := range n.Pools {
		p := &n.Pools[i]
		subnet, err := netip.ParsePrefix(p.Subnet)
		if err != nil {
			return refuse(status, "failed to parse subnet: invalid CIDR address: %s", p.Subnet)
		}
		if gateway, err := netip.ParseAddr(p.Gateway); p.Gateway != "" && (err != nil || !subnet.Contains(gateway)) {
			return refuse(status, "gateway %s not in subnet %s", p.Gateway, p.Subnet)
		}
		p.Gateway = gatewayOf(Pool{Subnet: p.Subnet, Gateway: p.Gateway})
		p.Range, p.Aux = "", nil // it keeps them, and does not tell
	}
	return nil
}

// fillPools refuses a subnet that another network has, and chooses one for each
// family of addresses that has none.
func (e *Engine) fillPools(n *Network) *refusal {
	if n.ConfigOnly {
		return nil
	}
	for _, p := range n.Pools {
		subnet, err := netip.ParsePrefix(p.Subnet)
		if err != nil || !e.overlaps(subnet) {
			continue
		}
		switch {
		case e.flavour.Podman:
			return refuse(http.StatusInternalServerError, "subnet %s is already used on the host or by another config", p.Subnet)
		case e.flavour.speaks(48):
			return refuse(http.StatusForbidden, "invalid pool request: Pool overlaps with other one on this address space")
		}
		return refuse(http.StatusForbidden, "Pool overlaps with other one on this address space")
	}
	if !n.has(true) && !n.NoIPv4 {
		n.Pools = append(n.Pools, e.freePool(true, n.Scope == "swarm"))
	}
	if !n.has(false) && n.IPv6 {
		if !e.flavour.Podman && !e.flavour.speaks(48) {
			return refuse(http.StatusNotFound, "could not find an available, non-overlapping IPv6 address pool among the defaults to assign to the network")
		}
		n.Pools = append(n.Pools, e.freePool(false, false))
	}
	return nil
}

// has tells whether the network has a subnet of this family of addresses.
func (n *Network) has(is4 bool) bool {
	return slices.ContainsFunc(n.Pools, func(p Pool) bool {
		subnet, err := netip.ParsePrefix(p.Subnet)
		return err == nil && subnet.Addr().Is4() == is4
	})
}
