// Package host reads what an engine's host has, where that is this machine. It refuses
// to take this machine for the engine's where that is not sure: a socket may lead to a
// virtual machine, to a container, or through SSH to anywhere.
package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/probe/measure"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Read gives what the host has. The error says why this machine is not known to be the
// host of the engine at this endpoint, or what could not be read of it.
func Read(endpoint string, ix *topology.Index) (*checks.Host, error) {
	socket, local := strings.CutPrefix(endpoint, "unix://")
	switch {
	case !local:
		return nil, errors.New("the engine is on another machine")
	case runtime.GOOS != "linux":
		return nil, errors.New("the engine runs in a virtual machine")
	}
	own := measure.Own()
	if err := isHost(own, socket, ix); err != nil {
		return nil, err
	}
	if len(own.Unread) > 0 {
		return nil, fmt.Errorf("not readable: %s", strings.Join(own.Unread, ", "))
	}
	h := &checks.Host{
		Forwarding4: setting("/proc/sys/net/ipv4/ip_forward"), Forwarding6: setting("/proc/sys/net/ipv6/conf/all/forwarding"),
		BridgeFilter: bridgeFilter("/proc/sys/net/bridge/bridge-nf-call-iptables"),
		ESP:          kernelHas("INET_ESP", "esp4", ""), IPVS: kernelHas("IP_VS", "ip_vs", "/proc/net/ip_vs"),
	}
	for _, i := range own.Interfaces {
		h.Interfaces = append(h.Interfaces, checks.Interface{Name: i.Name, MTU: i.MTU})
	}
	for _, r := range own.Routes {
		const nowhere = "*" // what such a route is for is dropped
		h.Routes = append(h.Routes, checks.Route{To: r.Destination, Interface: r.Interface, OnLink: !r.Gateway.IsValid() && r.Interface != nowhere})
	}
	return h, nil
}

// isHost proves that the engine's bridges are here: Docker names those of networks that
// users made by the networks' IDs, which no other engine has. The default bridge is
// like any other engine's, and proves it at the usual socket only.
func isHost(own *wire.Namespace, socket string, ix *topology.Index) error {
	named, gateway := 0, false
	for i := range ix.Networks {
		n := &ix.Networks[i]
		if n.Driver != "bridge" || n.ConfigOnly || n.Implied || n.Opts[checks.OptionBridgeName] != "" && !n.Predefined() {
			continue
		}
		if n.Predefined() || ix.Engine.Product == topology.ProductPodman {
			gateway = gateway || holdsGateway(own, n)
			continue
		}
		name := checks.BridgeName(n)
		if !slices.ContainsFunc(own.Interfaces, func(i wire.Interface) bool { return i.Name == name }) {
			return errors.New("the engine's bridges are not on this machine, or not in this network namespace")
		}
		named++
	}
	usual := socket == "/var/run/docker.sock" || socket == "/run/docker.sock" ||
		strings.HasSuffix(socket, "/podman/podman.sock") && !strings.HasPrefix(socket, "/run/user/") // whose networks are elsewhere
	if named > 0 || gateway && usual {
		return nil
	}
	return errors.New("it is not sure that the engine runs on this machine, as it has no network of its own to tell by")
}

// holdsGateway tells that an interface has the address of a network's gateway.
func holdsGateway(own *wire.Namespace, n *topology.Network) bool {
	for _, pool := range n.IPAM.Pools {
		for _, i := range own.Interfaces {
			for _, address := range i.Addresses {
				if pool.Gateway.IP().IsValid() && address.Addr() == pool.Gateway.IP() {
					return true
				}
			}
		}
	}
	return false
}

// bridgeFilter reads whether packets on a bridge pass the firewall. Without the file,
// the part of the kernel that would pass them on is not loaded.
func bridgeFilter(file string) topology.Ternary {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return topology.No
	}
	return setting(file)
}

// setting reads a switch of the kernel's.
func setting(file string) topology.Ternary {
	text, err := os.ReadFile(file)
	if err != nil {
		return topology.Unknown
	}
	return topology.Known(strings.TrimSpace(string(text)) != "0")
}
