package explain

import (
	"net/netip"
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// NetworkReach is what any container on a network would find there.
type NetworkReach struct {
	// Names tells whether the containers find each other by name.
	Names Claim `json:"names"`
	// Members tells whether they reach each other.
	Members Claim `json:"members"`
	// IPv4 and IPv6 tell whether they reach what the host reaches outside; nil
	// where they have no address of the family.
	IPv4 *Claim `json:"outside_ipv4,omitempty"`
	IPv6 *Claim `json:"outside_ipv6,omitempty"`
	// Host tells whether they reach the host, and HostAddresses at which addresses.
	Host          Claim    `json:"host"`
	HostAddresses []string `json:"host_addresses,omitempty"`
	// HostName tells whether the host has the name host.docker.internal there.
	HostName Claim `json:"host_name"`
	// FromHost tells whether the host reaches them.
	FromHost Claim `json:"from_host"`
	// Others tells of the other networks whose containers reach these at their own
	// addresses, or may, and Apart counts those whose do not.
	Others []OtherNetworks `json:"other_networks,omitempty"`
	Apart  int             `json:"networks_apart"`
	// TakesPorts tells that published ports can lead in by this network.
	TakesPorts bool `json:"takes_ports"`
}

// OtherNetworks are networks from which there is a way, or may be, for one reason.
type OtherNetworks struct {
	Names []string `json:"names"`
	Claim
}

// reachOfNetwork asks what two containers on the network would find; nil where
// nobody can be on it.
func reachOfNetwork(ix *topology.Index, n *topology.Network) *NetworkReach {
	thought := diagnose.MemberOf(ix, n)
	if thought.First == nil {
		return nil
	}
	r := &NetworkReach{}
	members := diagnose.Predict(thought.Index, thought.First, thought.Second)
	r.Members = claimOf(members.TCP, members.Reasons)
	r.Names = nameClaim(members, thought.Second)
	host := diagnose.PredictHost(thought.Index, thought.First)
	r.Host, r.HostAddresses = claimOf(host.TCP, host.Reasons).without(diagnose.ReasonHostNameNotGiven), reached(host)
	for _, name := range host.Names {
		if name.Name == hostName {
			r.HostName = claimOfName(&name)
		}
	}
	fromHost := diagnose.Predict(thought.Index, thought.OnHost, thought.First)
	r.FromHost = claimOf(fromHost.TCP, fromHost.Reasons).without(diagnose.ReasonHostMode)
	r.IPv4, r.IPv6 = outsideClaims(thought.Index, thought.First)
	for _, other := range diagnose.Reaching(ix, n) {
		if other.Forecast == diagnose.ForecastNo {
			r.Apart++
			continue
		}
		r.addOther(other.From.Name, claimOf(other.Forecast, other.Reasons))
	}
	r.TakesPorts = diagnose.TakesPorts(ix, n)
	return r
}

// addOther adds a network to those of which the same is true.
func (r *NetworkReach) addOther(name string, claim Claim) {
	for i := range claim.Reasons {
		claim.Reasons[i].Other = "" // the names tell
	}
	for i := range r.Others {
		if have := &r.Others[i]; have.Forecast == claim.Forecast && slices.Equal(have.Reasons, claim.Reasons) {
			have.Names = append(have.Names, name)
			return
		}
	}
	r.Others = append(r.Others, OtherNetworks{[]string{name}, claim})
}

// hostName is the name by which containers mostly look for their host.
const hostName = "host.docker.internal"

// nameClaim tells whether a target is found by its own name.
func nameClaim(r *diagnose.Reach, to *topology.Container) Claim {
	for i := range r.Names {
		if r.Names[i].Name == to.Name {
			return claimOfName(&r.Names[i])
		}
	}
	return Claim{Forecast: r.Name}
}

func claimOfName(f *diagnose.NameForecast) Claim {
	if f.Reason == nil {
		return Claim{Forecast: f.Forecast}
	}
	return claimOf(f.Forecast, []diagnose.Reason{*f.Reason})
}

// outsideClaims tell for each family whether a container reaches the outside; nil
// where it has no address of it.
func outsideClaims(ix *topology.Index, from *topology.Container) (four, six *Claim) {
	r := diagnose.PredictOutside(ix, from)
	has4, has6 := families(ix, from)
	if has4 || !has6 {
		c := claimOf(r.IPv4, r.Reasons4)
		four = &c
	}
	if has6 {
		c := claimOf(r.IPv6, r.Reasons6)
		six = &c
	}
	return four, six
}

// families tells of which kinds a container has addresses, of its own or of the
// container whose interfaces it shares. One that uses the host's has IPv4; of IPv6
// nothing is known there.
func families(ix *topology.Index, c *topology.Container) (four, six bool) {
	owner := c
	if id, shares := ix.Owner(c); shares {
		if owner = ix.Container(id); owner == nil {
			return false, false
		}
	}
	for _, a := range ix.Of(owner.ID) {
		four = four || a.IPv4.IP().IsValid()
		six = six || a.IPv6.IP().IsValid()
	}
	return four, six
}

// reached are the addresses that answer, as far as is foreseen.
func reached(r *diagnose.Reach) []string {
	var addresses []netip.Addr
	for _, a := range r.Addresses {
		if a.TCP == diagnose.ForecastYes && a.Port == 0 && !slices.Contains(addresses, a.Address) {
			addresses = append(addresses, a.Address)
		}
	}
	texts := make([]string, len(addresses))
	for i, a := range addresses {
		texts[i] = a.String()
	}
	return texts
}
