package engine

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// wireBinding is what a port of a container is to be published on.
type wireBinding struct {
	HostIP   string `json:"HostIp"`
	HostPort string
}

// wanted are the ports that are to be published on ports of the host which the user
// chose, and those for which the engine chooses one. Engines keep them for containers in
// any state, and list them for running ones on networks that are not internal only.
func (s *containerSettings) wanted() (chosen, free []topology.Ports) {
	const width = 16
	for inside, bindings := range s.asked {
		port, protocol, _ := strings.Cut(inside, "/")
		first, err := strconv.ParseUint(port, 10, width)
		if err != nil {
			continue
		}
		for _, b := range bindings {
			// A range lets the engine choose, as no port does.
			p := topology.Ports{First: uint16(first), Protocol: cmp.Or(protocol, "tcp"), HostIP: topology.ParseAddress(b.HostIP)}
			if port, err := strconv.ParseUint(b.HostPort, 10, width); err == nil && port != 0 {
				p.HostPort = uint16(port)
				chosen = append(chosen, p)
			} else {
				free = append(free, p)
			}
		}
	}
	order := func(a, b topology.Ports) int {
		return cmp.Or(cmp.Compare(a.HostPort, b.HostPort), cmp.Compare(a.First, b.First), cmp.Compare(a.Protocol, b.Protocol), strings.Compare(a.HostIP.String(), b.HostIP.String()))
	}
	slices.SortFunc(chosen, order)
	slices.SortFunc(free, order)
	return chosen, free
}
