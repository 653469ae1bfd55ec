package reach

import (
	"net/netip"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
)

func (r *run) ofFamily(address netip.Addr) bool {
	switch r.options.Family {
	case 4:
		return address.Unmap().Is4()
	case 6:
		return !address.Unmap().Is4()
	}
	return true
}

// outsideName is the first name among what stands for the outside.
func outsideName(internet []Words) string {
	for _, w := range internet {
		if !w.Address.IsValid() {
			return w.Host
		}
	}
	return ""
}

// outside takes all addresses that stand for the outside: one that answers will
// do.
func (r *run) outside() bool {
	for _, w := range r.options.Internet {
		if w.Address.IsValid() && r.ofFamily(w.Address) {
			r.addresses = append(r.addresses, w.Address)
		}
	}
	return len(r.addresses) > 0
}

// chooseAddresses takes the addresses that the name has, or else those that are
// foreseen to do: one of each family.
func (r *run) chooseAddresses() {
	if r.ladder.Target.Kind == OfInternet && r.outside() {
		return
	}
	var resolved, foreseen []netip.Addr
	if rung := r.ladder.Rung(Name); rung != nil && rung.Resolution != nil {
		resolved = r.resolved(rung.Resolution)
	}
	for i := range r.ladder.Foreseen.Addresses {
		if a := &r.ladder.Foreseen.Addresses[i]; a.Port == 0 && r.ofFamily(a.Address) {
			foreseen = append(foreseen, a.Address)
		}
	}
	candidates := append(resolved, foreseen...)
	switch target := &r.ladder.Target; {
	case target.Address.IsValid():
		candidates = []netip.Addr{target.Address}
	case target.Kind == OfHost:
		candidates = r.hostCandidates(resolved)
	case len(resolved) > 0:
		candidates = resolved
	}
	families := map[bool]bool{}
	for _, address := range candidates {
		if is4 := address.Unmap().Is4(); !families[is4] {
			families[is4] = true
			r.addresses = append(r.addresses, address)
		}
	}
}

// outsidePorts are the ports that stand for the outside: that of web pages, unless
// others are named.
func outsidePorts(internet []Words) []Port {
	var ports []Port
	for _, w := range internet {
		for _, p := range w.Ports {
			if !hasPort(ports, p) {
				ports = append(ports, p)
			}
		}
	}
	if len(ports) == 0 {
		return []Port{{Number: 443, Protocol: "tcp"}}
	}
	return ports
}

// forecast is what is foreseen for an address.
func (r *run) forecast(address netip.Addr) (icmp, tcp diagnose.Forecast) {
	f := r.ladder.Foreseen
	for i := range f.Addresses {
		if a := &f.Addresses[i]; a.Port == 0 && a.Address == address {
			return a.ICMP, a.TCP
		}
	}
	found := diagnose.PredictAddress(r.ix, r.ladder.From, address)
	return found.ICMP, found.TCP
}
