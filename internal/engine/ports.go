package engine

import (
	"cmp"
	"slices"

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
