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
// chose. Engines keep them for containers in any state, and list them for running ones
// on networks that are not internal only.
func (s *containerSettings) wanted() []topology.Ports {
	const width = 16
	var all []topology.Ports
	for inside, bindings := range s.asked {
		port, protocol, _ := strings.Cut(inside, "/")
		first, err := strconv.ParseUint(port, 10, width)
		if err != nil {
			continue
		}
		for _, b := range bindings {
			// A range lets the engine choose, as no port does.
			if chosen, err := strconv.ParseUint(b.HostPort, 10, width); err == nil && chosen != 0 {
				all = append(all, topology.Ports{
					First: uint16(first), Protocol: cmp.Or(protocol, "tcp"), HostPort: uint16(chosen), HostIP: topology.ParseAddress(b.HostIP),
				})
			}
		}
	}
	slices.SortFunc(all, func(a, b topology.Ports) int {
		return cmp.Or(cmp.Compare(a.HostPort, b.HostPort), cmp.Compare(a.Protocol, b.Protocol), strings.Compare(a.HostIP.String(), b.HostIP.String()))
	})
	return all
}
