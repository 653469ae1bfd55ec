package diagnose

import (
	"encoding/json"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Drivers whose networks are known to behave as is foreseen here.
const (
	driverBridge  = "bridge"
	driverMacvlan = "macvlan"
	driverIPvlan  = "ipvlan"
	driverOverlay = "overlay"
)

func knownDriver(n *topology.Network) bool {
	return n.Driver == driverBridge || n.Driver == driverOverlay || n.OnParent()
}

func podman(e *topology.Engine) bool { return e.Product == topology.ProductPodman }

// knownEngine tells that the rules which the engine makes are known: of Linux, as
// others have no bridges.
func knownEngine(e *topology.Engine) bool {
	return (e.OS == "" || e.OS == "linux") && (podman(e) || e.Product == topology.ProductDocker && e.Major() > 0)
}

// filtersIPv6 tells that Docker makes firewall rules for IPv6 as for IPv4: by
// default from 27 on [measured on 28.5; on 20.10 and 26.1 it does not].
func filtersIPv6(e *topology.Engine) bool {
	const first = 27
	return e.Major() >= first
}

// dropsFromOutside tells that Docker drops, before its other rules, what comes from
// outside to an address of a bridge in nat mode; so also the answers to what went out
// untranslated [measured on 28.5].
func dropsFromOutside(e *topology.Engine) bool {
	const first = 28
	return !podman(e) && e.Major() >= first
}

// internalHasRoute tells that members of an internal network have a default
// route, so that they reach every address of the host and, where IPv6 is not
// filtered, other networks [measured on 20.10; not on 26.1, 28.5, Podman 5.4].
func internalHasRoute(e *topology.Engine) topology.Ternary {
	const last, first = 20, 26 // between them nothing was measured
	switch major := e.Major(); {
	case podman(e) || major >= first:
		return topology.No
	case major <= last:
		return topology.Yes
	}
	return topology.Unknown
}

// keepsLoopback6 tells that ::1 is there in a container on no network with IPv6
// [measured on 26.1, 28.5, Podman 5.4; not on 20.10].
func keepsLoopback6(e *topology.Engine) bool {
	const first = 26
	return podman(e) || e.Major() >= first
}

// Options of the bridge driver.
const (
	optionICC        = "com.docker.network.bridge.enable_icc"
	optionDefault    = "com.docker.network.bridge.default_bridge"
	optionGateway4   = "com.docker.network.bridge.gateway_mode_ipv4"
	optionGateway6   = "com.docker.network.bridge.gateway_mode_ipv6"
	optionInhibit4   = "com.docker.network.bridge.inhibit_ipv4"
	optionMasquerade = "com.docker.network.bridge.enable_ip_masquerade"
)

// KeepsApart tells that a network is to keep its containers from each other. Podman
// takes the option, and passes over it.
func KeepsApart(n *topology.Network) bool {
	return n.Driver == driverBridge && n.Switch(optionICC) == topology.No
}

// defaultBridge tells the engine's own bridge, where names do not resolve.
// Podman calls it podman, and bridge to those that speak with it as with Docker.
func defaultBridge(ix *topology.Index, n *topology.Network) bool {
	return n.Driver == driverBridge && (n.Switch(optionDefault) == topology.Yes || n.Name == topology.NetworkBridge || podman(&ix.Engine) && n.Name == "podman")
}

// inhibited tells that the engine leaves it to the user to give the host an IPv4 address
// on a bridge. Without one, its members reach each other only [measured on Docker 20.10,
// 28.5].
func inhibited(n *topology.Network, v6 bool) bool {
	return !v6 && n.Driver == driverBridge && n.Switch(optionInhibit4) == topology.Yes
}

// gatewayMode is how a Docker bridge deals with packets from elsewhere: nat,
// nat-unprotected, routed or isolated.
func gatewayMode(n *topology.Network, v6 bool) string {
	mode := n.Opts[optionGateway4]
	if v6 {
		mode = n.Opts[optionGateway6]
	}
	if mode == "" {
		return "nat"
	}
	return mode
}

// podmanNetwork is what Podman's own API alone tells of a network.
type podmanNetwork struct {
	DNS     *bool             `json:"dns_enabled"`
	Options map[string]string `json:"options"`
}

// nativeOf is that part, and whether it is known.
func nativeOf(n *topology.Network) (podmanNetwork, bool) {
	var native podmanNetwork
	if n.Native == "" || json.Unmarshal([]byte(n.Native), &native) != nil {
		return podmanNetwork{}, false
	}
	return native, true
}

// podmanIsolates tells whether Podman keeps two bridges from each other. It does
// where both are isolated, as every network is that was made through its
// Docker-compatible API, or where one is so strictly [measured on 5.4].
func podmanIsolates(a, b *topology.Network) topology.Ternary {
	one, known := nativeOf(a)
	other, knownToo := nativeOf(b)
	const option, strict = "isolate", "strict"
	switch {
	case known && one.Options[option] == strict, knownToo && other.Options[option] == strict:
		return topology.Yes
	case !known || !knownToo:
		return topology.Unknown
	}
	return topology.Known(isTrue(one.Options[option]) && isTrue(other.Options[option]))
}

func isTrue(option string) bool { return option == "true" || option == "1" }
