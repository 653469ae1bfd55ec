package engine

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// ports sorts a container's ports and joins consecutive ones into runs: an
// image may expose tens of thousands (moby#41834).
func ports(wire []wirePort) []topology.Ports {
	if len(wire) == 0 {
		return nil
	}
	wire = slices.Clone(wire)
	slices.SortFunc(wire, func(a, b wirePort) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.IP, b.IP),
			cmp.Compare(a.PrivatePort, b.PrivatePort), cmp.Compare(a.PublicPort, b.PublicPort))
	})
	var runs []topology.Ports
	for _, p := range slices.Compact(wire) {
		ip := topology.ParseAddress(p.IP)
		if last := len(runs) - 1; last >= 0 && continues(runs[last], p, ip) {
			runs[last].Count = uint16(runs[last].Len() + 1) //nolint:gosec // a run holds at most 65,535 ports
			continue
		}
		runs = append(runs, topology.Ports{First: p.PrivatePort, Protocol: p.Type, HostPort: p.PublicPort, HostIP: ip})
	}
	return runs
}

func continues(run topology.Ports, p wirePort, ip topology.Address) bool {
	offset := run.Len()
	return run.Protocol == p.Type && run.HostIP == ip && int(run.First)+offset == int(p.PrivatePort) &&
		run.Published() == (p.PublicPort != 0) &&
		(!run.Published() || int(run.HostPort)+offset == int(p.PublicPort))
}

// withExposed is what the list tells with the ports that an inspect tells besides. On
// a container that is on internal networks only, lists have none that is exposed and not
// published; Podman's have none at all [measured on Docker 20.10, 28.5, Podman 5.4]. What cannot be read as a port is left out.
func withExposed(listed []topology.Ports, exposed map[string]struct{}) []topology.Ports {
	has := map[wirePort]bool{}
	for _, run := range listed {
		for i := range run.Len() {
			has[wirePort{PrivatePort: run.First + uint16(i), Type: run.Protocol}] = true
		}
	}
	var more []wirePort
	for text := range exposed {
		number, protocol, _ := strings.Cut(text, "/")
		n, err := strconv.ParseUint(number, 10, 16)
		if p := (wirePort{PrivatePort: uint16(n), Type: cmp.Or(protocol, "tcp")}); err == nil && n > 0 && !has[p] {
			more = append(more, p)
		}
	}
	return append(slices.Clone(listed), ports(more)...)
}
