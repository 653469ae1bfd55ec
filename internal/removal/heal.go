package removal

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Healable lists the containers that want a network which is gone, in order of
// name.
func Healable(ix *topology.Index) []*topology.Container {
	var found []*topology.Container
	for _, h := range diagnose.Hazards(ix) {
		if h.Healable() && !slices.Contains(found, h.Container) {
			found = append(found, h.Container)
		}
	}
	return found
}

// Unhealable lists the containers that no network mends, in order of name: they
// were made with the ID of one that is gone.
func Unhealable(ix *topology.Index) []*topology.Container {
	var found []*topology.Container
	for _, h := range diagnose.Hazards(ix) {
		if h.Kind == diagnose.ModeGone && h.Container.Mode.LooksLikeID() {
			found = append(found, h.Container)
		}
	}
	return found
}

// PlanHeal plans how these containers come to start again, a plan for each
// network that they miss. What the journal has of a network is used; else the
// network that now has the name, or a new one, as far as the containers
// themselves tell what it was. The snapshot must hold the settings of the
// containers.
func PlanHeal(ix *topology.Index, containers []*topology.Container, entries []Entry) []*RestorePlan {
	var names []string
	wanted, wanting := map[string][]Record{}, map[string][]*topology.Container{}
	for _, h := range diagnose.Hazards(ix) {
		if !h.Healable() || !slices.Contains(containers, h.Container) {
			continue
		}
		if wanting[h.NetworkName] == nil {
			names = append(names, h.NetworkName)
		}
		wanting[h.NetworkName] = append(wanting[h.NetworkName], h.Container)
		for _, a := range ix.Of(h.Container.ID) {
			if a.State == topology.Dangling && a.NetworkID == h.NetworkID && a.NetworkName == h.NetworkName {
				wanted[h.NetworkName] = append(wanted[h.NetworkName], Record{
					Container: h.Container.ID, Name: h.Container.Name, State: h.Container.State, Attachment: *a,
				})
			}
		}
	}
	lost := make([]loss, len(names))
	for i, name := range names {
		n, known := lostNetwork(ix, name, wanted[name], entries)
		lost[i] = loss{Entry: &Entry{Network: n, Records: recorded(wanted[name], &n, entries)}, known: known, wanting: wanting[name]}
	}
	return planAll(ix, lost)
}

// lostNetwork is what is known of a network that is gone.
func lostNetwork(ix *topology.Index, name string, records []Record, entries []Entry) (n topology.Network, known bool) {
	for _, e := range slices.Backward(entries) {
		byID := slices.ContainsFunc(records, func(r Record) bool { return r.Attachment.NetworkID == e.Network.ID })
		if byID || e.Network.Name == name && !slices.ContainsFunc(records, func(r Record) bool { return r.Attachment.NetworkID != "" }) {
			return e.Network, true
		}
	}
	n = topology.Network{ID: idAmong(records), Name: name, Driver: "bridge", Scope: "local"}
	if topology.SwarmID(n.ID) && ix.Engine.Swarm == topology.SwarmManager {
		n.Driver, n.Scope, n.Attachable = "overlay", "swarm", true // else no container would be on it
	}
	n.Labels = composeLabels(ix, name, records)
	if pool, ok := guessPool(records); ok {
		n.IPAM = topology.IPAM{Driver: "default", Pools: []topology.Pool{pool}}
	}
	return n, false
}

// idAmong is the ID by which the network is wanted. Containers that were not up
// since hold the name only.
func idAmong(records []Record) string {
	for i := range records {
		if id := records[i].Attachment.NetworkID; id != "" {
			return id
		}
	}
	return ""
}

// recorded takes the aliases and addresses of the journal, where it has them.
func recorded(records []Record, lost *topology.Network, entries []Entry) []Record {
	for _, e := range slices.Backward(entries) {
		if e.Network.ID != lost.ID || lost.ID == "" {
			continue
		}
		for i := range records {
			at := slices.IndexFunc(e.Records, func(r Record) bool { return r.Container == records[i].Container })
			if at >= 0 {
				records[i].Attachment = e.Records[at].Attachment
			}
		}
		break
	}
	return records
}

// composeLabels mark a network as compose's, where it was: compose refuses one
// of the right name without them.
func composeLabels(ix *topology.Index, name string, records []Record) map[string]string {
	project := ""
	for i, r := range records {
		c := ix.Container(r.Container)
		if c == nil || (i > 0 && c.Project != project) {
			return nil
		}
		project = c.Project
	}
	short, ok := strings.CutPrefix(name, project+"_")
	if project == "" || !ok {
		return nil
	}
	return map[string]string{topology.LabelComposeProject: project, topology.LabelComposeNetwork: short}
}

// guessPool is a subnet that holds the addresses which the containers ask for.
// An engine gives an address only out of a subnet that the user chose, and how
// large that was, nobody knows any more.
func guessPool(records []Record) (topology.Pool, bool) {
	const bits, least = 24, 16
	var pool netip.Prefix
	asked := map[netip.Addr]bool{}
	for _, r := range records {
		ip := r.Attachment.Static4.IP()
		if !ip.Is4() {
			continue
		}
		asked[ip] = true
		if !pool.IsValid() {
			pool, _ = ip.Prefix(bits)
		}
		for !pool.Contains(ip) {
			if pool.Bits() <= least {
				return topology.Pool{}, false
			}
			pool, _ = pool.Addr().Prefix(pool.Bits() - 1)
		}
	}
	if !pool.IsValid() {
		return topology.Pool{}, false
	}
	gateway := pool.Addr().Next()
	for asked[gateway] {
		gateway = gateway.Next()
	}
	return topology.Pool{Subnet: topology.ParseSubnet(pool.String()), Gateway: topology.ParseAddress(gateway.String())}, true
}
